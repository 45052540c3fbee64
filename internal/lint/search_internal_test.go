package lint

import (
	"math/rand/v2"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/treetest"
)

// What no rule reaches is not looked through: each rule does the same as where it is
// searched for everywhere, and the same as in a text before.
func TestReach(t *testing.T) {
	t.Parallel()
	matched, cased := 0, 0
	pick := func(r *rand.Rand, from string) string {
		all := strings.Fields(from)
		return all[r.IntN(len(all))]
	}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 11))
		tree := &treetest.Tree{}
		var lines []string
		for range 30 {
			parts := []string{pick(r, "a b C dir")}
			for range r.IntN(4) {
				parts = append(parts, pick(r, "a B c dir"))
			}
			lines = append(lines, strings.Join(parts, "/")+"/"+pick(r, "x.js Y.js z.md LOG a.b !c"))
			tree.Text(lines[len(lines)-1], "x")
		}
		var rules []string
		for range 1 + r.IntN(6) {
			parts := []string{pick(r, "a c ** * dir")}
			for range r.IntN(3) {
				parts = append(parts, pick(r, "a b ** *.js x.* log [a-c] z.MD ? !c"))
			}
			rules = append(rules, pick(r, "! # _ _ _")+strings.Join(parts, "/"))
			rules[len(rules)-1] = strings.TrimPrefix(rules[len(rules)-1], "_")
		}
		inv, err := buildcontext.Scan(t.Context(), tree, buildcontext.ScanOptions{})
		if err != nil {
			t.Fatal(err)
		}
		file, err := ignore.Parse(".dockerignore", []byte(strings.Join(rules, "\n")))
		if err != nil {
			continue
		}
		facts := Facts{File: file, Inventory: inv, Memory: &Memory{}}
		e := newEvidence(facts)
		again := newEvidence(facts)
		for i := range e.rules {
			got := e.rules[i].effect
			if got != again.rules[i].effect {
				t.Fatalf("seed %d: %q does %+v at first, %+v then", seed, e.rules[i].text, got, again.rules[i].effect)
			}
			e.reach, e.reachFolded, e.Memory = nil, func() reach { return nil }, nil
			want := e.rules[i]
			want.effect = effect{decides: got.decides}
			e.lookFor(&want)
			if got != want.effect {
				t.Fatalf("seed %d: %q of %q does %+v, want %+v, in\n%s", seed, want.text, rules, got, want.effect, strings.Join(lines, "\n"))
			}
			matched += min(got.matches, 1)
			cased += min(len(got.cased), 1)
		}
	}
	if matched < 100 || cased < 20 {
		t.Errorf("only %d rules matched, and %d in another case", matched, cased)
	}
}
