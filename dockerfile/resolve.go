package dockerfile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// Options are the arguments of one build. The zero value builds the last stage
// for Linux on the architecture of this process.
type Options struct {
	// Target is the stage to build, as --target; upper and lower case are the
	// same. Empty means the last stage.
	Target string
	// BuildArgs are the values of --build-arg. One without a value counts only
	// where the environment has one, which is the caller's to look up.
	BuildArgs map[string]string
	// NamedContexts are the values of --build-context by name, as given: a
	// directory or what [LocalContext] tells from one.
	NamedContexts map[string]string
	// Platform is the first value of --platform. It sets TARGETPLATFORM,
	// TARGETARCH and the like.
	Platform string
	// BuildPlatform is the platform of the builder, for BUILDPLATFORM and the
	// like.
	BuildPlatform string
}

// Result is what one build reads.
type Result struct {
	// Context is what it asks of the main context. The paths have no leading
	// slash, as in the request that BuildKit sends.
	Context buildcontext.Reads
	// Named are the named contexts that the build loads, by the name given in
	// [Options.NamedContexts]: for each, the transfers beside that of its ignore
	// file, in the order of the Dockerfile. There is one per stage that it
	// replaces or starts, and one per COPY --from and RUN --mount that names it,
	// but equal requests are one transfer. The list is empty where only the
	// ignore file is fetched. Contexts that are not directories are not listed.
	Named map[string][]buildcontext.Reads
	// Stages are the stages that the target needs, in order.
	Stages []Stage
	// Unknown is what the Dockerfile alone does not tell, in its order.
	Unknown []Unknown
}

// Stage is one stage that the target needs.
type Stage struct {
	// Name is the name of the stage in lower case, or its number where it has none.
	Name string
	// Index is its number, from 0.
	Index int
	// Base is what FROM names, after expansion.
	Base string
	// Line is the line of FROM, from 1.
	Line int
	// Replaced is the named context that takes the place of the stage; its own
	// COPY, ADD and RUN instructions then do not run.
	Replaced string
}

// Resolve computes what a build of the file reads. It fails with an [*Error] on
// whatever makes BuildKit fail before it asks for the context, apart from what it
// learns over a network. It may be called from several goroutines at once.
func (f *File) Resolve(opts Options) (*Result, error) {
	c, targets, err := f.convert(opts, []string{opts.Target})
	if err == nil {
		err = c.refusal(targets[0])
	}
	if err != nil {
		return nil, f.refuse(err)
	}
	return c.result(targets[0]), nil
}

// convert resolves the stages that some targets need; see [converter.convert].
func (f *File) convert(opts Options, targets []string) (*converter, []*stageState, error) {
	c := &converter{file: f, buildArgs: map[string]string{}, main: &load{}}
	maps.Copy(c.buildArgs, opts.BuildArgs)
	if err := c.configure(opts); err != nil {
		return nil, nil, err
	}
	states, err := c.convert(targets)
	return c, states, err
}

// refusal is why a target, the only one of a resolution, cannot be built.
func (c *converter) refusal(target *stageState) error {
	if c.err != nil {
		return c.err
	}
	if err := c.warnings(); err != nil {
		return err
	}
	return target.state.err
}

// warnings is the error that the front end makes of its warnings where they stop the
// build, with the rules in order (linter.go : Linter.Error, which takes them from a
// map).
func (c *converter) warnings() error {
	if c.lint.Error() == nil {
		return nil
	}
	rules := slices.Compact(slices.Sorted(slices.Values(*c.lint.CalledRules)))
	return fmt.Errorf("lint violation found for rules: %s", strings.Join(rules, ", "))
}

// configure follows frontend/dockerui/config.go : Client.init and
// dockerfile2llb/convert.go : newRuleLinter, buildPlatformOpt.
func (c *converter) configure(opts Options) error {
	var err error
	if c.named, err = namedContexts(opts.NamedContexts); err != nil {
		return err
	}
	c.buildPlatform = defaultPlatform()
	if opts.BuildPlatform != "" {
		if c.buildPlatform, err = parsePlatform(opts.BuildPlatform); err != nil {
			return fmt.Errorf("failed to parse build platform %s: %w", opts.BuildPlatform, err)
		}
		c.buildPlatform = c.buildPlatform.normalize()
	}
	c.targetPlatform = c.buildPlatform
	if first, _, _ := strings.Cut(opts.Platform, ","); first != "" {
		if c.targetPlatform, err = parsePlatform(first); err != nil {
			return fmt.Errorf("failed to parse target platform %s: %w", first, err)
		}
		c.targetPlatform = c.targetPlatform.normalize()
	}
	if b, err := strconv.ParseBool(c.buildArgs["BUILDKIT_DISABLE_FILEOP"]); err == nil && b {
		return fmt.Errorf("support for %q build-arg was removed in BuildKit 0.11", "BUILDKIT_DISABLE_FILEOP")
	}
	if v := c.buildArgs["BUILDKIT_MULTI_PLATFORM"]; v != "" {
		b, err := strconv.ParseBool(v)
		if err != nil {
			return fmt.Errorf("invalid boolean value for multi-platform: %s", v)
		}
		if !b && strings.Contains(opts.Platform, ",") {
			return errors.New("conflicting config: returning multiple target platforms is not allowed")
		}
	}
	if v := c.buildArgs["BUILDKIT_GIT_ADVICE"]; v != "" {
		if _, err := strconv.ParseBool(v); err != nil {
			return fmt.Errorf("failed to parse BUILDKIT_GIT_ADVICE: %w", err)
		}
	}

	syntax, line := c.file.syntax, c.file.syntaxLine
	if v, ok := c.buildArgs["BUILDKIT_SYNTAX"]; ok {
		syntax, line = v, 0
	}
	if syntax != "" && !officialSyntax(syntax) {
		c.unknown(KindSyntax, line, "the front end %q may read the file by other rules than docker/dockerfile:1", syntax)
	}

	check, given := c.buildArgs["BUILDKIT_DOCKERFILE_CHECK"]
	if !given {
		check, _, _, _ = parser.ParseDirective("check", c.file.data)
	}
	config, err := linter.ParseLintOptions(check)
	if err != nil {
		return fmt.Errorf("failed to parse check options: %w", err)
	}
	config.Warn = func(string, string, string, string, []parser.Range) {}
	c.lint = linter.New(config)
	if config.ReturnAsError {
		c.unknown(KindCheck, 0, "lint warnings stop this build (check=error=true), and not all of them are computed here")
	}
	return nil
}

