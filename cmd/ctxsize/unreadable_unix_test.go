//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestCheckUnreadable wants a check that leaves unread what is ignored to fail all the
// same where the builder would: the classic client opens a directory before it asks
// whether that is ignored, and BuildKit does not. (docker/cli,
// cli/command/image/build/context.go, ValidateContextDirectory) Root may open everything, and so the program runs as nobody.
func TestCheckUnreadable(t *testing.T) {
	t.Parallel()
	n := newNobody(t)
	app := filepath.Join(n.dir, "app")
	closed := filepath.Join(app, "data")
	if err := os.MkdirAll(closed, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"Dockerfile": "FROM scratch\nCOPY . /\n", ".dockerignore": "data\n", "main.go": "package main\n"} {
		if err := os.WriteFile(filepath.Join(app, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	chmod(t, closed, 0)
	for _, test := range []struct {
		builder string
		status  int
		stderr  string
	}{
		{"buildkit", 0, ""},
		{"podman", 0, ""},
		{"classic", 2, "data"},
	} {
		status, stderr := n.run(t, "check", "--max-size", "1MB", "--builder", test.builder, app)
		if status != test.status || !strings.Contains(stderr, test.stderr) {
			t.Errorf("%s: exit status %d, want %d: %s", test.builder, status, test.status, stderr)
		}
	}
}

// TestNotEntered wants a directory that may be listed and not entered to be named
// where the Dockerfile in it cannot be read.
func TestNotEntered(t *testing.T) {
	t.Parallel()
	n := newNobody(t)
	app := filepath.Join(n.dir, "app")
	if err := os.Mkdir(app, 0o755); err != nil {
		t.Fatal(err)
	}
	dockerfile := filepath.Join(app, "Dockerfile")
	if err := os.WriteFile(dockerfile, []byte("FROM scratch\nCOPY . /\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, stderr := n.run(t, app); status != 2 || !strings.HasSuffix(stderr, "\nctxsize: hint: make it readable\n") {
		t.Errorf("exit status %d, want 2: %s", status, stderr)
	}
	chmod(t, app, 0o644)
	want := "ctxsize: the directory " + strconv.Quote(app) + " may not be entered: permission denied\nctxsize: hint: run as somebody who may enter it\n"
	for _, builder := range []string{"buildkit", "classic", "podman"} {
		for _, args := range [][]string{{app}, {"-f", dockerfile, app}} {
			if status, stderr := n.run(t, append(args, "--builder", builder)...); status != 2 || stderr != want {
				t.Errorf("%s %v: exit status %d, want 2: %s; want %s", builder, args, status, stderr, want)
			}
		}
	}
}

// chmod changes a mode until the end of the test, so that it can be removed then.
func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(path, 0o755) })
}

// nobody is a user who may not open everything, as root may.
type nobody struct {
	program string
	dir     string // which nobody may enter
}

func newNobody(t *testing.T) *nobody {
	t.Helper()
	dir := t.TempDir()
	for path := dir; path != filepath.Clean(os.TempDir()) && path != "/"; path = filepath.Dir(path) {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// Nobody may look into the directory where the test was built. It is copied by
	// another process: a file that this one has written may be open in a child of a
	// test beside this, and is "busy" then.
	program := filepath.Join(dir, "ctxsize")
	if out, err := exec.Command("cp", self, program).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return &nobody{program, dir}
}

// run runs the program and returns its exit status and what it says on standard error.
func (n *nobody) run(t *testing.T, args ...string) (status int, stderr string) {
	t.Helper()
	cmd := exec.Command(n.program, args...)
	cmd.Dir, cmd.Env = n.dir, []string{"HOME=" + n.dir}
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	var out bytes.Buffer
	cmd.Stderr = &out
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), out.String()
	} else if err != nil {
		t.Fatal(err)
	}
	return 0, out.String()
}
