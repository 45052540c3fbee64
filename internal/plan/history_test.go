package plan_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// generator makes commits as a stream for git fast-import.
type generator struct {
	*rand.Rand
	strings.Builder
	paths   []string // of the files that are there
	commits int
}

func newGenerator(seed uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, 1))}
}

func pick[T any](g *generator, from []T) T { return from[g.IntN(len(from))] }

// path makes the path of a file, somewhere in a few levels of directories.
func (g *generator) path() string {
	var parts []string
	for range g.IntN(4) {
		parts = append(parts, pick(g, []string{"src", "lib", "docs", "web", "a b", "node_modules", "é"}))
	}
	name := fmt.Sprintf("%s%d.%s", pick(g, []string{"main", "x", "keep"}), g.IntN(40), pick(g, []string{"go", "log", "md", "bin"}))
	return strings.Join(append(parts, name), "/")
}

func (g *generator) blob(path, mode, content string) {
	fmt.Fprintf(g, "M %s inline %q\ndata %d\n%s\n", mode, path, len(content), content)
}

func (g *generator) file(path string) {
	mode, content := "100644", strings.Repeat("line\n", g.IntN(60))+strings.Repeat("x", g.IntN(300))
	switch g.IntN(30) {
	case 0:
		mode = "100755"
	case 1:
		mode, content = "120000", pick(g, append(g.paths, "nowhere", "/docs", "../src"))
	}
	g.blob(path, mode, content)
	if !slices.Contains(g.paths, path) {
		g.paths = append(g.paths, path)
	}
}

// commit makes one commit that changes a little, and now and then what is measured.
func (g *generator) commit(first bool) {
	g.commits++
	fmt.Fprintf(g, "commit refs/heads/main\ncommitter c <c@example.org> %d +0000\ndata 1\nx\n", 1_700_000_000+60*g.commits)
	if first {
		for range 300 {
			g.file(g.path())
		}
	}
	if first || g.IntN(60) == 0 {
		g.blob("Dockerfile", "100644", "FROM scratch\n"+pick(g, []string{
			"COPY . /\n", "COPY src lib /\n", "COPY src/ *.go /x/\nCOPY docs/*.md /d/\n", "RUN true\n", "COPY web /\nCOPY [\"a b\", \"/\"]\n", "NONSENSE\n",
		}))
	}
	if first || g.IntN(60) == 0 {
		g.blob(".dockerignore", "100644", pick(g, []string{
			"**/*.log\n", "docs\n!docs/keep1.md\n", "*\n!src\n", "**/node_modules\n", "", "src/**/main*\n!**/keep*\n", "[\n",
		}))
	}
	if g.IntN(400) == 0 {
		g.WriteString("D Dockerfile\n")
	}
	if g.IntN(300) == 0 {
		g.blob(".gitattributes", "100644", pick(g, []string{"*.md text eol=crlf\n", "*.go ident\n", ""}))
	}
	for range 1 + g.IntN(4) {
		switch g.IntN(5) {
		case 0:
			i := g.IntN(len(g.paths))
			fmt.Fprintf(g, "D %q\n", g.paths[i])
			g.paths = slices.Delete(g.paths, i, i+1)
		case 1:
			g.file(g.path())
		default:
			g.file(pick(g, g.paths))
		}
	}
	g.WriteString("\n")
}

// load makes the repository of what was generated.
func (g *generator) load(r repository) {
	cmd := exec.Command("git", "fast-import", "--quiet", "--force")
	cmd.Dir, cmd.Stdin = r.dir, strings.NewReader(g.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		r.Fatalf("%v\n%s", err, out)
	}
}

