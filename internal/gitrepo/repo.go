package gitrepo

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
)

// ErrNone is what [Open] returns where no repository's work tree holds the
// directory, and no bare repository does.
var ErrNone = errors.New("no git repository holds the directory")

// Repo is the repository that a context lies in. It is safe for concurrent use.
type Repo struct {
	// gitDir has HEAD and the index, commonDir the objects, the references and
	// the configuration. They differ in a linked work tree.
	gitDir, commonDir string
	// top is the top of the work tree, "" in a bare repository.
	top string
	// prefix is the context below top: "" or a path with a slash behind it.
	prefix string
	// idSize is the length of an object's id in bytes: 20 or 32.
	idSize   int
	settings settings
	rules    rules
	// objects opens the object database, shallow reads where the clone ends.
	objects func() (*objects, error)
	shallow func() (map[string]bool, error)
}

// Open finds the repository that the directory lies in: at its top, below it, in
// a linked work tree or a submodule (where .git is a file), or in a bare
// repository. The error is [ErrNone] where there is none; any other says that
// there is one which cannot be read, so that nobody knows what git tracks.
func Open(dir string) (*Repo, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	r, err := discover(dir)
	if err != nil {
		return nil, err
	}
	if r.settings, err = r.readSettings(); err != nil {
		return nil, err
	}
	if err := r.checkFormat(); err != nil {
		return nil, fmt.Errorf("the git repository %q: %w", r.commonDir, err)
	}
	if err := r.findTop(); err != nil {
		return nil, err
	}
	r.objects = sync.OnceValues(r.openObjects)
	r.shallow = sync.OnceValues(r.readShallow)
	if r.top == "" {
		return r, nil
	}
	rel, err := filepath.Rel(r.top, dir)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return nil, ErrNone
	}
	if rel != "." {
		r.prefix = filepath.ToSlash(rel) + "/"
	}
	return r, nil
}

// Top returns the top of the work tree without symbolic links, "" of a bare
// repository.
func (r *Repo) Top() string { return r.top }

// Sparse tells whether the work tree leaves out a part of what git tracks.
// (git/git, Documentation/git-sparse-checkout.txt)
func (r *Repo) Sparse() bool { return r.settings.all.flag("core.sparsecheckout") }

// findTop settles where the work tree is. A linked work tree knows it by itself;
// core.bare and core.worktree of the common configuration are not meant for it.
// (git/git, setup.c, check_repository_format_gently)
func (r *Repo) findTop() error {
	if r.gitDir != r.commonDir && !r.settings.local.flag("extensions.worktreeconfig") {
		return nil
	}
	if r.settings.local.flag("core.bare") {
		r.top = ""
		return nil
	}
	top, ok := r.settings.local.last("core.worktree")
	if !ok || r.top == "" {
		return nil
	}
	if !filepath.IsAbs(top) {
		top = filepath.Join(r.gitDir, top)
	}
	top, err := filepath.EvalSymlinks(top)
	if err != nil {
		return fmt.Errorf("the git repository %q: core.worktree: %w", r.gitDir, err)
	}
	r.top = top
	return nil
}

// checkFormat refuses repositories of a kind that came after this program.
// (git/git, Documentation/technical/repository-version.txt)
func (r *Repo) checkFormat() error {
	version, _ := r.settings.local.last("core.repositoryformatversion")
	switch version {
	case "", "0", "1":
	default:
		return fmt.Errorf("its format version %q is not known", version)
	}
	r.idSize = 20
	for key, values := range r.settings.local {
		name, ok := strings.CutPrefix(key, "extensions.")
		if !ok {
			continue
		}
		value := values[len(values)-1]
		switch name {
		case "objectformat":
			switch value {
			case "sha1":
			case "sha256":
				r.idSize = 32
			default:
				return fmt.Errorf("its object format %q is not known", value)
			}
		case "noop", "noop-v1", "partialclone", "preciousobjects", "refstorage", "relativeworktrees", "worktreeconfig":
		default:
			if version == "1" {
				return fmt.Errorf("its extension %q is not known", name)
			}
		}
	}
	return nil
}
