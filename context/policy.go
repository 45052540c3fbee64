package buildcontext

import (
	"github.com/ctxsize/ctxsize/ignore"
)

// policy says, while a context is scanned, what a builder will do with an entry:
// what is sent is read whole, and a directory of which nothing can be sent need
// not be read. A policy may err on the side of reading too much or of fetching
// too little; what is sent is decided by [Select] alone.
type policy interface {
	root() state
	// directory returns the state in which a directory's entries are looked at.
	// Above returns the path of the directory above.
	directory(s state, above func() []byte, name string) (below state, read extent)
	// wants tells whether the attributes of an entry will be needed that is no
	// directory.
	wants(s state, name string) bool
}

// extent is how much of a directory is read.
type extent uint8

const (
	readAll extent = iota
	// listOnly finds out whether the directory can be read.
	listOnly
	readNothing
)

// state is what a policy knows of a directory.
type state struct {
	exclude, include *ignore.State
	// entered tells that the builder comes here, so that the directory itself
	// may be sent.
	entered bool
}

func newPolicy(opts ScanOptions) policy {
	if opts.For == nil || !opts.Fetch && !opts.Prune {
		return readsAll{}
	}
	switch opts.For.Builder {
	case BuildKit:
		if rules, err := newBuildKitRules(opts.For); err == nil {
			return &buildKitPolicy{rules, opts.Prune}
		}
	case Classic:
		if p, err := newClassicPolicy(opts.For, opts.Prune); err == nil {
			return p
		}
	case Podman:
		if m, err := ignore.CompilePodman(opts.For.Rules); err == nil && opts.Prune {
			return podmanPolicy{m}
		}
	}
	// Rules that cannot be compiled are told of when they are selected by.
	return readsAll{}
}

// readsAll reads every entry and fetches nothing.
type readsAll struct{}

func (readsAll) root() state                                            { return state{} }
func (readsAll) directory(state, func() []byte, string) (state, extent) { return state{}, readAll }
func (readsAll) wants(state, string) bool                               { return false }

// buildKitPolicy follows [Selection.selectBuildKit].
type buildKitPolicy struct {
	*buildKitRules
	prune bool
}

func (p *buildKitPolicy) directory(s state, above func() []byte, name string) (state, extent) {
	if s.exclude == nil || !s.entered && !p.prune {
		return s, readAll
	}
	v, below, err := p.buildKitRules.directory(s, above, name)
	switch {
	case err != nil || v.closed && !p.prune:
		return state{}, readAll
	case v.closed:
		return state{}, readNothing
	default:
		return below, readAll
	}
}

func (p *buildKitPolicy) wants(s state, name string) bool {
	if !s.entered {
		return false
	}
	v, err := p.entry(s, name)
	return err == nil && !v.ignored && v.included
}

// classicPolicy follows [classicWalk] and [Selection.checkClassic].
type classicPolicy struct {
	matcher, rescued *ignore.Matcher
	enters           func(dir string) bool
	prune            bool
}

func newClassicPolicy(req *Request, prune bool) (*classicPolicy, error) {
	matcher, err := ignore.Compile(req.Rules)
	if err != nil {
		return nil, err
	}
	rescued, err := ignore.Compile(rescue(matcher, req.Rules, req.Dockerfile))
	if err != nil {
		return nil, err
	}
	return &classicPolicy{matcher, rescued, rescued.ExceptionsLiteral(), prune}, nil
}

func (p *classicPolicy) root() state { return state{exclude: p.rescued.Root(), entered: true} }

// directory prunes what both the walk and the check leave out. The check has read
// such a directory before it asks, and so has to be able to.
func (p *classicPolicy) directory(s state, above func() []byte, name string) (state, extent) {
	if !s.entered {
		return s, readAll
	}
	d, below, err := p.rescued.Enter(s.exclude, name)
	if err == nil && d.Ignored {
		path := join(above(), name)
		if !p.enters(path) {
			if plain, err := p.matcher.Plain(path); p.prune && err == nil && plain.Ignored {
				return state{}, listOnly
			}
			return state{}, readAll
		}
	}
	return state{exclude: below, entered: true}, readAll
}

func (p *classicPolicy) wants(s state, name string) bool {
	if !s.entered {
		return false
	}
	d, err := p.rescued.Entry(s.exclude, name)
	return err == nil && !d.Ignored
}

// podmanPolicy follows [podmanWalk]. Nothing is fetched, for nothing is weighed.
type podmanPolicy struct{ matcher *ignore.PodmanMatcher }

func (podmanPolicy) root() state              { return state{} }
func (podmanPolicy) wants(state, string) bool { return false }

func (p podmanPolicy) directory(_ state, above func() []byte, name string) (state, extent) {
	full := join(above(), name)
	if d, err := p.matcher.Match(full); err == nil && d.Ignored && !p.matcher.Enters(full) {
		return state{}, readNothing
	}
	return state{}, readAll
}

// join returns the path of an entry in a directory; the root's is empty.
func join(dir []byte, name string) string {
	if len(dir) == 0 {
		return name
	}
	return string(dir) + "/" + name
}

// appendPath makes the path of a directory's entry of the directory's.
func appendPath(dir []byte, name string) []byte {
	if len(dir) > 0 {
		dir = append(dir, '/')
	}
	return append(dir, name...)
}
