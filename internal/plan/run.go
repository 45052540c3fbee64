package plan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"unicode"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// Run is one prepared measurement: both build files are read, and nothing has
// been scanned.
type Run struct {
	Options
	// Source is the context, and Root its absolute path without symbolic links.
	Source     buildcontext.Source
	Root       string
	Dockerfile *Dockerfile
	IgnoreFile *IgnoreFile
	// Instructions is the parsed Dockerfile; nil where there is none, or where
	// the classic client would send the context of one that cannot be parsed.
	Instructions *dockerfile.File
	// Build is what the chosen target reads; nil as Instructions is.
	Build *dockerfile.Result

	files    files
	named    []namedContext
	include  []string
	findings []finding.Finding
	accepter *accepter
}

// Prepare chooses and reads the Dockerfile and the ignore file. An error that is
// a [UsageError] means that the input cannot be used, or that the builder would
// refuse it before it sends anything.
func Prepare(o Options) (*Run, error) { return prepare(o, machine{}) }

// prepare is [Prepare] for the machine as it is or as it was.
func prepare(o Options, f files) (*Run, error) {
	r := &Run{Options: o, files: f}
	if err := r.open(); err != nil {
		return nil, err
	}
	if err := r.readDockerfile(); err != nil {
		return nil, err
	}
	var err error
	if r.IgnoreFile, err = r.findIgnoreFile(); err != nil {
		return nil, err
	}
	switch o.Builder {
	case buildcontext.BuildKit:
		if err := r.checkTravel(); err != nil {
			return nil, err
		}
		if r.include, err = r.request(); err != nil {
			return nil, refused(err)
		}
	case buildcontext.Podman:
		r.include = r.sources()
	case buildcontext.Classic:
	}
	return r, nil
}

// open opens the context and what is given beside it, and chooses the Dockerfile.
func (r *Run) open() (err error) {
	if r.accepter, err = newAccepter(r.Policy); err != nil {
		return err
	}
	if r.Source, r.Root, err = r.openContext(r.Path); err != nil {
		return err
	}
	if r.named, err = r.namedContexts(); err != nil {
		return err
	}
	r.Dockerfile, err = r.findDockerfile()
	return err
}

// readDockerfile parses the Dockerfile and finds out what its target reads. The
// classic client sends the context of a Dockerfile that makes no sense, too: the
// daemon fails later. Podman has a parser of its own.
func (r *Run) readDockerfile() error {
	if r.Dockerfile.Missing {
		f := finding.Finding{
			ID: "no-dockerfile", Severity: finding.Warning, File: r.Dockerfile.Name,
			Message: "there is no Dockerfile: what is eligible counts as sent",
			Repair:  "name the Dockerfile with -f, or write one",
		}
		if r.Dockerfile.unreadable != nil {
			f.Message = "there is no Dockerfile, but a directory of its name, which the builder takes for it and fails to read (not a regular file): what is eligible counts as sent"
			f.Repair = "name the Dockerfile with -f"
		}
		r.findings = append(r.findings, f)
		return nil
	}
	file, result, err := r.resolve()
	if err == nil {
		r.Instructions, r.Build = file, result
		return nil
	}
	hint := r.dockerfileHint(err)
	switch {
	case r.Dockerfile.unreadable == nil:
	case r.Builder == buildcontext.Classic:
		err, hint = fmt.Errorf("the Dockerfile %w", r.Dockerfile.unreadable), "name the Dockerfile with -f"
	default:
		err = fmt.Errorf("%w: it cannot be read, and BuildKit takes it for empty: %w", err, r.Dockerfile.unreadable)
		hint = "make it readable"
	}
	if r.Builder == buildcontext.BuildKit {
		return usage(hint, "%w", err)
	}
	place := finding.Finding{
		ID: "dockerfile-refused", Severity: finding.Error, File: r.Dockerfile.Name,
		Repair: hint,
	}
	if at, ok := errors.AsType[*dockerfile.Error](err); ok {
		place.Line = at.Line
		err = at.Err
	}
	place.Message = fmt.Sprintf("the context is sent, then the build fails: %v", err)
	if r.Builder == buildcontext.Podman {
		place.Message = fmt.Sprintf("the Dockerfile cannot be read, and so everything counts as copied: %v", err)
	}
	r.findings = append(r.findings, place)
	return nil
}

// dockerfileHint says what helps where the builder refuses the Dockerfile.
func (r *Run) dockerfileHint(err error) string {
	at, ok := errors.AsType[*dockerfile.Error](err)
	switch {
	case ok && len(at.Args) > 0:
		return "give the argument as the build does: --build-arg " + strings.Join(at.Args, "=... --build-arg ") + "=..."
	case ok && at.Line == 0 && r.Target != "" && len(r.Dockerfile.Data) > 0:
		return "name a stage of the Dockerfile, or leave --target out for the last one"
	default:
		return "mend the Dockerfile"
	}
}

func (r *Run) resolve() (*dockerfile.File, *dockerfile.Result, error) {
	file, err := dockerfile.Parse(r.Dockerfile.Name, r.Dockerfile.Data)
	if err != nil {
		return nil, nil, err
	}
	result, err := file.Resolve(r.buildOptions())
	return file, result, err
}

// buildOptions are the arguments of the build.
func (r *Run) buildOptions() dockerfile.Options {
	opts := dockerfile.Options{
		Target: r.Target, BuildArgs: r.buildArgs(), Platform: r.Platform,
		NamedContexts: map[string]string{},
	}
	for _, c := range r.named {
		opts.NamedContexts[c.name] = c.value
	}
	return opts
}

// Title is what people call the context: the path as given, and for "." the name
// of the directory.
func (r *Run) Title() string {
	if r.Path == "." {
		return filepath.Base(r.Root)
	}
	return r.Path
}

