package treetest

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// Seconds is the time of modification of every entry, since 1970.
const Seconds = 1_700_000_000

// Tree is a tree of files. The zero value is empty. It may be read by several
// goroutines as long as none changes it.
type Tree struct {
	root  node
	links uint64 // the last inode that was given to a file with several names
}

type node struct {
	mode     fs.FileMode
	children map[string]*node // of a directory
	target   string           // of a symbolic link
	data     *content         // of a file
}

// content is what the names of one file share.
type content struct {
	head  string
	size  int64
	inode uint64
	names uint64
}

// File puts a regular file of a size at path, with zeros behind the head.
func (t *Tree) File(path string, size int64, head string) {
	t.put(path, &node{mode: 0o644, data: &content{head: head, size: max(size, int64(len(head))), names: 1}})
}

// Text puts a file at path.
func (t *Tree) Text(path, text string) { t.File(path, int64(len(text)), text) }

// Dir makes a directory.
func (t *Tree) Dir(path string) { t.dir(path) }

// Symlink makes a symbolic link.
func (t *Tree) Symlink(path, target string) {
	t.put(path, &node{mode: fs.ModeSymlink | 0o777, target: target})
}

// Link gives the file at first another name. It panics where there is none.
func (t *Tree) Link(path, first string) {
	n := t.find(first)
	if n == nil || n.data == nil {
		panic(fmt.Sprintf("treetest: no file at %q to link %q to", first, path))
	}
	if n.data.inode == 0 {
		t.links++
		n.data.inode = t.links
	}
	n.data.names++
	t.put(path, &node{mode: n.mode, data: n.data})
}

// Chmod changes the permission bits of what stands at path. It panics where
// nothing does.
func (t *Tree) Chmod(path string, perm fs.FileMode) {
	n := t.find(path)
	if n == nil {
		panic(fmt.Sprintf("treetest: nothing at %q", path))
	}
	n.mode = n.mode&^fs.ModePerm | perm
}

// Paths returns the paths of everything but directories that hold something, in
// byte order.
func (t *Tree) Paths() []string {
	var all []string
	var walk func(prefix string, n *node)
	walk = func(prefix string, n *node) {
		for _, name := range slices.Sorted(maps.Keys(n.children)) {
			child := n.children[name]
			if len(child.children) == 0 {
				all = append(all, prefix+name)
			}
			walk(prefix+name+"/", child)
		}
	}
	walk("", &t.root)
	return all
}

func (t *Tree) put(path string, n *node) {
	dir, name := &t.root, path
	if slash := strings.LastIndexByte(path, '/'); slash >= 0 {
		dir, name = t.dir(path[:slash]), path[slash+1:]
	}
	if dir.children == nil {
		dir.children = map[string]*node{}
	}
	dir.children[name] = n
}

func (t *Tree) dir(path string) *node {
	n := &t.root
	if path == "" {
		return n
	}
	for name := range strings.SplitSeq(path, "/") {
		if n.children == nil {
			n.children = map[string]*node{}
		}
		child := n.children[name]
		if child == nil {
			child = &node{mode: fs.ModeDir | 0o755}
			n.children[name] = child
		}
		n = child
	}
	return n
}

func (t *Tree) find(path string) *node {
	n := &t.root
	if path == "" {
		return n
	}
	for name := range strings.SplitSeq(path, "/") {
		if n = n.children[name]; n == nil {
			return nil
		}
	}
	return n
}

func (t *Tree) entry(op, path string) (*node, error) {
	if n := t.find(path); n != nil {
		return n, nil
	}
	return nil, &fs.PathError{Op: op, Path: path, Err: fs.ErrNotExist}
}

func (n *node) stat(name string) buildcontext.Stat {
	s := buildcontext.Stat{Name: name, Mode: n.mode, Seconds: Seconds, Links: 1}
	switch {
	case n.data != nil:
		s.Size, s.Inode, s.Links = n.data.size, n.data.inode, n.data.names
	case n.mode&fs.ModeSymlink != 0:
		s.Size = int64(len(n.target))
	}
	return s
}

// ReadDir implements [buildcontext.Source].
func (t *Tree) ReadDir(dir string) ([]buildcontext.Stat, error) {
	n, err := t.entry("open", dir)
	if err != nil {
		return nil, err
	}
	if n != &t.root && !n.mode.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: dir, Err: fs.ErrInvalid}
	}
	stats := make([]buildcontext.Stat, 0, len(n.children))
	for _, name := range slices.Sorted(maps.Keys(n.children)) {
		stats = append(stats, n.children[name].stat(name))
	}
	return stats, nil
}

// Lstat implements [buildcontext.Source].
func (t *Tree) Lstat(name string) (buildcontext.Stat, error) {
	n, err := t.entry("lstat", name)
	if err != nil {
		return buildcontext.Stat{}, err
	}
	return n.stat(path.Base(name)), nil
}

// Readlink implements [buildcontext.Source].
func (t *Tree) Readlink(path string) (string, error) {
	n, err := t.entry("readlink", path)
	if err == nil && n.mode&fs.ModeSymlink == 0 {
		err = &fs.PathError{Op: "readlink", Path: path, Err: fs.ErrInvalid}
	}
	if err != nil {
		return "", err
	}
	return n.target, nil
}

// Open implements [buildcontext.Source].
func (t *Tree) Open(path string) (io.ReadCloser, error) {
	n, err := t.entry("open", path)
	if err == nil && n.data == nil {
		err = &fs.PathError{Op: "open", Path: path, Err: fs.ErrInvalid}
	}
	if err != nil {
		return nil, err
	}
	head := strings.NewReader(n.data.head)
	return io.NopCloser(io.MultiReader(head, io.LimitReader(zeros{}, n.data.size-int64(len(n.data.head))))), nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Xattrs implements [buildcontext.Source]: there are none.
func (t *Tree) Xattrs(string) ([]buildcontext.Xattr, error) { return nil, nil }

// Readable implements [buildcontext.Source]: everything is.
func (t *Tree) Readable(string) error { return nil }

// Content returns what a file holds, up to a bound of bytes; nil for what is no
// file.
func (t *Tree) Content(path string, limit int64) []byte {
	f, err := t.Open(path)
	if err != nil {
		return nil
	}
	var b bytes.Buffer
	_, _ = io.Copy(&b, io.LimitReader(f, limit)) // memory does not fail
	return b.Bytes()
}
