package buildcontext

import (
	"fmt"
	"slices"

	"github.com/ctxsize/ctxsize/ignore"
)

// buildKitRules decides about one entry as BuildKit's client does, by its name
// and what is known of the directory above. (tonistiigi/fsutil, filter.go, filterFS.Walk)
type buildKitRules struct {
	exclude, include             *ignore.Matcher // include is nil for the whole context
	excludedBelow, includedBelow func(dir string) bool
	nothing                      bool
}

func newBuildKitRules(req *Request) (*buildKitRules, error) {
	exclude, err := ignore.Compile(req.Rules)
	if err != nil {
		return nil, &RefusalError{Err: err}
	}
	r := &buildKitRules{exclude: exclude, excludedBelow: exclude.ExceptionsBelow()}
	if req.Include == nil {
		return r, nil
	}
	if r.include, err = ignore.Compile(ignore.Patterns(req.Include...)); err != nil {
		return nil, &RefusalError{Err: fmt.Errorf("BuildKit cannot read what the Dockerfile asks for: %w", err)}
	}
	r.includedBelow = r.include.MatchesBelow()
	// Where nothing is asked for, no transfer happens and no rule is tried.
	r.nothing = len(req.Include) == 0
	return r, nil
}

// root returns the state in which the entries of the context's root are decided.
// What is not entered by BuildKit's client, because nothing below it is asked for,
// is decided all the same: it may be eligible.
func (r *buildKitRules) root() state {
	s := state{exclude: r.exclude.Root(), entered: !r.nothing}
	if r.include != nil {
		s.include = r.include.Root()
	}
	return s
}

// verdict is what is decided about an entry without looking below it.
type verdict struct {
	rule int32
	// ignored by the ignore file; included by the request, and looked at.
	ignored, included bool
	// closed tells of an ignored directory that it is not entered.
	closed bool
}

const asksNonsense = "BuildKit cannot match what the Dockerfile asks for: %w"

// entry decides about what is no directory and lies in one whose state is s. The
// error is a rule's without meaning.
func (r *buildKitRules) entry(s state, name string) (verdict, error) {
	v := verdict{rule: -1, included: s.entered && r.include == nil}
	if s.include != nil {
		d, err := r.include.Entry(s.include, name)
		if err != nil {
			return v, fmt.Errorf(asksNonsense, err)
		}
		v.included = s.entered && d.Ignored
	}
	d, err := r.exclude.Entry(s.exclude, name)
	switch {
	case err == nil:
		v.rule, v.ignored = int32(d.Rule), d.Ignored
	case s.entered:
		return v, err
	}
	return v, nil
}

// directory decides about the directory called name, and returns its state. Above
// returns the path of the one that holds it.
func (r *buildKitRules) directory(s state, above func() []byte, name string) (v verdict, below state, err error) {
	v = verdict{rule: -1, included: s.entered && r.include == nil}
	below.entered = s.entered
	var d ignore.Decision
	if s.include != nil {
		if d, below.include, err = r.include.Enter(s.include, name); err != nil {
			return v, below, fmt.Errorf(asksNonsense, err)
		}
		v.included = s.entered && d.Ignored
		if !d.Ignored && !r.includedBelow(join(above(), name)) {
			below.include, below.entered = nil, false
		}
	}
	d, below.exclude, err = r.exclude.Enter(s.exclude, name)
	switch {
	case err == nil:
		v.rule, v.ignored = int32(d.Rule), d.Ignored
		v.closed = d.Ignored && !r.excludedBelow(join(above(), name))
	case below.entered:
		return v, below, err
	}
	return v, below, nil
}

// selectBuildKit walks as BuildKit's client does: an entry is sent if the request
// includes it and the ignore file does not exclude it, and so are the directories
// above it.
func (s *Selection) selectBuildKit() error {
	rules, err := newBuildKitRules(&s.Request)
	if err != nil {
		return err
	}
	s.rules = rules.exclude.Rules()
	w := buildKitWalk{Selection: s, buildKitRules: rules, seen: map[uint64]bool{}}
	w.above = func() []byte { return w.path }
	w.mayRefuse = rules.exclude.MayEmpty() ||
		rules.include != nil && slices.ContainsFunc(rules.include.Rules(), ignore.Rule.Exception)
	if w.mayRefuse {
		w.opens = rules.opensRoot()
	}
	_, _, err = w.walk(0, rules.root())
	return err
}

