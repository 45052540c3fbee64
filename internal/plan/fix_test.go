package plan_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/treetest"
)

// TestFixHolds fixes random projects and measures them afresh: what was projected
// is what is sent, no byte of a person's is lost, nothing that is named or was
// brought back is lost, to fix again changes nothing, and an undo restores all.
func TestFixHolds(t *testing.T) {
	written := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		dir := t.TempDir()
		project(r).write(t, dir)
		options := plan.Options{
			Path: dir, Dir: dir, Stdin: strings.NewReader(""),
			Builder: []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic, buildcontext.Podman}[r.IntN(3)],
		}
		wishes := plan.FixOptions{}
		switch r.IntN(6) {
		case 0, 1:
			wishes.Include = []string{"review"}
		case 2:
			wishes.Exclude = []string{"node-modules"}
		}
		if fixHolds(t, fmt.Sprintf("seed %d, %v", seed, options.Builder), options, wishes) {
			written++
		}
		if t.Failed() {
			return
		}
	}
	if written < 200 {
		t.Errorf("only %d projects got anything", written)
	}
}

// fixHolds tells whether anything was written.
func fixHolds(t *testing.T, what string, options plan.Options, wishes plan.FixOptions) bool {
	t.Helper()
	fix := prepareFix(t, what, options, wishes)
	if !fix.Changed() {
		return false
	}
	if len(fix.Lost) > 0 {
		// What a person asks for in spite of the doubt is refused, what is safe never.
		if wishes.Include == nil {
			t.Errorf("%s: a proposal would lose %+v:\n%s", what, fix.Lost, fix.New)
		}
		return false
	}
	old := fix.Old
	if err := fix.Write(); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	run := prepare(t, what, options)
	res, err := run.Measure(context.Background(), plan.MeasureOptions{Depth: 1})
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if got, want := res.Measurement.Sent, fix.After.Sent; got != want {
		t.Errorf("%s: %+v is sent, projected was %+v", what, got, want)
	}
	if got, want := res.Measurement.Wire, fix.After.Wire; got != want {
		t.Errorf("%s: %+v goes over the wire, projected was %+v", what, got, want)
	}
	addsUp(t, what, fix, res.Measurement)
	if wishes.Basis != plan.Repaired && !isWithin(old, fix.New) {
		t.Errorf("%s: a byte was lost\n%q\n%q", what, old, fix.New)
	}
	for _, s := range fix.Applied {
		for _, path := range s.Paths {
			if id, ok := res.Inventory.Lookup(path); ok && res.Selection.Eligible(id) {
				t.Errorf("%s: %q is still eligible\n%s", what, path, fix.New)
			}
		}
	}
	if again := prepareFix(t, what, options, wishes); again.Changed() {
		t.Errorf("%s: to fix twice is not to fix once\n%s\n%s", what, again.Old, again.New)
	}
	if _, err := prepare(t, what, options).Undo(); err != nil {
		t.Errorf("%s: %v", what, err)
	}
	now, err := os.ReadFile(filepath.Join(options.Dir, ".dockerignore"))
	if (old == nil) != (err != nil) || !bytes.Equal(now, old) {
		t.Errorf("%s: undone is %q, before was %q", what, now, old)
	}
	return true
}

// addsUp wants the parts of a change to be the whole of it, to the byte.
func addsUp(t *testing.T, what string, fix *plan.Fix, after *buildcontext.Measurement) {
	t.Helper()
	before := fix.Measurement
	want := buildcontext.Saving{
		Bytes: before.Sent.Bytes - after.Sent.Bytes, Files: before.Sent.Files - after.Sent.Files,
		WireBytes: before.Wire.Bytes - after.Wire.Bytes,
	}
	add := func(to *buildcontext.Saving, s buildcontext.Saving, sign int) {
		to.Bytes += int64(sign) * s.Bytes
		to.Files += sign * s.Files
		to.WireBytes += int64(sign) * s.WireBytes
	}
	var got, repaired buildcontext.Saving
	add(&got, fix.Rewritten, 1)
	for _, s := range fix.Applied {
		add(&got, s.Marginal, 1)
	}
	add(&got, fix.Growth, -1)
	if got != want {
		t.Errorf("%s: the parts save %+v, and all of it %+v\n%s", what, got, want, fix.New)
	}
	for _, r := range fix.Repairs {
		add(&repaired, r.Marginal, 1)
	}
	if fix.Basis == plan.Repaired && repaired != fix.Rewritten {
		t.Errorf("%s: the repairs save %+v, and all of them %+v\n%s", what, repaired, fix.Rewritten, fix.New)
	}
}

