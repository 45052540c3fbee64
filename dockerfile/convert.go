package dockerfile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
	"github.com/moby/buildkit/util/suggest"
	"github.com/moby/buildkit/util/system"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// This file follows moby/buildkit v0.34.2
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

// load is one source of files that states descend from: the main context, or one
// loading of a named context, which is limited to the paths of its owner
// (convert.go : asyncLocalOpts; dockerui/namedcontext.go : asyncLocalOutput).
type load struct {
	context *namedContext
	owner   *stageState
	paths   pathSet // of the main context
}

// state is what an llb.State amounts to here.
type state struct {
	env  *environ
	dir  string
	open bool    // dir lies below a base image's directory, which is not known
	uses []*load // never changed in place
	err  error   // why the state cannot be marshaled
}

func (s *state) descendFrom(o state) {
	for _, l := range o.uses {
		if !slices.Contains(s.uses, l) {
			s.uses = append(slices.Clip(s.uses), l)
		}
	}
	if s.err == nil {
		s.err = o.err
	}
}

// image is the part of an image's configuration that a build depends on.
type image struct {
	env     []assignment
	workdir string
	open    bool // a real image: env and workdir are not known
}

type assignment struct {
	key string
	variable
}

// command is an instruction with the stages that it reads from.
type command struct {
	instructions.Command
	sources []*stageState
	onbuild *instructions.OnbuildCommand // the instruction that it was trigger of
}

