package suggest

import (
	"context"
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// verified returns the suggestions, or false where some must be given up first.
// Rules that only ignore add up: then each is as good as it was found to be. Where
// a person's exceptions stand between them, the order of evaluation is too subtle
// to reason about (three evaluators; ignore/matcher.go), and the patched list is
// tried on everything that is eligible.
func (p *proposer) verified() ([]Suggestion, bool, error) {
	all := withoutCovered(p.suggestions())
	if len(p.exceptions) == 0 {
		return all, true, nil
	}
	wrong, err := p.wrong(all)
	if err == nil && len(wrong) > 0 {
		p.lenient = false
		all = withoutCovered(p.suggestions())
		wrong, err = p.wrong(all)
	}
	for _, s := range all {
		if s.Confidence == Safe && slices.Contains(wrong, s.Pattern) {
			for _, path := range s.Paths {
				p.unsayable[path] = true
			}
		}
	}
	return all, len(wrong) == 0, err
}

// wrong returns the patterns of safe suggestions that lose what they must not, or
// keep what they are meant to ignore, once all of them are in the ignore file.
func (p *proposer) wrong(all []Suggestion) ([]string, error) {
	safe := safeOf(all)
	if len(safe) == 0 {
		return nil, nil
	}
	after, err := p.patched(safe)
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
	c := comparer{proposer: p, after: after, meant: map[buildcontext.ID]bool{}, blame: blame}
	for _, s := range safe {
		for _, path := range s.Paths {
			if id, ok := p.keeper.inv.Lookup(path); ok {
				c.meant[id] = true
			}
		}
	}
	c.directory(0, "")
	return wrong, nil
}

func safeOf(all []Suggestion) []Suggestion {
	return slices.DeleteFunc(slices.Clone(all), func(s Suggestion) bool { return s.Confidence != Safe })
}

// patched selects with some suggestions in the ignore file, as [Patch] puts them
// there.
func (p *proposer) patched(safe []Suggestion) (*buildcontext.Selection, error) {
	list := newPatcher(p.Selection.Request.Rules)
	for _, s := range widestFirst(safe) {
		list.add(s)
	}
	req := p.Selection.Request
	req.Rules = list.rules
	return buildcontext.Select(p.keeper.inv, req)
}

// moreRounds is how often [proposer.more] asks again. One round has always done.
const moreRounds = 8

// more adds the safe suggestions that are found once those of all are in the ignore
// file. A pattern is given up with all its paths, and among what remains some of
// them may be sayable: who runs fix twice would be told of them then.
func (p *proposer) more(ctx context.Context, all []Suggestion) ([]Suggestion, error) {
	for range moreRounds {
		after, err := p.patched(safeOf(all))
		if err != nil {
			return nil, err
		}
		facts := *p.Facts
		facts.Selection = after
		_, found, err := proposeOnce(ctx, facts)
		if err != nil {
			return nil, err
		}
		next := append(slices.Clip(all), safeOf(found)...)
		if len(next) == len(all) {
			break
		}
		wrong, err := p.wrong(next)
		if err != nil {
			return nil, err
		}
		if len(wrong) > 0 {
			break // together they are not as good as one after another
		}
		all = next
	}
	return all, nil
}

// comparer looks for what became of entries against what was meant.
type comparer struct {
	*proposer
	after *buildcontext.Selection
	meant map[buildcontext.ID]bool
	blame func(path string)
}

// directory compares what lies in a directory; root is the artifact that it
// belongs to, or "".
func (c *comparer) directory(dir buildcontext.DirID, root string) {
	inv := c.keeper.inv
	first, count := inv.Entries(dir)
	for id := first; id < first+count; id++ {
		sub, isDir := inv.Dir(id)
		below := root
		if below == "" && c.meant[id] {
			below = inv.Path(dir, id)
		}
		if c.Selection.Eligible(id) {
			_, back := c.broughtBack(id)
			switch keeps := c.after.Eligible(id); {
			case keeps && c.after.Emptied(id) && !c.Selection.Emptied(id),
				!keeps && (below == "" || back && !isDir),
				keeps && below != "" && !isDir && !back && !c.exceptedIn(inv.Path(dir, id), below):
				c.blame(inv.Path(dir, id))
			}
		}
		if isDir {
			c.directory(sub, below)
		}
	}
}
