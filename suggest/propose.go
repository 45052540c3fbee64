package suggest

import (
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// proposer gathers candidates and turns them into patterns.
type proposer struct {
	*keeper
	*reader
	all  []candidate
	best map[string]verdict // by path, the best of all rules
	// lenient lets a pattern catch what an exception brings back, since the
	// pattern will stand before it. Whether that is enough, verified tells.
	lenient bool
}

// found notes the candidates of one entry. What goes is not entered: whatever
// lies there goes as well.
func (p *proposer) found(_ buildcontext.ID, path string, all []candidate) bool {
	enter := true
	for _, c := range all {
		p.best[path] = max(p.best[path], c.verdict)
		enter = enter && c.verdict != goes
	}
	p.all = append(p.all, all...)
	return enter
}

// take adds entries of the wrong kind for the names that will make a pattern: it
// must not catch them.
func (p *proposer) take(misfits map[*named][]misfit) {
	for _, c := range p.all {
		if c.verdict == stays {
			continue
		}
		for _, m := range misfits[c.named] {
			path := p.reader.inv.DirPath(m.dir) + p.reader.inv.Name(m.id)
			p.all = append(p.all, candidate{named: c.named, id: m.id, path: path})
		}
		delete(misfits, c.named)
	}
}

// suggestions makes lines of the candidates, rule by rule and name by name.
func (p *proposer) suggestions() []Suggestion {
	byName := map[*named][]candidate{}
	var order []*named
	for _, c := range p.all {
		if byName[c.named] == nil {
			order = append(order, c.named)
		}
		byName[c.named] = append(byName[c.named], c)
	}
	var all []Suggestion
	for _, n := range order {
		for _, v := range []verdict{goes, review} {
			all = append(all, p.linesFor(n, byName[n], v)...)
		}
	}
	return all
}

func (p *proposer) linesFor(n *named, candidates []candidate, v verdict) []Suggestion {
	c := cover{name: n, spare: p.keeper.named(), avoid: p.avoid(n), weigh: func(path string) int64 {
		bytes, _, _ := p.weigh([]string{path})
		return bytes
	}}
	byPath := map[string]*candidate{}
	for i := range candidates {
		cand := &candidates[i]
		byPath[cand.path] = cand
		switch {
		case cand.verdict == v:
			c.want = append(c.want, cand.path)
		case p.lenient && cand.excepted:
		case p.best[cand.path] < v:
			c.spare = append(c.spare, cand.path)
		}
	}
	var all []Suggestion
	for _, l := range c.lines() {
		s := Suggestion{
			ID: n.rule.ID, Title: n.rule.Title, Class: n.rule.Class, Risk: n.rule.Risk,
			Pattern: l.pattern, Paths: l.catches, Confidence: Review, Volatile: n.rule.Class.volatile(),
		}
		if v == goes {
			s.Confidence = Safe
		}
		first := byPath[s.Paths[0]]
		if v == review {
			// What is proved beyond doubt goes with a pattern for review, too.
			m, _ := compile(l.pattern)
			for path, cand := range byPath {
				if cand.verdict == goes && catches(m, path) {
					s.Paths = append(s.Paths, path)
				}
			}
		}
		slices.Sort(s.Paths)
		if !p.anything(s.Paths...) {
			continue
		}
		s.Evidence = p.evidenceOf(first, s.Paths)
		s.Why = s.Evidence.sentence()
		all = append(all, s)
	}
	return all
}

// unsaid makes the artifacts stay that no safe suggestion catches, because no
// pattern says them without catching something else, and tells whether there are
// any. One that the pattern for something else catches becomes a path of that.
func (p *proposer) unsaid(all []Suggestion) bool {
	said := map[string]bool{}
	patterns := make([]*ignore.Matcher, len(all))
	for i, s := range all {
		if s.Confidence != Safe {
			continue
		}
		patterns[i], _ = compile(s.Pattern)
		for _, path := range s.Paths {
			said[path] = true
		}
	}
	found := false
	for _, c := range p.all {
		if c.verdict != goes || said[c.path] || !p.anything(c.path) {
			continue
		}
		said[c.path] = true
		i := slices.IndexFunc(patterns, func(m *ignore.Matcher) bool { return m != nil && catches(m, c.path) })
		if i < 0 {
			p.unsayable[c.path] = true
			found = true
			continue
		}
		all[i].Paths = append(all[i].Paths, c.path)
	}
	for i := range all {
		slices.Sort(all[i].Paths)
	}
	return found
}

// said gives up the directories of logs whose every file another pattern catches,
// for a line less, and tells whether there are any.
func (p *proposer) said(all []Suggestion) bool {
	var others []*ignore.Matcher
	for _, s := range all {
		if m, ok := compile(s.Pattern); ok && s.Confidence == Safe && s.ID != logDirectoryID {
			others = append(others, m)
		}
	}
	found := false
	for _, s := range all {
		if s.ID != logDirectoryID || s.Confidence != Safe {
			continue
		}
		for _, dir := range s.Paths {
			if p.everyFileCaught(dir, others) {
				p.unsayable[dir] = true
				found = true
			}
		}
	}
	return found
}

// everyFileCaught tells whether some patterns catch every file below a directory.
func (p *proposer) everyFileCaught(dir string, patterns []*ignore.Matcher) bool {
	inv := p.keeper.inv
	id, ok := inv.Lookup(dir)
	if !ok {
		return false
	}
	sub, isDir := inv.Dir(id)
	every := isDir
	inv.Walk(sub, func(id buildcontext.ID, path string) bool {
		every = every && (inv.Mode(id).IsDir() || slices.ContainsFunc(patterns, func(m *ignore.Matcher) bool { return catches(m, path) }))
		return every
	})
	return every
}

// withoutTaken leaves out what is for review and of which the safe suggestions take
// all.
func (p *proposer) withoutTaken(all []Suggestion) []Suggestion {
	taken := map[buildcontext.ID]bool{}
	for _, s := range all {
		if s.Confidence == Safe {
			for _, path := range s.Paths {
				if id, ok := p.keeper.inv.Lookup(path); ok {
					taken[id] = true
				}
			}
		}
	}
	return slices.DeleteFunc(all, func(s Suggestion) bool {
		return s.Confidence == Review && !slices.ContainsFunc(s.Paths, func(path string) bool {
			id, ok := p.keeper.inv.Lookup(path)
			return ok && p.leaves(id, taken)
		})
	})
}

// leaves tells whether anything that is eligible is at or below an entry, but for what
// is taken.
func (p *proposer) leaves(id buildcontext.ID, taken map[buildcontext.ID]bool) bool {
	if taken[id] {
		return false
	}
	inv := p.keeper.inv
	sub, isDir := inv.Dir(id)
	if !isDir {
		return p.Selection.Eligible(id)
	}
	first, count := inv.Entries(sub)
	for child := first; child < first+count; child++ {
		if p.leaves(child, taken) {
			return true
		}
	}
	return false
}

// weigh adds up what is eligible at and below some paths, and tells whether
// exceptions bring anything there back.
func (p *proposer) weigh(paths []string) (bytes int64, files int, partial bool) {
	seen := map[uint64]bool{}
	partial = p.each(paths, func(id buildcontext.ID) bool {
		if !p.keeper.inv.Mode(id).IsRegular() {
			return true
		}
		files++
		if inode := p.keeper.inv.Inode(id); inode != 0 {
			if seen[inode] {
				return true
			}
			seen[inode] = true
		}
		bytes += p.keeper.inv.Size(id)
		return true
	})
	return bytes, files, partial
}

// anything tells whether something goes with the paths; with an empty directory
// nothing does.
func (p *proposer) anything(paths ...string) bool {
	found := false
	p.each(paths, func(id buildcontext.ID) bool {
		found = !p.keeper.inv.Mode(id).IsDir()
		return !found
	})
	return found
}

// each visits what goes with some paths, until visit returns false: what is
// eligible, but for what exceptions bring back. It tells whether they may have.
func (p *proposer) each(paths []string, visit func(id buildcontext.ID) bool) (partial bool) {
	for _, root := range paths {
		id, ok := p.keeper.inv.Lookup(root)
		if !ok {
			continue
		}
		g := going{keeper: p.keeper, visit: visit}
		if !g.start(root) {
			g.slowly(id, root)
		} else {
			g.entry(id, g.root)
		}
		partial = partial || g.partial
		if g.stopped {
			break
		}
	}
	return partial
}
