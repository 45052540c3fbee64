// Package random makes up builds that are full of traps: odd names, links,
// modes and times, patterns on the edges of the pattern language, Dockerfiles
// with everything that changes what is read.
//
// A case is a function of its seed alone, so that a mismatch can be had again.
package random

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/ctxsize/ctxsize/conformance/cases"
)

// Case makes up the case of a seed.
func Case(seed uint64) cases.Case {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0))}
	g.c = cases.Case{
		Name:           fmt.Sprintf("random-%d", seed),
		DockerfilePath: "Dockerfile",
		DefaultMtimeNS: cases.DefaultMtimeNS,
	}
	g.vocabulary()
	g.tree("", g.count())
	if g.oneIn(8) {
		g.namedContexts()
	}
	g.ignoreFiles()
	g.dockerfile()
	return g.c
}

// generator makes up one case.
type generator struct {
	*rand.Rand
	c     cases.Case
	words []string // the names that this case uses
	// paths and dirs are what the context holds; other is the same for each
	// named context.
	paths, dirs []string
	other       map[string][]string
	taken       map[string]string // type by path
}

// oneIn is true once in n times.
func (g *generator) oneIn(n int) bool { return g.IntN(n) == 0 }

// pick picks one of a list.
func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

// count is the number of entries: mostly few, sometimes more than the 128 that
// make packet numbers two bytes long.
func (g *generator) count() int {
	switch {
	case g.oneIn(40):
		return 0
	case g.oneIn(25):
		return 130 + g.IntN(120)
	}
	return 1 + g.IntN(22)
}

// vocabulary picks the names that a case is made of: few, so that patterns,
// sources and names meet.
func (g *generator) vocabulary() {
	g.words = []string{"a", "b", "dir", "a.txt", "b.md"}
	for range 2 + g.IntN(4) {
		g.words = append(g.words, pick(g, commonNames))
	}
	for range g.IntN(3) {
		g.words = append(g.words, pick(g, oddNames))
	}
	g.Shuffle(len(g.words), func(i, j int) { g.words[i], g.words[j] = g.words[j], g.words[i] })
	g.words = slices.Compact(g.words)
}
