package plan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/suggest"
)

// FixOptions says what a fix may write.
type FixOptions struct {
	// Progress, where set, is called now and then with the number of entries seen.
	Progress func(entries int)
	// Include adds suggestions that are not safe: "review" for all, or an id.
	// Exclude leaves out ids.
	Include, Exclude []string
	// Choose lets a person decide, where it is set: it returns for each
	// suggestion whether it is wanted.
	Choose func(Choice) ([]bool, error)
}

// Choice is what a person decides about.
type Choice struct {
	// File is the ignore file for people.
	File        string
	Builder     buildcontext.Builder
	Suggestions []Suggestion
	// Preset tells which would be followed without a question.
	Preset func(Suggestion) bool
	// Sent is what is sent now, and Saving what it would be spared without some
	// paths.
	Sent   buildcontext.Totals
	Saving func(paths []string) (buildcontext.Saving, error)
}

// Fix is a change of the ignore file, measured before it is written.
type Fix struct {
	*Result
	// Applied are the suggestions that the change follows, Left the others.
	Applied, Left []Suggestion
	// Old and New are the texts of the ignore file; Old is nil where it is new.
	Old, New []byte
	// File is the name of the file for people, Target the path that is written,
	// links resolved.
	File, Target string
	// After is the measurement with the change.
	After *buildcontext.Measurement
	// Lost are paths that the build needs and that the change would lose; it is
	// not written then.
	Lost []Lost
}

// Lost is a path that a change would lose, and why it must not.
type Lost struct {
	Path, Why string
}

// Changed tells whether the change changes anything.
func (f *Fix) Changed() bool { return string(f.Old) != string(f.New) }

// Fix looks for what the ignore file should hold and prepares the change.
func (r *Run) Fix(ctx context.Context, opts FixOptions) (*Fix, error) {
	target, err := r.fixTarget()
	if err != nil {
		return nil, err
	}
	res, err := r.Measure(ctx, MeasureOptions{Progress: opts.Progress, Suggest: true, Depth: 1})
	if err != nil {
		return nil, err
	}
	f := &Fix{Result: res, File: r.IgnoreFileName(), Target: target, After: res.Measurement}
	if r.IgnoreFile.File != nil {
		f.Old = append([]byte{}, r.IgnoreFile.File.Bytes()...) // an empty file is one
	}
	if err := checkIDs(res.Suggestions, opts); err != nil {
		return nil, err
	}
	wanted, err := f.choose(opts)
	if err != nil {
		return nil, err
	}
	for i, s := range res.Suggestions {
		if wanted[i] {
			f.Applied = append(f.Applied, s)
		} else {
			f.Left = append(f.Left, s)
		}
	}
	f.New = f.Old
	if len(f.Applied) == 0 {
		return f, nil
	}
	f.New = suggest.Patch(r.IgnoreFile.File, plain(f.Applied))
	sel, err := res.with(ctx, f.New)
	if err != nil {
		return nil, err
	}
	if f.After, err = buildcontext.Measure(sel); err != nil {
		return nil, err
	}
	f.Lost, err = res.lost(sel)
	return f, err
}

// choose decides which suggestions are followed.
func (f *Fix) choose(opts FixOptions) ([]bool, error) {
	if opts.Choose != nil && len(f.Suggestions) > 0 {
		return opts.Choose(Choice{
			File: f.File, Builder: f.Builder, Suggestions: f.Suggestions, Preset: opts.wants,
			Sent: f.Measurement.Sent, Saving: f.savings.Without,
		})
	}
	wanted := make([]bool, len(f.Suggestions))
	for i, s := range f.Suggestions {
		wanted[i] = opts.wants(s)
	}
	return wanted, nil
}

func plain(suggestions []Suggestion) []suggest.Suggestion {
	out := make([]suggest.Suggestion, len(suggestions))
	for i, s := range suggestions {
		out[i] = s.Suggestion
	}
	return out
}

func (o FixOptions) wants(s Suggestion) bool {
	if slices.Contains(o.Exclude, s.ID) {
		return false
	}
	return s.Confidence.Safe() || slices.Contains(o.Include, "review") || slices.Contains(o.Include, s.ID)
}

// checkIDs refuses an id that no suggestion has, and no rule of the catalogue.
func checkIDs(suggestions []Suggestion, o FixOptions) error {
	for _, id := range slices.Concat(o.Include, o.Exclude) {
		known := id == "review" || suggest.Known(id)
		for _, s := range suggestions {
			known = known || s.ID == id
		}
		if !known {
			return usage("ctxsize lists the ids with --format json", "no suggestion has the id %q", id)
		}
	}
	return nil
}

// fixTarget returns the file that a fix writes. A link is written through; what
// the builder does not read as an ignore file is not replaced.
func (r *Run) fixTarget() (string, error) {
	if err := r.IgnoreFile.unreadable; err != nil {
		return "", usage("make it readable", "%s cannot be read, and what cannot be read is not changed: %v", r.IgnoreFile.Name, err)
	}
	if r.IgnoreFile.File == nil {
		full := filepath.Join(r.Root, dockerignore)
		if _, err := os.Lstat(full); !errors.Is(err, fs.ErrNotExist) {
			return "", usage("remove it, or make it a plain file", "%s is there, but the builder does not read it as an ignore file", dockerignore)
		}
		return full, nil
	}
	target, err := filepath.EvalSymlinks(r.IgnoreFile.Path)
	if err != nil {
		return "", usage("make the link point to a file", "%s is a link that BuildKit follows inside the context, but not the file system: %v", r.IgnoreFile.Name, err)
	}
	data, err := os.ReadFile(target)
	if err != nil {
		return "", err
	}
	if string(data) != string(r.IgnoreFile.File.Bytes()) {
		return "", usage("make it a plain file", "%s is a link: the builder follows it to another file than the file system", r.IgnoreFile.Name)
	}
	return target, nil
}

