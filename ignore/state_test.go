package ignore_test

import (
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/ctxsize/ctxsize/ignore"
)

// TestCertain shows what a scan may rely on; that it may is checked by TestTraps.
func TestCertain(t *testing.T) {
	t.Parallel()
	const kept, ignored, uncertain = "kept", "ignored", "uncertain"
	tests := []struct {
		rules string // separated by blanks
		dir   string
		want  string
	}{
		{"node_modules", "node_modules", ignored},
		{"node_modules", "src", kept},
		{"**/node_modules", "src", uncertain},
		{"**/node_modules", "src/node_modules", ignored},
		{"**/node_modules", "src/node_modules/x", ignored},
		{"dist/**", "dist", ignored},
		{"dist/**", "src", kept},
		// A name with a line feed is not matched by a regular expression's ".*", and
		// what lies directly below the directory may have one.
		{"**/dist/**", "a/dist", uncertain},
		{"**/dist/**", "a/dist/x", ignored},
		{"dist !dist/keep", "dist", uncertain},
		{"dist !dist/keep", "dist/x", ignored},
		{"dist !dist/keep", "dist/keep", kept},
		{"dist !**/keep", "dist/x/y", uncertain},
		{"!**/keep dist", "dist/x/y", ignored},
		{"* !src", "src", kept},
		{"* !src **/*.log", "src", uncertain},
		{"* !src **/*.log", "lib", ignored},
		{"!a", "a", kept},
		{"a|b*", "src", uncertain},
		{"a|b*", "ax", ignored}, // moby says that it matches
		// A rule without meaning stops the builder where it is tried.
		{"[b-a] dist", "dist", uncertain},
	}
	for _, tt := range tests {
		m, err := ignore.Compile(ignore.Patterns(strings.Fields(tt.rules)...))
		if err != nil {
			t.Fatal(err)
		}
		state := m.Root()
		for name := range strings.SplitSeq(tt.dir, "/") {
			_, state, _ = m.Enter(state, name)
		}
		got := uncertain
		if all, certain := state.Certain(); certain {
			got = kept
			if all {
				got = ignored
			}
		}
		if got != tt.want {
			t.Errorf("%q: below %q all is %s, want %s", tt.rules, tt.dir, got, tt.want)
		}
	}
}

// TestRealLists compares every decision about a tree with the reference's, under
// the lists of the benchmarks.
func TestRealLists(t *testing.T) {
	t.Parallel()
	for _, name := range benchLists {
		l := newList(t, benchRules(t, name), patternsOf(benchRules(t, name)))
		var states [32]*ignore.State
		var memories [32][]bool
		var prefixes [32]string
		states[0] = l.matcher.Root()
		for _, e := range makeTree(1_500) {
			path := prefixes[e.depth] + e.name
			want, memory, err := l.ref.walk(path, memories[e.depth])
			if err != nil {
				t.Fatal(err)
			}
			got, below, err := l.matcher.Enter(states[e.depth], e.name)
			if err != nil || got != want {
				t.Fatalf("%s: %q: got %+v, %v, want %+v", name, path, got, err, want)
			}
			states[e.depth+1], memories[e.depth+1], prefixes[e.depth+1] = below, memory, path+"/"
		}
	}
}

// TestConcurrentWalks walks one tree with one matcher in several goroutines, from
// the first state that is made on.
func TestConcurrentWalks(t *testing.T) {
	t.Parallel()
	tree := makeTree(10_000)
	want, err := walk(benchMatcher(t, "p200"), tree)
	if err != nil {
		t.Fatal(err)
	}
	for _, extra := range []string{"", "a|b*", "**/x**y"} { // the last two are left to moby
		m := benchMatcher(t, "p200", extra)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if got, err := walk(m, tree); err != nil || extra == "" && got != want {
					t.Errorf("with %q: %d ignored, %v; want %d", extra, got, err, want)
				}
			})
		}
		wg.Wait()
	}
}

// TestNoAllocations counts the allocations of a walk whose states are known.
func TestNoAllocations(t *testing.T) {
	tree := makeTree(10_000)
	for _, name := range benchLists {
		m := benchMatcher(t, name)
		if n := testing.AllocsPerRun(1, func() { _, _ = walk(m, tree) }); n != 0 {
			t.Errorf("%s: %v allocations for %d entries", name, n, len(tree))
		}
	}
}

// TestHostileList makes a tree lead to more states than are kept: a rule with so
// many stars has to know which of the last twenty directories were called "a".
func TestHostileList(t *testing.T) {
	t.Parallel()
	patterns := []string{"**/a" + strings.Repeat("/*", 20) + "/b", "!**/b/a", "**/a/b"}
	l := newList(t, ignore.Patterns(patterns...), patterns)
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		var names []string
		for range 30 {
			names = append(names, string("abx"[r.IntN(3)]))
		}
		l.checkWalk(t, strings.Join(names, "/"))
	}
}

var benchLists = []string{"p6", "p10", "p50", "p200"}

// benchRules reads one of the lists of the benchmarks.
func benchRules(tb testing.TB, name string) []ignore.Rule {
	tb.Helper()
	text, err := os.ReadFile("testdata/bench/" + name + ".dockerignore")
	if err != nil {
		tb.Fatal(err)
	}
	file, err := ignore.Parse(name, text)
	if err != nil {
		tb.Fatal(err)
	}
	return file.Rules()
}

func patternsOf(rules []ignore.Rule) []string {
	var patterns []string
	for _, r := range rules {
		patterns = append(patterns, r.Pattern)
	}
	return patterns
}

func benchMatcher(tb testing.TB, name string, more ...string) *ignore.Matcher {
	tb.Helper()
	m, err := ignore.Compile(append(benchRules(tb, name), ignore.Patterns(more...)...))
	if err != nil {
		tb.Fatal(err)
	}
	return m
}
