package gitrepo

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// ReadDir implements [buildcontext.Source].
func (t *Tree) ReadDir(dir string) ([]buildcontext.Stat, error) {
	full := t.full(dir)
	d, err := t.dir(full)
	if err != nil {
		return nil, err
	}
	entries, attributes, err := t.read(full, d)
	if err != nil {
		return nil, err
	}
	stats := make([]buildcontext.Stat, len(entries))
	for i, e := range entries {
		if stats[i], err = t.stat(full, e, attributes); err != nil {
			return nil, err
		}
	}
	return stats, nil
}

// lookup finds one entry and the attributes that hold for it.
func (t *Tree) lookup(name string) (string, treeEntry, *attributeFile, error) {
	full := t.full(name)
	parent := path.Dir(full)
	d, err := t.dir(parent)
	if err != nil {
		return full, treeEntry{}, nil, err
	}
	entries, attributes, err := t.read(parent, d)
	if err != nil {
		return full, treeEntry{}, nil, err
	}
	e, ok := findEntry(entries, path.Base(full))
	if !ok {
		return full, treeEntry{}, nil, &fs.PathError{Op: "lstat", Path: name, Err: fs.ErrNotExist}
	}
	return full, e, attributes, nil
}

// Lstat implements [buildcontext.Source].
func (t *Tree) Lstat(name string) (buildcontext.Stat, error) {
	full := t.full(name)
	t.mu.Lock()
	_, met := t.dirs[full]
	t.mu.Unlock()
	if met { // a scan asks for every directory
		return buildcontext.Stat{Name: path.Base(full), Mode: fs.ModeDir | 0o755, Seconds: checkoutTime, Links: 1}, nil
	}
	full, e, attributes, err := t.lookup(name)
	if err != nil {
		return buildcontext.Stat{}, err
	}
	return t.stat(path.Dir(full), e, attributes)
}

// Readlink implements [buildcontext.Source].
func (t *Tree) Readlink(name string) (string, error) {
	full, e, _, err := t.lookup(name)
	if err != nil {
		return "", err
	}
	if t.mode(e)&fs.ModeSymlink == 0 {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	data, err := t.object(full, e.id, kindBlob)
	return string(data), err
}

// Open implements [buildcontext.Source]. The content of a file that Git LFS keeps,
// or that another program or an encoding changes, cannot be opened.
func (t *Tree) Open(name string) (io.ReadCloser, error) {
	full, e, attributes, err := t.lookup(name)
	if err != nil {
		return nil, err
	}
	if !t.mode(e).IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	c := t.conversion(full, e, attributes)
	data, err := t.object(full, e.id, kindBlob)
	if err != nil {
		return nil, err
	}
	if _, pointer := lfsSize(data); c.encoding != "" || c.filter != "" && (c.filter != "lfs" || pointer && !t.repo.leavesPointers(full)) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errConverted}
	}
	c.filter = ""
	return io.NopCloser(bytes.NewReader(c.convert(data, hex.EncodeToString([]byte(e.id))))), nil
}

var errConverted = errors.New("what a checkout makes of it is not in the repository")

// Xattrs implements [buildcontext.Source]: git keeps none.
func (t *Tree) Xattrs(string) ([]buildcontext.Xattr, error) { return nil, nil }

// Readable implements [buildcontext.Source]: what is there can be read.
func (t *Tree) Readable(string) error { return nil }
