package gitrepo

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// ErrNoContext is wrapped by the error of [Repo.At] where the context is no
// directory at the revision.
var ErrNoContext = errors.New("the context is no directory at the revision")

// Tree is a context at a revision, as a checkout on this machine would have it: a
// [buildcontext.Source]. Line ends are converted and pointers of Git LFS stand for
// their files where the attributes and the settings say so; [Tree.Notes] tells
// what a checkout has and a tree cannot give. It is safe for concurrent use.
//
// Modes are 0644, 0755 and those of directories and links. What has no time has
// one whose length on the wire is that of any since 1972.
type Tree struct {
	repo    *Repo
	objects *objects
	commit  string // in hexadecimal, or ""
	// first are the attributes that count most.
	first *attributeFile
	fold  bool
	// converts tells that a file may be converted whatever the tree says of it.
	converts bool

	mu sync.Mutex // guards what follows
	// dirs are the directories that were met, by path.
	dirs  map[string]treeDir
	notes map[Note]bool
	err   error
}

// treeDir is one directory.
type treeDir struct {
	id string
	// above are the attributes of the directory that holds it.
	above *attributeFile
	// submodule directories are empty.
	submodule bool
}

// At returns the context at a revision: an id or the beginning of one, a branch, a
// tag, HEAD, "@{upstream}", followed by any of "~2", "^", "^2". The error wraps
// [ErrRevision] or [ErrNoContext], or says what cannot be read.
func (r *Repo) At(rev string) (*Tree, error) {
	id, err := r.resolve(rev)
	if err != nil {
		return nil, err
	}
	t := &Tree{repo: r, dirs: map[string]treeDir{}, notes: map[Note]bool{}}
	if commit, err := r.peel(rev, id, kindCommit); err == nil {
		t.commit = hex.EncodeToString([]byte(commit))
	}
	root, err := r.peel(rev, id, kindTree)
	if err != nil {
		return nil, err
	}
	if t.objects, err = r.objects(); err != nil {
		return nil, err
	}
	var last *attributeFile
	t.first, last = r.userAttributes()
	t.fold = r.settings.all.flag("core.ignorecase")
	t.converts = r.settings.all.flag("core.autocrlf") || t.first.converts
	t.dirs["."] = treeDir{id: root, above: last}
	top := strings.TrimSuffix(r.prefix, "/")
	dir, err := t.dir(top)
	if errors.Is(err, fs.ErrNotExist) || err == nil && dir.submodule {
		return nil, fmt.Errorf("%w: %q at %q", ErrNoContext, top, rev)
	}
	if err != nil {
		return nil, fmt.Errorf("%q at %q: %w", top, rev, err)
	}
	return t, nil
}

// Commit returns the id of the commit in hexadecimal, "" of a bare tree.
func (t *Tree) Commit() string { return t.commit }

// Err returns the first error that reading the tree had, other than that a path
// is not there. A scan goes on where a directory cannot be read, as a builder
// might; what was read from a tree counts only if this is nil.
func (t *Tree) Err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

// Key returns a name for what lies below a directory of the context: where it is
// the same at two revisions of the repository, so are all names and sizes there.
// It is the id of git's tree, and those of the .gitattributes files above that may
// convert what is in it.
func (t *Tree) Key(dir string) (string, error) {
	d, err := t.dir(t.full(dir))
	if err != nil {
		return "", err
	}
	key := []byte(d.id)
	if d.above.converts || t.first.converts {
		for f := d.above; f != nil; f = f.above {
			key = append(key, f.id...)
		}
	}
	return hex.EncodeToString(key), nil
}

// full returns a path of the context from the top of the repository, "." for the top.
func (t *Tree) full(name string) string { return path.Clean(t.repo.prefix + name) }

