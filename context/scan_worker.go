package buildcontext

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"
)

// pieceSize is how many entries of one directory a goroutine looks at before
// others may take the rest.
const pieceSize = 256

// worker is one goroutine of a scan with what it has found.
type worker struct {
	*scanner
	reader reader
	names  nameWriter
	facts  facts

	found   []foundName
	keys    []sortKey                                 // of found
	ids     []ID                                      // of found
	unknown bool                                      // found holds unknownKind
	add     func(name string, kind fs.FileMode) error // to found
	jobs    []job
	looks   []looked
	stat    Stat // of the entry that is looked at
	path    []byte
	// above is the directory that holds the one at path, whose own path has so
	// many bytes.
	above  DirID
	prefix int
	// vanished counts entries that were listed and were not there any more.
	vanished int
	noted    []DirID // those that hold an entry that is noted
	unread   []unreadDirectory
}

// foundName is a name in a directory that is being read.
type foundName struct {
	ref  uint32
	kind fs.FileMode // and isNoted
}

// looked is the copy of an entry that is being looked at.
type looked struct {
	id ID
	entry
}

type unreadDirectory struct {
	dir DirID
	err error
	// known tells that the entries are known all the same.
	known bool
}

// piece is a part of the entries of a directory that several goroutines look at.
type piece struct {
	*division
	ids []ID
}

// division is a directory in pieces. It stays open until the last is done.
type division struct {
	handle handle
	left   atomic.Int32
}

// run does jobs until all are done. Only the goroutine that scans has a progress.
func (w *worker) run(progress func(entries int)) {
	finished := false
	for {
		j, ok := w.queue.next(finished)
		if !ok {
			return
		}
		finished = true
		if err := w.ctx.Err(); err != nil {
			w.fail(err)
			continue
		}
		if err := w.do(j); err != nil {
			w.fail(err)
			continue
		}
		if progress != nil {
			progress(int(w.seen.Load()))
		}
	}
}

// do does one job. The error ends the scan.
func (w *worker) do(j job) error {
	w.goTo(j.dir)
	if j.piece != nil {
		w.look(j, &j.piece.handle, j.piece.ids)
		if j.piece.left.Add(-1) == 0 {
			w.reader.close(&j.piece.handle)
		}
		return nil
	}
	h, err := w.reader.open(w.path, j.slow)
	if err != nil && j.dir == 0 {
		return err
	}
	if !w.enter(j, &h, err) {
		if err == nil {
			w.reader.close(&h)
		}
		return nil
	}
	pieces, err := w.read(j, &h)
	if pieces == nil {
		w.reader.close(&h)
	}
	return err
}

// goTo makes path that of a directory. What is read next mostly lies beside what
// was read last.
func (w *worker) goTo(dir DirID) {
	d := w.dirs.at(uint32(dir))
	if d.parent != w.above || w.prefix == 0 {
		w.path = w.scanner.path(w.path[:0], d.parent)
		w.above, w.prefix = d.parent, len(w.path)
	}
	w.path = w.path[:w.prefix]
	if dir != 0 {
		w.path = appendPath(w.path, w.scanner.names.at(w.entries.at(uint32(d.entry)).name))
	}
}

// enter notes what a directory itself is, and tells whether it is to be read;
// openError is why it cannot be.
func (w *worker) enter(j job, h *handle, openError error) bool {
	self := &w.stat
	err := w.reader.self(h, self)
	if h.slow {
		w.startMore()
	}
	if j.dir == 0 {
		return true
	}
	d := w.dirs.at(uint32(j.dir))
	switch {
	case err == nil && !self.Mode.IsDir():
		// Something else has taken its place.
		w.lost(j.dir, fs.ErrNotExist)
		return false
	case vanished(openError):
		w.lost(j.dir, openError)
		return false
	case vanished(err):
		w.lost(j.dir, err)
		return false
	case err != nil:
		// The directory above lists names and lets nobody look at what they name.
		w.lost(d.parent, err)
		return false
	}
	e := w.entries.at(uint32(d.entry))
	e.mode = e.mode&isNoted | self.Mode
	if w.facts.note(d.entry, self) {
		e.mode |= hasFacts
	}
	if openError != nil {
		w.lost(j.dir, openError)
		return false
	}
	if w.opts.Fetch && j.state.entered {
		w.fetch(h, d.entry, e, "")
	}
	return true
}

