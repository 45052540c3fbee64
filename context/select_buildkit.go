package buildcontext

import (
	"fmt"

	"github.com/ctxsize/ctxsize/ignore"
)

// selectBuildKit walks as BuildKit's client does: an entry is sent if the request
// includes it and the ignore file does not exclude it, and so are the directories
// above it. (tonistiigi/fsutil, filter.go, filterFS.Walk)
func (s *Selection) selectBuildKit(exclude *ignore.Matcher) error {
	w := buildKitWalk{
		Selection:     s,
		exclude:       exclude,
		excludedBelow: exclude.ExceptionsBelow(),
		seen:          map[uint64]bool{},
	}
	if s.Include != nil {
		include, err := ignore.Compile(ignore.Patterns(s.Include...))
		if err != nil {
			return &RefusalError{Err: fmt.Errorf("BuildKit cannot read what the Dockerfile asks for: %w", err)}
		}
		w.include = include
		w.includedBelow = include.MatchesBelow()
	}
	// Where nothing is asked for, no transfer happens and no rule is tried.
	nothing := s.Include != nil && len(s.Include) == 0
	root := buildKitState{exclude: exclude.Root(), visited: !nothing}
	if w.include != nil {
		root.include = w.include.Root()
	}
	_, _, err := w.directory(0, "", root)
	return err
}

type buildKitWalk struct {
	*Selection
	exclude, include             *ignore.Matcher // include is nil for the whole context
	excludedBelow, includedBelow func(dir string) bool
	seen                         map[uint64]bool // inodes that were sent
}

// buildKitState is what is known of a directory when its entries are decided.
type buildKitState struct {
	exclude *ignore.State
	include *ignore.State // nil where nothing is included, or everything is
	// visited tells that BuildKit's client itself comes here. Where it does not,
	// because nothing below is asked for, eligibility is decided all the same.
	visited bool
}

// directory decides about everything in a directory and tells whether something
// below it is eligible, and whether something is sent.
func (w *buildKitWalk) directory(dir DirID, prefix string, state buildKitState) (anyEligible, anySent bool, err error) {
	first, count := w.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		keep, send, err := w.entry(id, prefix, state)
		if err != nil {
			return false, false, err
		}
		anyEligible = anyEligible || keep
		anySent = anySent || send
	}
	return anyEligible, anySent, nil
}

func (w *buildKitWalk) entry(id ID, prefix string, state buildKitState) (keep, send bool, err error) {
	name := w.inv.Name(id)
	path := prefix + name
	sub, isDir := w.inv.Dir(id)
	below := buildKitState{visited: state.visited}

	included := w.include == nil
	if state.include != nil {
		var d ignore.Decision
		if isDir {
			d, below.include, err = w.include.Enter(state.include, name)
		} else {
			d, err = w.include.Entry(state.include, name)
		}
		if err != nil {
			return false, false, &RefusalError{Path: path, Err: fmt.Errorf("BuildKit cannot match what the Dockerfile asks for: %w", err)}
		}
		included = d.Ignored
		if isDir && !included && !w.includedBelow(path) {
			below.include, below.visited = nil, false
		}
	}

	var d ignore.Decision
	if isDir {
		d, below.exclude, err = w.exclude.Enter(state.exclude, name)
	} else {
		d, err = w.exclude.Entry(state.exclude, name)
	}
	if err != nil {
		if below.visited {
			return false, false, &RefusalError{Path: path, Err: err}
		}
		d = ignore.Decision{Rule: -1}
	}
	w.decided[id] = int32(d.Rule)

	keep = !d.Ignored
	send = keep && included && state.visited
	if isDir {
		if d.Ignored && !w.excludedBelow(path) {
			w.ignoreBelow(sub, w.decided[id])
			return false, false, nil
		}
		if err := w.inv.Unread(id); err != nil && below.visited {
			return false, false, &RefusalError{Path: path, Err: err}
		}
		anyEligible, anySent, err := w.directory(sub, path+"/", below)
		if err != nil {
			return false, false, err
		}
		if anySent && !send {
			w.marks[id] |= carried
		}
		keep = keep || anyEligible
		send = send || anySent
	}
	w.mark(id, path, keep, send)
	return keep, send, nil
}

func (w *buildKitWalk) mark(id ID, path string, keep, send bool) {
	if keep {
		w.marks[id] |= eligible
	}
	if !send {
		return
	}
	w.marks[id] |= sent
	if w.inv.Mode(id).IsRegular() && w.first(id) && (w.inv.Unread(id) != nil || w.refused(path)) {
		w.marks[id] |= emptied
	}
}

// first tells whether the file is the first sent of its names: only the content
// of that is asked for.
func (w *buildKitWalk) first(id ID) bool {
	inode := w.inv.Inode(id)
	if inode == 0 {
		return true
	}
	again := w.seen[inode]
	w.seen[inode] = true
	return !again
}

// refused tells whether the client, when it opens a file that its walk has
// announced, finds it excluded: it then asks another evaluator.
// (tonistiigi/fsutil, filter.go, filterFS.Open; send.go, sender.sendFile)
func (w *buildKitWalk) refused(path string) bool {
	if w.exclude.MayEmpty() {
		if d, err := w.exclude.Plain(path); err != nil || d.Ignored {
			return true
		}
	}
	if w.include != nil {
		if d, err := w.include.Plain(path); err != nil || !d.Ignored {
			return true
		}
	}
	return false
}
