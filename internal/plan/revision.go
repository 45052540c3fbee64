package plan

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/gitrepo"
)

// revision is this machine with the work tree of a repository as it was at a
// revision. A link may lead from one to the other.
type revision struct {
	machine
	// top is the top of the work tree; in a bare repository, the directory that
	// stands for it.
	top  string
	tree *gitrepo.Tree // of top
}

// at prepares the same command line with the repository as it was at a revision.
func (r *Run) at(repo *gitrepo.Repo, tree *gitrepo.Tree) (*Run, error) {
	whole, err := tree.In("")
	if err != nil {
		return nil, err
	}
	top := repo.Top()
	if top == "" {
		top = r.Root
	}
	o := r.Options
	if o.File == "-" { // it was read already
		o.Stdin = bytes.NewReader(r.Dockerfile.Data)
	}
	return prepare(o, revision{top: top, tree: whole})
}

// inside tells whether a path without links lies in the repository, and where.
func (v revision) inside(full string) (string, bool) {
	rel, err := filepath.Rel(v.top, full)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	if rel == "." {
		return "", true
	}
	return filepath.ToSlash(rel), true
}

func (v revision) resolve(full string) (string, error) {
	const maxHops = 255 // as filepath.EvalSymlinks
	root := filepath.VolumeName(full) + string(filepath.Separator)
	at, rest := root, strings.TrimPrefix(filepath.Clean(full), root)
	for hops := 0; rest != ""; {
		name, more, _ := strings.Cut(rest, string(filepath.Separator))
		if name == ".." {
			at, rest = filepath.Dir(at), more
			continue
		}
		here := filepath.Join(at, name)
		mode, err := v.at(here)
		if err != nil {
			return "", err
		}
		if mode&fs.ModeSymlink == 0 {
			at, rest = here, more
			continue
		}
		if hops++; hops > maxHops {
			return "", &fs.PathError{Op: "lstat", Path: full, Err: errTooManyHops}
		}
		target, err := v.readlink(here)
		if err != nil {
			return "", err
		}
		if filepath.IsAbs(target) {
			at, target = root, strings.TrimPrefix(filepath.Clean(target), root)
		}
		rest = filepath.Join(target, more)
	}
	return at, nil
}

// at is lstat of a path whose directory has no links.
func (v revision) at(full string) (fs.FileMode, error) {
	rel, ok := v.inside(full)
	if !ok || rel == "" {
		return v.machine.lstat(full)
	}
	stat, err := v.tree.Lstat(rel)
	return stat.Mode, err
}

func (v revision) readlink(full string) (string, error) {
	if rel, ok := v.inside(full); ok {
		target, err := v.tree.Readlink(rel)
		return filepath.FromSlash(target), err
	}
	return os.Readlink(full)
}

func (v revision) lstat(full string) (fs.FileMode, error) {
	dir, err := v.resolve(filepath.Dir(full))
	if err != nil {
		return 0, err
	}
	return v.at(filepath.Join(dir, filepath.Base(full)))
}

func (v revision) directory(full string) (buildcontext.Source, string, error) {
	at, err := v.resolve(full)
	if err != nil {
		return nil, "", err
	}
	rel, ok := v.inside(at)
	if !ok {
		return v.machine.directory(at)
	}
	src, err := v.tree.In(rel)
	if err != nil {
		return nil, "", err
	}
	return src, at, nil
}

func (v revision) read(full string) ([]byte, error) {
	at, err := v.resolve(full)
	if err != nil {
		return nil, err
	}
	rel, ok := v.inside(at)
	if !ok {
		return v.machine.read(at)
	}
	stat, err := v.tree.Lstat(rel)
	switch {
	case err != nil:
		return nil, err
	case stat.Mode.IsDir():
		return nil, errIsDirectory
	}
	f, err := v.tree.Open(rel)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(f)
}
