package buildcontext

import (
	"io/fs"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"unsafe"
)

// ID names an entry of an [Inventory]. The entries of one directory have
// consecutive IDs in the byte order of their names.
type ID uint32

// DirID names a directory of an [Inventory]. The root is 0; it is no entry.
type DirID uint32

// Inventory is every entry below a context as one scan saw it. It is safe for
// concurrent reading.
//
// An ordinary entry takes twelve bytes and its name; what few entries have
// (a size of 4 GiB, an odd time, a second name, extended attributes) lies in a
// side table.
type Inventory struct {
	entries []entry
	dirs    []directory
	names   []byte // each name behind its length in one byte
	// rare holds what an entry's twelve bytes cannot.
	rare map[ID]*rare
	// unread counts the directories and files that cannot be read.
	unread int

	mu sync.Mutex // guards the attributes that are fetched after the scan
}

type entry struct {
	name uint32      // where in names
	ref  uint32      // of a directory its DirID, else the size, or sizeIsRare
	mode fs.FileMode // with the bits below in places that Go leaves free
}

const sizeIsRare = 1<<32 - 1

const (
	hasRare    fs.FileMode = 1 << 9  // the side table knows more
	hasFetched fs.FileMode = 1 << 10 // extended attributes and link target were read
	ownBits                = hasRare | hasFetched
)

type directory struct {
	first, count ID
	entry        ID // its own entry; meaningless for the root
	parent       DirID
}

// rare is what few entries have. The zero times mean an ordinary time: one whose
// nanoseconds take nine bytes as a varint and whose seconds fit a USTAR header.
type rare struct {
	size        int64
	oddTime     bool
	seconds     int64
	nanoseconds int32
	inode       uint64 // of an entry with several names, else 0
	major       uint32
	minor       uint32
	unread      error // why the directory or the file cannot be read

	target string // these two once hasFetched is set
	xattrs []Xattr
}

// Ordinary times, in seconds: from 2^56 ns after 1970 (April 1972), which take
// nine bytes as a varint, to the last that eleven octal digits can say (2242).
const (
	firstOrdinary = 1<<56/1_000_000_000 + 1
	lastOrdinary  = 1<<33 - 1
)

// Len returns the number of entries. The root is not one.
func (inv *Inventory) Len() int { return len(inv.entries) }

// Dirs returns the number of directories with the root.
func (inv *Inventory) Dirs() int { return len(inv.dirs) }

// Entries returns the first entry of a directory and how many it has.
func (inv *Inventory) Entries(dir DirID) (first, count ID) {
	d := &inv.dirs[dir]
	return d.first, d.count
}

// Name returns the last part of the entry's path. It costs no allocation.
func (inv *Inventory) Name(id ID) string {
	at := inv.entries[id].name
	return unsafe.String(&inv.names[at+1], int(inv.names[at])) //nolint:gosec // names are only ever appended to, never changed
}

// Mode returns the kind and the permission bits of an entry.
func (inv *Inventory) Mode(id ID) fs.FileMode { return inv.entries[id].mode &^ ownBits }

// Dir returns which directory an entry is, if it is one.
func (inv *Inventory) Dir(id ID) (DirID, bool) {
	e := &inv.entries[id]
	return DirID(e.ref), e.mode.IsDir()
}

// Size returns the size of an entry in bytes; that of a directory is 0.
func (inv *Inventory) Size(id ID) int64 {
	e := &inv.entries[id]
	switch {
	case e.mode.IsDir():
		return 0
	case e.ref == sizeIsRare:
		return inv.rare[id].size
	default:
		return int64(e.ref)
	}
}

// Inode returns the inode of an entry that has several names, and 0 of others.
func (inv *Inventory) Inode(id ID) uint64 {
	if r := inv.more(id); r != nil {
		return r.inode
	}
	return 0
}

