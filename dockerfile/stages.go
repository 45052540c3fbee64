package dockerfile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
	"github.com/moby/buildkit/util/suggest"
)

func (c *converter) buildStates(stages []instructions.Stage) error {
	for i, st := range stages {
		word, err := c.lex.ProcessWordWithMatches(st.BaseName, c.globals)
		base, args := word.Result, c.notGiven(word)
		if err == nil && base == "" {
			err = fmt.Errorf("base name (%s) should not be blank", st.BaseName)
		}
		if err != nil {
			return parser.WithLocation(&baseError{err, args}, st.Location)
		}
		st.BaseName = base
		d := &stageState{stage: st, label: stageLabel(st.Name, i), index: i, written: base, baseArgs: args, paths: &asked{}}
		if st.Platform != "" {
			p, err := c.stagePlatform(st)
			if err != nil {
				return parser.WithLocation(err, st.Location)
			}
			d.platform = &p
		}
		if st.Name != "" {
			nc, err := c.lookup(st.Name, d.platform)
			if err != nil {
				return err
			}
			if nc != nil {
				d.replacedBy = nc
				c.addState(d)
				d.base = nil
				continue
			}
		}
		c.addState(d)
	}
	return nil
}

// baseError is about the image that a stage begins with.
type baseError struct {
	error
	args []string // those of the stage's baseArgs
}

func (e *baseError) Unwrap() error { return e.error }

// notGiven returns the build arguments of a word that are declared and not given.
func (c *converter) notGiven(word shell.ProcessWordResult) []string {
	var names []string
	for _, found := range []map[string]struct{}{word.Matched, word.Unmatched} {
		for name := range found {
			if _, given := c.buildArgs[name]; !given && c.declared[name] && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func (c *converter) stagePlatform(st instructions.Stage) (platform, error) {
	match, err := c.lex.ProcessWordWithMatches(st.Platform, c.globals)
	if err != nil {
		return platform{}, fmt.Errorf("failed to process arguments for platform %s: %w", match.Result, err)
	}
	var p platform
	if match.Result == "" {
		err = fmt.Errorf("empty platform value from expression %s", st.Platform)
	} else {
		if p, err = parsePlatform(match.Result); err == nil {
			return p, nil
		}
		err = fmt.Errorf("failed to parse platform %s: %w", st.Platform, err)
	}
	for _, k := range slices.Sorted(maps.Keys(match.Unmatched)) {
		if ok, wrapped := suggest.WrapErrorMaybe(err, k, c.globals.Keys(), true); ok {
			return p, wrapped
		}
	}
	return p, err
}

// addState follows convert.go : dispatchStates.addState. The base is looked up
// as written, the name is stored in lower case: `FROM Base` never is the stage
// base.
func (c *converter) addState(d *stageState) {
	d.place = len(c.states)
	c.states = append(c.states, d)
	if base, ok := c.byName[d.stage.BaseName]; ok {
		d.base = base
	}
	if d.stage.Name != "" {
		c.byName[strings.ToLower(d.stage.Name)] = d
	}
}

func (c *converter) find(name string) (*stageState, bool) {
	d, ok := c.byName[strings.ToLower(name)]
	return d, ok
}

func (c *converter) target(name string) (*stageState, error) {
	if name == "" {
		return c.states[len(c.states)-1], nil
	}
	if d, ok := c.find(name); ok {
		return d, nil
	}
	var names []string
	for _, n := range c.file.targets {
		if n != "" {
			names = append(names, n)
		}
	}
	err := fmt.Errorf("target stage %q could not be found", name)
	if ok, wrapped := suggest.WrapErrorMaybe(err, name, names, true); ok {
		return nil, wrapped
	}
	if len(names) > 0 {
		return nil, fmt.Errorf("%w (there are %s)", err, strings.Join(names, ", "))
	}
	return nil, fmt.Errorf("%w (no stage has a name)", err)
}
