package plan_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// TestAgainstElsewhere has the context below the top of the repository and the
// Dockerfile beside it, with an ignore file of its own.
func TestAgainstElsewhere(t *testing.T) {
	t.Parallel()
	for _, builder := range []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic, buildcontext.Podman} {
		t.Run(builder.String(), func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			r.commit("docker/Dockerfile", "FROM scratch\nCOPY a b /\n", "docker/Dockerfile.dockerignore", "b\n", "svc/app/a", "12", "svc/app/b", "123", "svc/app/.dockerignore", "a\n", "x", "1")
			r.git("tag", "base")
			r.commit("docker/Dockerfile", everything, "docker/Dockerfile.dockerignore", "-", "svc/app/c", "1")
			o := plan.Options{Builder: builder, Path: "svc/app", File: "docker/Dockerfile"}
			work := r.checkout("base")
			base := r.against(o, "base").Base.Sent
			o.Dir = work
			res, err := prepared(t, o).Measure(context.Background(), plan.MeasureOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if base != res.Measurement.Sent {
				t.Errorf("%+v, and a checkout has %+v", base, res.Measurement.Sent)
			}
			if builder == buildcontext.BuildKit && base.Bytes != 2 {
				t.Errorf("%d bytes are sent, want 2", base.Bytes)
			}
		})
	}
}

// TestAgainstLinks has a Dockerfile that is a link, which led elsewhere then.
func TestAgainstLinks(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("build/old", "FROM scratch\nCOPY a /\n", "build/new", everything, "app/Dockerfile", "->../build/old", "app/a", "1", "app/b", "12")
	r.git("tag", "base")
	r.write("app/Dockerfile", "-")
	r.commit("app/Dockerfile", "->../build/new")
	c := r.against(plan.Options{Builder: buildcontext.Podman, Path: "app", File: "app/Dockerfile"}, "base")
	if got, want := text(c), "1 in 1 -> 3 in 2\n. +2 +1\n"; got != want {
		t.Errorf("%s\nwant:\n%s", got, want)
	}
}

// TestAgainstStdin has the Dockerfile on standard input: it counts for both sides.
func TestAgainstStdin(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("Dockerfile", everything, "src/a", "1")
	r.write("src/b", "12")
	c := r.against(plan.Options{File: "-", Stdin: strings.NewReader("FROM scratch\nCOPY src /\n")}, "HEAD")
	if got, want := text(c), "1 in 1 -> 3 in 2\nsrc +2 +1\n"; got != want {
		t.Errorf("%s\nwant:\n%s", got, want)
	}
}

