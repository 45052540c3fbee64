package dockerfile

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestEnvironChild holds the layers of an environment to plain maps: children of
// children, and several of one.
func TestEnvironChild(t *testing.T) {
	t.Parallel()
	type pair struct {
		env  *environ
		want map[string]variable
	}
	r := rand.New(rand.NewPCG(1, 1))
	all := []pair{{&environ{open: true}, map[string]variable{}}}
	for i := range 3000 {
		from := all[len(all)-1]
		if r.IntN(4) == 0 {
			from = all[r.IntN(len(all))]
		}
		p := pair{from.env.child(), maps.Clone(from.want)}
		for range r.IntN(4) {
			key, v := fmt.Sprint(r.IntN(2000)), variable{value: fmt.Sprint(i)}
			p.env.set(key, v)
			p.want[key] = v
		}
		all = append(all, p)
	}
	last := all[len(all)-1]
	for range 50 { // stages that set nothing
		last.env = last.env.child()
	}
	all = append(all, last)
	for i, p := range all {
		if !p.env.open {
			t.Fatalf("%d is closed", i)
		}
		if got, want := p.env.Keys(), slices.Sorted(maps.Keys(p.want)); !slices.Equal(got, want) {
			t.Fatalf("%d has the keys %v, not %v", i, got, want)
		}
		for key, want := range p.want {
			if got, ok := p.env.lookup(key); !ok || got != want {
				t.Fatalf("%d: %s is %v, not %v", i, key, got, want)
			}
		}
		layers := 0
		for e := p.env; e != nil; e = e.base {
			layers++
		}
		if layers > 14 {
			t.Fatalf("%d has %d layers for %d variables", i, layers, len(p.want))
		}
	}
}
