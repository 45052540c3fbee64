package buildcontext

import (
	"errors"
	"io/fs"
)

// Totals counts entries. Bytes is the sum of the sizes of regular files, of the
// names of one file only once; Other are links, devices, pipes and sockets.
type Totals struct {
	Bytes              int64
	Files, Dirs, Other int
}

// Wire is what a builder receives, in bytes. For Podman it is zero.
type Wire struct {
	// Bytes is the number that the builder prints.
	Bytes int64
	// Warm is what BuildKit receives when it has every file already: the least
	// that a transfer can take. It is Bytes for the classic builder.
	Warm int64
	// Alternative is the other number that the builder may print, or 0. Where
	// there are two, Bytes is the likelier.
	Alternative int64
}

// Measurement says how much lies in a context and how much of it is sent.
type Measurement struct {
	OnDisk, Ignored, Eligible, Sent Totals
	Wire                            Wire
	// Rules holds for each of [Selection.Rules] what it ignores.
	Rules []Totals
	// Dirs holds for each [DirID] what lies below it.
	Dirs []Share

	sel *Selection
	// parts holds for each DirID what lies below it on the wire.
	parts []part
	// again has the names of files whose bytes another name carries, and in which
	// columns it does.
	again map[ID]column
}

var errIncomplete = errors.New("measured before it was completed")

// Measure adds up a completed selection.
func Measure(s *Selection) (*Measurement, error) {
	if !s.completed {
		return nil, errIncomplete
	}
	s.inv.fetched.mu.RLock()
	defer s.inv.fetched.mu.RUnlock()
	return measure(s)
}

// measure is [Measure] for a caller who holds fetched.mu.
func measure(s *Selection) (*Measurement, error) {
	m := &Measurement{
		Rules: make([]Totals, len(s.rules)), Dirs: make([]Share, s.inv.Dirs()),
		sel: s, parts: make([]part, s.inv.Dirs()), again: map[ID]column{},
	}
	c := counter{Selection: s, m: m, seen: map[uint64]sighting{}}
	c.directory(0)
	if c.failed != nil {
		return nil, c.failed
	}
	var err error
	m.Wire, err = s.wire(c.head, c.content+c.numbers)
	return m, err
}

// visit is an entry that is sent.
type visit struct {
	*entry
	id   ID
	mode fs.FileMode
	// length is that of the path in bytes. The path itself may be left out for BuildKit.
	length int
	path   []byte
	size   int64
	// emptied tells that no content follows.
	emptied bool
	// again tells that another name of the same file was sent before, and link
	// is that name.
	again bool
	link  sighting
}

// weight is what an entry weighs on the wire: what announces it, its content, and
// how many packets of that have a number, which weighs extra.
type weight struct {
	head, content, packets int64
}

// weigh returns what one entry weighs. The caller holds fetched.mu.
func (s *Selection) weigh(v *visit) (weight, error) {
	switch s.Builder {
	case Classic:
		return s.inv.tarEntry(v)
	case Podman:
		return weight{}, nil
	default:
		return s.inv.packets(v), nil
	}
}

// wire returns the sum of a selection.
func (s *Selection) wire(head, content int64) (Wire, error) {
	switch s.Builder {
	case Classic:
		return s.tarball(head + content)
	case Podman:
		return Wire{}, nil
	default:
		warm := head + finPacket
		return Wire{Bytes: warm + content, Warm: warm}, nil
	}
}

// linksNames tells whether another name of a file that was sent becomes a link to
// it: BuildKit's client leaves symbolic links as they are.
// (tonistiigi/fsutil, stat_unix.go, setUnixOpt; moby/go-archive, archive.go, addTarFile)
func (s *Selection) linksNames(mode fs.FileMode) bool {
	return s.Builder == Classic || mode&fs.ModeSymlink == 0
}

// visit prepares an entry that is sent.
func (s *Selection) visit(id ID, path []byte) visit {
	e := s.inv.entry(id)
	return visit{entry: e, id: id, mode: e.mode &^ ownBits, length: len(path), path: path, size: s.inv.sizeOf(e, id), emptied: s.marks[id]&emptied != 0}
}

// counts returns what an entry counts as among what is sent: its kind and size.
func (v *visit) counts() (mode fs.FileMode, size int64) {
	switch {
	case v.mode&fs.ModeSocket != 0:
		return v.mode &^ fs.ModeType, 0 // BuildKit makes an empty file of it
	case v.emptied:
		return v.mode, 0
	default:
		return v.mode, v.size
	}
}

// counter adds up entries in walk order. Of several names of one file the first
// that is counted in a column carries the bytes.
type counter struct {
	*Selection
	m    *Measurement
	path []byte
	seen map[uint64]sighting // by inode
	// index is the number of the next entry among all that are sent.
	index uint64
	// On the wire; numbers are those in packets.
	head, content, packets, numbers int64
	failed                          error
}

// part is what the entries below a directory that are sent are on the wire.
type part struct {
	bytes, packets int64 // as in [weight], but for the numbers of packets
	// first is the place of the first among all that are sent, and entries how many
	// there are.
	first, entries uint32
}

// part returns all until now.
func (c *counter) part() part {
	return part{bytes: c.head + c.content, packets: c.packets, entries: uint32(c.index)}
}

