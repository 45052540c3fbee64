package suggest

import (
	"encoding/binary"
	"strings"
)

// keyed is a name with a star, and what of its ends can be compared as a number.
type keyed struct {
	head, headMask, tail, tailMask uint64
	*named
}

func newKeyed(n *named) keyed {
	k := keyed{named: n}
	k.head, k.headMask = headOf(n.prefix), headOf(strings.Repeat("\xff", len(n.prefix)))
	k.tail, k.tailMask = tailOf(n.suffix), tailOf(strings.Repeat("\xff", len(n.suffix)))
	return k
}

// headOf returns the first eight bytes of a text, the first in the lowest place, and
// tailOf the last eight, the last in the lowest place; zeros take the place of those
// that a shorter one lacks.
func headOf(text string) uint64 {
	switch n := len(text); {
	case n >= 8:
		return binary.LittleEndian.Uint64([]byte(text[:8]))
	case n >= 4: // two halves, which overlap
		return uint64(binary.LittleEndian.Uint32([]byte(text[:4]))) | uint64(binary.LittleEndian.Uint32([]byte(text[n-4:])))<<(8*(n-4))
	}
	head := uint64(0)
	for i := range len(text) {
		head |= uint64(text[i]) << (8 * i)
	}
	return head
}

func tailOf(text string) uint64 {
	switch n := len(text); {
	case n >= 8:
		return binary.BigEndian.Uint64([]byte(text[n-8:]))
	case n >= 4:
		return uint64(binary.BigEndian.Uint32([]byte(text[n-4:]))) | uint64(binary.BigEndian.Uint32([]byte(text[:4])))<<(8*(n-4))
	}
	tail := uint64(0)
	for i := range len(text) {
		tail = tail<<8 | uint64(text[i])
	}
	return tail
}

// whole makes a key of a whole name: of its ends and how long it is.
func whole(head, tail uint64, length int) uint64 { return head ^ tail*31 + uint64(length) }

// sieve holds keys back that were never added to it, and few others do pass: one in
// fifty of those that were not.
type sieve [1 << 15 / 64]uint64

func (s *sieve) place(key uint64) (word int, bit uint64) {
	at := key * 0x9e3779b97f4a7c15 >> (64 - 15)
	return int(at >> 6), 1 << (at & 63)
}

func (s *sieve) add(key uint64) {
	word, bit := s.place(key)
	s[word] |= bit
}

func (s *sieve) has(key uint64) bool {
	word, bit := s.place(key)
	return s[word]&bit != 0
}

// ends are how much of the end of a name a sieve may hold: one, two or four bytes.
const oneByte, twoBytes, fourBytes = 1<<8 - 1, 1<<16 - 1, 1<<32 - 1

// sieved returns which part of an end of a name with a star is put into a sieve: as
// much of it as is not behind the star.
func sieved(end string) uint64 {
	switch n := len(end); {
	case n >= 4:
		return fourBytes
	case n >= 2:
		return twoBytes
	default:
		return oneByte
	}
}

// hasAny tells whether a part of the end of a name was added.
func (s *sieve) hasAny(end uint64) bool {
	return s.has(end&fourBytes) || s.has(end&twoBytes) || s.has(end&oneByte)
}
