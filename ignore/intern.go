package ignore

import (
	"encoding/binary"
	"sync"
)

// known is the states that a machine has met. A real list leads to a handful. A
// hostile one could lead to one per directory, so that beyond maxKnown words no
// more are remembered: then they live no longer than the walk needs them.
type known struct {
	mu     sync.RWMutex
	states map[string]*core
	words  int
}

// maxKnown is 8 MiB.
const maxKnown = 1 << 20

// intern returns the state in which names are compared with the nodes live and
// the rules of memory are remembered. It may change both sets.
func (x *machine) intern(plain bool, live, memory set) *core {
	var buf [512]byte
	key := appendKey(buf[:0], plain, live, memory)
	if c := x.known.get(key); c != nil {
		return c
	}
	certainty := x.forget(live, memory)
	var canonical [512]byte
	shortKey := appendKey(canonical[:0], plain, live, memory)
	c := x.known.get(shortKey)
	if c == nil {
		c = x.known.put(shortKey, newCore(x, plain, live, memory, certainty))
	}
	return x.known.put(key, c)
}

func appendKey(key []byte, plain bool, sets ...set) []byte {
	if plain {
		key = append(key, 'p')
	}
	for _, s := range sets {
		for _, word := range s {
			key = binary.LittleEndian.AppendUint64(key, word)
		}
	}
	return key
}

func (k *known) get(key []byte) *core {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.states[string(key)]
}

// put remembers a state, unless another goroutine was first or there is no room,
// and returns the one that is to be used.
func (k *known) put(key []byte, c *core) *core {
	k.mu.Lock()
	defer k.mu.Unlock()
	if first := k.states[string(key)]; first != nil {
		return first
	}
	if cost := len(key)/8 + c.words(); k.words+cost <= maxKnown {
		k.words += cost
		k.states[string(key)] = c
	}
	return c
}