// with selects as if the ignore file had another text.
func (res *Result) with(ctx context.Context, text []byte) (*buildcontext.Selection, error) {
	file, err := res.parseIgnore(res.IgnoreFileName(), text)
	if err != nil {
		return nil, err
	}
	inv := res.Inventory
	if at := res.written(); at != "" {
		inv = inv.WithFile(at, int64(len(text)))
	}
	changed := IgnoreFile{File: file}
	return res.Select(ctx, inv, changed.rules(res.Builder))
}

// IgnoreFileName is what the ignore file is called, or will be.
func (r *Run) IgnoreFileName() string {
	if r.IgnoreFile.Name == "" {
		return dockerignore
	}
	return r.IgnoreFile.Name
}

// parseIgnore reads a text as the builder reads an ignore file.
func (r *Run) parseIgnore(name string, text []byte) (*ignore.File, error) {
	if r.Builder == buildcontext.Podman {
		return ignore.ParsePodman(name, text), nil
	}
	return ignore.Parse(name, text)
}

// written returns where in the context a fix writes, or "" where it is outside.
func (res *Result) written() string {
	target, err := res.fixTarget()
	if err != nil {
		return ""
	}
	return inside(res.Root, target)
}

// lost compares a selection with the one before: what the Dockerfile names, and
// what a person's exception brought back, must not be lost.
func (res *Result) lost(after *buildcontext.Selection) ([]Lost, error) {
	var lost []Lost
	gone := func(path string) bool {
		id, ok := after.Inventory().Lookup(path)
		return !ok || !after.Eligible(id)
	}
	for _, read := range res.allReads() {
		for _, path := range res.named(read.Read) {
			if id, ok := res.Inventory.Lookup(path); ok && res.Selection.Eligible(id) && gone(path) {
				lost = append(lost, Lost{Path: path, Why: fmt.Sprintf("%s:%d names it: %s", read.file, read.Line, read.Text)})
			}
		}
	}
	rules := res.Selection.Rules()
	plain := slices.DeleteFunc(slices.Clone(rules), ignore.Rule.Exception)
	if len(plain) == len(rules) {
		return lost, nil
	}
	// What is brought back is what would be ignored without the exceptions.
	without, err := buildcontext.Select(res.Inventory, res.ContextRequest(plain))
	if err != nil {
		return nil, wrapRefusal(err)
	}
	res.Inventory.Walk(0, func(id buildcontext.ID, path string) bool {
		if res.Selection.Eligible(id) && !without.Eligible(id) && gone(path) {
			lost = append(lost, Lost{Path: path, Why: "an exception brings it back: " + res.decidedBy(id)})
		}
		return true
	})
	return lost, nil
}

// decidedBy names the rule that decides about an entry.
func (res *Result) decidedBy(id buildcontext.ID) string {
	if rule := res.Selection.Rule(id); rule >= 0 {
		return res.Selection.Rules()[rule].String()
	}
	return "none"
}

// allReads returns every read of every target of every Dockerfile in the context.
func (res *Result) allReads() []namedRead {
	var all []namedRead
	if res.Instructions != nil {
		all = res.readsOf(res.Instructions)
		for _, read := range res.Build.Context.Each {
			all = append(all, namedRead{Read: read, file: res.Dockerfile.Name})
		}
	}
	for _, other := range res.others {
		all = append(all, res.readsOf(other)...)
	}
	return all
}

// namedRead is a read with the name of its Dockerfile.
type namedRead struct {
	buildcontext.Read
	file string
}

// readsOf returns every read of every target of one Dockerfile. A target that
// cannot be resolved cannot be built either.
func (r *Run) readsOf(file *dockerfile.File) []namedRead {
	var all []namedRead
	for _, target := range file.Targets() {
		result, err := r.resolveTarget(file, target)
		if err != nil {
			continue
		}
		for _, read := range result.Context.Each {
			all = append(all, namedRead{Read: read, file: file.Name()})
		}
	}
	return all
}

// named returns the paths that a read names: one, or those that its wildcard
// matches.
func (res *Result) named(read buildcontext.Read) []string {
	path := strings.TrimPrefix(read.Path, "/")
	if path == "" {
		return nil
	}
	if !read.Wildcard {
		return []string{path}
	}
	return res.Inventory.Glob(path)
}

// Write replaces the ignore file. The file is written beside itself and put in
// its place at once, so that nobody ever reads half of it; what was there is kept
// for [Run.Undo] first. The error is a [RefusedError] where somebody changed the
// file meanwhile.
func (f *Fix) Write() error {
	same, err := f.unchanged()
	if err != nil {
		return fmt.Errorf("%s was not written: %w", f.File, err)
	}
	if !same {
		return &RefusedError{Reason: f.File + " was changed by somebody else meanwhile, and is not written", Hint: "run it again"}
	}
	if err := f.keepUndo(); err != nil {
		return fmt.Errorf("%s was not written, for nothing could be kept to undo it: %w", f.File, err)
	}
	if err := writeFile(f.Target, f.New); err != nil {
		return fmt.Errorf("%s was not written: %w", f.File, err)
	}
	return nil
}
