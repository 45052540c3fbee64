package dockerfile

import (
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// A resolution goes through the files in this order: stages.go (what the FROM
// lines say), depend.go (which stages need which), base.go (what those that the
// target needs begin with), dispatch.go (their instructions, with run.go and
// copy.go). state.go is what they change.
//
// They follow moby/buildkit v0.34.2
// frontend/dockerfile/dockerfile2llb/convert.go function by function, with the
// graph of operations left out: of a state only its environment, its directory
// and the contexts that it descends from are kept. The order of the steps, the
// places where a name is lowered or not, and the shared path sets are kept even
// where they look accidental, because the number that docker prints depends on
// them.

// scratch is the base name that stands for no image at all.
const scratch = "scratch"

// converter is convert.go : dispatchContext for one resolution: of one target, or
// of several in one go.
type converter struct {
	file           *File
	buildArgs      map[string]string
	named          map[string]*namedContext
	buildPlatform  platform
	targetPlatform platform
	lint           *linter.Linter

	lex      *shell.Lex
	globals  *environ
	declared map[string]bool // by an ARG before the first FROM
	states   []*stageState
	byName   map[string]*stageState
	written  int  // the number of states before those that triggers bring in
	counts   bool // a trigger names a state by number that a trigger brought in

	main     *load
	loads    []*load
	unknowns []Unknown // about the whole file
	err      error     // of the first stage that cannot be built
}

// convert resolves the stages that some targets need, each once. Without a target
// of an unknown name it fails only where no target could be built: what stands in
// the way of some is put down at the stages, and the first of it in c.err.
func (c *converter) convert(targetNames []string) ([]*stageState, error) {
	stages, args, err := c.file.parseStages(c.lint)
	if err != nil {
		return nil, err
	}
	c.lex = shell.NewLex(c.file.ast.EscapeToken)
	c.byName = map[string]*stageState{}
	c.declared = map[string]bool{}

	stageName := targetNames[0]
	if stageName == "" {
		stageName = stages[len(stages)-1].Name
	}
	c.globals = c.defaultArgs(stageName)
	if err := c.metaArgs(args); err != nil {
		return nil, err
	}
	if err := c.sourceDateEpoch(stages); err != nil {
		return nil, err
	}
	if err := c.buildStates(stages); err != nil {
		return nil, err
	}
	var targets []*stageState
	for _, name := range targetNames {
		target, err := c.target(name)
		if err != nil {
			return nil, err
		}
		targets = append(targets, target)
	}
	if err := c.buildDependencies(); err != nil {
		return nil, err
	}
	reachable, err := c.resolveStages(targets)
	if err != nil {
		return nil, err
	}
	c.dispatchStages(reachable)
	return targets, nil
}

// fail puts down why no target that needs a stage can be built.
func (c *converter) fail(d *stageState, err error) {
	d.failed = true
	if c.err == nil {
		c.err = err
	}
}

// defaultArgs follows platform.go : defaultArgs.
func (c *converter) defaultArgs(target string) *environ {
	if target == "" {
		target = "default"
	}
	b, t := c.buildPlatform, c.targetPlatform
	env := &environ{}
	for _, kv := range [...][2]string{
		{"BUILDPLATFORM", b.short()},
		{"BUILDOS", b.os},
		{"BUILDOSVERSION", b.version},
		{"BUILDARCH", b.arch},
		{"BUILDVARIANT", b.variant},
		{"TARGETPLATFORM", t.all()},
		{"TARGETOS", t.os},
		{"TARGETOSVERSION", t.version},
		{"TARGETARCH", t.arch},
		{"TARGETVARIANT", t.variant},
		{"TARGETSTAGE", target},
	} {
		v := kv[1]
		if given, ok := c.buildArgs[kv[0]]; ok {
			v = given
		}
		env.set(kv[0], variable{value: v})
	}
	return env
}

// metaArgs follows convert.go : buildMetaArgs.
func (c *converter) metaArgs(args []instructions.ArgCommand) error {
	for _, cmd := range args {
		for _, kv := range cmd.Args {
			c.declared[kv.Key] = true
			if v, ok := c.buildArgs[kv.Key]; ok {
				c.globals.set(kv.Key, variable{value: v})
			} else if kv.Value != nil {
				v, _, err := c.lex.ProcessWord(*kv.Value, c.globals)
				if err != nil {
					return parser.WithLocation(err, cmd.Location())
				}
				c.globals.set(kv.Key, variable{value: v})
			}
		}
	}
	return nil
}
