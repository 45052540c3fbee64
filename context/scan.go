package buildcontext

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// ScanOptions says how a source is scanned. The zero value is useful.
type ScanOptions struct {
	// Progress, where set, is called now and then with the number of entries
	// seen so far, from the goroutine that scans.
	Progress func(entries int)
	// For, where set, is what the inventory will be asked.
	For *Request
	// Fetch reads of what For sends what only a measurement needs: attributes and
	// targets of links. [Selection.Complete] finds them there then; near the
	// directory they cost half as much.
	Fetch bool
	// Prune leaves unread what For ignores for sure: directories in which the
	// builder would not look for anything that is sent. The inventory tells them
	// by [Inventory.Pruned], and totals of what is on disk or ignored lack them.
	Prune bool
	// Note, where set, tells of a name, and the name of the directory that holds it
	// ("" is the root), whether somebody will ask about entries that are called so:
	// [Inventory.Noted] then spares a walk all the others. It is called for every
	// entry, by several goroutines.
	Note func(dir, name string) bool
}

// maxWorkers bounds how many goroutines scan: beyond it, they wait for the
// kernel's locks on directories more than they gain.
const maxWorkers = 16

// slowWorkers is how many goroutines scan a file system on which calls wait.
const slowWorkers = 32

// Scan reads every entry of a source. A directory that cannot be read is kept as
// such ([Inventory.Unread]), and so is a file; the builders differ in what they
// make of it. An entry that vanishes while it is read is left out, as the builders
// leave it out. The error is the root's, or the context's when that is cancelled.
//
// IDs depend on chance: which directory was read first. Their order within a
// directory does not.
func Scan(ctx context.Context, src Source, opts ScanOptions) (*Inventory, error) {
	readers, err := readersOf(src)
	if err != nil {
		return nil, err
	}
	return scan(ctx, readers, min(runtime.GOMAXPROCS(0), maxWorkers), opts)
}

// scan reads with so many goroutines.
func scan(ctx context.Context, readers readers, workers int, opts ScanOptions) (*Inventory, error) {
	defer readers.close()
	s := &scanner{ctx: ctx, opts: opts, readers: readers, policy: newPolicy(opts)}
	s.queue.init()
	root, err := s.dirs.reserve(1)
	if err != nil {
		return nil, err
	}
	s.queue.push(job{dir: DirID(root), state: s.policy.root()})
	for range workers - 1 {
		s.start()
	}
	s.worker().run(opts.Progress)
	s.running.Wait()
	if err := s.err(); err != nil {
		s.giveUp()
		return nil, err
	}
	return s.inventory(), nil
}

// scanner is what the goroutines of one scan share.
type scanner struct {
	ctx     context.Context //nolint:containedctx // lives as long as one scan
	opts    ScanOptions
	readers readers
	policy  policy

	entries table[entry]
	dirs    table[directory]
	names   nameTable
	sets    attributeSets
	seen    atomic.Int64 // entries, for the progress

	queue   queue
	kept    atomic.Int32 // directories that are open for those below them
	more    sync.Once    // starts the goroutines for slow file systems
	running sync.WaitGroup

	mu      sync.Mutex // guards what follows
	workers []*worker
	failed  error
}

func (s *scanner) worker() *worker {
	w := &worker{scanner: s, reader: s.readers.reader()}
	w.here = func() []byte {
		w.path = w.scanner.path(w.path[:0], w.dir)
		return w.path
	}
	w.names.table = &s.names
	w.add = func(name string, kind fs.FileMode) error {
		ref, err := w.names.add(name)
		w.batch.found = append(w.batch.found, entry{name: ref, mode: kind})
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.workers = append(s.workers, w)
	return w
}

func (s *scanner) start() {
	s.running.Go(func() { s.worker().run(nil) })
}

// startMore adds goroutines once it is known that calls wait.
func (s *scanner) startMore() {
	s.more.Do(func() {
		for range slowWorkers {
			s.start()
		}
	})
}

// fail ends the scan.
func (s *scanner) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = err
	}
	s.queue.stop()
}

func (s *scanner) err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

// path appends the path of a directory to buf.
func (s *scanner) path(buf []byte, dir DirID) []byte {
	var above [64]uint32 // deeper directories take a slower way
	depth := 0
	for d := dir; d != 0; depth++ {
		at := s.dirs.at(uint32(d))
		if depth == len(above) {
			buf = append(s.path(buf, d), '/')
			break
		}
		above[depth] = s.entries.at(uint32(at.entry)).name
		d = at.parent
	}
	for i := min(depth, len(above)) - 1; i >= 0; i-- {
		buf = append(buf, s.names.at(above[i])...)
		if i > 0 {
			buf = append(buf, '/')
		}
	}
	return buf
}

func (s *scanner) pathOf(dir DirID) string { return string(s.path(nil, dir)) }

// inventory puts together what the goroutines found.
func (s *scanner) inventory() *Inventory {
	inv := &Inventory{
		entries: s.entries.frozen(), used: uint32(s.entries.used),
		dirs: s.dirs.frozen(), usedDirs: uint32(s.dirs.used),
		names: s.names.frozen(), sets: &s.sets, notes: s.opts.Note != nil,
	}
	gaps := 0
	var unread []unreadDirectory
	for _, w := range s.workers {
		inv.facts.merge(&w.facts)
		unread = append(unread, w.unread...)
		for _, dir := range w.noted {
			inv.noteAbove(dir)
		}
	}
	// Who came first is chance; what is told is not.
	slices.SortFunc(unread, func(a, b unreadDirectory) int {
		return cmp.Or(cmp.Compare(a.dir, b.dir), cmp.Compare(a.err.Error(), b.err.Error()))
	})
	for _, u := range unread {
		d := inv.dirs.at(uint32(u.dir))
		if !u.known {
			d.count = 0
		}
		if vanished(u.err) {
			inv.entry(d.entry).mode |= hasVanished
			gaps++
		} else {
			inv.facts.setUnread(d.entry, inv.entry(d.entry), u.err)
		}
	}
	if gaps > 0 {
		for dir := range DirID(inv.usedDirs) {
			inv.dropVanished(dir)
		}
	}
	return inv
}

// dropVanished closes the gaps that vanished directories left in the one above.
func (inv *Inventory) dropVanished(dir DirID) {
	d := inv.dirs.at(uint32(dir))
	to := d.first
	for from := d.first; from < d.first+d.count; from++ {
		if inv.entry(from).mode&hasVanished != 0 {
			inv.facts.forget(from)
			continue
		}
		if to != from {
			*inv.entry(to) = *inv.entry(from)
			inv.facts.copy(from, to)
			inv.facts.forget(from)
			if sub, ok := inv.Dir(to); ok {
				inv.dirs.at(uint32(sub)).entry = to
			}
		}
		to++
	}
	d.count = to - d.first
}

func vanished(err error) bool { return err != nil && errors.Is(err, fs.ErrNotExist) }