// result gathers what the walk found. A context is used if the last state of the
// target descends from it: BuildKit marshals that state, and only what it reaches.
func (c *converter) result(target *stageState) *Result {
	target.paths.add(buildcontext.Read{
		Path: "/", Keyword: "FROM", Text: target.stage.SourceCode, Line: firstLine(target.stage.Location),
		Stage: target.label, Uses: true,
	})
	r := &Result{Named: map[string][]buildcontext.Reads{}}
	var each asked
	each, r.Unknown = c.gather([]*stageState{target})
	r.Context = each.request()
	r.Context.Used = slices.Contains(target.state.uses, c.main)
	for _, l := range c.loads {
		name := l.context.name
		if l.context.kind != contextLocal {
			continue
		}
		transfers := r.Named[name]
		if slices.Contains(target.state.uses, l) {
			reads := l.owner.paths.request()
			reads.Used = true
			// No list at all is no limit: filterPaths returns no option for it.
			reads.Whole = len(reads.Paths) == 0
			i := slices.IndexFunc(transfers, func(t buildcontext.Reads) bool { return slices.Equal(t.Paths, reads.Paths) })
			if i >= 0 {
				transfers[i].Each = append(transfers[i].Each, reads.Each...)
			} else {
				transfers = append(transfers, reads)
			}
		}
		r.Named[name] = transfers
	}
	for _, d := range target.reach(map[*stageState]bool{}) {
		if d.unregistered {
			continue
		}
		s := Stage{Name: d.label, Index: d.index, Base: d.written, Line: firstLine(d.stage.Location)}
		if d.replacedBy != nil {
			s.Replaced = d.replacedBy.name
		}
		r.Stages = append(r.Stages, s)
	}
	return r
}

// gather returns what targets read of the main context, and what is not known about
// them: for each target what it does not share with those before, in the order of
// the Dockerfile.
func (c *converter) gather(targets []*stageState) (asked, []Unknown) {
	var reads asked
	var unknowns []Unknown
	listed := map[Unknown]bool{}
	seen, seenOpen := map[*stageState]bool{}, map[*stageState]bool{}
	readAll := c.needing(func(d *stageState) bool { return d.reads.whole() })
	guessed := c.needing(func(d *stageState) bool { return slices.ContainsFunc(d.unknowns, Unknown.isEnv) })
	for _, target := range targets {
		found := slices.Clone(c.unknowns)
		whole := slices.Contains(target.state.uses, c.main) && readAll[target] && !guessed[target]
		if !whole || len(c.named) > 0 {
			// Where it is whole, what ONBUILD reads is sent already, whatever it is.
			for _, d := range target.reach(seenOpen) {
				found = d.told(found, true)
			}
		}
		for _, d := range target.reach(seen) {
			reads = append(reads, d.reads...)
			found = d.told(found, false)
		}
		slices.SortStableFunc(found, func(a, b Unknown) int { return a.Line - b.Line })
		for _, u := range found {
			if !listed[u] {
				listed[u] = true
				unknowns = append(unknowns, u)
			}
		}
	}
	return reads, unknowns
}

// told adds what is not known about a stage: about the triggers of its image, or
// else about the rest.
func (d *stageState) told(all []Unknown, onbuild bool) []Unknown {
	for _, u := range d.unknowns {
		if u.isOnbuild() == onbuild {
			all = append(all, u)
		}
	}
	return all
}

// asked is what is asked of one context, and by which instructions.
type asked []buildcontext.Read

func (a *asked) add(r buildcontext.Read) { *a = append(*a, r) }

// whole tells that the root is asked for.
func (a *asked) whole() bool {
	return slices.ContainsFunc(*a, func(r buildcontext.Read) bool { return r.Path == "/" })
}

// request follows convert.go : normalizeContextPaths: the root lifts the limit,
// and the slash that all paths share is dropped.
func (a *asked) request() buildcontext.Reads {
	r := buildcontext.Reads{Each: *a}
	if r.Whole = a.whole(); r.Whole {
		return r
	}
	for _, read := range *a {
		r.Paths = append(r.Paths, read.Path[1:])
	}
	slices.Sort(r.Paths)
	r.Paths = slices.Compact(r.Paths)
	return r
}
