package buildcontext

import "sync/atomic"

// openDir is a directory that is open for the goroutine that reads it, for those that
// look at pieces of it, and for those that will open a directory in it: the kernel then
// need not go down from the root, nor we put the path together.
type openDir struct {
	handle
	users atomic.Int32 // the last one closes it
	kept  bool         // it is kept open for others
	division
}

// maxKept is how many directories are kept open for those below them. In a tree that
// is deeper some are opened by their path again.
const maxKept = 128

// open opens the directory of a job. Where that fails, it still can be asked about.
func (w *worker) open(j job) (*openDir, error) {
	d := w.fresh()
	d.handle = handle{paths: w.scanner, dir: j.dir, fd: -1, slow: j.slow}
	d.users.Store(1)
	if j.above == nil {
		return d, w.reader.open(&d.handle, nil, "")
	}
	defer w.release(j.above)
	name := w.scanner.names.at(w.entries.at(uint32(w.dirs.at(uint32(j.dir)).entry)).name)
	return d, w.reader.open(&d.handle, &j.above.handle, name)
}

// fresh returns one that nobody uses.
func (w *worker) fresh() *openDir {
	last := len(w.free) - 1
	if last < 0 {
		return &openDir{}
	}
	d := w.free[last]
	w.free = w.free[:last]
	return d
}

// keepOpen keeps a directory open for jobs.
func (w *worker) keepOpen(d *openDir, jobs []job) {
	if len(jobs) == 0 || w.kept.Add(1) > maxKept {
		if len(jobs) > 0 {
			w.kept.Add(-1)
		}
		return
	}
	d.kept = true
	d.users.Add(int32(len(jobs)))
	for i := range jobs {
		jobs[i].above = d
	}
}

// release tells that somebody needs the directory no more.
func (w *worker) release(d *openDir) {
	if d.users.Add(-1) > 0 {
		return
	}
	w.reader.close(&d.handle)
	if d.kept {
		w.kept.Add(-1)
	}
	d.kept, d.division = false, division{}
	w.free = append(w.free, d)
}

// drop closes what is open for a job that nobody does.
func (w *worker) drop(j job) {
	switch {
	case j.piece != nil:
		if d := j.piece.of; d.left.Add(-1) == 0 {
			w.release(d)
		}
	case j.above != nil:
		w.release(j.above)
	}
}

// giveUp drops what a scan that has failed leaves behind.
func (s *scanner) giveUp() {
	w := s.worker()
	for _, j := range s.queue.jobs {
		w.drop(j)
	}
}
