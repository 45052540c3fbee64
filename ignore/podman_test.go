package ignore

import (
	"math/rand/v2"
	"testing"
)

// What is looked for before the expression is tried stands in every path that the
// expression matches.
func TestPodmanHolds(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	parts := []string{"*", "**", "**/", "/", "?", "a", "b", "ab", ".", "$", "é", "[ab]", `\a`, "+", "(a)", "\xff", "\uFFFD", "\n"}
	names := []string{"a", "b", "ab", "/", ".", "$", "é", "\xff", "\xfe", "\n", "/a/b", "aab"}
	some := func(from []string, most int) string {
		text := ""
		for range 1 + r.IntN(most) {
			text += from[r.IntN(len(from))]
		}
		return text
	}
	matched, spared := 0, 0
	for range 20_000 {
		m, err := CompilePodman(Patterns(some(parts, 5)))
		if err != nil || len(m.patterns) == 0 || m.patterns[0] == nil {
			continue
		}
		for range 10 {
			name := some(names, 5)
			d, err := m.Match(name)
			if err != nil {
				t.Fatal(err)
			}
			matches := m.patterns[0].MatchString(name)
			if matches != (d.Rule == 0) {
				t.Fatalf("%q matches %q: %v, decided %+v; looked for %q", m.patterns[0], name, matches, d, m.holds[0])
			}
			if matches {
				matched++
			} else if m.holds[0] != "" {
				spared++
			}
		}
	}
	if matched < 1000 || spared < 1000 {
		t.Errorf("%d match, %d are spared: that is no test", matched, spared)
	}
}
