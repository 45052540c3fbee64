//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
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
	app := filepath.Join(dir, "app")
	closed := filepath.Join(app, "data")
	if err := os.MkdirAll(closed, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"Dockerfile": "FROM scratch\nCOPY . /\n", ".dockerignore": "data\n", "main.go": "package main\n"} {
		if err := os.WriteFile(filepath.Join(app, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o755) }) // so that it can be removed
	for _, test := range []struct {
		builder string
		status  int
		stderr  string
	}{
		{"buildkit", 0, ""},
		{"podman", 0, ""},
		{"classic", 2, "data"},
	} {
		cmd := exec.Command(program, "check", "--max-size", "1MB", "--builder", test.builder, app)
		cmd.Env = []string{"HOME=" + dir}
		if os.Geteuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		err := cmd.Run()
		status := 0
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			status = exit.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		if status != test.status || !strings.Contains(stderr.String(), test.stderr) {
			t.Errorf("%s: exit status %d, want %d: %s", test.builder, status, test.status, stderr.String())
		}
	}
}
