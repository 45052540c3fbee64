//go:build unix

package gitrepo

import (
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What a hostile repository says is neither run nor waited for.
func TestOpenHostile(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	commit(t, dir, "a", "")
	marker := filepath.Join(t.TempDir(), "ran")
	write(t, dir, ".git/config", strings.ReplaceAll(`[core]
	repositoryformatversion = 0
	fsmonitor = "touch RAN"
	hooksPath = .
	sshCommand = touch RAN
	pager = touch RAN
	excludesFile = /dev/zero
	attributesFile = /dev/zero
[filter "x"]
	smudge = touch RAN
	process = touch RAN
[include]
	path = pipe
`, "RAN", marker))
	for _, name := range []string{".git/pipe", ".git/info/exclude", ".gitignore"} {
		remove(t, dir, name)
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(dir); !errors.Is(err, errNotRegular) {
		t.Errorf("including a pipe: error is %v", err)
	}
	remove(t, dir, ".git/pipe")
	r := mustOpen(t, dir)
	tracked, err := r.Tracked()
	if err != nil || !tracked.Has("a") || r.Ignored("b", false) {
		t.Errorf("error is %v", err)
	}
	if exists(marker) {
		t.Error("something ran")
	}
}
