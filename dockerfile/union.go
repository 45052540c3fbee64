package dockerfile

import (
	"reflect"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// Union is what the builds of all targets read of the main context.
type Union struct {
	// Each is every read of a target that can be built, none twice: those of the
	// first target, then what each of the others reads besides, in the order of the
	// Dockerfile.
	Each []buildcontext.Read
	// Unknown is what the Dockerfile alone does not tell about these targets, none
	// twice, in the same order.
	Unknown []Unknown
	// Err is why the first target that cannot be built cannot; nil where all can.
	Err error
}

// ResolveAll joins what [File.Resolve] finds for each of [File.Targets] in turn. It
// takes as long as one of them, unless a stage depends on the name of the target.
// The target of the options does not count. It may be called from several
// goroutines at once.
func (f *File) ResolveAll(opts Options) *Union {
	u := &joiner{file: f, opts: opts, reads: map[readPlace][]buildcontext.Read{}, unknowns: map[Unknown]bool{}}
	if f.namesTarget() || !u.join(f.targets) {
		for _, target := range f.targets {
			u.join([]string{target})
		}
	}
	return &u.Union
}

// namesTarget tells whether an instruction has the name of the variable that holds
// the name of the target.
func (f *File) namesTarget() bool {
	return slices.ContainsFunc(f.ast.AST.Children, func(n *parser.Node) bool { return strings.Contains(n.Original, "TARGETSTAGE") })
}

// joiner makes a Union of resolutions.
type joiner struct {
	Union
	file     *File
	opts     Options
	reads    map[readPlace][]buildcontext.Read
	unknowns map[Unknown]bool
}

// readPlace has few reads.
type readPlace struct {
	line        int
	stage, path string
}

// join adds what some targets read. It refuses targets that a stage is not the same
// for: where a trigger names a stage by its number, and triggers bring in stages.
func (u *joiner) join(names []string) bool {
	c, targets, err := u.file.convert(u.opts, names)
	if err != nil {
		u.fail(names[0])
		return true
	}
	if c.counts && len(targets) > 1 {
		return false
	}
	failing := c.needing(func(d *stageState) bool { return d.failed })
	warned := c.warnings() != nil
	var built []*stageState
	for i, name := range names {
		target := targets[i]
		if warned || failing[target] || target.state.err != nil {
			u.fail(name)
			continue
		}
		built = append(built, target)
	}
	reads, unknowns := c.gather(built)
	for _, read := range reads {
		at := readPlace{read.Line, read.Stage, read.Path}
		if !slices.ContainsFunc(u.reads[at], func(r buildcontext.Read) bool { return reflect.DeepEqual(r, read) }) {
			u.reads[at] = append(u.reads[at], read)
			u.Each = append(u.Each, read)
		}
	}
	for _, unknown := range unknowns {
		if !u.unknowns[unknown] {
			u.unknowns[unknown] = true
			u.Unknown = append(u.Unknown, unknown)
		}
	}
	return true
}

// fail puts down why the first target that cannot be built cannot: with others one
// does not know what comes first.
func (u *joiner) fail(name string) {
	if u.Err == nil {
		opts := u.opts
		opts.Target = name
		_, u.Err = u.file.Resolve(opts)
	}
}
