package buildcontext

import (
	"io/fs"
)

// batch is what was listed in a directory, in the order of the list, and what was
// found out about it. A directory of which something cannot be looked at has failed.
type batch struct {
	found  []entry // a directory's ref is still to be given
	extras []extra // by their place in found
	// directories counts those among found, and vanished what is not there any more.
	directories, vanished int
	noted                 bool   // something is noted
	failed                error  // of several reasons that of the first by its name,
	failedName            string // which is this; none where the list itself failed
}

// extra is what is not ordinary about an entry that was found.
type extra struct {
	at         int // in found
	stat       Stat
	odd        bool // stat is not ordinary
	attributes uint32
	target     string
	unread     error
}

// largeBatch is up to how many entries a goroutine keeps the memory of a batch.
const largeBatch = 4 * pieceSize

func (b *batch) reset() {
	*b = batch{found: b.found[:0], extras: b.extras[:0]}
	if cap(b.found) > largeBatch {
		b.found, b.extras = nil, nil
	}
}

// join adds another batch of the same directory.
func (b *batch) join(other *batch) {
	for _, x := range other.extras {
		x.at += len(b.found)
		b.extras = append(b.extras, x)
	}
	b.found = append(b.found, other.found...)
	b.directories += other.directories
	b.vanished += other.vanished
	b.noted = b.noted || other.noted
	if other.failed != nil {
		b.fail(other.failed, other.failedName)
	}
}

// fail notes that an entry cannot be looked at.
func (b *batch) fail(err error, name string) {
	if b.failed == nil || b.failedName != "" && name < b.failedName {
		b.failed, b.failedName = err, name
	}
}

// extra returns the record of the entry at a place, which is the last that was
// looked at.
func (b *batch) extra(at int) *extra {
	if n := len(b.extras); n == 0 || b.extras[n-1].at != at {
		b.extras = append(b.extras, extra{at: at})
	}
	return &b.extras[len(b.extras)-1]
}

// look asks about what was listed in a directory, in the order in which the kernel has
// listed it and the names lie in memory: in that of the names a flat directory of
// 200,000 files takes 4 % longer.
func (w *worker) look(j job, h *handle, b *batch) {
	names, above := w.scanner.names.frozen(), ""
	if j.dir != 0 {
		above = names.at(w.entries.at(uint32(w.dirs.at(uint32(j.dir)).entry)).name)
	}
	// What our own code decides comes first, all at once: behind a call of the kernel the
	// processor has forgotten it.
	for i := range b.found {
		e := &b.found[i]
		name := names.at(e.name)
		if w.opts.Note != nil && w.opts.Note(above, name) {
			e.mode |= isNoted
			b.noted = true
		}
		if e.mode.IsDir() {
			b.directories++
		} else if w.opts.Fetch && w.policy.wants(j.state, name) {
			e.mode |= isWanted
		}
	}
	for i := range b.found {
		if e := &b.found[i]; !e.mode.IsDir() {
			name := names.at(e.name)
			if err := w.lookAt(h, b, i, name); err != nil {
				b.fail(err, name)
			}
		}
	}
}

// lookAt asks about the entry at a place of a batch, which as far as is known is no
// directory.
func (w *worker) lookAt(h *handle, b *batch, at int, name string) error {
	e, stat := &b.found[at], &w.stat
	err := w.reader.stat(h, name, stat)
	switch {
	case vanished(err), err == nil && stat.Mode.IsDir() && e.mode&unknownKind == 0:
		e.mode |= hasVanished
		b.vanished++
		return nil
	case err != nil:
		return err
	case stat.Mode.IsDir():
		e.mode = e.mode&isNoted | fs.ModeDir
		b.directories++
		return nil
	}
	wanted := e.mode&isWanted != 0
	e.mode, e.ref = e.mode&isNoted|stat.Mode, uint32(min(stat.Size, sizeIsRare))
	if !stat.ordinary() {
		x := b.extra(at)
		x.stat, x.odd = *stat, true
	}
	if stat.Private {
		if err := w.reader.readable(h, name); err != nil {
			b.extra(at).unread = err
		}
	}
	if wanted {
		if attributes, target, ok := w.fetch(h, e, name); ok && (attributes != 0 || target != "") {
			x := b.extra(at)
			x.attributes, x.target = attributes, target
		}
	}
	return nil
}

// fetch reads what only entries that are sent need: their attributes, as the number of
// a set, and the target of a link. What fails is tried again when it is known to be
// needed.
func (w *worker) fetch(h *handle, e *entry, name string) (attributes uint32, target string, ok bool) {
	set, err := w.reader.xattrs(h, name)
	if err != nil {
		return 0, "", false
	}
	if e.mode&fs.ModeSymlink != 0 {
		if target, err = w.reader.readlink(h, name); err != nil {
			return 0, "", false
		}
	}
	e.mode |= wasFetched
	return w.sets.add(set), target, true
}
