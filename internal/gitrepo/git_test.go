package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain keeps the settings of this machine out of the tests.
func TestMain(m *testing.M) {
	home, err := os.MkdirTemp("", "gitrepo")
	if err == nil {
		defer os.RemoveAll(home) //nolint:errcheck // a scratch directory
		err = isolate(home)
	}
	if err != nil {
		panic(err)
	}
	m.Run()
}

func isolate(home string) error {
	var errs []error
	for _, setting := range os.Environ() {
		if name, _, _ := strings.Cut(setting, "="); strings.HasPrefix(name, "GIT_") {
			errs = append(errs, os.Unsetenv(name))
		}
	}
	for name, value := range map[string]string{
		"HOME": home, "USERPROFILE": home, "XDG_CONFIG_HOME": "", "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": "2024-01-02T03:04:05Z",
		"GIT_COMMITTER_NAME": "c", "GIT_COMMITTER_EMAIL": "c@example.org", "GIT_COMMITTER_DATE": "2024-01-02T03:04:05Z",
	} {
		errs = append(errs, os.Setenv(name, value))
	}
	return errors.Join(errs...)
}

// remove removes files, if they are there.
func remove(tb testing.TB, dir string, files ...string) {
	tb.Helper()
	for _, name := range files {
		if err := os.RemoveAll(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			tb.Fatal(err)
		}
	}
}

// needGit skips where there is no git to compare with.
func needGit(tb testing.TB) {
	tb.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		tb.Skip("git is the reference, and is not installed")
	}
}

// git runs git in a directory and returns what it prints.
func git(tb testing.TB, dir string, args ...string) string {
	tb.Helper()
	return gitInput(tb, dir, "", args...)
}

func gitInput(tb testing.TB, dir, stdin string, args ...string) string {
	tb.Helper()
	out, err := tryGit(dir, stdin, args...)
	if err != nil {
		tb.Fatalf("git %s: %v", strings.Join(args, " "), err)
	}
	return out
}

func tryGit(dir, stdin string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && stderr.Len() > 0 {
		err = &gitError{stderr.String(), err}
	}
	return string(out), err
}

type gitError struct {
	stderr string
	err    error
}

func (e *gitError) Error() string { return e.err.Error() + ": " + e.stderr }
func (e *gitError) Unwrap() error { return e.err }

// work is a work tree to change.
type work struct {
	testing.TB
	dir string
}

func (w work) git(args ...string) string {
	w.Helper()
	return git(w, w.dir, args...)
}

func (w work) write(files ...string) {
	w.Helper()
	write(w, w.dir, files...)
}

// newRepo makes an empty repository.
func newRepo(tb testing.TB, args ...string) string {
	tb.Helper()
	needGit(tb)
	dir, err := filepath.EvalSymlinks(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	git(tb, dir, append([]string{"-c", "init.defaultBranch=main", "init", "-q"}, args...)...)
	return dir
}

// write writes files given as path and content in turn. A content that begins
// with "->" makes a link.
func write(tb testing.TB, dir string, files ...string) {
	tb.Helper()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatal(err)
		}
		if target, ok := strings.CutPrefix(files[i+1], "->"); ok {
			if err := os.Symlink(target, path); err != nil {
				tb.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
}

// commit adds all and commits it.
func commit(tb testing.TB, dir string, files ...string) {
	tb.Helper()
	write(tb, dir, files...)
	git(tb, dir, "add", "-A")
	git(tb, dir, "commit", "-q", "--allow-empty", "-m", "x")
}

func mustOpen(tb testing.TB, dir string) *Repo {
	tb.Helper()
	r, err := Open(dir)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// nulls splits what git prints with -z.
func nulls(out string) []string {
	if out == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(out, "\x00"), "\x00")
}

// file is one of a commit that [importCommits] makes.
type file struct {
	path, content string
	mode          string // "100644" if empty; a submodule's content is its id
}

// importCommits makes commits on the branch main, each of the files that it
// changes, without a work tree and without any conversion. A file without path
// removes all that was there before.
func importCommits(tb testing.TB, dir string, commits ...[]file) {
	tb.Helper()
	var in strings.Builder
	for i, files := range commits {
		fmt.Fprintf(&in, "commit refs/heads/main\ncommitter c <c@example.org> %d +0000\ndata 1\nx\n", 1_700_000_000+i)
		if i == 0 {
			if _, err := tryGit(dir, "", "rev-parse", "--verify", "-q", "refs/heads/main"); err == nil {
				in.WriteString("from refs/heads/main^0\n")
			}
		}
		for _, f := range files {
			switch {
			case f.path == "":
				in.WriteString("deleteall\n")
			case f.mode == "160000":
				fmt.Fprintf(&in, "M 160000 %s %s\n", f.content, f.path)
			default:
				if f.mode == "" {
					f.mode = "100644"
				}
				fmt.Fprintf(&in, "M %s inline %s\ndata %d\n%s\n", f.mode, quotePath(f.path), len(f.content), f.content)
			}
		}
		in.WriteString("\n")
	}
	gitInput(tb, dir, in.String(), "fast-import", "--quiet", "--force")
}

// quotePath writes a path in the quotes of C.
func quotePath(path string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(path) {
		if c := path[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			fmt.Fprintf(&b, "\\%03o", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