// dir finds a directory by its full path.
func (t *Tree) dir(full string) (treeDir, error) {
	full = path.Clean(full)
	t.mu.Lock()
	d, ok := t.dirs[full]
	t.mu.Unlock()
	if ok {
		return d, nil
	}
	above, err := t.dir(path.Dir(full))
	if err != nil {
		return treeDir{}, err
	}
	if _, _, err := t.read(path.Dir(full), above); err != nil {
		return treeDir{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if d, ok = t.dirs[full]; ok {
		return d, nil
	}
	return treeDir{}, &fs.PathError{Op: "open", Path: full, Err: fs.ErrNotExist}
}

// read reads a directory, notes the directories in it, and returns its entries and
// the attributes that hold in it.
func (t *Tree) read(full string, d treeDir) ([]treeEntry, *attributeFile, error) {
	if d.submodule {
		return nil, d.above, nil
	}
	data, err := t.object(full, d.id, kindTree)
	if err != nil {
		return nil, nil, err
	}
	entries, err := parseTree(data, t.repo.idSize)
	if err != nil {
		return nil, nil, t.fail(fmt.Errorf("the tree of %q: %w", full, err))
	}
	attributes := d.above
	base := ""
	if full != "." {
		base = full + "/"
	}
	for _, e := range entries {
		if e.name == ".gitattributes" && e.mode&modeKind == modeFile {
			data, err := t.object(base+e.name, e.id, kindBlob)
			if err != nil {
				return nil, nil, err
			}
			attributes = parseAttributes(data, base, base == "", d.above)
			attributes.id = e.id
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range entries {
		switch e.mode & modeKind {
		case modeDir:
			t.dirs[base+e.name] = treeDir{id: e.id, above: attributes}
		case modeGitlink:
			t.dirs[base+e.name] = treeDir{id: e.id, above: attributes, submodule: true}
		}
	}
	return entries, attributes, nil
}

// object reads an object that a path names.
func (t *Tree) object(full, id string, want kind) ([]byte, error) {
	data, err := t.objects.readKind(id, want)
	return data, t.atPath(full, id, err)
}

// atPath adds to an error which path it is about, and keeps it.
func (t *Tree) atPath(full, id string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, errNoObject) {
		err = t.repo.missing(id)
	}
	at := ""
	if t.commit != "" {
		at = " at " + t.commit[:10]
	}
	return t.fail(fmt.Errorf("%q%s: %w", full, at, err))
}

func (t *Tree) fail(err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil {
		t.err = err
	}
	return err
}

// checkoutTime stands for the time at which a file is checked out.
const checkoutTime = 1 << 30

// stat returns an entry as a checkout would have it.
func (t *Tree) stat(dir string, e treeEntry, attributes *attributeFile) (buildcontext.Stat, error) {
	s := buildcontext.Stat{Name: e.name, Mode: t.mode(e), Seconds: checkoutTime, Links: 1}
	if e.mode&modeKind == modeGitlink {
		t.note(Submodule, path.Join(dir, e.name), "")
	}
	if s.Mode.IsDir() {
		return s, nil
	}
	size, err := t.objects.size(e.id)
	if err != nil {
		return s, t.atPath(path.Join(dir, e.name), e.id, err)
	}
	s.Size = size
	if t.mayConvert(e, attributes) {
		s.Size, err = t.converted(path.Join(dir, e.name), e, attributes, size)
	}
	return s, err
}

func (t *Tree) mode(e treeEntry) fs.FileMode {
	switch e.mode & modeKind {
	case modeDir, modeGitlink:
		return fs.ModeDir | 0o755
	case modeLink:
		if links, ok := t.repo.settings.all.last("core.symlinks"); !ok || isTrue(links) {
			return fs.ModeSymlink | 0o777
		}
		return 0o644
	}
	if e.mode&0o100 != 0 {
		return 0o755
	}
	return 0o644
}

// converted returns the size that a file of some size has once it is checked out.
func (t *Tree) converted(full string, e treeEntry, attributes *attributeFile, size int64) (int64, error) {
	c := t.conversion(full, e, attributes)
	if c.encoding != "" {
		t.note(Encoded, full, c.encoding)
	}
	if c.filter != "" {
		return t.filtered(full, e, c, size)
	}
	if c.none() || size == 0 {
		return size, nil
	}
	data, err := t.object(full, e.id, kindBlob)
	if err != nil {
		return 0, err
	}
	return int64(len(c.convert(data, hex.EncodeToString([]byte(e.id))))), nil
}

// filtered returns the size of a file that a program changes. Only that of Git LFS
// is known without running it.
func (t *Tree) filtered(full string, e treeEntry, c conversion, size int64) (int64, error) {
	if c.filter != "lfs" {
		t.note(Filtered, full, c.filter)
		return size, nil
	}
	if size > longestPointer {
		return size, nil
	}
	data, err := t.object(full, e.id, kindBlob)
	if err != nil {
		return 0, err
	}
	kept, ok := lfsSize(data)
	if !ok || t.repo.leavesPointers(full) {
		return size, nil
	}
	t.note(LFS, full, "")
	return kept, nil
}

// mayConvert tells whether anything may change a file when it is checked out.
func (t *Tree) mayConvert(e treeEntry, attributes *attributeFile) bool {
	return e.mode&modeKind == modeFile && (t.converts || attributes.converts)
}

func (t *Tree) conversion(full string, e treeEntry, attributes *attributeFile) conversion {
	if !t.mayConvert(e, attributes) {
		return conversion{}
	}
	return t.repo.conversionOf(attributesOf(full, t.fold, t.first, attributes))
}

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
