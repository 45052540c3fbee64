package gitrepo

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpenFindsTheRepository(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	commit(t, dir, "a/b/c", "", "d", "")
	tree := filepath.Join(t.TempDir(), "linked")
	git(t, dir, "worktree", "add", "-q", tree)
	moved := newRepo(t, "--separate-git-dir="+filepath.Join(t.TempDir(), "elsewhere"))
	commit(t, moved, "x/y", "")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(dir, "a"), link); err != nil {
		t.Fatal(err)
	}
	for context, path := range map[string]string{
		dir: "a/b/c", filepath.Join(dir, "a"): "b/c", filepath.Join(dir, "a/b"): "c", tree: "d", filepath.Join(tree, "a"): "b/c",
		moved: "x/y", filepath.Join(moved, "x"): "y", link: "b/c",
	} {
		if tracked := checkTracked(t, context); !tracked.Has(path) {
			t.Errorf("%q does not track %q", context, path)
		}
	}
}

func TestOpenNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// A directory called .git that is no repository is none.
	write(t, dir, ".git/x", "")
	if _, err := Open(dir); !errors.Is(err, ErrNone) {
		t.Errorf("error is %v", err)
	}
	if _, err := Open(filepath.Join(dir, "missing")); err == nil || errors.Is(err, ErrNone) {
		t.Errorf("a context that is missing: error is %v", err)
	}
}

func TestOpenOutsideTheWorkTree(t *testing.T) {
	t.Parallel()
	dir, other := newRepo(t), t.TempDir()
	git(t, dir, "config", "core.worktree", other)
	write(t, dir, "a", "")
	if _, err := Open(dir); !errors.Is(err, ErrNone) {
		t.Errorf("error is %v", err)
	}
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, text, want string
	}{
		{"a file that leads nowhere", ".git", "gitdir: ../gone\n", "not a git repository"},
		{"a file that is no link", ".git", "hello\n", "does not begin"},
		{"a format of the future", ".git/config", "[core]\n\trepositoryformatversion = 2\n", `version "2"`},
		{"an extension of the future", ".git/config", "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tmagic = yes\n", `"magic"`},
		{"ids of the future", ".git/config", "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha3\n", `"sha3"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := newRepo(t)
			if c.file == ".git" {
				if err := os.RemoveAll(filepath.Join(dir, ".git")); err != nil {
					t.Fatal(err)
				}
			}
			write(t, dir, c.file, c.text)
			if _, err := Open(dir); err == nil || errors.Is(err, ErrNone) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v", err)
			}
			if _, err := tryGit(dir, "", "status"); err == nil {
				t.Error("git has no error")
			}
		})
	}
}

func TestOpenBare(t *testing.T) {
	t.Parallel()
	dir := newRepo(t, "--bare")
	r := mustOpen(t, dir)
	if _, err := r.Tracked(); !errors.Is(err, ErrBare) {
		t.Errorf("error is %v", err)
	}
	if r.Ignored("x", false) {
		t.Error("a bare repository ignores")
	}
}

// Git reads the configuration of a linked work tree with care: a hub whose
// repository is bare still has work trees.
func TestOpenLinkedToBare(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	commit(t, dir, "a", "")
	git(t, dir, "config", "core.bare", "true")
	tree := filepath.Join(dir, "tree")
	git(t, dir, "worktree", "add", "-q", tree)
	checkTracked(t, tree)
	git(t, dir, "config", "extensions.worktreeConfig", "true")
	git(t, tree, "config", "--worktree", "core.bare", "false")
	checkTracked(t, tree)
}