// lost notes that a directory cannot be read or is not there any more.
func (w *worker) lost(dir DirID, err error) {
	if dir == 0 {
		w.fail(err)
		return
	}
	w.unread = append(w.unread, unreadDirectory{dir: dir, err: err})
}

// read lists a directory and looks at what lies in it. Where it is large, it
// leaves pieces to others, which close it.
func (w *worker) read(j job, h *handle) (*division, error) {
	if err := w.list(h); err != nil {
		if errors.Is(err, errTooMany) || j.dir == 0 {
			return nil, err
		}
		w.lost(j.dir, err)
		return nil, nil
	}
	if len(w.found) == 0 || j.closed {
		return nil, nil
	}
	if err := w.keep(j, h.slow); err != nil {
		return nil, err
	}
	w.seen.Add(int64(len(w.found)))
	w.checkLength(j, h)
	if len(w.found) < 2*pieceSize {
		w.look(j, h, w.ids)
		return nil, nil
	}
	pieces := &division{handle: *h}
	pieces.handle.path = strings.Clone(h.path)
	pieces.left.Store(int32((len(w.found) + pieceSize - 1) / pieceSize))
	w.jobs = w.jobs[:0]
	for ids := range slices.Chunk(slices.Clone(w.ids), pieceSize) {
		w.jobs = append(w.jobs, job{dir: j.dir, state: j.state, piece: &piece{pieces, ids}})
	}
	w.queue.push(w.jobs...)
	return pieces, nil
}

// list notes the names in a directory.
func (w *worker) list(h *handle) error {
	w.found = w.found[:0]
	if err := w.reader.list(h, w.add); err != nil {
		return err
	}
	if w.unknown {
		w.findKinds(h)
	}
	return nil
}

// findKinds looks at the entries whose kind the file system did not tell.
func (w *worker) findKinds(h *handle) {
	w.unknown = false
	for i := range w.found {
		f := &w.found[i]
		if f.kind != unknownKind {
			continue
		}
		f.kind = 0 // what cannot be looked at is looked at again, and told then
		if err := w.reader.stat(h, w.scanner.names.at(f.ref), &w.stat); err == nil {
			f.kind = w.stat.Mode.Type()
		}
	}
}

// checkLength marks a directory in which an entry's path is longer than the kernel
// takes. We look at it near the directory, but the builders, who name it by its
// whole path, cannot.
func (w *worker) checkLength(j job, h *handle) {
	if len(w.path)+1+maxName <= w.readers.longest() || j.dir == 0 {
		return
	}
	for _, f := range w.found {
		if name := w.scanner.names.at(f.ref); len(w.path)+1+len(name) > w.readers.longest() {
			err := &fs.PathError{Op: "lstat", Path: h.in(name), Err: errNameTooLong}
			w.unread = append(w.unread, unreadDirectory{dir: j.dir, err: err, known: true})
			return
		}
	}
}

// keep makes entries of the names that were found, in order, and jobs of the
// directories among them; slow tells that calls on this one may wait.
func (w *worker) keep(j job, slow bool) error {
	names := w.scanner.names.frozen()
	w.keys = sortFound(w.found, names, w.keys)
	at, err := w.entries.reserve(len(w.found))
	if err != nil {
		return err
	}
	first := ID(at)
	w.ids = slices.Grow(w.ids[:0], len(w.found))[:len(w.found)]
	directories, noted := w.takeStock(j.dir, names)
	sub, err := w.dirs.reserve(directories)
	if err != nil {
		return err
	}
	w.jobs = w.jobs[:0]
	for i, key := range w.keys {
		f := w.found[key.at]
		w.ids[key.at] = first + ID(i)
		e := w.entries.at(at + uint32(i))
		*e = entry{name: f.ref, ref: noDirectory, mode: f.kind}
		if !f.kind.IsDir() {
			continue
		}
		e.ref = sub
		d := w.dirs.at(sub)
		*d = directory{entry: first + ID(i), parent: j.dir}
		below, prune := w.policy.directory(j.state, w.path, names.at(f.ref))
		if prune != readAll {
			d.first = notRead
		}
		if prune != readNothing {
			w.jobs = append(w.jobs, job{dir: DirID(sub), state: below, slow: slow, closed: prune == listOnly})
		}
		sub++
	}
	d := w.dirs.at(uint32(j.dir))
	d.first, d.count = first, ID(len(w.found))
	if noted {
		w.noted = append(w.noted, j.dir)
	}
	w.queue.push(w.jobs...)
	return nil
}

