package ignore

import "math/bits"

// index finds the tests that a name passes without trying each: four lookups by
// a byte of the name and a few operations on sets leave, nearly always, nothing
// or the right one.
type index struct {
	tests []*glob // by node; nil where there is nothing to find
	words int     // of a set of nodes
	// For each byte, which nodes allow it: as the first of a name, as the last, and
	// second and fourth from the end, which is asked only of names so long. The
	// fourth tells "index.js" from "index.test.js".
	first, last, second, fourth []uint64
}

func newIndex(tests []*glob) index {
	x := index{tests: tests, words: words(len(tests))}
	x.first = x.table((*glob).firstByte)
	x.last = x.table(func(g *glob) byteSet { return g.byteFromEnd(1) })
	x.second = x.table(func(g *glob) byteSet { return g.byteFromEnd(2) })
	x.fourth = x.table(func(g *glob) byteSet { return g.byteFromEnd(4) })
	return x
}

// table makes a set of nodes for each byte, given what each test allows.
func (x *index) table(allowed func(g *glob) byteSet) []uint64 {
	table := make([]uint64, 256*x.words)
	anything := newSet(len(x.tests))
	for i, test := range x.tests {
		if test == nil {
			continue
		}
		bytes := allowed(test)
		if bytes == nil {
			anything.add(i)
		}
		for _, b := range bytes {
			set(table[int(b)*x.words:]).add(i)
		}
	}
	for i := range table {
		table[i] |= anything[i%x.words]
	}
	return table
}

// find looks for nodes out of live whose test name passes, and adds them to
// found. Without a set to add to, it stops at the first. It tells whether there
// is one. live may be nil for an empty set.
func (x *index) find(live set, name string, found set) bool {
	if len(live) == 0 || name == "" {
		return false
	}
	end := len(name) - 1
	first, last := x.row(x.first, name[0]), x.row(x.last, name[end])
	candidates := uint64(0)
	for w, word := range live {
		candidates |= word & first[w] & last[w]
	}
	if candidates == 0 {
		return false
	}
	second, fourth := first, first // of a shorter name nothing more is asked
	if end >= 1 {
		second = x.row(x.second, name[end-1])
	}
	if end >= 3 {
		fourth = x.row(x.fourth, name[end-3])
	}
	hit := false
	for w, word := range live {
		word &= first[w] & last[w] & second[w] & fourth[w]
		for ; word != 0; word &= word - 1 {
			i := w*64 + bits.TrailingZeros64(word)
			if !x.tests[i].match(name) {
				continue
			}
			if found == nil {
				return true
			}
			found.add(i)
			hit = true
		}
	}
	return hit
}

// row returns the set of nodes that a table holds for a byte.
func (x *index) row(table []uint64, b byte) set { return table[int(b)*x.words:][:x.words] }
