package ignore

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// TestKnownStatesAreBounded walks directories that lead to a new state each, and
// looks at what is kept of them.
func TestKnownStatesAreBounded(t *testing.T) {
	m, err := Compile(Patterns("**/a" + strings.Repeat("/*", 40) + "/b"))
	if err != nil {
		t.Fatal(err)
	}
	before := heap()
	r := rand.New(rand.NewPCG(7, 8))
	state := m.Root()
	for range 100_000 {
		_, state, err = m.Enter(state, string("ax"[r.IntN(2)]))
		if err != nil {
			t.Fatal(err)
		}
	}
	x := m.machine()
	if n := len(x.known.states); n < 10_000 {
		t.Fatalf("the directories led to %d states only", n)
	}
	if x.known.words > maxKnown {
		t.Errorf("%d words are kept, at most %d should be", x.known.words, maxKnown)
	}
	if kept := heap() - before; kept > 2*8*maxKnown {
		t.Errorf("the states take %d bytes, and should take about %d", kept, 8*maxKnown)
	}
	runtime.KeepAlive(m)
}

func heap() int {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}
