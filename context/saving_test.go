package buildcontext_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// TestSavings compares what is spared with a selection that has a rule more for
// each path, measured afresh.
func TestSavings(t *testing.T) {
	t.Parallel()
	checked := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		lines, paths := randomTree(r, seed%2 == 0)
		src := tree(t, lines...)
		inv := scan(t, src)
		requests := []buildcontext.Request{
			{Builder: buildcontext.BuildKit},
			{Builder: buildcontext.BuildKit, Include: []string{"a/b", "c", "b/*/f1*"}},
			{Builder: buildcontext.BuildKit, Rules: ignore.Patterns("a", "!a/b", "*/c")},
			{Builder: buildcontext.Classic, Rules: ignore.Patterns("c", "!c/a")},
			{Builder: buildcontext.Classic, Added: &buildcontext.Added{Dockerfile: 100}},
			{Builder: buildcontext.Podman, Include: []string{"/a/b", "/c"}},
		}
		for _, req := range requests {
			before := selected(t, inv, src, req)
			m := measured(t, before)
			savings := buildcontext.NewSavings(before, m)
			for range 12 {
				var without []string
				for range 1 + r.IntN(4) {
					without = append(without, paths[r.IntN(len(paths))])
				}
				checked += checkSaving(t, fmt.Sprintf("seed %d, %v", seed, req), savings, m, src, inv, req, without)
			}
		}
	}
	if checked < 3000 {
		t.Errorf("only %d savings were compared", checked)
	}
}

// checkSaving compares one saving and returns 1, or 0 where a rule for a path does
// not take it away, because of an exception above it.
func checkSaving(t *testing.T, what string, savings *buildcontext.Savings, m *buildcontext.Measurement, src buildcontext.Source, inv *buildcontext.Inventory, req buildcontext.Request, without []string) int {
	t.Helper()
	got, err := savings.Without(without)
	if err != nil {
		t.Fatal(err)
	}
	changed := req
	changed.Rules = append(slices.Clone(req.Rules), ignore.Patterns(without...)...)
	sel := selected(t, inv, src, changed)
	stays := false
	sel.EachSent(func(_ buildcontext.ID, path string) {
		for _, w := range without {
			stays = stays || path == w || strings.HasPrefix(path, w+"/")
		}
	})
	if stays {
		return 0
	}
	after := measured(t, sel)
	want := buildcontext.Saving{
		Bytes:     m.Sent.Bytes - after.Sent.Bytes,
		Files:     m.Sent.Files - after.Sent.Files,
		WireBytes: m.Wire.Bytes - after.Wire.Bytes,
	}
	if got != want {
		t.Fatalf("%s: without %q: %+v is spared, measured afresh %+v", what, without, got, want)
	}
	return 1
}

// randomTree makes some three hundred entries, with links, and files whose
// content takes no, one or several packets; linked ones have files with several names.
// The paths are those of its entries.
func randomTree(r *rand.Rand, linked bool) (lines, paths []string) {
	seen := map[string]bool{}
	var files []string
	for len(paths) < 150 {
		var parts []string
		for range 1 + r.IntN(4) {
			parts = append(parts, string(rune('a'+r.IntN(4))))
		}
		dir := strings.Join(parts, "/")
		path := fmt.Sprintf("%s/f%d", dir, r.IntN(40))
		if seen[path] {
			continue
		}
		seen[path] = true
		paths = append(paths, path, dir)
		switch kind := r.IntN(12); {
		case kind == 0:
			lines = append(lines, path+" -> f1")
		case kind < 3 && linked && len(files) > 0:
			lines = append(lines, path+" = "+files[r.IntN(len(files))])
		default:
			lines = append(lines, fmt.Sprintf("%s %d", path, []int{0, 5, 300, 32768, 32769, 100000}[r.IntN(6)]))
			files = append(files, path)
		}
	}
	return append(lines, ".dockerignore 3"), append(paths, ".dockerignore")
}

// TestSavingsOfMany crosses the places where packet numbers get a byte longer.
func TestSavingsOfMany(t *testing.T) {
	t.Parallel()
	var lines []string
	for i := range 17_000 {
		lines = append(lines, fmt.Sprintf("d%d/e%d/f%d 1", i%7, i%300, i))
	}
	src := tree(t, lines...)
	inv := scan(t, src)
	req := buildcontext.Request{Builder: buildcontext.BuildKit}
	before := selected(t, inv, src, req)
	m := measured(t, before)
	savings := buildcontext.NewSavings(before, m)
	for _, without := range [][]string{{"d0"}, {"d0/e0"}, {"d6"}, {"d3/e3/f3", "d0/e0"}, {"d5", "d6"}, {"d0", "d1", "d2", "d3", "d4", "d5", "d6"}} {
		if checkSaving(t, "many", savings, m, src, inv, req, without) != 1 {
			t.Errorf("without %q was not compared", without)
		}
	}
}
