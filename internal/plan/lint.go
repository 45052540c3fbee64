package plan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/lint"
	"github.com/ctxsize/ctxsize/suggest"
)

// LintOptions says what is looked at.
type LintOptions struct {
	Options
	// IgnoreText is an ignore file to look at in the place of the one that the
	// builder would choose: its path relative to Dir, or "-" for standard input.
	IgnoreText string
	// TextOnly leaves the context out: only what the text tells is found.
	TextOnly bool
	Scan     buildcontext.ScanOptions
}

// Lint is what was found in one ignore file and one Dockerfile.
type Lint struct {
	*Run
	// IgnoreText is that of the options.
	IgnoreText string
	// Findings are in the order of their places.
	Findings []lint.Finding
	// Suppressed are those that a comment in the ignore file suppresses, or that the
	// configuration accepts.
	Suppressed []lint.Finding

	isTooLong bool // and so the builder reads no ignore file
	result    *Result
	facts     lint.Facts
}

// LintContext looks for what is wrong with the ignore file. What the builder
// would refuse is a finding here; a [UsageError] means that there is no context,
// or no file, to look at.
func LintContext(ctx context.Context, o LintOptions) (*Lint, error) {
	l, err := prepareLint(&o)
	if err != nil {
		return nil, err
	}
	for i, f := range l.Findings {
		if f.File == l.Dockerfile.Name {
			l.Findings[i] = l.withExcerpt(f.Finding)
		}
	}
	if l.IgnoreFile.File != nil {
		if l.facts.File, err = ignore.Parse(l.IgnoreFile.Name, l.IgnoreFile.File.Bytes()); err != nil {
			l.tooLong(err)
		}
	}
	l.facts.Builder = o.Builder
	if !o.TextOnly {
		if err := l.lookAtContext(ctx, o.Scan); err != nil {
			return nil, err
		}
	}
	found := append(l.Findings, lint.Check(l.facts)...) //nolint:gocritic // what was found before belongs to it
	l.Findings, l.Suppressed = l.settle(l.facts.File, found, o.TextOnly)
	return l, nil
}

// prepareLint is [Prepare] that makes findings of what the builder refuses.
func prepareLint(o *LintOptions) (*Lint, error) {
	l := &Lint{Run: &Run{Options: o.Options, files: machine{}}, IgnoreText: o.IgnoreText}
	r := l.Run
	if err := r.open(); err != nil {
		return nil, err
	}
	l.giveArguments()
	if err := r.readDockerfile(); err != nil {
		l.add(r.dockerfileRefused(err))
	}
	var err error
	if o.IgnoreText != "" {
		r.IgnoreFile, err = r.givenIgnoreFile(o)
	} else {
		r.IgnoreFile, err = r.findIgnoreFile()
	}
	if _, ok := errors.AsType[*ignore.ParseError](err); ok {
		l.tooLong(err)
		r.IgnoreFile, err = &IgnoreFile{}, nil
	}
	if err != nil {
		return nil, err
	}
	switch o.Builder {
	case buildcontext.BuildKit:
		if r.include, err = r.request(); err != nil {
			l.refused(err)
			r.include = nil
		}
	case buildcontext.Podman:
		r.include = r.sources()
	case buildcontext.Classic:
	}
	return l, nil
}

// givenIgnoreFile reads the ignore file that was named.
func (r *Run) givenIgnoreFile(o *LintOptions) (*IgnoreFile, error) {
	if o.IgnoreText == "-" {
		data, err := io.ReadAll(io.LimitReader(o.Stdin, maxBuildFile))
		if err != nil {
			return nil, fmt.Errorf("reading the ignore file from standard input: %w", err)
		}
		return parseIgnoreFile("-", "", buildFile{data: data}, false)
	}
	full := o.IgnoreText
	if !filepath.IsAbs(full) {
		full = filepath.Join(o.Dir, full)
	}
	data, err := r.files.read(full)
	if err != nil {
		return nil, unreadable("ctxsize", o.IgnoreText, err)
	}
	name := o.IgnoreText
	if dir, err := filepath.EvalSymlinks(filepath.Dir(full)); err == nil {
		if in := inside(r.Root, filepath.Join(dir, filepath.Base(full))); in != "" {
			name = in
		}
	}
	return parseIgnoreFile(name, full, buildFile{data: data}, false)
}

