package dockerfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// resolveStages follows convert.go : resolveStages. Triggers may make more stages
// reachable, so it starts over until there are no new ones.
func (c *converter) resolveStages(targets []*stageState) (map[*stageState]bool, error) {
	reachable := map[*stageState]bool{}
	for found := targets; ; {
		for _, d := range found {
			d.reach(reachable)
		}
		if err := c.resolveReachable(reachable); err != nil {
			return nil, err
		}
		again := false
		found = nil
		for _, d := range slices.Clone(c.states) {
			if d.base == nil || d.onbuildInit || !reachable[d] {
				continue
			}
			d.onbuildInit = true
			more, err := c.initTriggers(d)
			if err != nil {
				c.fail(d, parser.SetLocation(err, d.stage.Location))
			}
			again = again || more
			found = append(found, d.deps...)
		}
		if !again {
			return reachable, nil
		}
	}
}

// initTriggers follows convert.go : initOnBuildTriggers. The triggers are those
// that the base states itself, not those that it inherits; they are parsed on
// their own, hence with the usual escape character.
func (c *converter) initTriggers(d *stageState) (more bool, err error) {
	var triggers []command
	for _, bc := range d.base.commands {
		onbuild, ok := bc.Command.(*instructions.OnbuildCommand)
		if !ok {
			continue
		}
		ast, err := parser.Parse(strings.NewReader(onbuild.Expression))
		if err != nil {
			return false, err
		}
		if len(ast.AST.Children) != 1 {
			return false, errors.New("onbuild trigger should be a single expression")
		}
		node := ast.AST.Children[0]
		node.StartLine, node.EndLine = lineRange(d.stage.Location)
		ic, err := instructions.ParseCommand(node)
		if err != nil {
			return false, err
		}
		cmd, err := c.toCommand(ic)
		if err != nil {
			return false, err
		}
		cmd.onbuild = onbuild
		more = more || len(cmd.sources) > 0
		triggers = append(triggers, cmd)
		c.depend(d, cmd)
	}
	d.commands = append(triggers, d.commands...)
	return more, nil
}

// resolveReachable follows convert.go : resolveReachableStages. It looks at every
// stage, so a base that is no image reference is an error also where the stage is
// not reachable; and an image that an unreachable stage copies from is settled as
// an image, even if a trigger makes that stage reachable later.
func (c *converter) resolveReachable(reachable map[*stageState]bool) error {
	for _, d := range c.states {
		if d.base != nil || d.dispatched || d.resolved || d.checked && !reachable[d] {
			continue
		}
		d.resolved, d.checked = reachable[d], true
		if d.stage.BaseName == scratch && d.replacedBy == nil {
			d.state = state{env: &environ{}, dir: "/"}
			d.image = emptyImage(c.targetPlatform)
			d.platform = &c.targetPlatform
			d.dispatched = d.dispatched || d.unregistered
			continue
		}
		err := c.resolveBase(d, reachable[d])
		d.dispatched = d.dispatched || d.unregistered
		switch {
		case err == nil:
		case d.place < c.written:
			return parser.WithLocation(err, d.stage.Location)
		default: // a trigger has brought it in
			c.fail(d, parser.WithLocation(err, d.stage.Location))
		}
	}
	return nil
}

// resolveBase follows convert.go : resolveBaseImage.
func (c *converter) resolveBase(d *stageState, reachable bool) error {
	ref, err := reference.ParseNormalizedNamed(d.stage.BaseName)
	if err != nil {
		return &baseError{fmt.Errorf("failed to parse stage name %q: %w", d.stage.BaseName, err), d.baseArgs}
	}
	p := d.platform
	if p == nil {
		p = &c.targetPlatform
	}
	d.stage.BaseName = reference.TagNameOnly(ref).String()
	d.state = state{env: &environ{}, dir: "/"}
	if reachable {
		if d.replacedBy != nil {
			d.dispatched = true
			d.load(c, d.replacedBy)
			if d.replacedBy.kind == contextImage {
				d.openImage()
				d.platform = p
			}
			return nil
		}
		nc, err := c.lookup(d.stage.BaseName, p)
		if err != nil {
			return err
		}
		if nc != nil {
			d.load(c, nc)
			if nc.kind == contextImage {
				d.openImage()
				d.triggersOfImage()
			} else {
				d.image = emptyImage(*p)
			}
			d.platform = p
			return nil
		}
		d.openImage()
		d.triggersOfImage()
	}
	d.platform = p
	return nil
}

func (d *stageState) triggersOfImage() {
	if !d.unregistered {
		d.unknown(KindBaseOnbuild, firstLine(d.stage.Location), "%s may have ONBUILD lines that read the context", d.written)
	}
}
