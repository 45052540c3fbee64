package buildcontext

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// sortFound sorts names by their bytes. Most comparisons need only the eight bytes
// behind what all the names of a directory begin with.
func sortFound(found []foundName, names names) {
	if len(found) < 2 {
		return
	}
	common := names.at(found[0].ref)
	for i := 1; i < len(found) && common != ""; i++ {
		common = common[:commonPrefix(common, names.at(found[i].ref))]
	}
	for i := range found {
		found[i].key = sortKey(names.at(found[i].ref)[len(common):])
	}
	slices.SortFunc(found, func(a, b foundName) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return strings.Compare(names.at(a.ref), names.at(b.ref))
	})
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

// sortKey returns the first eight bytes of a text as a number that sorts as the
// text does. Names hold no NUL, with which shorter ones are filled up.
func sortKey(text string) uint64 {
	if len(text) >= 8 {
		return binary.BigEndian.Uint64([]byte(text[:8]))
	}
	var b [8]byte
	copy(b[:], text)
	return binary.BigEndian.Uint64(b[:])
}
