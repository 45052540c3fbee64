package buildcontext

import (
	"maps"
	"slices"
	"sort"
	"strings"
)

// WithFile returns the inventory as it will be when a regular file of so many
// bytes stands at path, so that a change of the ignore file can be measured
// before it is written. The directory above must exist; the inventory itself
// does not change.
func (inv *Inventory) WithFile(path string, size int64) *Inventory {
	dir, name := DirID(0), path
	if slash := strings.LastIndexByte(path, '/'); slash >= 0 {
		id, ok := inv.Lookup(path[:slash])
		if !ok {
			return inv
		}
		if dir, ok = inv.Dir(id); !ok {
			return inv
		}
		name = path[slash+1:]
	}
	out := &Inventory{
		entries: slices.Clone(inv.entries),
		dirs:    slices.Clone(inv.dirs),
		names:   slices.Clip(inv.names),
		rare:    maps.Clone(inv.rare),
		unread:  inv.unread,
	}
	id, ok := out.Child(dir, name)
	if !ok {
		id = out.insert(dir, name)
	}
	// Whatever stood there, what is written is a file of its own, of now and
	// without extended attributes.
	e := &out.entries[id]
	delete(out.rare, id)
	e.mode = e.mode.Perm() | hasFetched
	e.ref = uint32(min(size, sizeIsRare))
	return out
}

// insert makes room for an entry: the directory's entries move to the end, where
// there is one place more. Their old places are not reached any more.
func (inv *Inventory) insert(dir DirID, name string) ID {
	const newMode = 0o644
	old := inv.dirs[dir]
	before := ID(sort.Search(int(old.count), func(i int) bool { return inv.Name(old.first+ID(i)) > name }))
	first := ID(len(inv.entries))
	move := func(from, count ID) {
		for id := from; id < from+count; id++ {
			to := ID(len(inv.entries))
			inv.entries = append(inv.entries, inv.entries[id])
			if r, ok := inv.rare[id]; ok {
				inv.rare[to] = r
			}
			if sub, ok := inv.Dir(id); ok {
				inv.dirs[sub].entry = to
			}
		}
	}
	move(old.first, before)
	inv.entries = append(inv.entries, entry{name: uint32(len(inv.names)), mode: newMode})
	inv.names = append(append(inv.names, byte(len(name))), name...)
	move(old.first+before, old.count-before)
	inv.dirs[dir].first, inv.dirs[dir].count = first, old.count+1
	return first + before
}
