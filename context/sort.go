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

// sortFound fills keys with the order of the names by their bytes. Most comparisons
// need only the eight bytes behind what all the names of a directory begin with.
func sortFound(found []foundName, names names, keys []sortKey) []sortKey {
	keys = keys[:0]
	if len(found) == 0 {
		return keys
	}
	common := names.at(found[0].ref)
	for i := 1; i < len(found) && common != ""; i++ {
		common = common[:commonPrefix(common, names.at(found[i].ref))]
	}
	for i := range found {
		ref := found[i].ref
		keys = append(keys, sortKey{key: beginning(names.at(ref)[len(common):]), at: uint32(i), ref: ref})
	}
	slices.SortFunc(keys, func(a, b sortKey) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return strings.Compare(names.at(a.ref), names.at(b.ref))
	})
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
