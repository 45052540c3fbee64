package buildcontext

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// sorter sorts the names that were found in a directory. It keeps its memory.
type sorter struct {
	order []uint32 // the places in found, in the order of the names
	short []uint64
	keys  []sortKey
}

// sortKey is one of many names while they are sorted.
type sortKey struct {
	key uint64 // what it is sorted by first
	at  uint32 // where it was found
}

// Few names are sorted as numbers: of the beginning of the name and, in the lowest
// bits, of where it was found.
const (
	placeBits = 12
	manyNames = 1 << placeBits
)

// sort returns the places of what did not vanish in the order of the bytes of its
// names, until it is called again. Most comparisons need only the few bytes behind what
// all the names of a directory begin with.
func (s *sorter) sort(found []entry, names names) []uint32 {
	s.order = slices.Grow(s.order[:0], len(found))
	if len(found) == 0 {
		return s.order
	}
	common := names.at(found[0].name)
	for i := 1; i < len(found) && common != ""; i++ {
		common = common[:commonPrefix(common, names.at(found[i].name))]
	}
	if len(found) < manyNames {
		s.sortFew(found, names, len(common))
	} else {
		s.sortMany(found, names, len(common))
	}
	return s.order
}

func (s *sorter) sortFew(found []entry, names names, common int) {
	s.short = slices.Grow(s.short[:0], len(found))
	for i := range found {
		if found[i].mode&hasVanished == 0 {
			s.short = append(s.short, beginning(names.at(found[i].name)[common:])&^(manyNames-1)|uint64(i))
		}
	}
	slices.Sort(s.short)
	alike := 0 // where those begin whose numbers say the same of the name
	for i, n := range s.short {
		s.order = append(s.order, uint32(n%manyNames))
		if n>>placeBits != s.short[alike]>>placeBits {
			compare(s.order[alike:i], found, names)
			alike = i
		}
	}
	compare(s.order[alike:], found, names)
}

func (s *sorter) sortMany(found []entry, names names, common int) {
	s.keys = slices.Grow(s.keys[:0], len(found))
	for i := range found {
		if found[i].mode&hasVanished == 0 {
			s.keys = append(s.keys, sortKey{key: beginning(names.at(found[i].name)[common:]), at: uint32(i)})
		}
	}
	s.keys = sortByBytes(s.keys)
	alike := 0
	for i, k := range s.keys {
		s.order = append(s.order, k.at)
		if k.key != s.keys[alike].key {
			compare(s.order[alike:i], found, names)
			alike = i
		}
	}
	compare(s.order[alike:], found, names)
}

// compare sorts names that begin alike.
func compare(order []uint32, found []entry, names names) {
	if len(order) > 1 {
		slices.SortFunc(order, func(a, b uint32) int {
			return cmp.Compare(names.at(found[a].name), names.at(found[b].name))
		})
	}
}

// sortByBytes returns keys sorted by key, one byte after another from the last to the
// first; a byte in which all are alike costs no turn.
func sortByBytes(keys []sortKey) []sortKey {
	spare := make([]sortKey, len(keys))
	for shift := 0; shift < 64; shift += 8 {
		var at [256]int // first how many keys have a byte, then where the next goes
		for i := range keys {
			at[byte(keys[i].key>>shift)]++
		}
		if at[byte(keys[0].key>>shift)] == len(keys) {
			continue
		}
		sum := 0
		for b, n := range at {
			at[b], sum = sum, sum+n
		}
		for _, k := range keys {
			b := byte(k.key >> shift)
			spare[at[b]] = k
			at[b]++
		}
		keys, spare = spare, keys
	}
	return keys
}

func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// beginning returns the first eight bytes of a text as a number that sorts as the
// text does. Names hold no NUL, with which shorter ones are filled up.
func beginning(text string) uint64 {
	if len(text) >= 8 {
		return binary.BigEndian.Uint64([]byte(text[:8]))
	}
	var b [8]byte
	copy(b[:], text)
	return binary.BigEndian.Uint64(b[:])
}
