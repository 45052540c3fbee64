package suggest

import (
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// verified returns the suggestions, of the safe ones those that do what they say.
// Rules that only ignore add up: then each is as good as it was found to be. Where
// a person's exceptions stand between them, the order of evaluation is too subtle
// to reason about (three evaluators; ignore/matcher.go), and the patched list is
// tried on everything that is eligible.
func (p *proposer) verified() ([]Suggestion, error) {
	all := withoutCovered(p.suggestions())
	if len(p.exceptions) == 0 {
		return all, nil
	}
	if p.lenient {
		wrong, err := p.wrong(all)
		if err != nil {
			return nil, err
		}
		if len(wrong) == 0 {
			return all, nil
		}
		p.lenient = false
		all = withoutCovered(p.suggestions())
	}
	for {
		wrong, err := p.wrong(all)
		if err != nil || len(wrong) == 0 {
			return all, err
		}
		all = slices.DeleteFunc(all, func(s Suggestion) bool { return s.Confidence == Safe && slices.Contains(wrong, s.Pattern) })
	}
}

// wrong returns the patterns of safe suggestions that lose what they must not, or
// keep what they are meant to ignore, once all of them are in the ignore file.
func (p *proposer) wrong(all []Suggestion) ([]string, error) {
	safe := slices.DeleteFunc(slices.Clone(all), func(s Suggestion) bool { return s.Confidence != Safe })
	if len(safe) == 0 {
		return nil, nil
	}
	patched := patcher{rules: slices.Clone(p.Selection.Request.Rules), added: map[string]Suggestion{}}
	for _, s := range widestFirst(safe) {
		patched.add(s)
	}
	req := p.Selection.Request
	req.Rules = patched.rules
	after, err := buildcontext.Select(p.keeper.inv, req)
	if err != nil {
		return nil, err
	}
	var wrong []string
	blame := func(path string) {
		for _, s := range safe {
			m, ok := compile(s.Pattern)
			if !ok || catches(m, path) {
				wrong = append(wrong, s.Pattern)
			}
		}
		if len(wrong) == 0 {
			for _, s := range safe {
				wrong = append(wrong, s.Pattern) // nobody knows whose fault it is
			}
		}
	}
	meant := map[string]bool{}
	for _, s := range safe {
		for _, path := range s.Paths {
			meant[path] = true
		}
	}
	p.compare(after, 0, "", false, meant, blame)
	return wrong, nil
}

// compare calls blame for what became of entries against what was meant.
func (p *proposer) compare(after *buildcontext.Selection, dir buildcontext.DirID, prefix string, below bool, meant map[string]bool, blame func(path string)) {
	inv := p.keeper.inv
	first, count := inv.Entries(dir)
	for id := first; id < first+count; id++ {
		path := prefix + inv.Name(id)
		sub, isDir := inv.Dir(id)
		goes := below || meant[path]
		if p.Selection.Eligible(id) {
			_, back := p.broughtBack(id)
			switch keeps := after.Eligible(id); {
			case goes && !back && keeps && !isDir:
				blame(path)
			case (!goes || back) && !keeps && !(goes && isDir):
				blame(path)
			case keeps && after.Emptied(id) && !p.Selection.Emptied(id):
				blame(path)
			}
		}
		if isDir {
			p.compare(after, sub, path+"/", goes, meant, blame)
		}
	}
}