// sighting is what is known of a file with several names.
type sighting struct {
	columns column
	// dir and id are the name that was sent first, and length that of its path.
	dir    DirID
	id     ID
	length int
}

// column is a set of sums in which a file was counted.
type column uint8

const (
	onDisk column = 1 << iota
	inIgnored
	inEligible
	inSent
	onWire
)

func (c *counter) directory(dir DirID) {
	var share, plain Share
	before, above := c.part(), len(c.path)
	first, count := c.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		e := c.inv.entry(id)
		if e.mode&(fs.ModeType|hasFacts) == 0 {
			c.plain(id, e, &plain)
			continue
		}
		mode, size, inode := e.mode&^ownBits, c.inv.sizeOf(e, id), uint64(0)
		if e.mode&hasFacts != 0 {
			inode = c.inv.facts.inodes.get(uint32(id))
		}
		c.m.OnDisk.add(mode, size, c.first(id, inode, onDisk))
		marks := c.marks[id]
		if marks&eligible != 0 {
			c.m.Eligible.add(mode, size, c.first(id, inode, inEligible))
		} else {
			n := c.m.Ignored.add(mode, size, c.first(id, inode, inIgnored))
			if rule := c.Rule(id); rule >= 0 {
				c.m.Rules[rule].add(mode, n, true)
			}
		}
		if marks&sent != 0 || mode.IsDir() {
			c.path = appendPath(c.path, c.inv.names.at(e.name))
			if marks&sent != 0 {
				c.send(dir, id, inode)
			}
			if mode.IsDir() {
				c.directory(DirID(e.ref))
			}
			c.path = c.path[:above]
		}
		share.Add(c.m.Share(id))
	}
	c.m.OnDisk.addFiles(plain.Files, plain.Bytes)
	c.m.Eligible.addFiles(plain.EligibleFiles, plain.EligibleBytes)
	c.m.Ignored.addFiles(plain.Files-plain.EligibleFiles, plain.Bytes-plain.EligibleBytes)
	c.m.Sent.addFiles(plain.SentFiles, plain.SentBytes)
	share.Add(plain)
	c.m.Dirs[dir] = share
	all := c.part()
	c.m.parts[dir] = part{
		bytes: all.bytes - before.bytes, packets: all.packets - before.packets,
		first: before.entries, entries: all.entries - before.entries,
	}
}

// plain counts a regular file with one name and nothing odd about it, as most are, in a
// share of its directory alone.
func (c *counter) plain(id ID, e *entry, share *Share) {
	marks, size := c.marks[id], int64(e.ref)
	share.Files++
	share.Bytes += size
	if marks&eligible != 0 {
		share.EligibleFiles++
		share.EligibleBytes += size
	} else if rule := c.Rule(id); rule >= 0 {
		c.m.Rules[rule].addFiles(1, size)
	}
	if marks&sent == 0 {
		return
	}
	share.SentFiles++
	if marks&emptied == 0 {
		share.SentBytes += size
	}
	above := len(c.path)
	v := visit{entry: e, id: id, mode: e.mode &^ ownBits, size: size, emptied: marks&emptied != 0}
	name := c.inv.names.at(e.name)
	if v.length = above + 1 + len(name); above == 0 {
		v.length = len(name)
	}
	if c.Builder == Classic {
		c.path = appendPath(c.path, name)
		v.path = c.path
	}
	c.weighs(&v)
	c.path = c.path[:above]
}

// send counts an entry that is sent.
func (c *counter) send(dir DirID, id ID, inode uint64) {
	v := c.visit(id, c.path)
	if inode != 0 && c.linksNames(v.mode) {
		if v.link = c.seen[inode]; v.link.columns&onWire != 0 {
			v.again = true
		} else {
			c.seen[inode] = sighting{v.link.columns | onWire, dir, id, len(c.path)}
		}
	}
	c.weighs(&v)
	mode, size := v.counts()
	c.m.Sent.add(mode, size, c.first(id, inode, inSent))
}

// weighs adds what an entry weighs on the wire.
func (c *counter) weighs(v *visit) {
	w, err := c.weigh(v)
	if err != nil && c.failed == nil {
		c.failed = &RefusalError{Path: string(v.path), Err: err}
	}
	c.head += w.head
	c.content += w.content
	c.packets += w.packets
	c.numbers += numberField(c.index) * w.packets
	c.index++
}

// first tells whether a file is new to a column; one with a single name always is.
func (c *counter) first(id ID, inode uint64, in column) bool {
	if inode == 0 {
		return true
	}
	s := c.seen[inode]
	if s.columns&in != 0 {
		c.m.again[id] |= in
		return false
	}
	s.columns |= in
	c.seen[inode] = s
	return true
}

func (t *Totals) addFiles(files int, bytes int64) {
	t.Files += files
	t.Bytes += bytes
}

// add counts an entry and returns the bytes that it adds.
func (t *Totals) add(mode fs.FileMode, size int64, carriesBytes bool) int64 {
	switch {
	case mode.IsDir():
		t.Dirs++
	case mode.IsRegular():
		t.Files++
		if carriesBytes {
			t.Bytes += size
			return size
		}
	default:
		t.Other++
	}
	return 0
}