// dockerfileRefused makes a finding of what [Run.readDockerfile] returns.
func (r *Run) dockerfileRefused(err error) finding.Finding {
	f := finding.Finding{ID: "dockerfile-refused", Severity: finding.Error, File: r.Dockerfile.Name, Repair: r.dockerfileHint(err)}
	if refused, ok := errors.AsType[*UsageError](err); ok {
		f.Repair = refused.Hint
	}
	reason := err.Error()
	if at, ok := errors.AsType[*dockerfile.Error](err); ok {
		f.Line = at.Line
		reason = strings.TrimPrefix(reason, strings.TrimSuffix(at.Error(), at.Err.Error())) // the place is told already
	}
	f.Message = "the builder refuses the Dockerfile: " + reason
	return f
}

func (l *Lint) add(f finding.Finding) { l.Findings = append(l.Findings, lint.Finding{Finding: f}) }

func (l *Lint) tooLong(err error) {
	if long, ok := errors.AsType[*ignore.ParseError](err); ok {
		l.isTooLong = true
		l.Findings = append(l.Findings, lint.TooLong(long))
	}
}

// lookAtContext adds what the context tells to the facts, and what a measurement
// of it finds.
func (l *Lint) lookAtContext(ctx context.Context, opts buildcontext.ScanOptions) error {
	opts.Fetch, opts.Note = true, isAskedAbout // it is measured, and classified
	inv, err := l.Scan(ctx, opts)
	if err != nil {
		return err
	}
	res := &Result{Run: l.Run, Inventory: inv}
	l.result = res
	if res.artifacts, err = suggest.Classify(ctx, l.Source, inv); err != nil {
		return err
	}
	l.know(res)
	if err := l.measure(ctx); err != nil {
		return err
	}
	l.askOthers()
	if res.Measurement != nil {
		l.measured()
	}
	return nil
}

// know adds what the directory, its classification and the Dockerfile tell.
func (l *Lint) know(res *Result) {
	l.facts.Inventory, l.facts.Memory = res.Inventory, &lint.Memory{}
	l.facts.Artifact = func(id buildcontext.ID) bool { _, ok := res.artifacts[id]; return ok }
	l.places()
	l.build()
}

// measure selects and measures, where the builder does not refuse.
func (l *Lint) measure(ctx context.Context) error {
	res := l.result
	err := error(nil)
	if l.Builder == buildcontext.BuildKit {
		err = l.checkTravel()
	}
	if err == nil && !l.refusedAlready() {
		res.Selection, err = l.Select(ctx, res.Inventory, l.Rules())
	}
	if err == nil && res.Selection != nil {
		res.Measurement, err = buildcontext.Measure(res.Selection)
	}
	if _, ok := errors.AsType[*UsageError](err); ok {
		res.Selection, res.Measurement = nil, nil
		l.refused(err)
		return nil
	}
	l.facts.Selection = res.Selection
	return err
}

// refused tells why the builder refuses the context, where that is no rule of the
// ignore file: those have findings of their own.
func (l *Lint) refused(err error) {
	if rule, ok := errors.AsType[*ignore.RuleError](err); ok && rule.Rule.File != "" {
		return
	}
	f := finding.Finding{
		ID: "context-refused", Severity: finding.Error,
		Message: err.Error(), Repair: "ignore the path, or make it readable",
	}
	if at, ok := errors.AsType[*buildcontext.RefusalError](err); ok {
		f.Path = at.Path
	}
	for _, read := range l.Reads().Each {
		asked := ignore.Patterns(strings.TrimPrefix(read.Path, "/"))
		m, err := ignore.Compile(asked)
		if err != nil || m.MayFail() || ignore.TravelError(asked) != nil {
			f.ID, f.Path, f.File, f.Line = "copy-source-refused", "", l.Dockerfile.Name, read.Line
			f.Message = fmt.Sprintf("BuildKit cannot ask for %q, and refuses the build: it is no pattern", read.Source)
			f.Repair = "mend the source in the Dockerfile"
		}
	}
	l.Findings = append(l.Findings, l.withExcerpt(f))
}

