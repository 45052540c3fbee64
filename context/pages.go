package buildcontext

import (
	"errors"
	"math"
	"sync"
	"sync/atomic"
)

// pages is a sequence in pieces of one size, so that it grows without moving
// what it holds. A piece that is nil holds zeros.
type pages[T any] [][]T

const (
	pageBits = 10
	pageSize = 1 << pageBits
	pageMask = pageSize - 1
)

// at returns a place that exists.
func (p pages[T]) at(i uint32) *T { return &p[i>>pageBits][i&pageMask] }

// get returns what lies at i; a zero where nothing was ever put there.
func (p pages[T]) get(i uint32) T {
	var zero T
	if page := int(i >> pageBits); page < len(p) && p[page] != nil {
		return p[page][i&pageMask]
	}
	return zero
}

// set puts a value at i and makes the page that it needs.
func (p *pages[T]) set(i uint32, v T) {
	page := int(i >> pageBits)
	for len(*p) <= page {
		*p = append(*p, nil)
	}
	if (*p)[page] == nil {
		(*p)[page] = make([]T, pageSize)
	}
	(*p)[page][i&pageMask] = v
}

// own makes a page its owner's alone, where it was shared with the sequence that
// this one is a copy of.
func (p pages[T]) own(i uint32) {
	page := make([]T, pageSize)
	copy(page, p[i>>pageBits])
	p[i>>pageBits] = page
}

// owner returns a function that does [pages.own] once for each page.
func (p pages[T]) owner() func(i uint32) {
	owned := map[uint32]bool{}
	return func(i uint32) {
		if page := i >> pageBits; !owned[page] {
			owned[page] = true
			p.own(i)
		}
	}
}

// table is a sequence under construction. A goroutine reserves places and fills
// them, while others read what was filled before and handed to them.
type table[T any] struct {
	mu    sync.Mutex
	used  uint64
	pages atomic.Pointer[pages[T]]
}

var errTooMany = errors.New("the context holds more than ctxsize can count")

// reserve returns the first of n new places side by side.
func (t *table[T]) reserve(n int) (first uint32, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.used+uint64(n) > math.MaxUint32 {
		return 0, errTooMany
	}
	first = uint32(t.used)
	t.used += uint64(n)
	if uint64(len(t.frozen()))<<pageBits < t.used {
		t.grow()
	}
	return first, nil
}

// grow adds pages. Those who read keep the header that they have: what it shows
// stays as it is.
func (t *table[T]) grow() {
	p := t.frozen()
	for uint64(len(p))<<pageBits < t.used {
		p = append(p, make([]T, pageSize))
	}
	t.pages.Store(&p)
}

// at returns a place that was reserved.
func (t *table[T]) at(i uint32) *T { return t.pages.Load().at(i) }

// frozen returns the sequence as it is now.
func (t *table[T]) frozen() pages[T] {
	if p := t.pages.Load(); p != nil {
		return *p
	}
	return nil
}
