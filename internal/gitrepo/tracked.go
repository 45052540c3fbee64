package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"sort"
	"strings"
)

// ErrBare is what [Repo.Tracked] returns for a repository without a work tree.
var ErrBare = errors.New("the git repository has no work tree")

// Tracked is what git's index holds below a context. It is safe for concurrent
// use.
type Tracked struct {
	entries *entryList
	// below are those of the submodules that are checked out, by path.
	below map[string]*Tracked
	repo  *Repo
}

// Tracked reads the index. Files of a submodule that is checked out are tracked
// as its own index says. The error is [ErrBare], or says what cannot be read;
// then nobody knows what git tracks.
//
// Without an index nothing is tracked if there is no commit either. With a commit
// it is an error: git would say that nothing is tracked, but the index may only
// not have been made yet.
func (r *Repo) Tracked() (*Tracked, error) {
	if r.top == "" {
		return nil, ErrBare
	}
	entries, err := r.readIndex(r.prefix)
	if err != nil {
		return nil, err
	}
	t := &Tracked{entries: entries, below: map[string]*Tracked{}, repo: r}
	for i, s := range entries.special {
		if s.mode&modeKind != modeGitlink {
			continue
		}
		path := string(entries.name(i))
		sub, err := r.submodule(path)
		if err != nil {
			return nil, fmt.Errorf("the submodule %q: %w", r.prefix+path, err)
		}
		if sub != nil {
			t.below[path] = sub
		}
	}
	return t, nil
}

// submodule reads the index of a submodule of the context, or nothing where it is
// not checked out.
func (r *Repo) submodule(path string) (*Tracked, error) {
	full := filepath.Join(r.top, filepath.FromSlash(r.prefix+path))
	if gitDir, err := gitDirAt(full); err != nil || gitDir == "" {
		return nil, err
	}
	sub, err := Open(full)
	if err != nil {
		return nil, err
	}
	return sub.Tracked()
}

// Len returns the number of tracked paths: files, links, and submodules with what
// is in them. A directory that a sparse index holds as one entry counts as one.
func (t *Tracked) Len() int {
	n := t.entries.len()
	for _, sub := range t.below {
		n += sub.Len()
	}
	return n
}

// Has tells whether git tracks the path itself: a file, a link or a submodule.
func (t *Tracked) Has(path string) bool {
	i := t.entries.search(path)
	if i < t.entries.len() && string(t.entries.name(i)) == path {
		return true
	}
	if sub, rest := t.submodule(path); sub != nil {
		return sub.Has(rest)
	}
	kind := t.sparse(path) & modeKind
	return kind != 0 && kind != modeDir
}

// Below tells whether git tracks the path or anything below it. "" is the context.
func (t *Tracked) Below(path string) bool {
	if path == "" {
		return t.Len() > 0 || t.entries.outer != nil && t.sparse("") != 0
	}
	if t.Has(path) {
		return true
	}
	if sub, rest := t.submodule(path); sub != nil {
		return sub.Below(rest)
	}
	i := t.entries.search(path + "/")
	if i < t.entries.len() && bytes.HasPrefix(t.entries.name(i), []byte(path+"/")) {
		return true
	}
	return t.sparse(path) != 0
}

// gitlink tells whether git tracks the path as a submodule.
func (t *Tracked) gitlink(path string) bool {
	i := t.entries.search(path)
	return i < t.entries.len() && string(t.entries.name(i)) == path && t.entries.special[i].mode&modeKind == modeGitlink
}

// submodule returns the submodule that a path lies in, and the path there.
func (t *Tracked) submodule(path string) (*Tracked, string) {
	if len(t.below) == 0 {
		return nil, ""
	}
	for i := range len(path) {
		if path[i] == '/' {
			if sub := t.below[path[:i]]; sub != nil {
				return sub, path[i+1:]
			}
		}
	}
	return nil, ""
}

// sparse returns the mode of a path that lies in a directory which a sparse index
// holds as one entry, or 0 where nothing is there. What cannot be read counts as
// tracked: the objects of such directories may be missing from a partial clone.
func (t *Tracked) sparse(path string) uint32 {
	if o := t.entries.outer; o != nil {
		return t.inTree(o.id, t.entries.inOuter+path)
	}
	if len(t.entries.special) == 0 {
		return 0
	}
	for i := range len(path) {
		if path[i] != '/' {
			continue
		}
		if k := t.entries.search(path[:i+1]); k < t.entries.len() && string(t.entries.name(k)) == path[:i+1] {
			return t.inTree(t.entries.special[k].id, path[i+1:])
		}
	}
	return 0
}

// inTree returns the mode of a path in a tree, or 0 where nothing is there.
func (t *Tracked) inTree(id, path string) uint32 {
	objects, err := t.repo.objects()
	if err != nil {
		return modeFile
	}
	mode := uint32(modeDir)
	for name := range strings.SplitSeq(strings.TrimSuffix(path, "/"), "/") {
		if name == "" {
			break
		}
		if mode&modeKind != modeDir {
			return 0
		}
		data, err := objects.readKind(id, kindTree)
		if err != nil {
			return modeFile
		}
		entries, err := parseTree(data, t.repo.idSize)
		if err != nil {
			return modeFile
		}
		e, ok := findEntry(entries, name)
		if !ok {
			return 0
		}
		mode, id = e.mode, e.id
	}
	return mode
}

// entryList is entries of an index in the order of their names, each name once.
type entryList struct {
	// prefix is what a name must begin with to be taken in; it is cut off.
	prefix string
	names  []byte   // each with a zero behind
	start  []uint32 // where each name begins
	// special are the submodules and the directories of a sparse index.
	special map[int]special
	// outer is the directory of a sparse index that holds all of prefix, and
	// inOuter where in it.
	outer   *special
	inOuter string
}

type special struct {
	mode uint32
	id   string
}

func (l *entryList) len() int { return len(l.start) }

func (l *entryList) name(i int) []byte {
	end := len(l.names)
	if i+1 < len(l.start) {
		end = int(l.start[i+1])
	}
	return l.names[l.start[i] : end-1]
}

// add takes an entry in. A path in conflict has several.
func (l *entryList) add(e indexEntry) error {
	name, ok := bytes.CutPrefix(e.name, []byte(l.prefix))
	if !ok || len(name) == 0 {
		if rest, ok := strings.CutPrefix(l.prefix, string(e.name)); ok && e.mode&modeKind == modeDir {
			l.outer, l.inOuter = &special{e.mode, string(e.id)}, rest
		}
		return nil
	}
	if n := l.len(); n > 0 {
		switch order := bytes.Compare(l.name(n-1), name); {
		case order == 0:
			return nil
		case order > 0:
			return fmt.Errorf("%w: %q is out of order", errDamaged, e.name)
		}
	}
	if uint64(len(l.names)+len(name)) >= math.MaxUint32 {
		return errors.New("it is larger than ctxsize can hold")
	}
	if kind := e.mode & modeKind; kind == modeGitlink || kind == modeDir {
		if l.special == nil {
			l.special = map[int]special{}
		}
		l.special[l.len()] = special{e.mode, string(e.id)}
	}
	l.start = append(l.start, uint32(len(l.names)))
	l.names = append(append(l.names, name...), 0)
	return nil
}

// search returns the first entry whose name is not before path.
func (l *entryList) search(path string) int {
	return sort.Search(l.len(), func(i int) bool { return string(l.name(i)) >= path })
}
