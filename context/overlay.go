package buildcontext

import (
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
	if inv.Pruned(dir) {
		return inv
	}
	out := &Inventory{
		entries: slices.Clone(inv.entries), used: inv.used,
		dirs: slices.Clone(inv.dirs), usedDirs: inv.usedDirs,
		names: inv.names,
		facts: inv.facts.clone(),
		sets:  inv.sets,
	}
	inv.fetched.cloneInto(&out.fetched)
	id, ok := out.Child(dir, name)
	if ok {
		out.entries.own(uint32(id))
		out.facts.forget(id)
	} else {
		id = out.insert(dir, name)
	}
	// Whatever stood there, what is written is a file of its own, of now and
	// without extended attributes.
	e := out.entry(id)
	e.mode = e.mode.Perm() | wasFetched
	e.ref = uint32(min(size, sizeIsRare))
	if size >= sizeIsRare {
		out.facts.more(id).size = size
		e.mode |= hasFacts
	}
	return out
}

// insert makes room for an entry: the directory's entries move to the end, where
// there is one place more. Their old places are not reached any more. What the
// inventory shares with the one that it is a copy of does not change.
func (inv *Inventory) insert(dir DirID, name string) ID {
	const newMode = 0o644
	first, count := inv.Entries(dir)
	before := ID(sort.Search(int(count), func(i int) bool { return inv.Name(first+ID(i)) > name }))
	to := ID(len(inv.entries)) << pageBits
	added := to + before
	var ref uint32
	inv.names, ref = inv.names.with(name)
	for range count>>pageBits + 1 {
		inv.entries = append(inv.entries, make([]entry, pageSize))
	}
	inv.used = uint32(to + count + 1)
	own := inv.dirs.owner()
	own(uint32(dir))
	d := inv.dirs.at(uint32(dir))
	d.first, d.count = to, count+1
	for id := first; id < first+count; id++ {
		if to == added {
			to++
		}
		*inv.entry(to) = *inv.entry(id)
		inv.facts.copy(id, to)
		inv.fetched.copy(id, to)
		if sub, ok := inv.Dir(to); ok {
			own(uint32(sub))
			inv.dirs.at(uint32(sub)).entry = to
		}
		to++
	}
	*inv.entry(added) = entry{name: ref, mode: newMode}
	return added
}
