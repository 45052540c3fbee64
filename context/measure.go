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

// Share is what lies below one directory: on disk, and of it what is sent.
type Share struct {
	Bytes, SentBytes int64
	Files, SentFiles int
}

// Measurement says how much lies in a context and how much of it is sent.
type Measurement struct {
	OnDisk, Ignored, Eligible, Sent Totals
	Wire                            Wire
	// Rules holds for each of [Selection.Rules] what it ignores.
	Rules []Totals
	// Dirs holds for each [DirID] what lies below it.
	Dirs []Share
}

var errIncomplete = errors.New("measured before it was completed")

// Measure adds up a completed selection.
func Measure(s *Selection) (*Measurement, error) {
	if !s.completed {
		return nil, errIncomplete
	}
	m := &Measurement{Rules: make([]Totals, len(s.rules)), Dirs: make([]Share, s.inv.Dirs())}
	c := counter{Selection: s, m: m}
	c.directory(0)
	wire, err := s.wire()
	if err != nil {
		return nil, err
	}
	m.Wire = wire
	return m, nil
}

func (s *Selection) wire() (Wire, error) {
	switch s.Builder {
	case Classic:
		return s.tarBytes()
	case Podman:
		return Wire{}, nil
	default:
		return s.packetBytes(), nil
	}
}

// counter adds up entries in walk order. Of several names of one file the first
// that is counted in a column carries the bytes.
type counter struct {
	*Selection
	m                                *Measurement
	onDisk, ignored, eligible, ships inodes
}

type inodes map[uint64]struct{}

// first tells whether an inode is new to the set; 0 always is.
func (set *inodes) first(inode uint64) bool {
	if inode == 0 {
		return true
	}
	if *set == nil {
		*set = inodes{}
	}
	_, again := (*set)[inode]
	(*set)[inode] = struct{}{}
	return !again
}

func (c *counter) directory(dir DirID) Share {
	var share Share
	first, count := c.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		mode, size, inode := c.inv.Mode(id), c.inv.Size(id), c.inv.Inode(id)
		if n := c.m.OnDisk.add(mode, size, c.onDisk.first(inode)); mode.IsRegular() {
			share.Bytes += n
			share.Files++
		}
		if c.Eligible(id) {
			c.m.Eligible.add(mode, size, c.eligible.first(inode))
		} else {
			n := c.m.Ignored.add(mode, size, c.ignored.first(inode))
			if rule := c.Rule(id); rule >= 0 {
				c.m.Rules[rule].add(mode, n, true)
			}
		}
		if c.Sent(id) {
			if mode&fs.ModeSocket != 0 {
				mode &^= fs.ModeType // BuildKit makes an empty file of it
				size = 0
			}
			if c.Emptied(id) {
				size = 0
			}
			if n := c.m.Sent.add(mode, size, c.ships.first(inode)); mode.IsRegular() {
				share.SentBytes += n
				share.SentFiles++
			}
		}
		if sub, ok := c.inv.Dir(id); ok {
			below := c.directory(sub)
			share.Bytes += below.Bytes
			share.Files += below.Files
			share.SentBytes += below.SentBytes
			share.SentFiles += below.SentFiles
		}
	}
	c.m.Dirs[dir] = share
	return share
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
