package buildcontext

import (
	"cmp"
	"io/fs"
	"math"
	"slices"
)

// reader reads directories for one goroutine, through buffers of its own. There
// are two: one for any [Source], and on Linux one that asks the kernel with fewer
// and cheaper calls. They agree in what they read.
type reader interface {
	// open opens the directory at path; "" is the root. Where it cannot be
	// opened, the handle holds its path all the same. Slow is that of the
	// directory above. Whether it can be read is known after list. The handle may
	// keep the path, which then must stay as it is until the handle is closed.
	open(path []byte, slow bool) (handle, error)
	// list calls found for each name in the directory, in any order, with the
	// kind of the entry or, where that is not known, unknownKind.
	list(h *handle, found func(name string, kind fs.FileMode) error) error
	// self is lstat of the directory itself, opened or not.
	self(h *handle, into *Stat) error
	// stat is lstat of an entry.
	stat(h *handle, name string, into *Stat) error
	// xattrs, readlink and readable are as in [Source]; the name "" is the
	// directory itself.
	xattrs(h *handle, name string) ([]Xattr, error)
	readlink(h *handle, name string) (string, error)
	readable(h *handle, name string) error
	// close closes a directory that was opened.
	close(h *handle)
}

// unknownKind stands for the kind of an entry that is not known without lstat.
const unknownKind = fs.ModeIrregular

// handle is an open directory. Several goroutines may use it at once, each with
// its own reader.
type handle struct {
	path string
	// fd is the open file, and slow tells that calls may wait for a network or
	// another process.
	fd   int
	slow bool
	// stats is what a [Source] told of the directory's entries.
	stats []Stat
}

// in returns the path of an entry of the directory.
func (h *handle) in(name string) string {
	switch {
	case h.path == "":
		return name
	case name == "":
		return h.path
	default:
		return h.path + "/" + name
	}
}

// readers makes readers of one source.
type readers interface {
	reader() reader
	// longest is how long a path in the source may be for others who name it as a
	// whole.
	longest() int
	close()
}

// readersOf returns the fastest way to read a source.
func readersOf(src Source) (readers, error) {
	if d, ok := src.(*Directory); ok {
		return d.readers()
	}
	return portable{src}, nil
}

// portable makes readers that read any [Source] with the calls that it has.
type portable struct{ Source }

func (p portable) reader() reader { return portableReader(p) }
func (p portable) longest() int   { return math.MaxInt }
func (p portable) close()         {}

type portableReader portable

func (p portableReader) open(path []byte, _ bool) (handle, error) {
	return handle{path: string(path)}, nil
}

func (p portableReader) list(h *handle, found func(name string, kind fs.FileMode) error) error {
	var err error
	if h.stats, err = p.ReadDir(h.path); err != nil {
		return err
	}
	for i := range h.stats {
		if err := found(h.stats[i].Name, h.stats[i].Mode.Type()); err != nil {
			return err
		}
	}
	return nil
}

func (p portableReader) self(h *handle, into *Stat) (err error) {
	*into, err = p.Lstat(h.path)
	return err
}

func (p portableReader) stat(h *handle, name string, into *Stat) error {
	i, ok := slices.BinarySearchFunc(h.stats, name, func(s Stat, name string) int { return cmp.Compare(s.Name, name) })
	if !ok {
		return &fs.PathError{Op: "lstat", Path: h.in(name), Err: fs.ErrNotExist}
	}
	*into = h.stats[i]
	return nil
}

func (p portableReader) xattrs(h *handle, name string) ([]Xattr, error) { return p.Xattrs(h.in(name)) }

func (p portableReader) readlink(h *handle, name string) (string, error) {
	return p.Readlink(h.in(name))
}
func (p portableReader) readable(h *handle, name string) error { return p.Readable(h.in(name)) }
func (p portableReader) close(*handle)                         {}
