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
	// excepted tells that an exception of the ignore file is about it.
	excepted bool
	// in is set of what lies in a directory that stays.
	in *contents
	// inhabited tells that git tracks something of what is to go with all that lies
	// around it.
	inhabited bool
	// mentioned tells that an instruction has its name and reads it from the image.
	mentioned bool
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

	// misfits, where set, are entries of the wrong kind that fall under a name. They
	// are many where a name is common, and count only where something else proves
	// to be what the name is for.
	misfits map[*named][]misfit

	// contents makes the walk look at what lies in a directory that stays; see
	// [Rule.Contents].
	contents bool

	matches []match // of one entry; kept to be used again
}

// misfit is an entry that is no directory.
type misfit struct {
	dir buildcontext.DirID // that holds it
	id  buildcontext.ID
}

// walk visits what is noted in dir, and all of it where in is set. In a closed
// directory names are still noted, so that no pattern catches them unseen, but little
// is proved. Paths are made only of entries that a rule knows.
func (f *finder) walk(dir buildcontext.DirID, closed bool, in *contents) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	first, count := f.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		if !f.inv.Noted(id) && in == nil {
			continue
		}
		sub, isDir := f.inv.Dir(id)
		below, enter := closed, isDir
		var inner *contents
		if !f.visible(id) {
			enter = isDir && f.deep
		} else {
			f.matches = rules.match(f.inv, dir, f.inv.Name(id), f.matches[:0])
			if isDir && !closed {
				f.matches = rules.marks(f.inv, dir, sub, f.matches)
			}
			if !isDir && f.misfits != nil {
				f.putAside(dir, id)
			}
			if len(f.matches) > 0 || in != nil {
				path := f.inv.DirPath(dir) + f.inv.Name(id)
				var all []candidate
				all, inner = f.candidates(id, path, closed, in)
				enter = f.found(id, path, all) && isDir
				below = below || slices.ContainsFunc(all, closes)
			}
		}
		if !enter {
			continue
		}
		if err := f.walk(sub, below, inner); err != nil {
			return err
		}
	}
	return nil
}

// putAside takes the names out of f.matches that are for another kind of entry.
func (f *finder) putAside(dir buildcontext.DirID, id buildcontext.ID) {
	f.matches = slices.DeleteFunc(f.matches, func(m match) bool {
		wrong := !f.isKind(id, m.rule.kind)
		if wrong {
			f.misfits[m.named] = append(f.misfits[m.named], misfit{dir, id})
		}
		return wrong
	})
}

// closes tells whether the directory belongs to a tool, so that what lies in it
// is not taken apart: a part of it missing is worse than all of it.
func closes(c candidate) bool {
	return c.rule.Closed || c.proved && (c.rule.Class == Dependencies || c.rule.Class == BuildOutput)
}

// candidates returns an entry once for every name that it falls under, in the place
// of a directory that stays once for the contents of that, and what its own contents
// are to be taken for.
func (f *finder) candidates(id buildcontext.ID, path string, closed bool, in *contents) (all []candidate, inner *contents) {
	all = make([]candidate, 0, len(f.matches)+1)
	sub, isDir := f.inv.Dir(id)
	proved := false
	for _, m := range f.matches {
		if m.rule.Contents {
			if inner == nil && isDir && !closed && f.contents {
				inner = contentsOf(m, &place{reader: f.reader, id: id, path: path, base: m.base, sub: sub, isDir: isDir})
			}
			continue
		}
		if m.marked && proved {
			continue // what is known by its name needs no mark
		}
		c := candidate{named: m.named, id: id, path: path}
		if f.isKind(id, m.rule.kind) && (!closed || knownInside(m)) {
			p := &place{reader: f.reader, id: id, path: path, base: m.base, sub: sub, isDir: isDir}
			c.evidence, c.proved = m.rule.proof.holds(p)
		}
		if c.proved {
			proved = true
			f.judge(&c, sub, isDir)
		}
		all = append(all, c)
	}
	if in == nil {
		return all, inner
	}
	c := candidate{named: in.named, id: id, path: path, evidence: in.evidence, in: in}
	if isDir && (inner == nil || !in.rule.Ignored) {
		if _, kept := f.any(sub, keeperNames); kept || inner != nil {
			inner = in.below(path)
		}
	}
	if c.proved = inner == nil && beginsName(f.inv.Name(id)); c.proved {
		f.judge(&c, sub, isDir)
	}
	if c.inhabited && isDir {
		inner = in.below(path)
	}
	return append(all, c), inner
}

// knownInside tells what is looked for in a closed directory, too: what other
// programs drop anywhere, and what a rule knows as a cache within it.
func knownInside(m match) bool {
	return m.rule.Class == Editor || m.rule.Class == OS || m.rule.Class == Cache && len(m.above) > 0
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
