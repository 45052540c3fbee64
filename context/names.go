package buildcontext

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
)

// names holds the names of all entries, each behind its length in one byte. A
// name lies in one chunk; what refers to it is the chunk's number and the place
// in it.
type names [][]byte

const (
	chunkBits = 14
	chunkSize = 1 << chunkBits
	maxName   = math.MaxUint8
)

// at returns a name without copying it.
func (n names) at(ref uint32) string {
	chunk, at := n[ref>>chunkBits], ref&(chunkSize-1)
	length := int(chunk[at])
	text := chunk[at+1 : int(at)+1+length]
	return unsafe.String(unsafe.SliceData(text), length) //nolint:gosec // a name is never changed once it is there
}

// with returns names with one more, and what refers to it. The receiver does not
// change, so that it may be shared.
func (n names) with(name string) (names, uint32) {
	ref := uint32(len(n)) << chunkBits
	return append(slices.Clip(n), append([]byte{byte(len(name))}, name...)), ref
}

// nameTable is where the goroutines of a scan put names.
type nameTable struct {
	mu     sync.Mutex
	chunks atomic.Pointer[names]
}

// chunk returns an empty chunk and its number.
func (t *nameTable) chunk() (number uint32, chunk []byte, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := t.frozen()
	if len(all) > math.MaxUint32>>chunkBits {
		return 0, nil, errTooMany
	}
	chunk = make([]byte, chunkSize)
	all = append(all, chunk)
	t.chunks.Store(&all)
	return uint32(len(all) - 1), chunk, nil
}

func (t *nameTable) at(ref uint32) string { return t.chunks.Load().at(ref) }

func (t *nameTable) frozen() names {
	if n := t.chunks.Load(); n != nil {
		return *n
	}
	return nil
}

// nameWriter puts names into chunks of its own.
type nameWriter struct {
	table  *nameTable
	number uint32
	chunk  []byte
	used   int
}

func (w *nameWriter) add(name string) (ref uint32, err error) {
	if len(name) > maxName {
		return 0, fmt.Errorf("%w: the name %q is longer than %d bytes", errTooMany, name, maxName)
	}
	if w.used+1+len(name) > len(w.chunk) {
		if w.number, w.chunk, err = w.table.chunk(); err != nil {
			return 0, err
		}
		w.used = 0
	}
	ref = w.number<<chunkBits | uint32(w.used)
	w.chunk[w.used] = byte(len(name))
	w.used += 1 + copy(w.chunk[w.used+1:], name)
	return ref, nil
}
