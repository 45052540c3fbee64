package plan_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// repository is a git repository that a test works in.
type repository struct {
	testing.TB
	dir string
}

func newRepository(tb testing.TB, args ...string) repository {
	tb.Helper()
	dir, err := filepath.EvalSymlinks(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	r := repository{tb, dir}
	r.git(append([]string{"-c", "init.defaultBranch=main", "init", "-q"}, args...)...)
	return r
}

func (r repository) git(args ...string) string {
	r.Helper()
	return gitIn(r, r.dir, args...)
}

// gitIn runs git without the settings of this machine.
func gitIn(tb testing.TB, dir string, args ...string) string {
	tb.Helper()
	cmd := exec.Command("git", append([]string{"-c", "protocol.file.allow=always", "-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_DATE=2024-01-02T03:04:05Z", "GIT_COMMITTER_DATE=2024-01-02T03:04:05Z")
	out, err := cmd.CombinedOutput()
	if err != nil {
		tb.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// write writes files given as path and content in turn. "->" makes a link, "" with
// a slash at the end of the path a directory, "-" removes.
func (r repository) write(files ...string) {
	r.Helper()
	for i := 0; i < len(files); i += 2 {
		full := filepath.Join(r.dir, filepath.FromSlash(files[i]))
		err := os.MkdirAll(filepath.Dir(full), 0o755)
		if err == nil {
			if target, ok := strings.CutPrefix(files[i+1], "->"); ok {
				err = os.Symlink(target, full)
			} else if files[i+1] == "-" {
				err = os.RemoveAll(full)
			} else {
				err = os.WriteFile(full, []byte(files[i+1]), 0o644)
			}
		}
		if err != nil {
			r.Fatal(err)
		}
	}
}

func (r repository) commit(files ...string) string {
	r.Helper()
	r.write(files...)
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", "x")
	return r.git("rev-parse", "HEAD")
}

func prepared(tb testing.TB, o plan.Options) *plan.Run {
	tb.Helper()
	if o.Path == "" {
		o.Path = "."
	}
	run, err := plan.Prepare(o)
	if err != nil {
		tb.Fatal(err)
	}
	return run
}

func (r repository) against(o plan.Options, rev string) *plan.Comparison {
	r.Helper()
	o.Dir = r.dir
	c, err := prepared(r, o).Against(context.Background(), rev, plan.CompareOptions{})
	if err != nil {
		r.Fatal(err)
	}
	return c
}

// text says of a comparison what the tests look at.
func text(c *plan.Comparison) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d in %d -> %d in %d\n", c.Base.Sent.Bytes, c.Base.Sent.Files, c.Now.Sent.Bytes, c.Now.Sent.Files)
	for _, d := range c.Dirs {
		fmt.Fprintf(&b, "%s %+d %+d\n", d.Path, d.NowBytes-d.BaseBytes, d.NowFiles-d.BaseFiles)
	}
	for _, r := range c.Rules {
		fmt.Fprintf(&b, "rule %s %d:%d %d:%d\n", r.Pattern, r.BaseLine, r.BaseBytes, r.NowLine, r.NowBytes)
	}
	for _, l := range c.LocalPaths {
		if strings.TrimSuffix(l.Path, "/") != ".git" {
			fmt.Fprintf(&b, "local %s %d %d\n", l.Path, l.Bytes, l.Files)
		}
	}
	for _, f := range c.Findings {
		fmt.Fprintf(&b, "%s %s\n", f.ID, f.Path)
	}
	return b.String()
}

const everything = "FROM scratch\nCOPY . /\n" // 22 bytes

func TestAgainst(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		base, now []string
		want      string
	}{
		{
			name: "nothing differs",
			base: []string{"Dockerfile", everything, "a", "12345"},
			want: "27 in 2 -> 27 in 2\n",
		},
		{
			name: "the base has an ignore file and a Dockerfile of its own",
			base: []string{"Dockerfile", "FROM scratch\nCOPY src /\n", "src/a", "1234", "b", "12", ".dockerignore", "src/x\n", "src/x", "123456"},
			now:  []string{"Dockerfile", everything, ".dockerignore", "b\n"},
			want: "4 in 1 -> 34 in 4\n. +24 +2\nsrc +6 +1\nrule src/x 1:6 0:0\nrule b 0:0 1:2\n",
		},
		{
			name: "what git ignores is in no revision, and what it would track is",
			base: []string{"Dockerfile", everything, ".gitignore", "*.log\nout\n", "a", "1"},
			now:  []string{"a.log", "12345", "out/x", "123", "out/y", "12", "new/file", "1234567"},
			want: "33 in 3 -> 40 in 4\nnew +7 +1\nlocal out/ 5 2\nlocal a.log 5 1\n",
		},
		{
			name: "one directory in which all of a change lies",
			base: []string{"Dockerfile", everything, "a/b/c/d/x", "1", "a/b/c/e", "1", "k", "1"},
			now:  []string{"a/b/c/d/x", "123", "a/b/c/d/y", "1"},
			want: "25 in 4 -> 28 in 5\na/b/c/d +3 +1\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			r.commit(test.base...)
			r.write(test.now...)
			if got := text(r.against(plan.Options{}, "HEAD")); got != test.want {
				t.Errorf("%s\nwant:\n%s", got, test.want)
			}
		})
	}
}

// checkout makes a work tree of a revision without .git, as git itself does.
func (r repository) checkout(rev string) string {
	r.Helper()
	work := r.TempDir()
	r.git("--work-tree="+work, "checkout", "-f", "-q", rev, "--", ":/")
	r.git("reset", "-q") // the index belongs to the work tree that was there
	return work
}

// checkCheckout compares the base of a comparison with a checkout that is measured
// as any directory is.
func (r repository) checkCheckout(o plan.Options, rev, below string) {
	r.Helper()
	work := r.checkout(rev)
	base := r.against(o, rev).Base
	o.Dir = filepath.Join(work, below)
	res, err := prepared(r, o).Measure(context.Background(), plan.MeasureOptions{})
	if err != nil {
		r.Fatal(err)
	}
	want := plan.Size{Sent: res.Measurement.Sent, Eligible: res.Measurement.Eligible, WireBytes: res.ContextWire()}
	if base != want {
		r.Errorf("%s at %s is\n%+v, and a checkout of it\n%+v", below, rev, base, want)
	}
}

// TestAgainstCheckout measures repositories of every kind at a revision, and what
// git checks out of them.
func TestAgainstCheckout(t *testing.T) {
	t.Parallel()
	base := []string{
		"Dockerfile", "FROM scratch\nCOPY src link docs/*.md /\n", ".dockerignore", "**/*.log\n!keep.log\n",
		"src/a.go", "package a\n", "src/run.sh", "#!/bin/sh\n", "src/x.log", "1234567", "docs/one.md", "# one\n", "docs/two.txt", "two",
		"link", "->docs/two.txt", "src/deep/er/file", strings.Repeat("0123456789", 10_000), "src/keep.log", "1",
	}
	builders := map[string]buildcontext.Builder{"buildkit": buildcontext.BuildKit, "classic": buildcontext.Classic, "podman": buildcontext.Podman}
	for _, kind := range []struct {
		name string
		args []string
		then func(r repository)
	}{
		{name: "plain"},
		{name: "sha256", args: []string{"--object-format=sha256"}},
		{name: "packed", then: func(r repository) { r.git("gc", "-q", "--aggressive") }},
		{name: "line ends by the attributes", then: func(r repository) { r.commit(".gitattributes", "*.md text eol=crlf\n*.go ident\n") }},
		{name: "line ends by the settings", then: func(r repository) { r.git("config", "core.autocrlf", "true") }},
		{name: "a submodule", then: func(r repository) {
			other := newRepository(r)
			other.commit("x", "1234")
			r.git("submodule", "-q", "add", other.dir, "src/sub")
			r.commit()
		}},
	} {
		for name, builder := range builders {
			t.Run(kind.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				r := newRepository(t, kind.args...)
				r.commit(base...)
				if kind.then != nil {
					kind.then(r)
				}
				r.git("tag", "base")
				r.commit("src/a.go", "package a // changed\n", "src/new", "1", "Dockerfile", everything, "docs/one.md", "-")
				r.checkCheckout(plan.Options{Builder: builder}, "base", "")
			})
		}
	}
}
