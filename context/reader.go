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
	// open opens the directory that a handle names, which is called name in the one
	// above. Where that is not open, above is nil, and the directory is found by its
	// path. The handle's slow is that of the directory above. Where it cannot be opened,
	// the handle still tells its path. Whether it can be read is known after list.
	open(h, above *handle, name string) error
	// list calls found for some of the names in the directory, each of which comes once,
	// in any order, with the kind of the entry or, where that is not known, unknownKind.
	// It tells whether there may be more to list.
	list(h *handle, found func(name string, kind fs.FileMode) error) (more bool, err error)
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

// handle is a directory to open, or an open one. Several goroutines may use that at
// once, each with its own reader.
type handle struct {
	// paths knows the path of dir. Few need it: those who ask near the open directory
	// do not.
	paths paths
	dir   DirID
	// fd is the open file, and slow tells that calls may wait for a network or
	// another process.
	fd   int
	slow bool
	// stats is what a [Source] told of the directory's entries.
	stats []Stat
}

// paths tells the path of a directory; that of the root is empty.
type paths interface{ pathOf(dir DirID) string }

// path returns the path of the directory.
func (h *handle) path() string { return h.paths.pathOf(h.dir) }

// in returns the path of an entry of the directory; the name "" is its own.
func (h *handle) in(name string) string {
	switch path := h.path(); {
	case path == "":
		return name
	case name == "":
		return path
	default:
		return path + "/" + name
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

func (p portable) reader() reader { return &portableReader{Source: p} }
func (p portable) longest() int   { return math.MaxInt }
func (p portable) close()         {}

type portableReader struct {
	Source
	// path is that of dir, which was asked for last.
	dir  DirID
	path string
}

func (p *portableReader) open(*handle, *handle, string) error { return nil }

// in returns the path of an entry of the directory.
func (p *portableReader) in(h *handle, name string) string {
	if p.dir != h.dir {
		p.dir, p.path = h.dir, h.path()
	}
	if name == "" || p.path == "" {
		return p.path + name
	}
	return p.path + "/" + name
}

func (p *portableReader) list(h *handle, found func(name string, kind fs.FileMode) error) (more bool, err error) {
	if h.stats, err = p.ReadDir(p.in(h, "")); err != nil {
		return false, err
	}
	for i := range h.stats {
		if err := found(h.stats[i].Name, h.stats[i].Mode.Type()); err != nil {
			return false, err
		}
	}
	return false, nil
}

func (p *portableReader) self(h *handle, into *Stat) (err error) {
	*into, err = p.Lstat(p.in(h, ""))
	return err
}

func (p *portableReader) stat(h *handle, name string, into *Stat) error {
	i, ok := slices.BinarySearchFunc(h.stats, name, func(s Stat, name string) int { return cmp.Compare(s.Name, name) })
	if !ok {
		return &fs.PathError{Op: "lstat", Path: p.in(h, name), Err: fs.ErrNotExist}
	}
	*into = h.stats[i]
	return nil
}

func (p *portableReader) xattrs(h *handle, name string) ([]Xattr, error) {
	return p.Xattrs(p.in(h, name))
}

func (p *portableReader) readlink(h *handle, name string) (string, error) {
	return p.Readlink(p.in(h, name))
}
func (p *portableReader) readable(h *handle, name string) error { return p.Readable(p.in(h, name)) }
func (p *portableReader) close(*handle)                         {}