// Unread returns why a directory or the content of a file cannot be read, or nil.
func (inv *Inventory) Unread(id ID) error {
	if r := inv.more(id); r != nil {
		return r.unread
	}
	return nil
}

func (inv *Inventory) setUnread(id ID, err error) {
	inv.needMore(id).unread = err
	inv.unread++
}

// more returns the side record of an entry, or nil.
func (inv *Inventory) more(id ID) *rare {
	if inv.entries[id].mode&hasRare == 0 {
		return nil
	}
	return inv.rare[id]
}

// needMore returns the side record of an entry and makes it where there is none.
func (inv *Inventory) needMore(id ID) *rare {
	if inv.entries[id].mode&hasRare == 0 {
		inv.entries[id].mode |= hasRare
		inv.rare[id] = &rare{}
	}
	return inv.rare[id]
}

// DirPath returns the path of a directory with a slash behind it; "" is the root.
func (inv *Inventory) DirPath(dir DirID) string {
	var parts []string
	for ; dir != 0; dir = inv.dirs[dir].parent {
		parts = append(parts, inv.Name(inv.dirs[dir].entry))
	}
	if parts == nil {
		return ""
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, "/") + "/"
}

// Parent returns the directory that holds a directory; the root holds itself.
func (inv *Inventory) Parent(dir DirID) DirID { return inv.dirs[dir].parent }

// DirEntry returns the entry of a directory other than the root.
func (inv *Inventory) DirEntry(dir DirID) ID { return inv.dirs[dir].entry }

// Child finds the entry called name in a directory.
func (inv *Inventory) Child(dir DirID, name string) (ID, bool) {
	d := &inv.dirs[dir]
	i := ID(sort.Search(int(d.count), func(i int) bool { return inv.Name(d.first+ID(i)) >= name }))
	if i < d.count && inv.Name(d.first+i) == name {
		return d.first + i, true
	}
	return 0, false
}

// Lookup finds the entry at a path. Links are not followed.
func (inv *Inventory) Lookup(path string) (ID, bool) {
	dir := DirID(0)
	for {
		name, rest, more := strings.Cut(path, "/")
		id, ok := inv.Child(dir, name)
		if !ok || !more {
			return id, ok
		}
		if dir, ok = inv.Dir(id); !ok {
			return 0, false
		}
		path = rest
	}
}

// Glob returns the paths that a COPY source with wildcards names, in walk order.
// Each component is compared with Go's filepath.Match.
// (tonistiigi/fsutil, copy/copy.go, ResolveWildcards)
func (inv *Inventory) Glob(pattern string) []string {
	return inv.glob(0, "", strings.Split(pattern, "/"))
}

func (inv *Inventory) glob(dir DirID, prefix string, components []string) []string {
	var paths []string
	first, count := inv.Entries(dir)
	for id := first; id < first+count; id++ {
		name := inv.Name(id)
		if ok, _ := filepath.Match(components[0], name); !ok {
			continue
		}
		if len(components) == 1 {
			paths = append(paths, prefix+name)
		} else if sub, ok := inv.Dir(id); ok {
			paths = append(paths, inv.glob(sub, prefix+name+"/", components[1:])...)
		}
	}
	return paths
}

// Walk calls visit for every entry below dir, in the order in which the builders
// walk: by the byte order of names, a directory before what lies in it. What
// lies in a directory is left out where visit returns false.
func (inv *Inventory) Walk(dir DirID, visit func(id ID, path string) bool) {
	inv.walk(dir, inv.DirPath(dir), visit)
}

func (inv *Inventory) walk(dir DirID, prefix string, visit func(id ID, path string) bool) {
	d := inv.dirs[dir]
	for id := d.first; id < d.first+d.count; id++ {
		path := prefix + inv.Name(id)
		if !visit(id, path) {
			continue
		}
		if sub, ok := inv.Dir(id); ok {
			inv.walk(sub, path+"/", visit)
		}
	}
}
