package plan

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
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
	Source     *buildcontext.Directory
	Dockerfile *Dockerfile
	IgnoreFile *IgnoreFile
	// Instructions is the parsed Dockerfile; nil where there is none, or where
	// the classic client would send the context of one that cannot be parsed.
	Instructions *dockerfile.File
	// Build is what the chosen target reads; nil as Instructions is.
	Build *dockerfile.Result

	named    []namedContext
	include  []string
	findings []finding.Finding
}

// Prepare chooses and reads the Dockerfile and the ignore file. An error that is
// a [UsageError] means that the input cannot be used, or that the builder would
// refuse it before it sends anything.
func Prepare(o Options) (*Run, error) {
	r := &Run{Options: o}
	var err error
	if r.Source, err = openContext(o.Dir, o.Path); err != nil {
		return nil, err
	}
	if r.named, err = o.namedContexts(); err != nil {
		return nil, err
	}
	if r.Dockerfile, err = findDockerfile(&o, r.Source); err != nil {
		return nil, err
	}
	if err := r.readDockerfile(); err != nil {
		return nil, err
	}
	if r.IgnoreFile, err = findIgnoreFile(&o, r.Source, r.Dockerfile); err != nil {
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

// readDockerfile parses the Dockerfile and finds out what its target reads. The
// classic client sends the context of a Dockerfile that makes no sense, too: the
// daemon fails later. Podman has a parser of its own.
func (r *Run) readDockerfile() error {
	if r.Dockerfile.Missing {
		r.findings = append(r.findings, finding.Finding{
			ID: "no-dockerfile", Severity: finding.Warning, File: r.Dockerfile.Name,
			Message: "there is no Dockerfile: what is eligible counts as sent",
			Repair:  "name the Dockerfile with -f, or write one",
		})
		return nil
	}
	file, result, err := r.resolve()
	if err == nil {
		r.Instructions, r.Build = file, result
		return nil
	}
	hint := "mend the Dockerfile"
	if r.Dockerfile.unreadable != nil {
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

func (r *Run) resolve() (*dockerfile.File, *dockerfile.Result, error) {
	file, err := dockerfile.Parse(r.Dockerfile.Name, r.Dockerfile.Data)
	if err != nil {
		return nil, nil, err
	}
	result, err := r.resolveTarget(file, r.Target)
	return file, result, err
}

func (r *Run) resolveTarget(file *dockerfile.File, target string) (*dockerfile.Result, error) {
	opts := dockerfile.Options{
		Target: target, BuildArgs: r.buildArgs(), Platform: r.Platform,
		NamedContexts: map[string]string{},
	}
	for _, c := range r.named {
		opts.NamedContexts[c.name] = c.value
	}
	return file.Resolve(opts)
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
	return usage("", "the builder refuses to send the context: %w", err)
}

// Rules returns the rules of the ignore file.
func (r *Run) Rules() []ignore.Rule { return r.IgnoreFile.rules(r.Builder) }

// ContextRequest returns what the builder asks of the context under some rules.
func (r *Run) ContextRequest(rules []ignore.Rule) buildcontext.Request {
	req := buildcontext.Request{Builder: r.Builder, Rules: rules, Include: r.include}
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
	return sel, wrapRefusal(err)
}

// wrapRefusal makes a [UsageError] of what the builder refuses.
func wrapRefusal(err error) error {
	if _, ok := errors.AsType[*buildcontext.RefusalError](err); ok {
		return refused(err)
	}
	return err
}

// Transfer is one stream of bytes to the builder.
type Transfer struct {
	// Kind is "dockerfile", "ignorefile" or "context".
	Kind string `json:"kind"`
	// Name is what the builder calls the source: "dockerfile", "context", or the
	// name of a named context.
	Name string `json:"name"`
	// WireBytes is what the builder prints, WarmWireBytes the least that it
	// receives when it has every file already. The small transfers are always
	// sent in full.
	WireBytes     int64  `json:"wireBytes"`
	WarmWireBytes *int64 `json:"warmWireBytes,omitempty"`
}

// transfers measures everything that goes to the builder besides the context,
// whose own transfer the caller puts in its place.
func (r *Run) transfers(ctx context.Context, main *buildcontext.Measurement) ([]Transfer, error) {
	switch r.Builder {
	case buildcontext.Classic:
		return []Transfer{{Kind: "context", Name: "context", WireBytes: main.Wire.Bytes}}, nil
	case buildcontext.Podman:
		return []Transfer{}, nil
	case buildcontext.BuildKit:
	}
	var all []Transfer
	small := func(kind, name string, src buildcontext.Source, paths ...string) error {
		wire, err := scoped(ctx, src, paths, nil)
		if err == nil {
			all = append(all, Transfer{Kind: kind, Name: name, WireBytes: wire.Bytes})
		}
		return err
	}
	if !r.Dockerfile.Missing {
		if err := small("dockerfile", "dockerfile", r.Dockerfile.source(), r.Dockerfile.request()...); err != nil {
			return nil, err
		}
	}
	if !r.IgnoreFile.Specific {
		if err := small("ignorefile", "context", r.Source, dockerignore); err != nil {
			return nil, err
		}
	}
	if r.Reads().Used {
		warm := main.Wire.Warm
		all = append(all, Transfer{Kind: "context", Name: "context", WireBytes: main.Wire.Bytes, WarmWireBytes: &warm})
	}
	for _, c := range r.named {
		if c.src == nil || r.Build == nil {
			continue
		}
		reads, ok := r.Build.Named[c.name]
		if !ok {
			continue
		}
		if err := small("ignorefile", c.name, c.src, dockerignore); err != nil {
			return nil, err
		}
		for _, asked := range reads {
			t, err := r.namedTransfer(ctx, c, asked)
			if err != nil {
				return nil, fmt.Errorf("build context %q: %w", c.name, err)
			}
			all = append(all, t)
		}
	}
	return all, nil
}

// namedTransfer measures a named context under its own .dockerignore.
// (moby/buildkit, frontend/dockerui/namedcontext.go)
func (r *Run) namedTransfer(ctx context.Context, c namedContext, reads buildcontext.Reads) (Transfer, error) {
	ignoreFile, err := ignoreFileBuildKit(c.src)
	if err != nil {
		return Transfer{}, err
	}
	rules := ignoreFile.rules(r.Builder)
	if err := ignore.TravelError(rules); err != nil {
		return Transfer{}, refused(err)
	}
	var paths []string
	if !reads.Whole {
		if paths, err = r.askable(reads); err != nil {
			return Transfer{}, refused(err)
		}
	}
	wire, err := scoped(ctx, c.src, paths, rules)
	return Transfer{Kind: "context", Name: c.name, WireBytes: wire.Bytes, WarmWireBytes: &wire.Warm}, err
}

// scoped measures a transfer of the paths that are asked for; of none, of the
// whole source.
func scoped(ctx context.Context, src buildcontext.Source, paths []string, rules []ignore.Rule) (buildcontext.Wire, error) {
	include, err := buildcontext.FollowPaths(src, paths)
	if err != nil {
		return buildcontext.Wire{}, err
	}
	inv, err := buildcontext.ScanOnly(ctx, src, include)
	if err != nil {
		return buildcontext.Wire{}, err
	}
	sel, err := buildcontext.Select(inv, buildcontext.Request{Include: include, Rules: rules})
	if err == nil {
		err = sel.Complete(ctx, src)
	}
	if err != nil {
		return buildcontext.Wire{}, wrapRefusal(err)
	}
	m, err := buildcontext.Measure(sel)
	if err != nil {
		return buildcontext.Wire{}, wrapRefusal(err)
	}
	return m.Wire, nil
}

// request returns what BuildKit asks of the Dockerfile's directory.
// (moby/buildkit, frontend/dockerui/config.go, ReadEntrypoint)
func (d *Dockerfile) request() []string {
	paths := []string{d.base, d.base + dockerignore}
	if path.Base(d.base) == defaultDockerfile {
		paths = append(paths, "dockerfile")
	}
	slices.Sort(paths)
	return paths
}

// source returns the directory that holds the Dockerfile. One from standard input
// is written to an empty directory first.
func (d *Dockerfile) source() buildcontext.Source {
	if d.dir != nil {
		return d.dir
	}
	return stdinDockerfile{size: int64(len(d.Data))}
}
