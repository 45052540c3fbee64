package buildcontext

import (
	"io/fs"
	"maps"
	"slices"
	"sync"
)

// facts is what few entries have and their twelve bytes cannot hold. What a whole
// tree may have, such as second names below a node_modules that is linked to a
// store, odd times below a tree that was unpacked without them, and the security
// labels of a distribution, lies in pages; the rest in a map.
type facts struct {
	inodes     pages[uint64] // of entries with several names
	times      pages[instant]
	attributes pages[uint32] // numbers of [attributeSets]; 0 is none
	rare       map[ID]*rare
	// unread counts the directories and files that cannot be read.
	unread int
}

// instant is a time of modification that is not ordinary.
type instant struct {
	seconds     int64
	nanoseconds int32
	odd         bool
}

// rare is what very few entries have.
type rare struct {
	size         int64 // where it is sizeIsRare
	major, minor uint32
	target       string // of a link, once it was fetched
	unread       error  // why the directory or the file cannot be read
}

// Ordinary times, in seconds: from 2^56 ns after 1970 (April 1972), which take
// nine bytes as a varint, to the last that eleven octal digits can say (2242).
const (
	firstOrdinary = 1<<56/1_000_000_000 + 1
	lastOrdinary  = 1<<33 - 1
)

// ordinary tells that twelve bytes hold all that is to be kept of an entry.
func (s *Stat) ordinary() bool {
	return s.ordinaryTime() && s.Mode&fs.ModeDevice == 0 && (s.Mode.IsDir() || s.Links <= 1 && s.Size < sizeIsRare)
}

func (s *Stat) ordinaryTime() bool { return s.Seconds >= firstOrdinary && s.Seconds <= lastOrdinary }

// note keeps what is not ordinary about an entry.
func (f *facts) note(id ID, s *Stat) {
	if !s.Mode.IsDir() && s.Size >= sizeIsRare {
		f.more(id).size = s.Size
	}
	if !s.ordinaryTime() {
		f.times.set(uint32(id), instant{s.Seconds, s.Nanoseconds, true})
	}
	if !s.Mode.IsDir() && s.Links > 1 {
		f.inodes.set(uint32(id), s.Inode)
	}
	if s.Mode&fs.ModeDevice != 0 {
		r := f.more(id)
		r.major, r.minor = s.Major, s.Minor
	}
}

// setUnread keeps why a directory or the content of a file cannot be read. The
// first reason stays.
func (f *facts) setUnread(id ID, e *entry, err error) {
	if r := f.more(id); r.unread == nil {
		r.unread = err
		f.unread++
	}
	e.mode |= hasFacts
}

// more returns the record of an entry and makes it where there is none.
func (f *facts) more(id ID) *rare {
	r := f.rare[id]
	if r == nil {
		if f.rare == nil {
			f.rare = map[ID]*rare{}
		}
		r = &rare{}
		f.rare[id] = r
	}
	return r
}

// merge adds what another goroutine noted about other entries.
func (f *facts) merge(other *facts) {
	merge(&f.inodes, other.inodes)
	merge(&f.times, other.times)
	merge(&f.attributes, other.attributes)
	if f.rare == nil {
		f.rare = other.rare
	} else {
		maps.Copy(f.rare, other.rare)
	}
	f.unread += other.unread
}

func merge[T comparable](into *pages[T], other pages[T]) {
	var zero T
	for len(*into) < len(other) {
		*into = append(*into, nil)
	}
	for i, page := range other {
		if (*into)[i] == nil {
			(*into)[i] = page
			continue
		}
		for j, v := range page {
			if v != zero {
				(*into)[i][j] = v
			}
		}
	}
}

// clone returns facts that may change without those that they are cloned from.
// Pages are shared until [facts.forget] needs one of its own; what [facts.copy]
// fills lies behind them.
func (f *facts) clone() facts {
	return facts{
		inodes: slices.Clone(f.inodes), times: slices.Clone(f.times), attributes: slices.Clone(f.attributes),
		rare: maps.Clone(f.rare), unread: f.unread,
	}
}

// copy gives an entry's facts to a new entry.
func (f *facts) copy(from, to ID) {
	copyFact(&f.inodes, from, to)
	copyFact(&f.times, from, to)
	copyFact(&f.attributes, from, to)
	if r, ok := f.rare[from]; ok {
		f.rare[to] = r
		if r.unread != nil {
			f.unread++
		}
	}
}

// forget drops an entry's facts.
func (f *facts) forget(id ID) {
	forgetFact(f.inodes, id)
	forgetFact(f.times, id)
	forgetFact(f.attributes, id)
	if r := f.rare[id]; r != nil && r.unread != nil {
		f.unread--
	}
	delete(f.rare, id)
}

func copyFact[T comparable](p *pages[T], from, to ID) {
	var zero T
	if v := p.get(uint32(from)); v != zero {
		p.set(uint32(to), v)
	}
}

func forgetFact[T comparable](p pages[T], id ID) {
	var zero T
	if p.get(uint32(id)) != zero {
		p.own(uint32(id))
		*p.at(uint32(id)) = zero
	}
}

// attributeSets numbers sets of extended attributes, from 1: where all of a tree
// has them, it is the same few. It is safe for concurrent use.
type attributeSets struct {
	mu     sync.RWMutex
	sets   [][]Xattr
	number map[string]uint32
}

func (a *attributeSets) add(set []Xattr) uint32 {
	if len(set) == 0 {
		return 0
	}
	var key []byte
	for _, x := range set {
		key = append(append(append(append(key, x.Name...), 0), byte(len(x.Value)), byte(len(x.Value)>>8), byte(len(x.Value)>>16)), x.Value...)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	n, ok := a.number[string(key)]
	if !ok {
		if a.number == nil {
			a.number = map[string]uint32{}
		}
		a.sets = append(a.sets, set)
		n = uint32(len(a.sets))
		a.number[string(key)] = n
	}
	return n
}

func (a *attributeSets) get(number uint32) []Xattr {
	if number == 0 {
		return nil
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.sets[number-1]
}