func prepare(t *testing.T, what string, options plan.Options) *plan.Run {
	t.Helper()
	run, err := plan.Prepare(options)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return run
}

func prepareFix(t *testing.T, what string, options plan.Options, wishes plan.FixOptions) *plan.Fix {
	t.Helper()
	fix, err := prepare(t, what, options).Fix(context.Background(), wishes)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return fix
}

// isWithin tells whether text holds every line of old, in order.
func isWithin(old, text []byte) bool {
	for line := range bytes.Lines(old) {
		i := bytes.Index(text, bytes.TrimSuffix(line, []byte("\n")))
		if i < 0 {
			return false
		}
		text = text[i:]
	}
	return true
}

type files struct{ *treetest.Tree }

func (f files) write(t *testing.T, dir string) {
	t.Helper()
	if err := f.Write(dir); err != nil {
		t.Fatal(err)
	}
}

// project is a random developer's directory with a Dockerfile and, mostly, an
// ignore file.
func project(r *rand.Rand) files {
	f := files{&treetest.Tree{}}
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	dirs := []string{"", "web/", "api/", "services/pay/", "docs/", "a b/"}
	for range 4 + r.IntN(8) {
		dir := pick(dirs...)
		switch r.IntN(10) {
		case 0, 1:
			f.Text(dir+"package.json", "{}")
			f.Text(dir+"node_modules/left-pad/index.js", strings.Repeat("x", 10+r.IntN(50_000)))
			f.Text(dir+"node_modules/left-pad/debug.log", "x")
		case 2:
			f.Text(dir+".venv/pyvenv.cfg", "home = /usr\n")
			f.Text(dir+".venv/lib/site.py", "x")
		case 3:
			f.Text(dir+pick("server.log", "x.log", "npm-debug.log"), "line")
		case 4:
			f.Text(dir+".env", "SECRET=hunter2hunter2")
		case 5:
			f.Text(dir+"data/dev.sqlite3", "SQLite format 3\x00")
		case 6:
			f.Text(dir+"__pycache__/m.cpython-312.pyc", "x")
			f.Text(dir+"m.py", "x")
		case 7:
			f.Text(dir+".DS_Store", "x")
		case 8:
			f.Text(dir+"logs/"+pick("a.log", "view.ts"), "x")
		default:
			f.Text(dir+pick("main.go", "README.md", "index.html", "Makefile"), "x")
		}
	}
	var b strings.Builder
	b.WriteString("FROM scratch\n")
	for range 1 + r.IntN(3) {
		b.WriteString(pick("COPY . /app\n", "COPY web /web\n", "COPY *.json *.log /\n", "COPY api/data/dev.sqlite3 /d\n",
			"COPY services/pay/.env /e\n", "COPY [\"a b\", \"/a\"]\n", "COPY web/node_modules /n\n", "COPY */logs /l/\n", "ADD docs/. /docs\n"))
	}
	f.Text("Dockerfile", b.String())
	if r.IntN(4) > 0 {
		lines := ""
		for range r.IntN(6) {
			lines += pick("*.md", "!README.md", "docs", "!docs/logs", "**/*.log", "!**/keep", "web/node_modules", "!web/node_modules/left-pad",
				"# ours", "", "tmp", "!api/.env", "**/.env", "services", "!services/pay") + pick("\n", "\n", "\n", "\r\n")
		}
		if r.IntN(3) == 0 {
			lines = strings.TrimRight(lines, "\r\n")
		}
		f.Text(".dockerignore", lines)
	}
	return f
}

func TestMain(m *testing.M) {
	// What can be undone is kept in the user's state directory: here in another.
	dir, err := os.MkdirTemp("", "ctxsize-plan-test-*")
	if err != nil {
		panic(err)
	}
	plan.SetStateHome(dir)
	m.Run()
	if err := os.RemoveAll(dir); err != nil {
		panic(err)
	}
}
