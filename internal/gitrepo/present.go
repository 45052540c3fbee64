package gitrepo

import (
	"io/fs"
	"path/filepath"
	"strings"
	"sync"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// Present is a context as it is now, with nothing in it but what git tracks or
// would track: a [buildcontext.Source]. What is untracked and not ignored by git
// is there; .git, what git ignores, pipes and the like, and directories without a
// file are not. A submodule, and any other repository inside, is an empty
// directory. Like a checkout it has no extended attributes, no file with several
// names, and the modes of a [Tree]; sizes are those of the work tree. It is safe
// for concurrent use.
type Present struct {
	buildcontext.Source
	repo    *Repo
	tracked *Tracked

	mu sync.Mutex // guards what follows
	// listed are directories that were read to see whether they are empty.
	listed map[string][]buildcontext.Stat
	notes  map[Note]bool
}

// Present returns the context as it is now; src is its directory. The error is
// [ErrBare], or says what cannot be read.
func (r *Repo) Present(src buildcontext.Source) (*Present, error) {
	tracked, err := r.Tracked()
	if err != nil {
		return nil, err
	}
	return &Present{
		Source: src, repo: r, tracked: tracked,
		listed: map[string][]buildcontext.Stat{}, notes: map[Note]bool{},
	}, nil
}

// Has tells whether a path of the context, which is there, is in the present. A
// directory counts that git would look into, also where nothing is in it.
func (p *Present) Has(path string, dir bool) bool {
	for i := range len(path) {
		if path[i] == '/' && (isGitName(path[:i]) || p.Submodule(path[:i])) {
			return false
		}
	}
	return !isGitName(path) && (p.tracked.Below(path) || !p.repo.Ignored(path, dir))
}

// isGitName tells whether the last part of a path is the name that git never tracks.
func isGitName(path string) bool {
	return strings.EqualFold(path[strings.LastIndexByte(path, '/')+1:], ".git")
}

// Submodule tells whether a directory of the context is one, or the work tree of
// any other repository.
func (p *Present) Submodule(path string) bool {
	if p.tracked.gitlink(path) {
		return true
	}
	gitDir, err := gitDirAt(filepath.Join(p.repo.top, filepath.FromSlash(p.repo.prefix+path)))
	return err == nil && gitDir != ""
}

// ReadDir implements [buildcontext.Source].
func (p *Present) ReadDir(dir string) ([]buildcontext.Stat, error) {
	p.mu.Lock()
	stats, ok := p.listed[dir]
	delete(p.listed, dir)
	p.mu.Unlock()
	if ok {
		return stats, nil
	}
	return p.read(dir)
}

func (p *Present) read(dir string) ([]buildcontext.Stat, error) {
	if dir != "" && p.Submodule(dir) {
		return nil, nil
	}
	all, err := p.Source.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	prefix := dir + "/"
	if dir == "" {
		prefix = ""
	}
	stats := all[:0]
	for _, s := range all {
		path := prefix + s.Name
		if isGitName(path) || !p.tracked.Below(path) && p.repo.Ignored(path, s.Mode.IsDir()) {
			continue
		}
		if p.keeps(path, s) {
			stats = append(stats, asCheckedOut(s))
		}
	}
	return stats, nil
}

// keeps tells whether git would keep an entry that it does not ignore. A directory
// that cannot be read is kept, so that whoever needs it is told.
func (p *Present) keeps(path string, s buildcontext.Stat) bool {
	switch {
	case s.Mode.IsRegular(), s.Mode&fs.ModeSymlink != 0:
		return true
	case !s.Mode.IsDir():
		return false
	case p.Submodule(path):
		p.mu.Lock()
		defer p.mu.Unlock()
		p.notes[Note{Kind: Submodule, Path: path}] = true
		return true
	}
	stats, err := p.read(path)
	if err != nil {
		return true
	}
	if len(stats) == 0 {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listed[path] = stats
	return true
}

// asCheckedOut makes of an entry what a [Tree] would have of it.
func asCheckedOut(s buildcontext.Stat) buildcontext.Stat {
	mode := s.Mode.Type()
	switch {
	case mode.IsDir(), s.Mode.IsRegular() && s.Mode&0o100 != 0:
		mode |= 0o755
	case mode&fs.ModeSymlink != 0:
		mode |= 0o777
	default:
		mode |= 0o644
	}
	return buildcontext.Stat{Name: s.Name, Mode: mode, Size: s.Size, Seconds: checkoutTime, Links: 1, Private: s.Private}
}

// Lstat implements [buildcontext.Source].
func (p *Present) Lstat(path string) (buildcontext.Stat, error) {
	s, err := p.Source.Lstat(path)
	if err != nil {
		return s, err
	}
	if path != "" && !p.Has(path, s.Mode.IsDir()) {
		return s, &fs.PathError{Op: "lstat", Path: path, Err: fs.ErrNotExist}
	}
	return asCheckedOut(s), nil
}

// Xattrs implements [buildcontext.Source]: git keeps none.
func (p *Present) Xattrs(string) ([]buildcontext.Xattr, error) { return nil, nil }

// Notes returns the submodules that were met so far, sorted by path.
func (p *Present) Notes() []Note {
	p.mu.Lock()
	defer p.mu.Unlock()
	return sortedNotes(p.notes, "")
}
