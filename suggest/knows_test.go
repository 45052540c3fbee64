package suggest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
	"sync/atomic"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/suggest"
)

// Whoever notes only the names that [suggest.Knows] gets the same answers as from
// a walk over everything.
func TestKnows(t *testing.T) {
	t.Parallel()
	var known, all atomic.Int64
	note := func(dir, name string) bool {
		all.Add(1)
		if suggest.Knows(dir, name) {
			known.Add(1)
			return true
		}
		return false
	}
	for seed := range 200 {
		s, about := randomScenario(rand.New(rand.NewPCG(uint64(seed), 7)))
		want, got := answers(t, s, nil), answers(t, s, note)
		if got != want {
			t.Fatalf("seed %d: with what is known only\n%s\nwant\n%s\nof\n%s", seed, got, want, about)
		}
	}
	if known.Load() == 0 || known.Load() == all.Load() {
		t.Errorf("%d of %d names are known: that is no test", known.Load(), all.Load())
	}
}

// A name of several components is known in a directory that is called like the last
// but one, at any depth, and nowhere else.
func TestKnowsAbove(t *testing.T) {
	t.Parallel()
	deep := 0
	for _, rule := range suggest.Rules() {
		for _, text := range rule.Names {
			dir, name := path.Split("/" + strings.ReplaceAll(text, "*", "1"))
			dir = path.Base(dir)
			if text == "*" {
				continue
			}
			if dir == "/" {
				dir = ""
			} else {
				deep++
			}
			if !suggest.Knows(dir, name) {
				t.Errorf("%s: %q in %q is not known", rule.ID, name, dir)
			}
		}
	}
	if deep < 10 {
		t.Errorf("only %d names have several components", deep)
	}
	if suggest.Knows("", "page-1.json") || suggest.Knows("storage", "page-1.json") {
		t.Error("page-1.json is known wherever it lies")
	}
}

// answers writes down all that this package finds out by the names of entries.
func answers(t *testing.T, s *scenario, note func(dir, name string) bool) string {
	t.Helper()
	ctx := context.Background()
	inv, err := buildcontext.Scan(ctx, s.tree, buildcontext.ScanOptions{Note: note})
	if err != nil {
		t.Fatal(err)
	}
	sel, err := buildcontext.Select(inv, buildcontext.Request{Builder: buildcontext.Classic, Rules: parse(t, s.ignore).Rules()})
	if err != nil {
		return "refused: " + err.Error()
	}
	facts := s.facts(t, sel)
	proposed, err := suggest.Propose(ctx, facts)
	if err != nil {
		t.Fatal(err)
	}
	secrets, err := suggest.Secrets(ctx, facts)
	if err != nil {
		t.Fatal(err)
	}
	artifacts, err := suggest.Classify(ctx, s.tree, inv)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%+v\n%+v\n", proposed, secrets)
	inv.Walk(0, func(id buildcontext.ID, path string) bool {
		if a, ok := artifacts[id]; ok {
			text += fmt.Sprintf("%q %v\n", path, a)
		}
		return true
	})
	return text
}
