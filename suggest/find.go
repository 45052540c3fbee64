package suggest

import (
	"context"
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// verdict is what becomes of a candidate. The greater, the surer.
type verdict uint8

const (
	stays  verdict = iota // no rule may catch it
	review                // a person may let it go
	goes                  // proved, and nothing needs it
)

// candidate is an entry whose name a rule knows.
type candidate struct {
	*named
	id       buildcontext.ID
	path     string
	verdict  verdict
	proved   bool
	evidence string
	// reasons are why it is no better than review.
	reasons []string
}

// finder walks an inventory and asks the rules about every entry that is visible.
type finder struct {
	*reader
	ctx context.Context //nolint:containedctx // lives as long as one walk
	// deep tells whether a directory that is not visible may hold what is: the
	// classic client sends files without the directories above them.
	deep bool
	// judge gives the verdict on a proved candidate.
	judge func(c *candidate, sub buildcontext.DirID, isDir bool)
	// found takes every candidate of one entry, proved or not, and tells whether
	// the walk goes on below it.
	found func(id buildcontext.ID, path string, all []candidate) bool
}

// closedTo tells what is not looked for in a directory that belongs to a tool.
func closedTo(c Class) bool { return c != Editor && c != OS }

// walk visits what lies in dir. In a closed directory names are still noted, so
// that no pattern catches them unseen, but little is proved.
func (f *finder) walk(dir buildcontext.DirID, prefix string, closed bool) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	first, count := f.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		sub, isDir := f.inv.Dir(id)
		visible := f.visible(id)
		if !visible && !(isDir && f.deep) {
			continue
		}
		path, below, enter := "", closed, true
		if visible {
			all := f.candidates(dir, id, prefix, closed)
			if len(all) > 0 {
				path = prefix + f.inv.Name(id)
				enter = f.found(id, path, all)
				for i := range all {
					c := &all[i]
					below = below || isDir && (c.rule.Closed || c.proved && c.rule.Class == Dependencies)
				}
			}
		}
		if !isDir || !enter {
			continue
		}
		if path == "" {
			path = prefix + f.inv.Name(id)
		}
		if err := f.walk(sub, path+"/", below); err != nil {
			return err
		}
	}
	return nil
}

// candidates returns the entry once for every name that it falls under.
func (f *finder) candidates(dir buildcontext.DirID, id buildcontext.ID, prefix string, closed bool) []candidate {
	var all []candidate
	sub, isDir := f.inv.Dir(id)
	try := func(n *named, base buildcontext.DirID) {
		c := candidate{named: n, id: id, path: prefix + f.inv.Name(id)}
		if f.isKind(id, n.rule.kind) && !(closed && closedTo(n.rule.Class)) {
			p := &place{reader: f.reader, id: id, path: c.path, base: base, sub: sub, isDir: isDir}
			c.evidence, c.proved = n.rule.proof(p)
		}
		if c.proved {
			f.judge(&c, sub, isDir)
		}
		all = append(all, c)
	}
	rules.each(f.inv, dir, f.inv.Name(id), try)
	if !isDir || closed || slices.ContainsFunc(all, func(c candidate) bool { return c.proved }) {
		return all
	}
	for _, n := range rules.marked {
		if _, ok := f.inv.Child(sub, n.rule.mark); ok {
			try(n, dir)
		}
	}
	return all
}

func (f *finder) isKind(id buildcontext.ID, k kind) bool {
	mode := f.inv.Mode(id)
	switch k {
	case dirs:
		return mode.IsDir() || isLinkMode(mode)
	case files:
		return mode.IsRegular()
	case links:
		return isLinkMode(mode)
	default:
		return mode.IsDir() || mode.IsRegular() || isLinkMode(mode)
	}
}
