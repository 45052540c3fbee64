package buildcontext

import (
	"slices"
	"sort"
	"strings"
)

// Saving is what a builder would be spared.
type Saving struct {
	// Bytes and Files are those of [Measurement.Sent], WireBytes those of
	// [Wire.Bytes].
	Bytes     int64
	Files     int
	WireBytes int64
}

// Savings answers what would be spared if some of what is sent were not there. An
// answer costs little more than what is taken away: of whole directories the measurement
// knows what they weigh, and the packets of what stays change only where their numbers
// get shorter. It is safe for concurrent use.
type Savings struct {
	sel *Selection
	m   *Measurement
	// linked are the entries of files with several names that are sent, in the
	// order in which they are sent; names finds them.
	linked []linkedEntry
	names  map[ID]int
	sets   map[uint64]linkSet // by inode
	// numbers weighs the packet numbers of all that is sent.
	numbers numbering
}

// linkSet is a file with several names: how many of them are sent, and the first,
// which carries the content.
type linkSet struct {
	sent    int
	carrier sighting
}

// fold is what a part of a context adds to a transfer. Folds add up.
type fold struct {
	// entries are those that are sent, files and bytes as in [Totals].
	entries int
	files   int
	bytes   int64
	// wire are the bytes on the wire but for packet numbers, packets the packets
	// that have one.
	wire, packets int64
}

func (f *fold) add(g fold) {
	f.entries += g.entries
	f.files += g.files
	f.bytes += g.bytes
	f.wire += g.wire
	f.packets += g.packets
}

func (f *fold) subtract(g fold) {
	f.entries -= g.entries
	f.files -= g.files
	f.bytes -= g.bytes
	f.wire -= g.wire
	f.packets -= g.packets
}

// linkedEntry is one name of a file that has several.
type linkedEntry struct {
	at    int // its place among all that is sent
	inode uint64
	// carries tells that the content goes with this name.
	carries bool
}

// NewSavings prepares answers about a selection that was measured.
func NewSavings(s *Selection, m *Measurement) *Savings {
	v := &Savings{sel: s, m: m, names: map[ID]int{}, sets: map[uint64]linkSet{}}
	if s.inv.facts.inodes != nil {
		l := linker{Savings: v}
		l.directory(0)
	}
	if s.Builder == BuildKit {
		v.numbers = v.number(nil)
	}
	return v
}

// linker finds the files that are sent under several names.
type linker struct {
	*Savings
	path  []byte
	place int
}

func (l *linker) directory(dir DirID) {
	above := len(l.path)
	first, count := l.sel.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		e := l.sel.inv.entry(id)
		l.path = appendPath(l.path, l.sel.inv.names.at(e.name))
		if l.sel.Sent(id) {
			l.entry(dir, id)
			l.place++
		}
		if e.mode.IsDir() {
			l.directory(DirID(e.ref))
		}
		l.path = l.path[:above]
	}
}

// entry notes one entry that is sent, if its file has several names.
func (l *linker) entry(dir DirID, id ID) {
	inode := l.sel.inv.Inode(id)
	if inode == 0 || !l.sel.linksNames(l.sel.inv.Mode(id)) {
		return
	}
	set := l.sets[inode]
	carries := set.sent == 0
	if carries {
		set.carrier = sighting{dir: dir, id: id, length: len(l.path)}
	}
	set.sent++
	l.sets[inode] = set
	l.names[id] = len(l.linked)
	l.linked = append(l.linked, linkedEntry{at: l.place, inode: inode, carries: carries})
}

// fold returns the fold of what lies below a directory.
func (v *Savings) fold(dir DirID) fold {
	share, part := v.m.Dirs[dir], v.m.parts[dir]
	return fold{
		entries: int(part.entries), files: share.SentFiles, bytes: share.SentBytes,
		wire: part.bytes, packets: part.packets,
	}
}

// own folds one entry.
func (v *Savings) own(id ID, path []byte) (fold, error) {
	f := fold{entries: 1}
	entry := v.sel.visit(id, path)
	if i, ok := v.names[id]; ok && !v.linked[i].carries {
		entry.again, entry.link = true, v.sets[v.linked[i].inode].carrier
	}
	if mode, size := entry.counts(); mode.IsRegular() {
		f.files = 1
		if !entry.again {
			f.bytes = size
		}
	}
	w, err := v.sel.weigh(&entry)
	if err != nil {
		return f, &RefusalError{Path: string(path), Err: err}
	}
	f.wire, f.packets = w.head+w.content, w.packets
	return f, nil
}

