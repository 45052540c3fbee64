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

// converter is convert.go : dispatchContext for one resolution.
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

	main     *load
	loads    []*load
	unknowns []Unknown
}

func (c *converter) convert(targetName string) (*stageState, error) {
	stages, args, err := c.file.parseStages(c.lint)
	if err != nil {
		return nil, err
	}
	c.lex = shell.NewLex(c.file.ast.EscapeToken)
	c.byName = map[string]*stageState{}
	c.declared = map[string]bool{}

	stageName := targetName
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
	target, err := c.target(targetName)
	if err != nil {
		return nil, err
	}
	if err := c.buildDependencies(); err != nil {
		return nil, err
	}
	reachable, err := c.resolveStages(target)
	if err != nil {
		return nil, err
	}
	if err := c.dispatchStages(reachable, target); err != nil {
		return nil, err
	}
	if err := c.lint.Error(); err != nil {
		return nil, err
	}
	return target, target.state.err
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
