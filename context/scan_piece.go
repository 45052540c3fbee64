package buildcontext

import (
	"slices"
	"sync/atomic"
)

// pieceSize is how many entries of a large directory a goroutine looks at before
// others may take the rest.
const pieceSize = 512

// piece is a part of the entries of a directory that several goroutines look at.
type piece struct {
	of    *openDir
	batch batch
}

// division is a directory in pieces, where it is large. It is put together by the
// goroutine that looks at the last.
type division struct {
	pieces []*piece
	// left counts the pieces that nobody has looked at yet, and the goroutine that
	// lists as one.
	left   atomic.Int32
	failed error // why the rest could not be listed
}

// cut makes pieces of what was listed and leaves them to whoever is free.
func (w *worker) cut(j job, d *openDir) {
	if d.pieces == nil {
		d.left.Store(1)
	}
	w.jobs = w.jobs[:0]
	for found := range slices.Chunk(w.batch.found, pieceSize) {
		p := &piece{of: d, batch: batch{found: slices.Clone(found)}}
		d.pieces = append(d.pieces, p)
		j.piece, j.above = p, nil
		w.jobs = append(w.jobs, j)
	}
	w.batch.reset()
	d.left.Add(int32(len(w.jobs)))
	w.queue.push(w.jobs...)
}

// finish is called behind each piece, and behind the list. The last call keeps all.
func (w *worker) finish(j job, d *openDir) error {
	if d.left.Add(-1) > 0 {
		return nil
	}
	w.batch.reset()
	w.batch.failed = d.failed
	for _, p := range d.pieces {
		w.batch.join(&p.batch)
	}
	d.pieces = nil
	err := w.keep(j, d, &w.batch)
	w.release(d)
	return err
}