// takeStock counts the directories among what was found in one, and marks what is
// noted. It goes the way that the names lie in memory, which is not their order.
func (w *worker) takeStock(dir DirID, names names) (directories int, noted bool) {
	above := ""
	if dir != 0 {
		above = names.at(w.entries.at(uint32(w.dirs.at(uint32(dir)).entry)).name)
	}
	for i := range w.found {
		f := &w.found[i]
		if f.kind.IsDir() {
			directories++
		}
		if w.opts.Note != nil && w.opts.Note(above, names.at(f.ref)) {
			f.kind |= isNoted
			noted = true
		}
	}
	return directories, noted
}

// noDirectory tells an entry that is still to be looked at from a directory, whose
// mode another goroutine may be writing.
const noDirectory = 1<<32 - 1

// look asks about entries of a directory, in the order in which the kernel has listed
// them and their names lie in memory: in that of the names a flat directory of 200,000
// files takes 4 % longer. It works on copies: entries that several goroutines write,
// one here and one there, make each wait for the other's cache. Where several cannot be
// looked at, the first by its name is told of.
func (w *worker) look(j job, h *handle, ids []ID) {
	w.looks = w.looks[:0]
	for _, id := range ids {
		if e := w.entries.at(uint32(id)); e.ref == noDirectory {
			w.looks = append(w.looks, looked{id: id, entry: *e})
		}
	}
	var failed error
	var at ID
	for i := range w.looks {
		l := &w.looks[i]
		if err := w.lookAt(j, h, l.id, &l.entry); err != nil && (failed == nil || l.id < at) {
			failed, at = err, l.id
		}
	}
	for i := range w.looks {
		*w.entries.at(uint32(w.looks[i].id)) = w.looks[i].entry
	}
	if failed != nil {
		w.lost(j.dir, failed)
	}
}

// lookAt asks about one entry that is no directory.
func (w *worker) lookAt(j job, h *handle, id ID, e *entry) error {
	name, stat := w.scanner.names.at(e.name), &w.stat
	err := w.reader.stat(h, name, stat)
	gone := vanished(err)
	if err != nil && !gone {
		return err
	}
	if gone || stat.Mode.IsDir() {
		e.mode |= hasVanished
		w.vanished++
		return nil
	}
	e.mode, e.ref = e.mode&isNoted|stat.Mode, uint32(min(stat.Size, sizeIsRare))
	if w.facts.note(id, stat) {
		e.mode |= hasFacts
	}
	if stat.Private {
		if err := w.reader.readable(h, name); err != nil {
			w.facts.setUnread(id, e, err)
		}
	}
	if w.opts.Fetch && w.policy.wants(j.state, name) {
		w.fetch(h, id, e, name)
	}
	return nil
}

// fetch reads what only entries that are sent need. What fails is tried again
// when it is known to be needed.
func (w *worker) fetch(h *handle, id ID, e *entry, name string) {
	attributes, err := w.reader.xattrs(h, name)
	if err != nil {
		return
	}
	if e.mode&fs.ModeSymlink != 0 {
		target, err := w.reader.readlink(h, name)
		if err != nil {
			return
		}
		w.facts.more(id).target = target
		e.mode |= hasFacts
	}
	if len(attributes) > 0 {
		w.facts.attributes.set(uint32(id), w.sets.add(attributes))
		e.mode |= hasFacts
	}
	e.mode |= wasFetched
}