// Reads returns what the build asks of the context. Without a Dockerfile it is
// everything.
func (r *Run) Reads() buildcontext.Reads {
	if r.Build == nil {
		return buildcontext.Reads{Used: true, Whole: true}
	}
	return r.Build.Context
}

// request returns the patterns that BuildKit's client includes; nil for the
// whole context, and an empty list where nothing is asked for.
func (r *Run) request() ([]string, error) {
	reads := r.Reads()
	switch {
	case !reads.Used:
		return []string{}, nil
	case reads.Whole:
		return nil, nil
	default:
		paths, err := r.askable(reads)
		if err != nil {
			return nil, err
		}
		return buildcontext.FollowPaths(r.Source, paths)
	}
}

// Loaded tells that BuildKit sends nothing of the context under some rules, since
// what is asked for is what it looked for rules in: see [loaded].
func (r *Run) Loaded(rules []ignore.Rule) bool {
	return r.Builder == buildcontext.BuildKit && !r.IgnoreFile.Specific && loaded(r.Reads(), rules)
}

// loaded tells that a request is for .dockerignore alone, and that no rule holds.
// The builder has asked for just that before, when it looked for rules, and asks no
// second time: it keeps what it got by the name of the source, the paths and the
// rules. (moby/buildkit, source/local/source.go, CacheKey)
func loaded(reads buildcontext.Reads, rules []ignore.Rule) bool {
	return len(rules) == 0 && len(reads.Paths) == 1 && strings.Trim(reads.Paths[0], "/") == dockerignore
}

// askable returns the request list as it reaches the client. It travels as the
// ignore rules do, and a control character stops the build.
func (r *Run) askable(reads buildcontext.Reads) ([]string, error) {
	paths := travelled(reads.Paths)
	err := ignore.TravelError(ignore.Patterns(paths...))
	if err == nil {
		return paths, nil
	}
	for _, read := range reads.Each {
		if strings.ContainsFunc(read.Path, unicode.IsControl) {
			err = fmt.Errorf("%s:%d: %s asks for %q, and BuildKit cannot ask for a path with a control character", r.Dockerfile.Name, read.Line, read.Keyword, read.Source)
		}
	}
	return nil, err
}

// travelled returns the paths as the daemon asks for them: it keeps them as JSON,
// and a byte that is not UTF-8 has become U+FFFD.
// (moby/buildkit, client/llb/source.go, FollowPaths)
func travelled(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = string([]rune(p))
	}
	return out
}

// sources returns what Podman copies: the sources of COPY, ADD and bind mounts as
// patterns, with links resolved where they name one path.
func (r *Run) sources() []string {
	if r.Build == nil {
		return []string{"/"}
	}
	escape := strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`)
	asked := []string{}
	for _, read := range r.Build.Context.Each {
		path := strings.TrimPrefix(read.Path, "/")
		switch {
		case !read.Uses:
		case path == "":
			return []string{"/"}
		case read.Wildcard:
			asked = append(asked, path)
		default:
			if at, _, err := resolveInside(r.Source, path); err == nil {
				path = at
			}
			asked = append(asked, escape.Replace(path))
		}
	}
	return asked
}

// checkTravel refuses what cannot reach the client. The list does not travel
// where nothing is asked for.
func (r *Run) checkTravel() error {
	if !r.Reads().Used {
		return nil
	}
	if err := ignore.TravelError(r.Rules()); err != nil {
		return refused(err)
	}
	return nil
}

// refused words what the builder refuses.
func refused(err error) error {
	var rule *ignore.RuleError
	if errors.As(err, &rule) && rule.Rule.File != "" {
		return usage("mend or remove the line", "the builder refuses the ignore file: %w", err)
	}
	hint := ""
	if errors.Is(err, fs.ErrPermission) {
		hint = "make it readable, or run as somebody who may read it"
	}
	return usage(hint, "the builder refuses to send the context: %w", err)
}

// Rules returns the rules of the ignore file.
func (r *Run) Rules() []ignore.Rule { return r.IgnoreFile.rules(r.Builder) }

// ContextRequest returns what the builder asks of the context under some rules.
func (r *Run) ContextRequest(rules []ignore.Rule) buildcontext.Request {
	req := buildcontext.Request{Builder: r.Builder, Rules: rules, Include: r.include}
	if r.Loaded(rules) {
		req.Include = []string{}
	}
	if r.Builder == buildcontext.Classic {
		req.Dockerfile = r.Dockerfile.Inside
		if !r.Dockerfile.Missing && r.Dockerfile.Inside == "" {
			req.Added = &buildcontext.Added{Dockerfile: int64(len(r.Dockerfile.Data))}
		}
	}
	return req
}

// Select selects from an inventory of the context under some rules and fetches
// what a measurement needs.
func (r *Run) Select(ctx context.Context, inv *buildcontext.Inventory, rules []ignore.Rule) (*buildcontext.Selection, error) {
	sel, err := buildcontext.Select(inv, r.ContextRequest(rules))
	if err == nil {
		err = sel.Complete(ctx, r.Source)
	}
	err = wrapRefusal(err)
	if u, ok := errors.AsType[*UsageError](err); ok && r.IgnoreFile.unreadable != nil {
		u.Hint = fmt.Sprintf("make %s readable: BuildKit takes it for empty, and nothing is ignored", r.IgnoreFile.Name)
	}
	return sel, err
}

// wrapRefusal makes a [UsageError] of what the builder refuses.
func wrapRefusal(err error) error {
	if _, ok := errors.AsType[*buildcontext.RefusalError](err); ok {
		return refused(err)
	}
	return err
}
