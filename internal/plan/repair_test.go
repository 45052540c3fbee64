package plan_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/treetest"
)

// TestRepairHolds repairs random ignore files: what is said to change nothing
// changes nothing, for either builder, and to
// repair again changes nothing.
func TestRepairHolds(t *testing.T) {
	lines := strings.Split(`a|./a|/a/|  b|b/c|b/**|**/b|node_modules|*.log # text|// text| # text|!b|!b/c|!**/c|!a|x.{p,q}|b\c|\d.txt|[!z].txt|***/c|*|a/../b|# text||!../a`, "|")
	repaired := 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		var text strings.Builder
		for range 1 + r.IntN(6) {
			text.WriteString(lines[r.IntN(len(lines))] + []string{"\n", "\n", "\r\n"}[r.IntN(3)])
		}
		tree := files{&treetest.Tree{}}
		tree.Text(".dockerignore", text.String())
		tree.Text("Dockerfile", "FROM scratch\nCOPY . /\n")
		for range 3 + r.IntN(8) {
			name := []string{"a", "b", "c", "node_modules", "x.p", "1.txt", "d.txt", "y.log"}[r.IntN(8)]
			tree.Text([]string{"", "b/", "d/", "d/b/"}[r.IntN(4)]+name+[]string{"", "/c"}[r.IntN(2)], "x")
		}
		dir := t.TempDir()
		if err := tree.Write(dir); err != nil {
			continue // a name that is a file and a directory
		}
		if repairHolds(t, fmt.Sprintf("seed %d, %q", seed, text.String()), dir) {
			repaired++
		}
		if t.Failed() {
			return
		}
	}
	if repaired < 80 {
		t.Errorf("only %d files got anything", repaired)
	}
}

// repairHolds tells whether anything was repaired.
func repairHolds(t *testing.T, what, dir string) bool {
	t.Helper()
	l := lintOf(t, what, dir)
	fix, err := l.Repair(t.Context())
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if !fix.Changed() {
		return false
	}
	keeps := true
	for _, r := range fix.Repairs {
		keeps = keeps && r.Keeps
	}
	before := selectBoth(t, what, dir)
	if err := os.WriteFile(filepath.Join(dir, ".dockerignore"), fix.New, 0o600); err != nil {
		t.Fatal(err)
	}
	after := selectBoth(t, what, dir)
	for i, was := range before {
		if diff := cmp.Diff(was, after[i]); keeps && was != nil && diff != "" {
			t.Errorf("%s: %q does not do the same (-before +after):\n%s", what, fix.New, diff)
		}
	}
	again, err := lintOf(t, what, dir).Repair(t.Context())
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if again.Changed() {
		t.Errorf("%s: to repair twice is not to repair once\n%q\n%q", what, again.Old, again.New)
	}
	return true
}

func lintOf(t *testing.T, what, dir string) *plan.Lint {
	t.Helper()
	l, err := plan.LintContext(t.Context(), plan.LintOptions{Options: plan.Options{Path: dir, Dir: dir, Builder: buildcontext.BuildKit}})
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return l
}

// selectBoth returns what becomes of each path with BuildKit and with the classic
// builder; nil for one that refuses.
func selectBoth(t *testing.T, what, dir string) []map[string]string {
	t.Helper()
	var all []map[string]string
	for _, b := range []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic} {
		var verdicts map[string]string
		if run, err := plan.Prepare(plan.Options{Path: dir, Dir: dir, Builder: b}); err == nil {
			inv, err := run.Scan(t.Context(), buildcontext.ScanOptions{})
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if sel, err := run.Select(t.Context(), inv, run.Rules()); err == nil {
				verdicts = map[string]string{}
				inv.Walk(0, func(id buildcontext.ID, path string) bool {
					verdicts[path] = fmt.Sprint(sel.Eligible(id), sel.Sent(id), sel.Emptied(id))
					return true
				})
			}
		}
		all = append(all, verdicts)
	}
	return all
}
