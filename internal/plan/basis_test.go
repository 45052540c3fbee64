package plan_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/treetest"
)

// TestRewritesHold repairs random projects, makes allowlists for them and
// translates their .gitignore files. All that [TestFixHolds] wants holds, no build
// loses a source, with any builder, and no file is lost that an exception of a
// person's is about.
func TestRewritesHold(t *testing.T) {
	written := map[plan.Basis]int{}
	for seed := range uint64(210) {
		r := rand.New(rand.NewPCG(seed, 3))
		basis := []plan.Basis{plan.Repaired, plan.Allowed, plan.Translated}[seed%3]
		dir := t.TempDir()
		f := project(r)
		unsettle(r, f.Tree, basis)
		f.write(t, dir)
		options := plan.Options{
			Path: dir, Dir: dir, Stdin: strings.NewReader(""),
			Builder: []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic, buildcontext.Podman}[r.IntN(3)],
		}
		what := fmt.Sprintf("seed %d, %v, %v", seed, basis, options.Builder)
		before := needs(t, what, options)
		fix, err := prepare(t, what, options).Fix(context.Background(), plan.FixOptions{Basis: basis})
		if err != nil || len(fix.Lost) > 0 || !fix.Changed() {
			if basis == plan.Repaired && (err != nil || len(fix.Lost) > 0) {
				t.Errorf("%s: a repair would lose %+v, %v", what, fix, err)
			}
			continue // there is nothing to make it of, or it is refused
		}
		if err := fix.Write(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		after := needs(t, what, options)
		for _, need := range before {
			if !slices.Contains(after, need) {
				t.Errorf("%s: a build loses what it needs: %s", what, need)
			}
		}
		if _, err := prepare(t, what, options).Undo(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if fixHolds(t, what, options, plan.FixOptions{Basis: basis}) {
			written[basis]++
		}
		if t.Failed() {
			t.Logf("%s\n---\n%s", fix.Old, fix.New)
			return
		}
	}
	for _, basis := range []plan.Basis{plan.Repaired, plan.Allowed, plan.Translated} {
		if written[basis] < 25 {
			t.Errorf("only %d projects for %v got anything", written[basis], basis)
		}
	}
}

// needs lists the sources that an instruction of a Dockerfile finds, and the files
// that an exception is about, for the two builders of Docker.
func needs(t *testing.T, what string, options plan.Options) []string {
	t.Helper()
	var all []string
	for _, options.Builder = range []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic} {
		res, err := prepare(t, what, options).Measure(context.Background(), plan.MeasureOptions{})
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for _, read := range res.Reads().Each {
			paths := []string{strings.Trim(read.Path, "/")}
			if read.Wildcard {
				paths = res.Inventory.Glob(paths[0])
			}
			for _, path := range paths {
				if id, ok := res.Inventory.Lookup(path); ok && holds(res.Selection, id) {
					all = append(all, fmt.Sprintf("%v: %s finds %s", options.Builder, read.Text, path))
				}
			}
		}
		rules := res.Selection.Rules()
		res.Inventory.Walk(0, func(id buildcontext.ID, path string) bool {
			_, isDir := res.Inventory.Dir(id)
			if rule := res.Selection.Rule(id); !isDir && rule >= 0 && rules[rule].Exception() && res.Selection.Eligible(id) {
				all = append(all, fmt.Sprintf("%v: %s is kept by an exception", options.Builder, path))
			}
			return true
		})
	}
	return all
}

// holds tells whether something is eligible at or below an entry.
func holds(sel *buildcontext.Selection, id buildcontext.ID) bool {
	found := sel.Eligible(id)
	if sub, ok := sel.Inventory().Dir(id); ok {
		sel.Inventory().Walk(sub, func(id buildcontext.ID, _ string) bool {
			found = found || sel.Eligible(id)
			return !found
		})
	}
	return found
}

// unsettle gives a project what a basis is made of.
func unsettle(r *rand.Rand, tree *treetest.Tree, basis plan.Basis) {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	switch basis {
	case plan.Repaired:
		lines := string(tree.Content(".dockerignore", 1<<16))
		for range 2 + r.IntN(5) {
			line := pick("node_modules", "*.log # logs", "readme.md", "!README.md\n*.md", "old/gone", "docs\ndocs/", "docs\ndocs/logs",
				"web\\node_modules", "*.{md,log}", "*\n!**/*.json", "// ours", "../x", "__pycache__/", "!main.go", "Web/", "!docs\nservices\n!services/pay", "[!a].log") + "\n"
			if r.IntN(2) == 0 {
				lines = line + lines
			} else {
				lines = strings.TrimSuffix(lines, "\n") + "\n" + line
			}
		}
		tree.Text(".dockerignore", lines)
	case plan.Allowed:
		text := string(tree.Content("Dockerfile", 1<<16))
		tree.Text("Dockerfile", strings.ReplaceAll(text, "COPY . /app\n", "COPY "+pick("Makefile", "m.py", "web/main.go", "*.py")+" /\n"))
		if r.IntN(2) == 0 {
			tree.Text("other.Dockerfile", "FROM scratch AS a\nCOPY "+pick("README.md", "web", "services")+" /\nFROM scratch\nCOPY docs /d\n")
		}
	case plan.Translated:
		for range 1 + r.IntN(3) {
			lines := ""
			for range 1 + r.IntN(4) {
				lines += pick("*.log", "node_modules/", "/docs", "!x.log", "logs/", "*.md", "!README.md", ".env", "pay", "[a", "# ours", "data/*.sqlite3", "**/gen") + "\n"
			}
			tree.Text(pick("", "", "web/", "api/", "services/", "a b/")+".gitignore", lines)
		}
	case plan.AsIs:
	}
}