// stageState is convert.go : dispatchState.
type stageState struct {
	stage        instructions.Stage
	label        string // as in Stage.Name
	index        int
	written      string   // base name before normalization
	baseArgs     []string // the build arguments in it that nobody gave
	state        state
	image        image
	platform     *platform
	base         *stageState
	replacedBy   *namedContext
	deps         []*stageState
	commands     []command
	paths        *pathSet
	dispatched   bool
	resolved     bool
	onbuildInit  bool
	unregistered bool
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
		d := &stageState{stage: st, label: stageLabel(st.Name, i), index: i, written: base, baseArgs: args, paths: &pathSet{}}
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
	for _, name := range slices.Sorted(maps.Keys(c.declared)) {
		_, matched := word.Matched[name]
		_, unmatched := word.Unmatched[name]
		if _, given := c.buildArgs[name]; !given && (matched || unmatched) {
			names = append(names, name)
		}
	}
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

// lookup follows convert.go : namedContextFunc and dockerui/config.go :
// Client.NamedContext. Every stage name passes through it, so a name that is no
// image reference ("a-") is an error even where there are no named contexts.
func (c *converter) lookup(name string, p *platform) (*namedContext, error) {
	if strings.EqualFold(name, scratch) || strings.EqualFold(name, "context") {
		return nil, nil
	}
	if p == nil {
		p = &c.targetPlatform
	}
	return c.lookupAny(name, p)
}

func (c *converter) lookupAny(name string, p *platform) (*namedContext, error) {
	ref, err := reference.ParseNormalizedNamed(name)
	if err != nil {
		return nil, fmt.Errorf("invalid context name %s: %w", name, err)
	}
	name = familiar(ref)
	if nc := c.named[name+"::"+p.normalize().all()]; nc != nil {
		return nc, nil
	}
	return c.named[name], nil
}

// addState follows convert.go : dispatchStates.addState. The base is looked up
// as written, the name is stored in lower case: `FROM Base` never is the stage
// base.
func (c *converter) addState(d *stageState) {
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
		paths:        &pathSet{},
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

func (d *stageState) reachable() map[*stageState]bool {
	seen := map[*stageState]bool{}
	var visit func(d *stageState)
	visit = func(d *stageState) {
		if seen[d] {
			return
		}
		seen[d] = true
		if d.base != nil {
			visit(d.base)
		}
		for _, dep := range d.deps {
			visit(dep)
		}
	}
	visit(d)
	return seen
}

// resolveStages follows convert.go : resolveStages. Triggers may make more stages
// reachable, so it starts over until there are no new ones.
func (c *converter) resolveStages(target *stageState) (map[*stageState]bool, error) {
	for {
		reachable, err := c.resolveReachable(target)
		if err != nil {
			return nil, err
		}
		again := false
		for _, d := range slices.Clone(c.states) {
			if !reachable[d] || d.base == nil || d.onbuildInit {
				continue
			}
			d.onbuildInit = true
			more, err := c.initTriggers(d)
			if err != nil {
				return nil, parser.SetLocation(err, d.stage.Location)
			}
			again = again || more
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
func (c *converter) resolveReachable(target *stageState) (map[*stageState]bool, error) {
	reachable := target.reachable()
	for _, d := range c.states {
		if d.base != nil || d.dispatched || d.resolved {
			continue
		}
		d.resolved = reachable[d]
		if d.stage.BaseName == scratch && d.replacedBy == nil {
			d.state = state{env: &environ{}, dir: "/"}
			d.image = emptyImage(c.targetPlatform)
			d.platform = &c.targetPlatform
			d.dispatched = d.dispatched || d.unregistered
			continue
		}
		err := c.resolveBase(d, reachable[d])
		d.dispatched = d.dispatched || d.unregistered
		if err != nil {
			return nil, parser.WithLocation(err, d.stage.Location)
		}
	}
	return reachable, nil
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
				c.triggersOfImage(d)
			} else {
				d.image = emptyImage(*p)
			}
			d.platform = p
			return nil
		}
		d.openImage()
		c.triggersOfImage(d)
	}
	d.platform = p
	return nil
}

func (c *converter) triggersOfImage(d *stageState) {
	if !d.unregistered {
		c.unknown(KindBaseOnbuild, firstLine(d.stage.Location), d.label, "%s may have ONBUILD lines that read the context", d.written)
	}
}

func (d *stageState) load(c *converter, nc *namedContext) {
	l := &load{context: nc, owner: d}
	c.loads = append(c.loads, l)
	d.state.uses = []*load{l}
}

func (d *stageState) openImage() {
	d.image = image{open: true}
	d.state.env = &environ{open: true}
	d.state.open = true
}

// emptyImage follows image.go : emptyImage.
func emptyImage(p platform) image {
	img := image{workdir: "/"}
	if p.os != "windows" {
		img.env = []assignment{{"PATH", variable{value: system.DefaultPathEnv(p.os)}}}
	}
	return img
}

// name is how BuildKit's errors call the stage.
func (d *stageState) name() string {
	if d.stage.Name == "" && !d.unregistered {
		return "stage-" + d.label
	}
	return d.stage.Name
}

// init follows convert.go : dispatchState.init. A stage shares the path set of
// its base: what is copied from it is asked of the named context below it.
func (d *stageState) init() {
	if d.base == nil {
		return
	}
	d.state = d.base.state
	d.state.env = d.base.state.env.clone()
	d.platform = d.base.platform
	d.image = d.base.image
	d.image.env = slices.Clone(d.base.image.env)
	d.paths = d.base.paths
}

func (c *converter) dispatchStages(reachable map[*stageState]bool, target *stageState) error {
	for _, d := range c.states {
		if !reachable[d] || d.dispatched {
			continue
		}
		d.init()
		d.dispatched = true
		if d.platform == nil {
			// BuildKit takes the platform of options that are still empty here.
			d.platform = &platform{}
		}
		if d.platform.os != "windows" && !slices.ContainsFunc(d.image.env, func(a assignment) bool { return a.key == "PATH" }) {
			path := variable{value: system.DefaultPathEnv(d.platform.os)}
			if d.image.open {
				path.from = "PATH"
			}
			d.image.env = append(d.image.env, assignment{"PATH", path})
		}
		if d.image.open {
			// What ARG has set in a parent stage gives way to the image's own
			// environment, which is applied again.
			for key, v := range d.state.env.vars {
				if v.from == "" {
					v.from = key
					d.state.env.vars[key] = v
				}
			}
		}
		for _, a := range d.image.env {
			d.state.env.set(a.key, a.variable)
		}
		// The directory of the image is that of the state already.
		for _, cmd := range d.commands {
			if err := c.dispatch(d, cmd); err != nil {
				return parser.WithLocation(err, cmd.Location())
			}
		}
	}
	target.paths.add(buildcontext.Read{
		Path: "/", Keyword: "FROM", Text: target.stage.SourceCode, Line: firstLine(target.stage.Location),
		Stage: target.label, Uses: true,
	})
	return nil
}
