package buildcontext

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// sortKey is one of the names that were found, while they are sorted.
type sortKey struct {
	key uint64 // what it is sorted by first
	at  uint32 // where it was found
	ref uint32 // where it lies
}

// sortFound fills keys with the order of what did not vanish by the bytes of its names. Most comparisons
// need only the eight bytes behind what all the names of a directory begin with.
func sortFound(found []entry, names names, keys []sortKey) []sortKey {
	keys = slices.Grow(keys[:0], len(found))
	if len(found) == 0 {
		return keys
	}
	common := names.at(found[0].name)
	for i := 1; i < len(found) && common != ""; i++ {
		common = common[:commonPrefix(common, names.at(found[i].name))]
	}
	for i := range found {
		if found[i].mode&hasVanished != 0 {
			continue
		}
		ref := found[i].name
		keys = append(keys, sortKey{key: beginning(names.at(ref)[len(common):]), at: uint32(i), ref: ref})
	}
	if len(keys) < manyNames {
		slices.SortFunc(keys, func(a, b sortKey) int {
			if a.key != b.key {
				return cmp.Compare(a.key, b.key)
			}
			return strings.Compare(names.at(a.ref), names.at(b.ref))
		})
		return keys
	}
	keys = sortByBytes(keys)
	for from := 0; from < len(keys); {
		to := from + 1
		for to < len(keys) && keys[to].key == keys[from].key {
			to++
		}
		slices.SortFunc(keys[from:to], func(a, b sortKey) int {
			return strings.Compare(names.at(a.ref), names.at(b.ref))
		})
		from = to
	}
	return keys
}

// manyNames is from how many names on nobody compares them: while one goroutine
// sorts a large directory the others wait for it.
const manyNames = 4096

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