// TestAgainstKinds asks clones of every kind.
func TestAgainstKinds(t *testing.T) {
	t.Parallel()
	origin := newRepository(t)
	origin.commit("Dockerfile", everything, "a", "1")
	origin.git("tag", "first")
	origin.commit("a", "123")
	origin.git("config", "uploadpack.allowFilter", "true")
	url := "file://" + filepath.ToSlash(origin.dir)
	clone := func(args ...string) repository {
		r := repository{origin.TB, filepath.Join(t.TempDir(), "clone")}
		gitIn(t, origin.dir, append(append([]string{"clone", "-q"}, args...), url, r.dir)...)
		return r
	}
	const ok = "23 in 2 -> 25 in 2\n. +2 +0\n"
	linked := func() repository {
		r := repository{origin.TB, filepath.Join(t.TempDir(), "linked")}
		origin.git("worktree", "add", "-q", "--detach", r.dir)
		return r
	}
	for _, test := range []struct {
		name, rev, want, wantError string
		repository                 repository
	}{
		{name: "linked work tree", repository: linked(), rev: "first", want: ok},
		{name: "clone", repository: clone(), rev: "first", want: ok},
		{name: "shallow, the base is there", repository: clone("--depth=1"), rev: "HEAD", want: "25 in 2 -> 25 in 2\n"},
		{name: "shallow, the base is not", repository: clone("--depth=1", "--no-tags"), rev: "HEAD~1", wantError: "the clone is shallow"},
		{name: "shallow, no such tag", repository: clone("--depth=1", "--no-tags"), rev: "first", wantError: "the clone is shallow"},
		{name: "partial, without files", repository: clone("--filter=blob:none"), rev: "first", wantError: "the clone is partial"},
		{name: "partial, without directories", repository: clone("--filter=tree:0"), rev: "first", wantError: "the clone is partial"},
		{name: "bare", repository: clone("--bare"), rev: "first", wantError: "has no work tree"},
		{name: "no such revision", repository: origin, rev: "second", wantError: `"second"`},
		{name: "not a revision", repository: origin, rev: "a..b", wantError: "not one that ctxsize understands"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			run := prepared(t, plan.Options{Dir: test.repository.dir})
			c, err := run.Against(context.Background(), test.rev, plan.CompareOptions{})
			switch {
			case test.wantError == "" && err != nil:
				t.Fatal(err)
			case test.wantError == "":
				if got := text(c); got != test.want {
					t.Errorf("%s\nwant:\n%s", got, test.want)
				}
			case err == nil || !strings.Contains(err.Error(), test.wantError):
				t.Errorf("the error is %v, and should say %q", err, test.wantError)
			default:
				if _, ok := errors.AsType[*plan.UsageError](err); !ok {
					t.Errorf("%v is no wrong usage", err)
				}
			}
		})
	}
	t.Run("bare, two revisions", func(t *testing.T) {
		t.Parallel()
		run := prepared(t, plan.Options{Dir: clone("--bare").dir})
		c, err := run.Between(context.Background(), "first", "main", plan.CompareOptions{})
		if err != nil || text(c) != ok {
			t.Errorf("%v, %v", c, err)
		}
	})
	t.Run("a damaged repository", func(t *testing.T) {
		t.Parallel()
		r := clone()
		r.write(".git/HEAD", "ref: refs/heads/main\n", ".git/config", "[core]\nrepositoryformatversion = 7\n")
		run := prepared(t, plan.Options{Dir: r.dir})
		if _, err := run.Against(context.Background(), "main", plan.CompareOptions{}); err == nil || !strings.Contains(err.Error(), "format version") {
			t.Error(err)
		}
	})
}

// TestAgainstNew has a context that the base does not have.
func TestAgainstNew(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("other", "1")
	r.write("app/Dockerfile", everything, "app/a", "1")
	want := "0 in 0 -> 23 in 2\n. +23 +2\ncontext-not-in-revision \n"
	if got := text(r.against(plan.Options{Path: "app"}, "HEAD")); got != want {
		t.Errorf("%s\nwant:\n%s", got, want)
	}
}

// TestAgainstLike compares like with like: what git would not have is apart.
func TestAgainstLike(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("Dockerfile", everything, ".gitignore", "/forced/*\n/out\n", "kept", "1")
	r.write("forced/a", "12", "forced/b", "123")
	r.git("add", "-f", "forced/a")
	r.git("commit", "-q", "-m", "x")
	other := newRepository(r)
	other.commit("x", "1234")
	r.git("clone", "-q", other.dir, "inner")
	r.write("empty/dir/.git-is-not-this", "-", "out/deep/x", "12345")
	want := "40 in 4 -> 40 in 4\nlocal inner/ 0 0\nlocal out/ 5 1\nlocal forced/b 3 1\nsubmodule inner\n"
	got := text(r.against(plan.Options{}, "HEAD"))
	if i := strings.Index(got, "local inner/ "); i >= 0 {
		end := i + strings.Index(got[i:], "\n")
		got = got[:i] + "local inner/ 0 0" + got[end:]
	}
	if got != want {
		t.Errorf("%s\nwant:\n%s", got, want)
	}
}

// TestAgainstSparse has a work tree that leaves out a directory.
func TestAgainstSparse(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("Dockerfile", everything, "in/a", "1", "out/b", "123")
	r.git("sparse-checkout", "set", "in")
	want := "26 in 3 -> 23 in 2\nout -3 -1\nsparse-checkout \n"
	if got := text(r.against(plan.Options{}, "HEAD")); got != want {
		t.Errorf("%s\nwant:\n%s", got, want)
	}
}
