package gitrepo

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
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
	*checkout
	// prefix is the context below the top of the repository: "" or a path with a
	// slash behind it.
	prefix string
}

// checkout is a revision of a repository; several contexts in it may share it.
type checkout struct {
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
	t := &Tree{checkout: &checkout{repo: r, dirs: map[string]treeDir{}, notes: map[Note]bool{}}, prefix: r.prefix}
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

// In returns another directory at the same revision, by its path from the top of
// the repository; "" is the top. What was read and the first error are shared. The
// error is an [fs.PathError] where it is not there, or no directory.
func (t *Tree) In(dir string) (*Tree, error) {
	if _, err := t.dir(dir); err != nil {
		return nil, err
	}
	in := &Tree{checkout: t.checkout}
	if dir != "" {
		in.prefix = dir + "/"
	}
	return in, nil
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
func (t *Tree) full(name string) string { return path.Clean(t.prefix + name) }

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
