package ignore_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ctxsize/ctxsize/ignore"
)

// checkRemoval takes the deciding rule away: the verdict must change, or the next
// rule of the trace that says the same must decide.
func checkRemoval(t *testing.T, m *ignore.Matcher, name string) {
	t.Helper()
	d, matches, err := m.Trace(name)
	if err != nil || d.Rule < 0 {
		return
	}
	without, err := ignore.Compile(slices.Delete(slices.Clone(m.Rules()), d.Rule, d.Rule+1))
	if err != nil {
		t.Fatal(err)
	}
	after, _, err := without.Trace(name)
	if err != nil {
		return // a rule without meaning is reached now
	}
	if after.Ignored != d.Ignored {
		return
	}
	heir := after.Rule + 1 // what is behind a removed line moves up
	said := slices.ContainsFunc(matches, func(m ignore.Match) bool { return m.Rule == heir })
	if after.Rule < d.Rule || !said || m.Rules()[heir].Exception() == d.Ignored {
		t.Fatalf("%q on %q: rule %d decides (%+v) of %v; without it the verdict stays and rule %d decides (%+v)",
			m.Rules(), name, d.Rule, d, matches, heir, after)
	}
}

// FuzzTrace checks that what a trace names as the deciding rule is that.
func FuzzTrace(f *testing.F) {
	for _, text := range []string{"a\n**/f", "*\n!a/f\n!**/f", "a\n!a\na/f\na", "!f\na\n!a/f", "a|b*\na/*\n[b-a]"} {
		f.Add(text, "a/f")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		name, ok := cleanName(name)
		if !ok {
			t.Skip("not a path")
		}
		if l := readList(t, text); l != nil {
			checkRemoval(t, l.matcher, name)
		}
	})
}

// TestTrace does the same with the lists and names of TestTraps.
func TestTrace(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 12))
	for range 2_000 {
		text := randomText(r)
		l := readList(t, text)
		if l == nil {
			continue
		}
		names := randomNames(r, text)
		for range 10 {
			if name, ok := cleanName(pickPath(r, names)); ok {
				checkRemoval(t, l.matcher, name)
			}
		}
	}
}
