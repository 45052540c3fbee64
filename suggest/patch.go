package suggest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/ignore"
)

// comment stands above the lines that [Patch] adds, and tells it where the lines
// of an earlier run are.
const comment = "# Added by ctxsize: what the build does not need"

// bom may begin an ignore file; on any other line it would belong to the pattern.
const bom = "\xef\xbb\xbf"

// Patch returns the text of an ignore file with the suggestions followed; a nil
// file is one that does not exist yet. Every byte that was there stays. The new
// lines stand at the end, or before the first exception that they could undo. A
// suggestion whose paths the file ignores already adds nothing, so that to patch
// twice is to patch once.
func Patch(file *ignore.File, suggestions []Suggestion) []byte {
	if file == nil {
		file = &ignore.File{}
	}
	p := newPatcher(file.Rules())
	for _, s := range widestFirst(suggestions) {
		p.add(s)
	}
	e := newEditor(file)
	for _, line := range slices.Backward(p.groups()) {
		e.insert(line.before, line.patterns)
	}
	return e.text()
}

func widestFirst(suggestions []Suggestion) []Suggestion {
	sorted := slices.Clone(suggestions)
	slices.SortStableFunc(sorted, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(len(b.Paths), len(a.Paths)), cmp.Compare(len(a.Pattern), len(b.Pattern)))
	})
	return sorted
}

// patcher is a list of rules into which new ones are put. Those of the file have
// their line; new ones have none.
type patcher struct {
	rules []ignore.Rule
	added map[string]Suggestion // by the rule's pattern
	// first is the list as it was, and alone each new rule by itself. Where no
	// exception is in the list, they say together what the list says.
	first      []ignore.Rule
	alone      []*ignore.Matcher
	exceptions bool
}

func newPatcher(rules []ignore.Rule) *patcher {
	return &patcher{
		rules: slices.Clone(rules), first: rules, added: map[string]Suggestion{},
		exceptions: slices.ContainsFunc(rules, ignore.Rule.Exception),
	}
}

// add puts the rule of a suggestion into its place, unless it would do nothing.
func (p *patcher) add(s Suggestion) {
	m, ok := compile(s.Pattern)
	if !ok {
		return // no line can say it
	}
	rule := ignore.Rule{Pattern: m.Rules()[0].Pattern}
	if p.done(rule, s.Paths) {
		return
	}
	place := len(p.rules)
	for _, at := range p.places(rule.Pattern) {
		if p.ignoresWith(rule, at, s.Paths) {
			place = at
			break
		}
	}
	p.rules = slices.Insert(p.rules, place, rule)
	p.added[rule.Pattern] = s
	p.alone = append(p.alone, m)
}

// done tells whether the list ignores what a rule is for: for Docker, and for
// Podman, which reads some characters in another way, unless the pattern itself
// is there.
func (p *patcher) done(rule ignore.Rule, paths []string) bool {
	there := slices.ContainsFunc(p.rules, func(r ignore.Rule) bool { return r.Pattern == rule.Pattern })
	if len(paths) == 0 {
		return there
	}
	list := p.rules
	if !p.exceptions {
		list = p.first
		paths = slices.DeleteFunc(slices.Clone(paths), func(path string) bool {
			return slices.ContainsFunc(p.alone, func(m *ignore.Matcher) bool { return catches(m, path) })
		})
	}
	if len(paths) == 0 {
		return true
	}
	m, err := ignore.Compile(list)
	if err != nil || !ignoresAll(m, paths) {
		return false
	}
	podman, err := ignore.CompilePodman(list)
	return there || err != nil || !slices.ContainsFunc(paths, func(path string) bool {
		d, err := podman.Match(path)
		return err == nil && !d.Ignored
	})
}

// places returns where a rule may stand, the best first: at the end where it
// undoes no exception, else before those that it could undo.
func (p *patcher) places(pattern string) []int {
	var before []int
	for i, r := range p.rules {
		if text, ok := strings.CutPrefix(r.Pattern, "!"); ok && undoes(pattern, text) {
			before = append(before, i)
		}
	}
	return before
}

func (p *patcher) ignoresWith(rule ignore.Rule, at int, paths []string) bool {
	m, err := ignore.Compile(slices.Insert(slices.Clone(p.rules), at, rule))
	return err == nil && ignoresAll(m, paths)
}

// ignoresAll tells whether the list ignores every path, as the builders walk and
// as BuildKit opens files.
func ignoresAll(m *ignore.Matcher, paths []string) bool {
	return !slices.ContainsFunc(paths, func(path string) bool { return !walkIgnores(m, path) || !catches(m, path) })
}

// walkIgnores decides about a path as the walk from the root does.
func walkIgnores(m *ignore.Matcher, path string) bool {
	state := m.Root()
	for {
		name, rest, more := strings.Cut(path, "/")
		if !more {
			d, err := m.Entry(state, name)
			return err == nil && d.Ignored
		}
		var err error
		if _, state, err = m.Enter(state, name); err != nil {
			return false
		}
		path = rest
	}
}

// group is some new lines that stand together before a line of the file, which
// counts from 0.
type group struct {
	before   int
	patterns []string
}

// groups returns the new lines by the lines of the file that they stand before.
func (p *patcher) groups() []group {
	var groups []group
	var pending []Suggestion
	flush := func(before int) {
		if pending == nil {
			return
		}
		slices.SortStableFunc(pending, func(a, b Suggestion) int {
			return cmp.Or(
				cmp.Compare(slices.Index(classOrder, a.Class), slices.Index(classOrder, b.Class)),
				cmp.Compare(a.Pattern, b.Pattern),
			)
		})
		g := group{before: before}
		for _, s := range pending {
			g.patterns = append(g.patterns, s.Pattern)
		}
		groups = append(groups, g)
		pending = nil
	}
	for _, r := range p.rules {
		if r.Line == 0 {
			pending = append(pending, p.added[r.Pattern])
			continue
		}
		flush(r.Line - 1)
	}
	flush(atEnd)
	return groups
}
