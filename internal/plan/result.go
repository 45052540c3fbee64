package plan

import (
	"cmp"
	"context"

	"golang.org/x/sync/errgroup"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/suggest"
)

// Result is everything that is known of one measured context.
type Result struct {
	*Run
	Inventory   *buildcontext.Inventory
	Selection   *buildcontext.Selection
	Measurement *buildcontext.Measurement
	Transfers   []Transfer
	// Heavy is what weighs most, the most sent first: [MeasureOptions.Top] items, and
	// in any case those that have a thousandth of what is sent.
	Heavy []Heavy
	// Findings are sorted, the worst first.
	Findings []finding.Finding
	// Accepted are the findings that the configuration accepts, in the same order.
	Accepted []AcceptedFinding
	// Suggestions are what would make the context smaller, the greatest saving
	// first.
	Suggestions []Suggestion
	// Fixed is the measurement after the safe suggestions are written; nil where
	// there are none, or without [MeasureOptions.Project].
	Fixed *buildcontext.Measurement

	artifacts map[buildcontext.ID]suggest.Artifact
	// others are the Dockerfiles in the context besides the chosen one.
	others  []*dockerfile.File
	secrets []suggest.Secret
	savings *buildcontext.Savings
	// gitIgnored tells whether git ignores a path; nil where nobody asked.
	gitIgnored func(path string, dir bool) bool
	// known are the facts that suggestions are made of, once they are gathered.
	known *suggest.Facts
}

// Suggestion is a suggestion with what its paths weigh: of the files that are
// sent, and of what the builder receives.
type Suggestion struct {
	suggest.Suggestion
	SavesBytes     int64
	SavesFiles     int
	SavesWireBytes int64
	// Marginal is what it saves on top of others: a safe one of the safe ones listed
	// before it, so that they add up; one to review, of all that are safe. In a [Fix]
	// those that it follows take the place of the safe ones.
	Marginal buildcontext.Saving
}

// MeasureOptions says what a measurement is wanted for. The zero value leaves
// out what costs extra.
type MeasureOptions struct {
	// Progress, where set, is called now and then with the number of entries seen.
	Progress func(entries int)
	// Prune leaves unread what is ignored for sure: what is on disk and ignored is
	// then not known.
	Prune bool
	// Suggest looks for suggestions and measures what they save, and for secrets.
	Suggest bool
	// Project measures what the safe suggestions would leave, for [Result.Fixed]: it
	// selects all over again.
	Project bool
	// Secrets looks for secrets alone.
	Secrets bool
	// Depth is how many levels of directories [Result.Heavy] tells apart.
	Depth int
	// Top is how many items of [Result.Heavy] are wanted.
	Top int
}

// Scan reads the context, and of what is sent all that a measurement needs.
func (r *Run) Scan(ctx context.Context, opts buildcontext.ScanOptions) (*buildcontext.Inventory, error) {
	req := r.ContextRequest(r.Rules())
	opts.For = &req
	return buildcontext.Scan(ctx, r.Source, opts)
}

// isAskedAbout tells whether what looks for artifacts, secrets and Dockerfiles asks
// about entries of a name in a directory of a name. Nine of ten have others.
func isAskedAbout(dir, name string) bool { return isDockerfileName(name) || suggest.Knows(dir, name) }

// Measure scans the context and measures it. An error that is a [UsageError]
// means that the builder would refuse.
func (r *Run) Measure(ctx context.Context, opts MeasureOptions) (*Result, error) {
	inv, err := r.Scan(ctx, buildcontext.ScanOptions{Progress: opts.Progress, Fetch: true, Prune: opts.Prune, Note: isAskedAbout})
	if err != nil {
		return nil, err
	}
	sel, err := r.Select(ctx, inv, r.Rules())
	if err != nil {
		return nil, err
	}
	res := &Result{Run: r, Inventory: inv, Selection: sel}
	// These look at the same entries and not at each other.
	var measuring, looking errgroup.Group
	var proposed []suggest.Suggestion
	measuring.Go(func() error {
		m, err := buildcontext.Measure(sel)
		res.Measurement = m
		return wrapRefusal(err)
	})
	// What the suggestions need to know leaves artifacts out.
	res.artifacts, err = suggest.Classify(ctx, r.Source, inv)
	if err == nil && (opts.Suggest || opts.Secrets) {
		facts := res.facts()
		looking.Go(func() (err error) {
			res.secrets, err = suggest.Secrets(ctx, facts)
			return err
		})
		if opts.Suggest {
			looking.Go(func() (err error) {
				proposed, err = suggest.Propose(ctx, facts)
				return err
			})
		}
	}
	// What the builder refuses is told before anything else.
	if err := cmp.Or(measuring.Wait(), err, looking.Wait()); err != nil {
		return nil, err
	}
	if res.Transfers, err = r.transfers(ctx, res.Measurement); err != nil {
		return nil, err
	}
	if err := res.weigh(ctx, proposed); err != nil {
		return nil, err
	}
	if opts.Project {
		if err := res.project(ctx); err != nil {
			return nil, err
		}
	}
	res.Heavy = res.heavy(opts.Depth, opts.Top)
	res.Findings, res.Accepted = res.settle(res.find(), opts)
	return res, nil
}

// ContextWire returns the bytes that the builder prints of the context's own
// transfer; 0 where there is none.
func (res *Result) ContextWire() int64 {
	for _, t := range res.Transfers {
		if t.Kind == "context" && t.Name == "context" {
			return t.WireBytes
		}
	}
	return 0
}
