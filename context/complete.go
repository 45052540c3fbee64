package buildcontext

import (
	"cmp"
	"context"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// fetched is what was read of entries after the scan.
type fetched struct {
	mu         sync.RWMutex
	done       []uint64 // a bit for each entry
	attributes pages[uint32]
	targets    map[ID]string
}

func (f *fetched) has(id ID) bool {
	return int(id/64) < len(f.done) && f.done[id/64]&(1<<(id%64)) != 0
}

// cloneInto makes other hold the same, so that both may change alone.
func (f *fetched) cloneInto(other *fetched) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	other.done = slices.Clone(f.done)
	other.targets = maps.Clone(f.targets)
	other.attributes = slices.Clone(f.attributes)
	for i, page := range other.attributes {
		other.attributes[i] = slices.Clone(page)
	}
}

// keep notes what was read of an entry.
func (f *fetched) keep(id ID, attributes uint32, target string) {
	for len(f.done) <= int(id/64) {
		f.done = append(f.done, 0)
	}
	f.done[id/64] |= 1 << (id % 64)
	if attributes != 0 {
		f.attributes.set(uint32(id), attributes)
	}
	if target != "" {
		if f.targets == nil {
			f.targets = map[ID]string{}
		}
		f.targets[id] = target
	}
}

// copy keeps of an entry what is known of another.
func (f *fetched) copy(from, to ID) {
	if f.has(from) {
		f.keep(to, f.attributes.get(uint32(from)), f.targets[from])
	}
}

// xattrs returns an entry's extended attributes. The caller holds fetched.mu, as
// for target.
func (inv *Inventory) xattrs(id ID, e *entry) []Xattr {
	switch {
	case e.mode&wasFetched == 0:
		return inv.sets.get(inv.fetched.attributes.get(uint32(id)))
	case e.mode&hasFacts != 0:
		return inv.sets.get(inv.facts.attributes.get(uint32(id)))
	default:
		return nil
	}
}

// target returns what a link points to.
func (inv *Inventory) target(id ID, e *entry) string {
	switch {
	case e.mode&fs.ModeSymlink == 0:
		return ""
	case e.mode&wasFetched == 0:
		return inv.fetched.targets[id]
	default:
		return inv.facts.rare[id].target
	}
}

// Complete fetches from the source what a measurement needs of the entries that
// are sent and that the scan has not read: extended attributes and the targets
// of links. It must run before [Measure]. It is safe for concurrent use with
// other selections of the same inventory.
func (s *Selection) Complete(ctx context.Context, src Source) error {
	if s.Builder == Podman { // nothing is weighed
		s.completed = true
		return nil
	}
	inv := s.inv
	inv.fetched.mu.Lock()
	defer inv.fetched.mu.Unlock()
	missing := s.missing()
	if len(missing) > 0 {
		if err := s.fetch(ctx, src, missing); err != nil {
			return err
		}
	}
	s.completed = true
	return nil
}

// missing returns the directories that hold entries to fetch, in walk order.
func (s *Selection) missing() []DirID {
	none := true
	for i := 0; i < len(s.marks) && none; i++ {
		none = !s.lacks(ID(i))
	}
	if none {
		return nil
	}
	var dirs []DirID
	var walk func(dir DirID)
	walk = func(dir DirID) {
		first, count := s.inv.Entries(dir)
		noted := false
		for id := first; id < first+count; id++ {
			if !noted && s.lacks(id) {
				dirs = append(dirs, dir)
				noted = true
			}
			if sub, ok := s.inv.Dir(id); ok {
				walk(sub)
			}
		}
	}
	walk(0)
	return dirs
}

func (s *Selection) lacks(id ID) bool {
	return s.marks[id]&sent != 0 && s.inv.entry(id).mode&wasFetched == 0 && !s.inv.fetched.has(id)
}

// late is what was fetched of one entry.
type late struct {
	id     ID
	xattrs []Xattr
	target string
}

// fetch asks for what is missing, directory by directory, and keeps it. The error
// is that of the first directory in walk order.
func (s *Selection) fetch(ctx context.Context, src Source, missing []DirID) error {
	readers, err := readersOf(src)
	if err != nil {
		return err
	}
	defer readers.close()
	type outcome struct {
		found []late
		at    int // where in missing the error came up
		err   error
	}
	var next atomic.Int64
	work := func() (o outcome) {
		r := readers.reader()
		for {
			o.at = int(next.Add(1)) - 1
			if o.at >= len(missing) {
				return o
			}
			if o.err = ctx.Err(); o.err == nil {
				o.found, o.err = s.fetchIn(r, missing[o.at], o.found)
			}
			if o.err != nil {
				return o
			}
		}
	}
	outcomes := make([]outcome, min(runtime.GOMAXPROCS(0), maxWorkers, len(missing)))
	var running sync.WaitGroup
	for i := range outcomes {
		running.Go(func() { outcomes[i] = work() })
	}
	running.Wait()
	slices.SortFunc(outcomes, func(a, b outcome) int { return cmp.Compare(a.at, b.at) })
	for _, o := range outcomes {
		if o.err != nil {
			return o.err
		}
	}
	for _, o := range outcomes {
		for _, l := range o.found {
			s.inv.fetched.keep(l.id, s.inv.sets.add(l.xattrs), l.target)
		}
	}
	return nil
}

// fetchIn fetches what is missing of a directory's entries.
func (s *Selection) fetchIn(r reader, dir DirID, found []late) ([]late, error) {
	path := s.inv.DirPath(dir)
	h := handle{paths: s.inv, dir: dir}
	if err := r.open(&h, nil, ""); err != nil {
		return nil, &RefusalError{Path: h.path(), Err: err}
	}
	defer r.close(&h)
	first, count := s.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		if !s.lacks(id) {
			continue
		}
		name := s.inv.Name(id)
		l := late{id: id}
		var err error
		if l.xattrs, err = r.xattrs(&h, name); err == nil && s.inv.Mode(id)&fs.ModeSymlink != 0 {
			l.target, err = r.readlink(&h, name)
		}
		if err != nil {
			return nil, &RefusalError{Path: path + name, Err: err}
		}
		found = append(found, l)
	}
	return found, nil
}
