package buildcontext

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// Keyed is a [Source] that knows when two directories hold the same.
type Keyed interface {
	Source
	// Key returns a name for what lies below a directory. Where a directory has the
	// same at two times, all names, kinds and sizes below it are the same, and no
	// file in it has a second name.
	Key(dir string) (string, error)
}

// Memo measures a context at one time after another, and every directory once: it
// keeps what lies below one, and of it what is sent, by the directory's path, its
// [Keyed.Key] and the request. What becomes of an entry depends on nothing else.
// The zero value is empty. It is safe for concurrent use.
type Memo struct {
	mu       sync.Mutex
	requests map[string]int
	shares   map[memoKey]Share
}

type memoKey struct {
	request   int
	dir, name string
}

// Measure returns what lies in a context, and of it what is sent. It is the share
// of the root that [Measure] has.
func (m *Memo) Measure(ctx context.Context, src Keyed, req Request) (Share, error) {
	k := &known{Keyed: src, memo: m, request: m.number(&req), met: map[string]Share{}, keys: map[string]memoKey{}}
	sel, err := k.selection(ctx, k, req)
	if err == nil && sel.Stopped != nil {
		// What comes behind the stop is not sent, and that is no matter of a
		// directory alone.
		k.keys, k.met = nil, nil
		sel, err = k.selection(ctx, src, req)
	}
	if err != nil {
		return Share{}, err
	}
	measured, err := Measure(sel)
	if err != nil {
		return Share{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return k.fold(sel.inv, measured, 0, ""), nil
}

// number returns a number that stands for a request.
func (m *Memo) number(req *Request) int {
	var text strings.Builder
	fmt.Fprintf(&text, "%d %q %t %q %v\n", req.Builder, req.Dockerfile, req.Include == nil, req.Include, req.Added != nil)
	for _, r := range req.Rules {
		fmt.Fprintf(&text, "%q\n", r.Pattern)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.requests == nil {
		m.requests, m.shares = map[string]int{}, map[memoKey]Share{}
	}
	n, ok := m.requests[text.String()]
	if !ok {
		n = len(m.requests)
		m.requests[text.String()] = n
	}
	return n
}

// known is a source in which the directories that were measured before are empty.
type known struct {
	Keyed
	memo    *Memo
	request int

	mu sync.Mutex // guards what follows
	// met are the directories that are known, keys those that are not.
	met  map[string]Share
	keys map[string]memoKey
}

// ReadDir implements [Source].
func (k *known) ReadDir(dir string) ([]Stat, error) {
	name, err := k.Key(dir)
	if err != nil {
		return nil, err
	}
	key := memoKey{k.request, dir, name}
	k.memo.mu.Lock()
	share, ok := k.memo.shares[key]
	k.memo.mu.Unlock()
	var stats []Stat
	if !ok {
		if stats, err = k.Keyed.ReadDir(dir); err != nil {
			return nil, err
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if ok {
		k.met[dir] = share
	} else {
		k.keys[dir] = key
	}
	return stats, nil
}

func (k *known) selection(ctx context.Context, src Source, req Request) (*Selection, error) {
	inv, err := Scan(ctx, src, ScanOptions{})
	if err != nil {
		return nil, err
	}
	sel, err := Select(inv, req)
	if err == nil {
		err = sel.Complete(ctx, k.Keyed)
	}
	return sel, err
}

// fold adds what is known to what was measured below a directory, and keeps the
// sums. The caller holds the memo's mu.
func (k *known) fold(inv *Inventory, m *Measurement, dir DirID, path string) Share {
	if share, ok := k.met[path]; ok {
		return share
	}
	share := m.Dirs[dir]
	first, count := inv.Entries(dir)
	for id := first; id < first+count; id++ {
		if sub, ok := inv.Dir(id); ok {
			share.subtract(m.Dirs[sub])
			share.Add(k.fold(inv, m, sub, strings.TrimPrefix(path+"/"+inv.Name(id), "/")))
		}
	}
	if key, ok := k.keys[path]; ok {
		k.memo.shares[key] = share
	}
	return share
}

func (s *Share) subtract(below Share) {
	s.Bytes -= below.Bytes
	s.Files -= below.Files
	s.EligibleBytes -= below.EligibleBytes
	s.EligibleFiles -= below.EligibleFiles
	s.SentBytes -= below.SentBytes
	s.SentFiles -= below.SentFiles
}
