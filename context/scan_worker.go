package buildcontext

import (
	"errors"
	"io/fs"
)

// worker is one goroutine of a scan with what it has found.
type worker struct {
	*scanner
	reader reader
	names  nameWriter
	facts  facts

	batch batch // of the directory that is read
	// add puts a name into the batch.
	add    func(name string, kind fs.FileMode) error
	sorter sorter
	ids    []ID // of the batch, where somebody needs them
	jobs   []job
	free   []*openDir
	stat   Stat // of the entry that is looked at
	// here returns the path of dir, which is that of the job. Few ask for it.
	here   func() []byte
	dir    DirID
	path   []byte
	noted  []DirID // those that hold an entry that is noted
	unread []unreadDirectory
}

type unreadDirectory struct {
	dir DirID
	err error
	// known tells that the entries are known all the same.
	known bool
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
			w.drop(j)
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
	w.dir = j.dir
	if j.piece != nil {
		w.look(j, &j.piece.of.handle, &j.piece.batch)
		return w.finish(j, j.piece.of)
	}
	d, err := w.open(j)
	if err != nil && j.dir == 0 {
		return err
	}
	if !w.enter(j, &d.handle, err) {
		w.release(d)
		return nil
	}
	return w.read(j, d)
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
	if !self.ordinary() {
		w.facts.note(d.entry, self)
		e.mode |= hasFacts
	}
	if openError != nil {
		w.lost(j.dir, openError)
		return false
	}
	if w.opts.Fetch && j.state.entered {
		if attributes, _, ok := w.fetch(h, e, ""); attributes != 0 && ok {
			w.facts.attributes.set(uint32(d.entry), attributes)
			e.mode |= hasFacts
		}
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

// read lists a directory and looks at what lies in it. A large one is cut into
// pieces, which others may look at while the rest is listed.
func (w *worker) read(j job, d *openDir) error {
	w.batch.reset()
	for more := true; more; {
		var err error
		more, err = w.reader.list(&d.handle, w.add)
		switch {
		case errors.Is(err, errTooMany), err != nil && j.dir == 0:
			w.fail(err)
			more = false
		case err != nil:
			w.batch.failed, more = err, false
		case j.closed:
			w.batch.reset()
		case d.pieces != nil || len(w.batch.found) >= 2*pieceSize:
			w.cut(j, d)
		}
	}
	if d.pieces != nil {
		d.failed = w.batch.failed
		return w.finish(j, d)
	}
	if w.batch.failed == nil {
		w.look(j, &d.handle, &w.batch)
	}
	err := w.keep(j, d, &w.batch)
	w.release(d)
	return err
}
