package dockerfile

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

func (c *converter) buildDependencies() error {
	// Stages that the commands bring in are appended meanwhile; they have no
	// commands of their own.
	for _, d := range slices.Clone(c.states) {
		d.commands = make([]command, len(d.stage.Commands))
		for i, ic := range d.stage.Commands {
			cmd, err := c.toCommand(ic)
			if err != nil {
				return parser.WithLocation(err, ic.Location())
			}
			d.commands[i] = cmd
			c.depend(d, cmd)
		}
	}
	c.written = len(c.states)
	return c.validateCircular()
}

func (c *converter) depend(d *stageState, cmd command) {
	for _, src := range cmd.sources {
		if !slices.Contains(d.deps, src) {
			d.deps = append(d.deps, src)
		}
		if src.unregistered {
			c.addState(src)
		}
	}
}

// toCommand follows convert.go : toCommand and convert_runmount.go :
// detectRunMount. Every mount without from depends on "scratch", so a stage that
// is called scratch becomes reachable through it.
func (c *converter) toCommand(ic instructions.Command) (command, error) {
	cmd := command{Command: ic}
	switch ic := ic.(type) {
	case *instructions.CopyCommand:
		if ic.From == "" {
			return cmd, nil
		}
		word, _, err := c.lex.ProcessWord(ic.From, &environ{})
		if err != nil {
			return cmd, err
		}
		if word != ic.From {
			return cmd, errors.New("variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround")
		}
		if index, err := strconv.Atoi(ic.From); err == nil {
			c.counts = c.counts || c.written > 0 && index >= c.written
			if index < 0 || index >= len(c.states) {
				return cmd, fmt.Errorf("invalid stage index %d", index)
			}
			cmd.sources = []*stageState{c.states[index]}
			return cmd, nil
		}
		cmd.sources = []*stageState{c.findOrImage(ic.From, ic.Location())}
	case *instructions.RunCommand:
		for _, m := range instructions.GetMounts(ic) {
			from := m.From
			if from == "" {
				from = scratch
			}
			cmd.sources = append(cmd.sources, c.findOrImage(from, nil))
		}
	}
	return cmd, nil
}

func (c *converter) findOrImage(name string, at []parser.Range) *stageState {
	if d, ok := c.find(name); ok {
		return d
	}
	return &stageState{
		stage:        instructions.Stage{BaseName: name, Location: at},
		written:      name,
		paths:        &asked{},
		unregistered: true,
	}
}

// validateCircular follows validations.go : validateCircularDependency. It looks
// at COPY --from and RUN --mount alone; FROM cannot name a later stage.
func (c *converter) validateCircular() error {
	visited, onPath := map[*stageState]bool{}, map[*stageState]bool{}
	var visit func(d *stageState) *stageState
	visit = func(d *stageState) *stageState {
		if visited[d] {
			return nil
		}
		visited[d], onPath[d] = true, true
		defer delete(onPath, d)
		for _, dep := range d.deps {
			if onPath[dep] {
				return d
			}
			if on := visit(dep); on != nil {
				return on
			}
		}
		return nil
	}
	for _, d := range c.states {
		if on := visit(d); on != nil {
			err := fmt.Errorf("circular dependency detected on stage: %s", d.name())
			return parser.WithLocation(err, on.stage.Location)
		}
	}
	return nil
}

// reach adds the stages that a stage needs, and itself, to those that were seen,
// and returns the new ones in the order in which they are dispatched.
func (d *stageState) reach(seen map[*stageState]bool) []*stageState {
	var found []*stageState
	for queue := []*stageState{d}; len(queue) > 0; {
		d := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if d == nil || seen[d] {
			continue
		}
		seen[d] = true
		found = append(found, d)
		queue = append(append(queue, d.base), d.deps...)
	}
	slices.SortFunc(found, func(a, b *stageState) int { return a.place - b.place })
	return found
}

// needing returns the stages that something holds of, and those that need one of
// them.
func (c *converter) needing(holds func(*stageState) bool) map[*stageState]bool {
	users := map[*stageState][]*stageState{}
	var queue []*stageState
	for _, d := range c.states {
		if d.base != nil {
			users[d.base] = append(users[d.base], d)
		}
		for _, dep := range d.deps {
			users[dep] = append(users[dep], d)
		}
		if holds(d) {
			queue = append(queue, d)
		}
	}
	seen := map[*stageState]bool{}
	for len(queue) > 0 {
		d := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if !seen[d] {
			seen[d] = true
			queue = append(queue, users[d]...)
		}
	}
	return seen
}
