package buildcontext

import (
	"io/fs"
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

// Savings answers what would be spared if some of what is sent were not there.
// It holds a fold for each directory, so that an answer costs little more than
// what is taken away: the packets of what stays change only where their numbers
// get shorter, and whole directories keep theirs. It is safe for concurrent use.
type Savings struct {
	sel   *Selection
	m     *Measurement
	folds []fold // by DirID, of what lies below
	// linked are the entries of files with several names that are sent, in the
	// order in which they are sent; names finds them.
	linked []linkedEntry
	names  map[ID]int
	sets   map[uint64]linkSet // by inode
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
	// first is where the part begins among all that is sent.
	first int
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
func NewSavings(s *Selection, m *Measurement) (*Savings, error) {
	v := &Savings{sel: s, m: m, folds: make([]fold, s.inv.Dirs()), names: map[ID]int{}, sets: map[uint64]linkSet{}}
	s.inv.fetched.mu.RLock()
	defer s.inv.fetched.mu.RUnlock()
	b := foldBuilder{Savings: v}
	if err := b.directory(0); err != nil {
		return nil, err
	}
	return v, nil
}

type foldBuilder struct {
	*Savings
	path  []byte
	place int
}

func (b *foldBuilder) directory(dir DirID) error {
	f := fold{first: b.place}
	above := len(b.path)
	first, count := b.sel.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		e := b.sel.inv.entry(id)
		isSent := b.sel.Sent(id)
		if !e.mode.IsDir() && !isSent {
			continue
		}
		b.path = appendPath(b.path, b.sel.inv.names.at(e.name))
		if isSent {
			own, err := b.entry(dir, id)
			if err != nil {
				return err
			}
			f.add(own)
			b.place++
		}
		if e.mode.IsDir() {
			if err := b.directory(DirID(e.ref)); err != nil {
				return err
			}
			f.add(b.folds[e.ref])
		}
		b.path = b.path[:above]
	}
	b.folds[dir] = f
	return nil
}

// entry folds one entry that is sent, and notes files with several names.
func (b *foldBuilder) entry(dir DirID, id ID) (fold, error) {
	inode := b.sel.inv.Inode(id)
	if inode == 0 || !b.sel.linksNames(b.sel.inv.Mode(id)) {
		return b.own(id, b.path)
	}
	set := b.sets[inode]
	carries := set.sent == 0
	if carries {
		set.carrier = sighting{dir: dir, id: id, length: len(b.path)}
	}
	set.sent++
	b.sets[inode] = set
	b.names[id] = len(b.linked)
	b.linked = append(b.linked, linkedEntry{at: b.place, inode: inode, carries: carries})
	return b.own(id, b.path)
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
	c := cut{Savings: v, gone: map[ID]bool{}, touched: map[DirID]*fold{}, lost: map[int]bool{}}
	for _, path := range paths {
		if err := c.remove(path); err != nil {
			return Saving{}, err
		}
	}
	if c.torn() {
		return c.measured()
	}
	rest := v.folds[0]
	if t := c.touched[0]; t != nil {
		rest = *t
	}
	saved := v.folds[0]
	saved.subtract(rest)
	s := Saving{Bytes: saved.bytes, Files: saved.files, WireBytes: saved.wire}
	if v.sel.Builder == BuildKit {
		s.WireBytes += v.numbers(nil) - v.numbers(&c)
	}
	return s, nil
}

// cut is a question about some entries.
type cut struct {
	*Savings
	gone map[ID]bool
	// touched holds what remains below each directory that loses something.
	touched map[DirID]*fold
	// lost are the indexes in linked of the names that go.
	lost map[int]bool
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
		f = *c.rest(sub) // less what is gone already
		whole := c.folds[sub]
		c.lose(whole.first, whole.first+whole.entries)
	}
	if err := c.goes(id, path, &f); err != nil {
		return err
	}
	for i, dir := range slices.Backward(above) {
		c.rest(dir).subtract(f)
		if dir == 0 {
			break
		}
		entry := inv.DirEntry(dir)
		if c.sel.marks[entry]&carried != 0 && c.rest(dir).entries == 0 && !c.gone[entry] {
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

func (c *cut) rest(dir DirID) *fold {
	f := c.touched[dir]
	if f == nil {
		f = new(c.folds[dir])
		c.touched[dir] = f
	}
	return f
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

// numbers returns the bytes of all packet numbers of what remains after a cut.
func (v *Savings) numbers(c *cut) int64 {
	n := numbering{Savings: v, cut: c}
	n.directory(0)
	return n.bytes
}

// numbering counts in the order in which entries are sent.
type numbering struct {
	*Savings
	cut   *cut
	index int
	bytes int64
}

func (n *numbering) directory(dir DirID) {
	f, whole := &n.folds[dir], true
	if n.cut != nil {
		if t := n.cut.touched[dir]; t != nil {
			f, whole = t, false
		}
	}
	if f.entries == 0 {
		return
	}
	// All numbers are equally long in most directories.
	if field := numberField(uint64(n.index)); whole && field == numberField(uint64(n.index+f.entries-1)) {
		n.bytes += field * f.packets
		n.index += f.entries
		return
	}
	inv := n.sel.inv
	first, count := inv.Entries(dir)
	for id := first; id < first+count; id++ {
		if n.cut != nil && n.cut.gone[id] {
			continue
		}
		if n.sel.Sent(id) {
			if n.carries(id) {
				v := n.sel.visit(id, nil)
				_, size := v.counts()
				_, packets := dataPackets(uint64(size))
				n.bytes += numberField(uint64(n.index)) * packets
			}
			n.index++
		}
		if sub, ok := inv.Dir(id); ok {
			n.directory(sub)
		}
	}
}

// carries tells whether an entry that is sent has content of its own.
func (n *numbering) carries(id ID) bool {
	mode := n.sel.inv.Mode(id)
	if !mode.IsRegular() && mode&fs.ModeSocket == 0 {
		return false
	}
	i, several := n.names[id]
	return !several || n.linked[i].carries
}
