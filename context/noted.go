package buildcontext

// Noted tells whether the entry, or anything below it, has a name that
// [ScanOptions.Note] knew where it lies. Where the scan had none it may be anything, and so it is
// true of every entry.
func (inv *Inventory) Noted(id ID) bool {
	return !inv.notes || inv.entry(id).mode&isNoted != 0
}

// noteAbove marks a directory in which something is noted, and those above it.
// One that is marked had this done, or will have: it is noted in its own directory.
func (inv *Inventory) noteAbove(dir DirID) {
	for ; dir != 0; dir = inv.Parent(dir) {
		e := inv.entry(inv.DirEntry(dir))
		if e.mode&isNoted != 0 {
			return
		}
		e.mode |= isNoted
	}
}