// TestHistory measures 5,000 commits, and the work tree of 100 of them, which git
// checks out into a directory without .git.
func TestHistory(t *testing.T) {
	t.Parallel()
	commits, samples := 5000, 100
	if testing.Short() {
		commits, samples = 300, 20
	}
	r := newRepository(t)
	g := newGenerator(11)
	for i := range commits {
		g.commit(i == 0)
	}
	g.load(r)
	builders := []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic}
	histories := make([]*plan.History, len(builders))
	for i, builder := range builders {
		h, err := prepared(t, plan.Options{Dir: r.dir, Builder: builder}).History(context.Background(), plan.HistoryOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if len(h.Points) != commits || h.Older || len(h.Findings) > 0 {
			t.Fatalf("%d commits, older %t, %v", len(h.Points), h.Older, h.Findings)
		}
		histories[i] = h
	}
	work := newCheckouts(t, r)
	sizes, refused := map[buildcontext.Share]bool{}, 0
	for i := range samples {
		at := (commits - 1) * i / (samples - 1)
		dir := work.at(histories[0].Points[at].Commit)
		for j, builder := range builders {
			p := histories[j].Points[at]
			want, err := measured(plan.Options{Dir: dir, Builder: builder})
			sizes[want] = true
			switch {
			case err != nil && p.Err != nil:
				refused++
			case err != nil || p.Err != nil:
				t.Errorf("%s, %s: %v, and a checkout of it: %v", p.Commit, builder, p.Err, err)
			case p.Share != want:
				t.Errorf("%s, %s is %+v, and a checkout of it %+v", p.Commit, builder, p.Share, want)
			}
		}
	}
	if len(sizes) < samples || refused > samples {
		t.Errorf("%d sizes, %d refused: the test looks at too little", len(sizes), refused)
	}
}

// measured is what lies in a directory, and is sent of it.
func measured(o plan.Options) (buildcontext.Share, error) {
	o.Path = "."
	run, err := plan.Prepare(o)
	if err != nil {
		return buildcontext.Share{}, err
	}
	res, err := run.Measure(context.Background(), plan.MeasureOptions{})
	if err != nil {
		return buildcontext.Share{}, err
	}
	return res.Measurement.Dirs[0], nil
}

// checkouts is a work tree without .git, with an index of its own.
type checkouts struct {
	repository
	work, index string
}

func newCheckouts(tb testing.TB, r repository) checkouts {
	tb.Helper()
	dir := tb.TempDir()
	return checkouts{repository{tb, r.dir}, filepath.Join(dir, "work"), filepath.Join(dir, "index")}
}

// at checks a commit out, and all of it: where attributes alone change, git leaves
// what is there as it is.
func (c checkouts) at(commit string) string {
	c.Helper()
	for _, path := range []string{c.work, c.index} {
		if err := os.RemoveAll(path); err != nil {
			c.Fatal(err)
		}
	}
	if err := os.Mkdir(c.work, 0o755); err != nil {
		c.Fatal(err)
	}
	cmd := exec.Command("git", "--git-dir="+filepath.Join(c.dir, ".git"), "--work-tree="+c.work, "read-tree", "-u", "--reset", commit)
	cmd.Env = append(os.Environ(), "GIT_INDEX_FILE="+c.index, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		c.Fatalf("%v\n%s", err, out)
	}
	return c.work
}

func TestHistoryEnds(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("other/x", "1")
	r.commit("app/Dockerfile", everything, "app/a", "1")
	r.commit("app/Dockerfile", "NONSENSE\n")
	r.commit("app/Dockerfile", everything, "app/a", "123")
	url := "file://" + filepath.ToSlash(r.dir)
	shallow := filepath.Join(t.TempDir(), "shallow")
	r.git("clone", "-q", "--depth=2", url, shallow)
	for _, test := range []struct {
		name, dir, want string
		opts            plan.HistoryOptions
	}{
		{"all", r.dir, "none 23 refused 25 ", plan.HistoryOptions{}},
		{"some", r.dir, "older: refused 25 ", plan.HistoryOptions{Max: 2}},
		{"shallow", shallow, "older: refused 25 shallow-clone", plan.HistoryOptions{}},
	} {
		h, err := prepared(t, plan.Options{Dir: test.dir, Path: "app"}).History(context.Background(), test.opts)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if h.Older {
			got = "older: "
		}
		for _, p := range h.Points {
			switch {
			case errors.Is(p.Err, plan.ErrNoContext):
				got += "none "
			case p.Err != nil:
				got += "refused "
			default:
				got += fmt.Sprint(p.SentBytes, " ")
			}
		}
		for _, f := range h.Findings {
			got += f.ID
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