// Without returns what is spared if what lies at some paths, and everything below
// them, is not sent. Directories that are sent for what lies in them alone go with
// the last of it. Paths that are not in the inventory spare nothing.
func (v *Savings) Without(paths []string) (Saving, error) {
	v.sel.inv.fetched.mu.RLock()
	defer v.sel.inv.fetched.mu.RUnlock()
	c := cut{Savings: v, gone: map[ID]bool{}, taken: map[DirID]*fold{}, lost: map[int]bool{}}
	for _, path := range paths {
		if err := c.remove(path); err != nil {
			return Saving{}, err
		}
	}
	if c.torn() {
		return c.measured()
	}
	saved := *c.from(0)
	s := Saving{Bytes: saved.bytes, Files: saved.files, WireBytes: saved.wire}
	if v.sel.Builder == BuildKit {
		s.WireBytes += v.numbers.less(v.number(&c), saved.packets)
	}
	return s, nil
}

// cut is a question about some entries.
type cut struct {
	*Savings
	gone map[ID]bool
	// taken holds what goes of what lies below each directory that loses something.
	taken map[DirID]*fold
	// lost are the indexes in linked of the names that go.
	lost map[int]bool
}

// from returns what goes of what lies below a directory.
func (c *cut) from(dir DirID) *fold {
	f := c.taken[dir]
	if f == nil {
		f = &fold{}
		c.taken[dir] = f
	}
	return f
}

// rest returns what stays of it.
func (c *cut) rest(dir DirID) fold {
	f := c.fold(dir)
	if taken := c.taken[dir]; taken != nil {
		f.subtract(*taken)
	}
	return f
}

// remove takes what lies at a path away from the directories above it.
func (c *cut) remove(path string) error {
	inv := c.sel.inv
	// The directories on the way, and their paths.
	var above []DirID
	var prefixes []string
	dir, prefix, rest := DirID(0), "", path
	for {
		above, prefixes = append(above, dir), append(prefixes, prefix)
		name, more, deeper := strings.Cut(rest, "/")
		id, ok := inv.Child(dir, name)
		if !ok || c.gone[id] {
			return nil
		}
		if !deeper {
			return c.removeEntry(id, path, above, prefixes)
		}
		if dir, ok = inv.Dir(id); !ok {
			return nil
		}
		prefix, rest = prefix+name+"/", more
	}
}

func (c *cut) removeEntry(id ID, path string, above []DirID, prefixes []string) error {
	inv := c.sel.inv
	var f fold
	if sub, ok := inv.Dir(id); ok {
		f = c.rest(sub) // less what is gone already
		whole := c.m.parts[sub]
		c.lose(int(whole.first), int(whole.first+whole.entries))
	}
	if err := c.goes(id, path, &f); err != nil {
		return err
	}
	for i, dir := range slices.Backward(above) {
		c.from(dir).add(f)
		if dir == 0 {
			break
		}
		entry := inv.DirEntry(dir)
		if c.sel.marks[entry]&carried != 0 && !c.gone[entry] && c.rest(dir).entries == 0 {
			if err := c.goes(entry, strings.TrimSuffix(prefixes[i], "/"), &f); err != nil {
				return err
			}
		}
	}
	return nil
}

// goes adds what an entry itself weighs to what goes.
func (c *cut) goes(id ID, path string, f *fold) error {
	c.gone[id] = true
	if !c.sel.Sent(id) {
		return nil
	}
	if i, ok := c.names[id]; ok {
		c.lose(c.linked[i].at, c.linked[i].at+1)
	}
	own, err := c.own(id, []byte(path))
	f.add(own)
	return err
}

// lose notes the linked entries among those sent from one place to another.
func (c *cut) lose(from, to int) {
	i := sort.Search(len(c.linked), func(i int) bool { return c.linked[i].at >= from })
	for ; i < len(c.linked) && c.linked[i].at < to; i++ {
		c.lost[i] = true
	}
}

// torn tells whether more changes than what goes: a file loses the name that
// carries its content and keeps another, or the classic client, which adds a
// Dockerfile, has to make up an ignore file.
func (c *cut) torn() bool {
	names := map[uint64]int{}
	for i := range c.lost {
		names[c.linked[i].inode]++
	}
	for i := range c.lost {
		if l := c.linked[i]; l.carries && names[l.inode] < c.sets[l.inode].sent {
			return true
		}
	}
	id, ok := c.sel.inv.Child(0, dockerignore)
	return ok && c.gone[id] && c.sel.Added != nil
}

// measured answers by measuring what is left.
func (c *cut) measured() (Saving, error) {
	rest := *c.sel
	rest.marks = slices.Clone(c.sel.marks)
	for id := range c.gone {
		rest.marks[id] = 0
		if sub, ok := c.sel.inv.Dir(id); ok {
			c.sel.inv.Walk(sub, func(id ID, _ string) bool {
				rest.marks[id] = 0
				return true
			})
		}
	}
	m, err := measure(&rest)
	if err != nil {
		return Saving{}, err
	}
	return Saving{
		Bytes:     c.m.Sent.Bytes - m.Sent.Bytes,
		Files:     c.m.Sent.Files - m.Sent.Files,
		WireBytes: c.m.Wire.Bytes - m.Wire.Bytes,
	}, nil
}
