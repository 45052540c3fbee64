package suggest

import (
	"errors"
	"io"
	"io/fs"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// headSize is how much of a file's beginning a proof sees: enough for every
// header of the catalogue, and for the first line of a key.
const headSize = 512

// place is where a candidate stands: what a proof may look at.
type place struct {
	*reader
	id   buildcontext.ID
	path string
	// base holds the first component of the rule's name; sub is the directory
	// that the candidate is, if it is one.
	base, sub buildcontext.DirID
	isDir     bool
}

// reader opens files of a context, bounded, and only such as the caller
// considers: what the ignore file keeps back is none of our business.
type reader struct {
	inv     *buildcontext.Inventory
	src     buildcontext.Source
	visible func(id buildcontext.ID) bool
	heads   map[buildcontext.ID][]byte
	globs   map[globbed]found
}

// globbed is a question that the entries of one directory ask again and again.
type globbed struct {
	dir  buildcontext.DirID
	name *named
}

type found struct {
	id buildcontext.ID
	ok bool
}

func newReader(inv *buildcontext.Inventory, src buildcontext.Source, visible func(buildcontext.ID) bool) *reader {
	return &reader{inv: inv, src: src, visible: visible, heads: map[buildcontext.ID][]byte{}, globs: map[globbed]found{}}
}

// head returns the first bytes of a file; nothing of what cannot be read.
func (r *reader) head(id buildcontext.ID, path string) []byte {
	head, ok := r.heads[id]
	if !ok {
		head = r.read(id, path, headSize)
		r.heads[id] = head
	}
	return head
}

// read returns at most limit bytes of a file.
func (r *reader) read(id buildcontext.ID, path string, limit int) []byte {
	if r.src == nil || !r.inv.Mode(id).IsRegular() || r.inv.Size(id) == 0 || r.inv.Unread(id) != nil || !r.visible(id) {
		return nil
	}
	f, err := r.src.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close() //nolint:errcheck // only read
	data := make([]byte, min(int64(limit), r.inv.Size(id)))
	n, err := io.ReadFull(f, data)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil
	}
	return data[:n]
}

// glob returns the first entry of a directory that has the name, or whose path
// has where the name is of several components.
func (r *reader) glob(dir buildcontext.DirID, n *named) (buildcontext.ID, bool) {
	for _, above := range n.above {
		id, ok := r.inv.Child(dir, above)
		if !ok {
			return 0, false
		}
		if dir, ok = r.inv.Dir(id); !ok {
			return 0, false
		}
	}
	if !n.star {
		return r.inv.Child(dir, n.prefix)
	}
	question := globbed{dir, n}
	answer, known := r.globs[question]
	if !known {
		answer = r.search(dir, n)
		r.globs[question] = answer
	}
	return answer.id, answer.ok
}

func (r *reader) search(dir buildcontext.DirID, n *named) found {
	first, count := r.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		if n.matches(r.inv.Name(id)) {
			return found{id, true}
		}
	}
	return found{}
}

// any returns the first entry of a directory that has one of the names.
func (r *reader) any(dir buildcontext.DirID, names []*named) (buildcontext.ID, bool) {
	for _, n := range names {
		if id, ok := r.glob(dir, n); ok {
			return id, true
		}
	}
	return 0, false
}

// everyFile tells whether all that lies below a directory is regular files that
// keep accepts, and at least one. Placeholders that keep a directory alive make
// it false: somebody wants the directory.
func (r *reader) everyFile(dir buildcontext.DirID, keep func(name string) bool) bool {
	found := false
	first, count := r.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		if sub, ok := r.inv.Dir(id); ok {
			if !r.everyFile(sub, keep) {
				return false
			}
			found = true
			continue
		}
		if r.inv.Mode(id)&fs.ModeType != 0 || !keep(r.inv.Name(id)) {
			return false
		}
		found = true
	}
	return found
}
