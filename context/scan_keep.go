package buildcontext

import (
	"io/fs"
	"slices"
)

// keep makes entries of what was found in a directory, in order, and jobs of the
// directories among it.
func (w *worker) keep(j job, d *openDir, b *batch) error {
	switch {
	case b.failed != nil:
		w.lost(j.dir, b.failed)
		return nil //nolint:nilerr // it is told of, and the scan goes on
	case len(b.found) == 0:
		return nil
	}
	names := w.scanner.names.frozen()
	w.checkLength(j, b, names)
	order := w.sorter.sort(b.found, names)
	at, err := w.entries.reserve(len(order))
	if err != nil {
		return err
	}
	sub, err := w.dirs.reserve(b.directories)
	if err != nil {
		return err
	}
	first := ID(at)
	w.jobs = w.jobs[:0]
	entries := w.entries.frozen()
	for i, place := range order {
		e := entries.at(at + uint32(i))
		*e = b.found[place]
		if !e.mode.IsDir() {
			continue
		}
		e.ref = sub
		dir, name := w.dirs.at(sub), names.at(e.name)
		*dir = directory{entry: first + ID(i), parent: j.dir}
		below, prune := w.policy.directory(j.state, w.here, name)
		if prune != readAll {
			dir.first = notRead
		}
		if prune != readNothing {
			w.jobs = append(w.jobs, job{dir: DirID(sub), state: below, length: j.below(name), slow: d.slow, closed: prune == listOnly})
		}
		sub++
	}
	dir := w.dirs.at(uint32(j.dir))
	dir.first, dir.count = first, ID(len(order))
	if b.noted {
		w.noted = append(w.noted, j.dir)
	}
	w.keepExtras(b, first, order)
	w.seen.Add(int64(len(order)))
	w.keepOpen(d, w.jobs)
	w.queue.push(w.jobs...)
	return nil
}

// keepExtras notes what is not ordinary about entries, of which the first of their
// directory has an ID.
func (w *worker) keepExtras(b *batch, first ID, order []uint32) {
	if len(b.extras) == 0 {
		return
	}
	w.ids = slices.Grow(w.ids[:0], len(b.found))[:len(b.found)]
	for i, place := range order {
		w.ids[place] = first + ID(i)
	}
	for i := range b.extras {
		x := &b.extras[i]
		id := w.ids[x.at]
		e := w.entries.at(uint32(id))
		if x.odd {
			w.facts.note(id, &x.stat)
		}
		if x.attributes != 0 {
			w.facts.attributes.set(uint32(id), x.attributes)
		}
		if x.target != "" {
			w.facts.more(id).target = x.target
		}
		if x.unread != nil {
			w.facts.setUnread(id, e, x.unread)
		}
		e.mode |= hasFacts
	}
}

// checkLength marks a directory in which an entry's path is longer than the kernel
// takes. We look at it near the directory, but the builders, who name it by its
// whole path, cannot.
func (w *worker) checkLength(j job, b *batch, names names) {
	if j.length+1+maxName <= w.readers.longest() || j.dir == 0 {
		return
	}
	for i := range b.found {
		if name := names.at(b.found[i].name); j.below(name) > w.readers.longest() {
			err := &fs.PathError{Op: "lstat", Path: string(appendPath(w.here(), name)), Err: errNameTooLong}
			w.unread = append(w.unread, unreadDirectory{dir: j.dir, err: err, known: true})
			return
		}
	}
}