type buildKitWalk struct {
	*Selection
	*buildKitRules
	path  []byte          // of the directory that is walked
	above func() []byte   // returns path
	seen  map[uint64]bool // inodes that were sent
	// mayRefuse tells that the client may find a file excluded that its walk has
	// announced.
	mayRefuse bool
	opens     opens // of the directory that is walked, if the client may refuse
}

// opens is what is known of a directory for the evaluator that the client asks
// when it opens a file, which is not the one of its walk.
// (tonistiigi/fsutil, filter.go, filterFS.Open)
type opens struct{ exclude, include *ignore.State }

func (r *buildKitRules) opensRoot() opens {
	o := opens{exclude: r.exclude.PlainRoot()}
	if r.include != nil {
		o.include = r.include.PlainRoot()
	}
	return o
}

// opensBelow returns what is known of the directory called name. That a rule has
// no meaning comes out where a file is opened.
func (r *buildKitRules) opensBelow(o opens, name string) opens {
	_, o.exclude, _ = r.exclude.Enter(o.exclude, name)
	if r.include != nil {
		_, o.include, _ = r.include.Enter(o.include, name)
	}
	return o
}

// walk decides about everything in the directory at w.path and tells whether
// something below it is eligible, and whether something is sent.
func (w *buildKitWalk) walk(dir DirID, state state) (anyEligible, anySent bool, err error) {
	first, count := w.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		keep, send, err := w.entry(id, state)
		if err != nil {
			return false, false, err
		}
		anyEligible = anyEligible || keep
		anySent = anySent || send
	}
	return anyEligible, anySent, nil
}

func (w *buildKitWalk) entry(id ID, state state) (keep, send bool, err error) {
	e := w.inv.entry(id)
	name := w.inv.names.at(e.name)
	if e.mode.IsDir() {
		return w.enter(id, e, name, state)
	}
	v, err := w.buildKitRules.entry(state, name)
	if err != nil {
		return false, false, &RefusalError{Path: join(w.path, name), Err: err}
	}
	w.setRule(id, v.rule)
	keep, send = !v.ignored, !v.ignored && v.included
	w.mark(id, e, name, keep, send)
	return keep, send, nil
}

func (w *buildKitWalk) enter(id ID, e *entry, name string, state state) (keep, send bool, err error) {
	v, below, err := w.buildKitRules.directory(state, w.above, name)
	if err != nil {
		return false, false, &RefusalError{Path: join(w.path, name), Err: err}
	}
	w.setRule(id, v.rule)
	sub := DirID(e.ref)
	switch {
	case v.closed:
		w.ignoreBelow(sub, v.rule)
		return false, false, nil
	case w.inv.Pruned(sub):
		return false, false, errPruned
	}
	if err := w.inv.Unread(id); err != nil && below.entered {
		return false, false, &RefusalError{Path: join(w.path, name), Err: err}
	}
	above, opensAbove := len(w.path), w.opens
	w.path = appendPath(w.path, name)
	if w.mayRefuse {
		w.opens = w.opensBelow(w.opens, name)
	}
	anyEligible, anySent, err := w.walk(sub, below)
	w.path, w.opens = w.path[:above], opensAbove
	if err != nil {
		return false, false, err
	}
	keep, send = !v.ignored, !v.ignored && v.included
	if anySent && !send {
		w.marks[id] |= carried
	}
	keep, send = keep || anyEligible, send || anySent
	w.mark(id, e, name, keep, send)
	return keep, send, nil
}

func (w *buildKitWalk) mark(id ID, e *entry, name string, keep, send bool) {
	if keep {
		w.marks[id] |= eligible
	}
	if !send {
		return
	}
	w.marks[id] |= sent
	if e.mode&hasFacts == 0 && !w.mayRefuse {
		return
	}
	if e.mode.IsRegular() && w.first(id) && (w.inv.Unread(id) != nil || w.mayRefuse && w.refused(name)) {
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
// announced, finds it excluded. (tonistiigi/fsutil, send.go, sender.sendFile)
func (w *buildKitWalk) refused(name string) bool {
	if d, err := w.exclude.Entry(w.opens.exclude, name); err != nil || d.Ignored {
		return true
	}
	if w.include == nil {
		return false
	}
	d, err := w.include.Entry(w.opens.include, name)
	return err != nil || !d.Ignored
}
