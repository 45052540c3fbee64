package plan

import (
	"context"
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
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
	// Basis says what becomes of the text before suggestions are added to it.
	Basis Basis
}

// Choice is what a person decides about.
type Choice struct {
	// File is the ignore file for people.
	File        string
	Builder     buildcontext.Builder
	Suggestions []Suggestion
	// Preset tells which would be followed without a question.
	Preset func(Suggestion) bool
	// Before is the measurement as it is, and After that with some suggestions
	// written, in the order of Suggestions.
	Before *buildcontext.Measurement
	After  func(wanted []bool) (*buildcontext.Measurement, error)
}

// Fix is a change of the ignore file, measured before it is written.
//
// What is sent before, less what Rewritten saves, less the marginal savings of
// Applied, and with what the file itself adds (Growth), is what is sent after, to
// the byte.
type Fix struct {
	*Result
	// Basis says what became of the text before Applied was added, and Rewritten what
	// that saves; nothing for [AsIs].
	Basis     Basis
	Rewritten buildcontext.Saving
	// Repairs are those that were made for [Repaired], and for [AsIs] those that
	// could be.
	Repairs []Repair
	// Notes are findings about what could not be said in the new text, or needs care.
	Notes []finding.Finding
	// Applied are the suggestions that the change follows, Left the others.
	Applied, Left []Suggestion
	// Old and New are the texts of the ignore file; Old is nil where it is new.
	Old, New []byte
	// Growth is what is sent more because the ignore file itself grows.
	Growth buildcontext.Saving
	// File is the name of the file for people, Target the path that is written,
	// links resolved.
	File, Target string
	// After is the measurement with the change.
	After *buildcontext.Measurement
	// Lost are paths that the build needs and that the change would lose, or that are
	// kept back and would come back by accident; it is not written then.
	Lost []Lost
}

// Changed tells whether the change changes anything.
func (f *Fix) Changed() bool { return string(f.Old) != string(f.New) }

// Fix looks for what the ignore file should hold and prepares the change. The
// error is a [UsageError] where there is nothing that the basis could be made of,
// and a [RefusedError] where a build would lose what it needs by it.
func (r *Run) Fix(ctx context.Context, opts FixOptions) (*Fix, error) {
	target, err := r.fixTarget()
	if err != nil {
		return nil, err
	}
	basis := opts.Basis
	if basis == Repaired && r.IgnoreFile.File == nil {
		basis = AsIs // nothing is there
	}
	// Under another text there may be something else to suggest.
	asks := basis == AsIs || basis == Allowed
	res, err := r.Measure(ctx, MeasureOptions{Progress: opts.Progress, Suggest: asks, Depth: 1})
	if err != nil {
		return nil, err
	}
	f := &Fix{Result: res, Basis: basis, File: r.IgnoreFileName(), Target: target, After: res.Measurement}
	if r.IgnoreFile.File != nil {
		f.Old = append([]byte{}, r.IgnoreFile.File.Bytes()...) // an empty file is one
	}
	base, rewrite, err := f.base(ctx)
	if err != nil {
		return nil, err
	}
	if err := checkIDs(base.Suggestions, opts); err != nil {
		return nil, err
	}
	if err := f.follow(ctx, base, opts); err != nil {
		return nil, err
	}
	if err := f.share(ctx, base); err != nil || !f.Changed() {
		return f, err
	}
	sel, err := res.with(ctx, f.New)
	if err != nil {
		return nil, err
	}
	if f.After, err = buildcontext.Measure(sel); err != nil {
		return nil, err
	}
	if f.Growth, err = f.growth(ctx); err != nil {
		return nil, err
	}
	if f.Lost, err = res.lost(sel); err != nil || rewrite == nil {
		return f, err
	}
	return f, f.compare(rewrite)
}

// follow decides which suggestions are followed, and makes the text.
func (f *Fix) follow(ctx context.Context, base *Result, opts FixOptions) error {
	wanted := make([]bool, len(base.Suggestions))
	for i, s := range base.Suggestions {
		wanted[i] = opts.wants(s)
	}
	text := func(wanted []bool) []byte {
		return suggest.Patch(base.IgnoreFile.File, chosen(base.Suggestions, wanted))
	}
	if opts.Choose != nil && len(wanted) > 0 {
		var err error
		wanted, err = opts.Choose(Choice{
			File: f.File, Builder: f.Builder, Suggestions: base.Suggestions, Preset: opts.wants, Before: f.Measurement,
			After: func(wanted []bool) (*buildcontext.Measurement, error) {
				sel, err := f.with(ctx, text(wanted))
				if err != nil {
					return nil, err
				}
				return buildcontext.Measure(sel)
			},
		})
		if err != nil {
			return err
		}
	}
	f.New = text(wanted)
	for i, s := range base.Suggestions {
		if wanted[i] {
			f.Applied = append(f.Applied, s)
		} else {
			f.Left = append(f.Left, s)
		}
	}
	return nil
}

// share says what each part of the change saves. What was added may make something
// superfluous that is there: then that is repaired, too.
func (f *Fix) share(ctx context.Context, base *Result) error {
	followed, err := f.under(ctx, f.New)
	if err != nil {
		return err
	}
	f.Rewritten = saving(f.Measurement, base.Measurement)
	total := saving(base.Measurement, followed.Measurement)
	if err := base.marginal(ctx, pointers(f.Applied), pointers(f.Left), &total); err != nil {
		return err
	}
	if f.Basis != Repaired || len(f.Applied) == 0 {
		return nil
	}
	text, saved, err := f.repair(ctx, followed)
	f.New, f.Rewritten = text, plus(f.Rewritten, saved)
	return err
}

// growth is what is sent more because the ignore file itself is larger.
func (f *Fix) growth(ctx context.Context) (buildcontext.Saving, error) {
	m, err := f.try(ctx, f.New)
	if err != nil {
		return buildcontext.Saving{}, err
	}
	return saving(f.After, m), nil
}

func pointers(all []Suggestion) []*Suggestion {
	out := make([]*Suggestion, len(all))
	for i := range all {
		out[i] = &all[i]
	}
	return out
}

// chosen returns the suggestions that are wanted.
func chosen(all []Suggestion, wanted []bool) []suggest.Suggestion {
	var out []suggest.Suggestion
	for i, s := range all {
		if wanted[i] {
			out = append(out, s.Suggestion)
		}
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
