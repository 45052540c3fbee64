package ignore

import "math/bits"

// set is a set of small numbers, of a size that is fixed when it is made.
type set []uint64

func newSet(size int) set { return make(set, words(size)) }

func words(size int) int { return (size + 63) / 64 }

func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }
func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s set) remove(i int)   { s[i/64] &^= 1 << (i % 64) }

// members yields the members in ascending order. Removing the one that was
// yielded is allowed.
func (s set) members(yield func(i int) bool) {
	for w, word := range s {
		for ; word != 0; word &= word - 1 {
			if !yield(w*64 + bits.TrailingZeros64(word)) {
				return
			}
		}
	}
}

// meets tells whether the sets, which are of one size, share a member.
func (s set) meets(other set) bool {
	for w, word := range s {
		if word&other[w] != 0 {
			return true
		}
	}
	return false
}
