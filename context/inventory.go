package buildcontext

import (
	"io/fs"
	"path/filepath"
	"sort"
	"strings"
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
// (a size of 4 GiB, an odd time, a second name, extended attributes) lies in
// side tables.
type Inventory struct {
	entries pages[entry]
	dirs    pages[directory]
	names   names
	// used is how many places of entries and dirs are taken.
	used, usedDirs uint32
	facts          facts
	sets           *attributeSets // what facts and fetched number
	fetched        fetched
	notes          bool // entries were noted, or not
}

type entry struct {
	name uint32      // where in names
	ref  uint32      // of a directory its DirID, else the size, or sizeIsRare
	mode fs.FileMode // with the bits below in places that Go leaves free
}

const sizeIsRare = 1<<32 - 1

const (
	hasFacts    fs.FileMode = 1 << 9  // the side tables know more
	wasFetched  fs.FileMode = 1 << 10 // the scan read extended attributes and link target
	hasVanished fs.FileMode = 1 << 11 // while it was scanned; dropped at its end
	isNoted     fs.FileMode = 1 << 12 // see [Inventory.Noted]
	isWanted    fs.FileMode = 1 << 13 // while it is looked at: what a measurement needs is fetched
	ownBits                 = hasFacts | wasFetched | hasVanished | isNoted | isWanted
)

type directory struct {
	first, count ID // first is notRead where the scan left it out
	entry        ID // its own entry; meaningless for the root
	parent       DirID
}

// notRead stands for the entries of a directory that was pruned.
const notRead ID = 1<<32 - 1

// Len returns the number above all IDs. The root is no entry.
func (inv *Inventory) Len() int { return int(inv.used) }

// Dirs returns the number above all DirIDs.
func (inv *Inventory) Dirs() int { return int(inv.usedDirs) }

// Entries returns the first entry of a directory and how many it has.
func (inv *Inventory) Entries(dir DirID) (first, count ID) {
	d := inv.dirs.at(uint32(dir))
	return d.first, d.count
}

// Pruned tells that the scan did not read the directory, because its policy says
// that nothing below it is sent. It has no entries then.
func (inv *Inventory) Pruned(dir DirID) bool { return inv.dirs.at(uint32(dir)).first == notRead }

func (inv *Inventory) entry(id ID) *entry { return inv.entries.at(uint32(id)) }

// Name returns the last part of the entry's path. It costs no allocation.
func (inv *Inventory) Name(id ID) string { return inv.names.at(inv.entry(id).name) }

// Mode returns the kind and the permission bits of an entry.
func (inv *Inventory) Mode(id ID) fs.FileMode { return inv.entry(id).mode &^ ownBits }

// Dir returns which directory an entry is, if it is one.
func (inv *Inventory) Dir(id ID) (DirID, bool) {
	e := inv.entry(id)
	return DirID(e.ref), e.mode.IsDir()
}

// Size returns the size of an entry in bytes; that of a directory is 0.
func (inv *Inventory) Size(id ID) int64 { return inv.sizeOf(inv.entry(id), id) }

func (inv *Inventory) sizeOf(e *entry, id ID) int64 {
	switch {
	case e.mode.IsDir():
		return 0
	case e.ref == sizeIsRare:
		return inv.facts.rare[id].size
	default:
		return int64(e.ref)
	}
}

// Inode returns the inode of an entry that has several names, and 0 of others.
func (inv *Inventory) Inode(id ID) uint64 {
	if inv.entry(id).mode&hasFacts == 0 {
		return 0
	}
	return inv.facts.inodes.get(uint32(id))
}

// Unread returns why a directory or the content of a file cannot be read, or nil.
func (inv *Inventory) Unread(id ID) error {
	if r := inv.rare(id); r != nil {
		return r.unread
	}
	return nil
}

// rare returns the record of what very few entries have, or nil.
func (inv *Inventory) rare(id ID) *rare {
	if inv.entry(id).mode&hasFacts == 0 {
		return nil
	}
	return inv.facts.rare[id]
}

// oddTime returns the time of an entry where that is not an ordinary one.
func (inv *Inventory) oddTime(id ID) (instant, bool) {
	if inv.entry(id).mode&hasFacts == 0 {
		return instant{}, false
	}
	t := inv.facts.times.get(uint32(id))
	return t, t.odd
}

// DirPath returns the path of a directory with a slash behind it; "" is the root.
func (inv *Inventory) DirPath(dir DirID) string {
	var parts []string
	for ; dir != 0; dir = inv.Parent(dir) {
		parts = append(parts, inv.Name(inv.DirEntry(dir)))
	}
	if parts == nil {
		return ""
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, "/") + "/"
}

func (inv *Inventory) pathOf(dir DirID) string { return strings.TrimSuffix(inv.DirPath(dir), "/") }

// Parent returns the directory that holds a directory; the root holds itself.
func (inv *Inventory) Parent(dir DirID) DirID { return inv.dirs.at(uint32(dir)).parent }

// DirEntry returns the entry of a directory other than the root.
func (inv *Inventory) DirEntry(dir DirID) ID { return inv.dirs.at(uint32(dir)).entry }

// Child finds the entry called name in a directory.
func (inv *Inventory) Child(dir DirID, name string) (ID, bool) {
	first, count := inv.Entries(dir)
	i := ID(sort.Search(int(count), func(i int) bool { return inv.Name(first+ID(i)) >= name }))
	if i < count && inv.Name(first+i) == name {
		return first + i, true
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

// Each is [Inventory.Walk] without the paths, which take most of the time of a walk:
// in is the directory that holds the entry, from which [Inventory.Path] makes one.
func (inv *Inventory) Each(dir DirID, visit func(in DirID, id ID) bool) {
	first, count := inv.Entries(dir)
	for id := first; id < first+count; id++ {
		if sub, ok := inv.Dir(id); visit(dir, id) && ok {
			inv.Each(sub, visit)
		}
	}
}

// Path returns the path of an entry in a directory.
func (inv *Inventory) Path(in DirID, id ID) string { return inv.DirPath(in) + inv.Name(id) }

func (inv *Inventory) walk(dir DirID, prefix string, visit func(id ID, path string) bool) {
	first, count := inv.Entries(dir)
	for id := first; id < first+count; id++ {
		path := prefix + inv.Name(id)
		if !visit(id, path) {
			continue
		}
		if sub, ok := inv.Dir(id); ok {
			inv.walk(sub, path+"/", visit)
		}
	}
}