// refusedAlready tells whether an error was found that stops the build before the
// context is asked for.
func (l *Lint) refusedAlready() bool {
	for _, f := range l.Findings {
		if f.ID == "dockerfile-refused" || f.ID == "copy-source-refused" || f.ID == "context-refused" {
			return true
		}
	}
	return false
}

// measured takes over what a measurement finds and lint has a rule for.
func (l *Lint) measured() {
	for _, f := range l.result.find() {
		if rule, ok := lint.Known(f.ID); ok && rule.Measured() && (f.ID != "ignore-file-not-read" || !l.isTooLong) {
			l.Findings = append(l.Findings, l.withExcerpt(f))
		}
	}
}

// withExcerpt adds the line that a finding is about.
func (l *Lint) withExcerpt(f finding.Finding) lint.Finding {
	out := lint.Finding{Finding: f}
	var text string
	switch f.File {
	case l.IgnoreFile.Name:
		if l.IgnoreFile.File != nil {
			text = string(l.IgnoreFile.File.Bytes())
		}
	case l.Dockerfile.Name:
		text = string(l.Dockerfile.Data)
	}
	if lines := strings.Split(text, "\n"); f.Line > 0 && f.Line <= len(lines) {
		out.Excerpt = strings.TrimSuffix(lines[f.Line-1], "\r")
		out.Column, out.Width = 1, len([]rune(out.Excerpt))
	}
	return out
}

// Where returns the path of a file that a finding names, as [Run.Where] does; an
// ignore file that was named is one more thing that was asked about.
func (l *Lint) Where(file string) string { return l.where(file, l.IgnoreText) }

// places looks for other ignore files: at the root, and beside a Dockerfile that
// lies elsewhere.
func (l *Lint) places() {
	p := &l.facts.Places
	p.Looked = true
	if l.IgnoreFile.Specific {
		p.Specific = l.IgnoreFile.Name
		if plain, err := ignoreFileBuildKit(l.Source, l.Root); err == nil {
			p.Plain = plain.File
		}
	}
	if l.IgnoreFile.Name == dockerignore || l.IgnoreFile.Name == "" {
		p.OtherClassic = l.linkDiffers()
	}
	if l.Dockerfile.full == "" {
		return
	}
	dir := filepath.Dir(l.Dockerfile.full)
	if resolved, err := filepath.EvalSymlinks(dir); err != nil || resolved == l.Root {
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	if prefix := inside(l.Root, dir); prefix != "" {
		p.BesidePrefix = prefix + "/"
	} else {
		p.BesidePrefix = filepath.ToSlash(filepath.Dir(l.Dockerfile.Name)) + "/"
	}
	for _, e := range entries {
		if !e.IsDir() {
			p.Beside = append(p.Beside, e.Name())
		}
	}
}

// linkDiffers tells whether .dockerignore is a link which the classic client and
// BuildKit follow to different texts.
func (l *Lint) linkDiffers() bool {
	stat, err := l.Source.Lstat(dockerignore)
	if err != nil || stat.Mode&fs.ModeSymlink == 0 {
		return false
	}
	inContext, errInside := readInside(l.Source, dockerignore)
	onHost, errHost := l.files.read(filepath.Join(l.Root, dockerignore))
	return (errInside == nil) != (errHost == nil) || string(inContext.data) != string(onHost)
}
