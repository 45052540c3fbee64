package plan

import (
	"path"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// differ walks two inventories at once.
type differ struct {
	base, now *Result
	files     []FileChange
}

// place is a directory of an inventory, or nowhere.
type place struct {
	dir buildcontext.DirID
	ok  bool
}

func dirOf(res *Result) place { return place{ok: res != nil} }

// pair is one directory on both sides.
type pair struct {
	DirChange
	// below are the directories in it that differ, and own is what lies in it beside
	// all directories.
	below []*pair
	own   DirChange
}

func (c *DirChange) differs() bool { return c.BaseBytes != c.NowBytes || c.BaseFiles != c.NowFiles }

// pair walks a directory and notes the files that differ.
func (d *differ) pair(name string, base, now place) *pair {
	p := &pair{DirChange: DirChange{Path: name}}
	p.BaseBytes, p.BaseFiles = share(d.base, base)
	p.NowBytes, p.NowFiles = share(d.now, now)
	p.own = p.DirChange
	b, n := entries(d.base, base), entries(d.now, now)
	for !b.done() || !n.done() {
		var here, there *cursor
		switch {
		case n.done() || !b.done() && b.name() < n.name():
			here = &b
		case b.done() || n.name() < b.name():
			there = &n
		default:
			here, there = &b, &n
		}
		d.entry(p, here, there)
		here.next()
		there.next()
	}
	return p
}

// entry compares one name; a side that lacks it is nil.
func (d *differ) entry(p *pair, base, now *cursor) {
	name := path.Join(p.Path, base.or(now).name())
	f := FileChange{Path: name}
	f.BaseBytes, f.InBase = base.file()
	f.NowBytes, f.InNow = now.file()
	if f.InBase != f.InNow || f.BaseBytes != f.NowBytes {
		d.files = append(d.files, f)
	}
	b, n := base.dir(), now.dir()
	if !b.ok && !n.ok {
		return
	}
	sub := d.pair(name, b, n)
	p.add(sub)
}

// add takes in a directory below, whose own are all known.
func (p *pair) add(sub *pair) {
	p.own.BaseBytes -= sub.BaseBytes
	p.own.NowBytes -= sub.NowBytes
	p.own.BaseFiles -= sub.BaseFiles
	p.own.NowFiles -= sub.NowFiles
	if sub.differs() || len(sub.below) > 0 {
		p.below = append(p.below, sub)
	}
}

// changes lists the directories that differ, down to a level. A directory in which
// one alone differs gives way to that.
func (p *pair) changes(levels int) []DirChange {
	if len(p.below) == 1 && !p.own.differs() && p.Path != "." {
		return p.below[0].changes(levels)
	}
	if levels == 0 || len(p.below) == 0 && p.Path != "." {
		if !p.differs() {
			return nil
		}
		return []DirChange{p.DirChange}
	}
	var all []DirChange
	if p.own.differs() {
		all = append(all, p.own)
	}
	for _, sub := range p.below {
		all = append(all, sub.changes(levels-1)...)
	}
	return all
}

func share(res *Result, at place) (bytes int64, files int) {
	if !at.ok {
		return 0, 0
	}
	s := res.Measurement.Dirs[at.dir]
	return s.SentBytes, s.SentFiles
}

// cursor goes over the entries of a directory on one side.
type cursor struct {
	*Result
	id, end buildcontext.ID
}

func entries(res *Result, at place) cursor {
	if !at.ok {
		return cursor{}
	}
	first, count := res.Inventory.Entries(at.dir)
	return cursor{res, first, first + count}
}

func (c *cursor) done() bool   { return c.id == c.end }
func (c *cursor) name() string { return c.Inventory.Name(c.id) }

func (c *cursor) next() {
	if c != nil {
		c.id++
	}
}

func (c *cursor) or(other *cursor) *cursor {
	if c == nil {
		return other
	}
	return c
}

// file returns the bytes of a regular file that is sent.
func (c *cursor) file() (bytes int64, sent bool) {
	switch {
	case c == nil, !c.Inventory.Mode(c.id).IsRegular(), !c.Selection.Sent(c.id):
		return 0, false
	case c.Selection.Emptied(c.id):
		return 0, true
	default:
		return c.Inventory.Size(c.id), true
	}
}

func (c *cursor) dir() place {
	if c == nil {
		return place{}
	}
	dir, ok := c.Inventory.Dir(c.id)
	return place{dir, ok}
}
