package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// Options is one context with its limits.
type Options struct {
	plan.Options
	Limits
	// Arguments are the words with which another command means the same context,
	// each with a space in front.
	Arguments string
	// Progress, where set, is called now and then with the number of entries seen.
	Progress func(entries int)
	// UpdateBaseline takes what is measured for the base: the caller will write it
	// with [UpdateBaselines].
	UpdateBaseline bool
}

// Checked is a context compared with its limits.
type Checked struct {
	*plan.Result
	On       budget.On
	Outcomes budget.Outcomes
	// Arguments are those of the options.
	Arguments string
	// Comparison is the context beside its base, where growth is asked about; else
	// nil.
	Comparison *plan.Comparison
	// Baseline is the file of the options.
	Baseline string
	// Lint is what lint found, where a limit asks for it; else nil.
	Lint *plan.Lint
}

// Failed tells whether one limit is exceeded.
func (c *Checked) Failed() bool { return c.Outcomes.Failed() }

// checker is a check that goes on.
type checker struct {
	Options
	run       *plan.Run
	forbidden map[string]plan.Forbidden
	lint      *plan.Lint
	// comparison is made once.
	comparison *plan.Comparison
}

// Run measures a context and compares it with its limits. Within the limits, what
// is ignored is not read; beyond one, everything is looked at to say why. An error
// means that the check could not be made; it is a [plan.UsageError] where the input
// is wrong, or where the builder would refuse it.
func Run(ctx context.Context, o Options) (*Checked, error) {
	c := &checker{Options: o, forbidden: map[string]plan.Forbidden{}}
	if err := c.prepare(); err != nil {
		return nil, err
	}
	var err error
	if c.run, err = plan.Prepare(o.Options); err != nil {
		return nil, err
	}
	m := plan.MeasureOptions{Prune: true, Depth: 1, Progress: o.Progress}
	for _, f := range c.forbidden {
		m.Secrets = m.Secrets || f.Secrets()
		m.Prune = m.Prune && !f.Whole()
		if _, ok := f.Lint(); ok && c.lint == nil {
			if err := c.findLint(ctx); err != nil {
				return nil, err
			}
		}
	}
	checked, err := c.measure(ctx, m)
	if err == nil && checked.Failed() {
		checked, err = c.measure(ctx, plan.MeasureOptions{Suggest: true, Project: true, Depth: 1, Progress: o.Progress})
	}
	return checked, err
}

// findLint asks lint about the same context.
func (c *checker) findLint(ctx context.Context) (err error) {
	o := plan.LintOptions{Options: c.Options.Options, Scan: buildcontext.ScanOptions{Progress: c.Progress}}
	if o.File == "-" { // it can be read once
		o.Stdin = bytes.NewReader(c.run.Dockerfile.Data)
	}
	c.lint, err = plan.LintContext(ctx, o)
	return err
}

// prepare refuses what cannot be compared.
func (c *checker) prepare() error {
	if !c.UpdateBaseline && !slices.ContainsFunc(c.Limits.All, func(l budget.Limit) bool { return !l.Off }) {
		return &plan.UsageError{
			Err:  errors.New("there is nothing to check"),
			Hint: "give a limit: --max-size 50MB, --max-growth 10% --against origin/main, --forbid secrets ...",
		}
	}
	if c.On == budget.Wire {
		switch {
		case c.Builder == buildcontext.Podman:
			return &plan.UsageError{Err: errors.New("there is no number on the wire: Podman sends nothing"), Hint: "compare --on sent"}
		case c.Compress && c.Builder == buildcontext.Classic:
			return &plan.UsageError{Err: errors.New("with --compress the number on the wire is not known"), Hint: "leave out --compress, or compare --on sent"}
		}
	}
	for _, l := range c.Limits.All {
		if l.Rule != budget.Forbid || l.Off {
			continue
		}
		f, err := plan.ParseForbidden(l.Text)
		if err != nil {
			return at(l, err)
		}
		c.forbidden[l.Text] = f
	}
	return nil
}

// at says where the limit is written that an error is about.
func at(l budget.Limit, err error) error {
	if _, ok := errors.AsType[*plan.UsageError](err); !ok {
		err = &plan.UsageError{Err: err, Hint: "docs/check.md explains every limit, and off switches it off"}
	}
	return from(l.From, err)
}

// from says where the setting is written that an error is about.
func from(place string, err error) error {
	if u, ok := errors.AsType[*plan.UsageError](err); ok {
		return &plan.UsageError{Err: fmt.Errorf("%s: %w", place, u.Err), Hint: u.Hint}
	}
	return err
}

// measure measures the context and compares.
func (c *checker) measure(ctx context.Context, m plan.MeasureOptions) (*Checked, error) {
	res, err := c.run.Measure(ctx, m)
	if err != nil {
		return nil, err
	}
	checked := &Checked{Result: res, On: c.On, Arguments: c.Arguments, Baseline: c.Baseline.Text, Lint: c.lint}
	if checked.Comparison, err = c.compare(ctx, res); err != nil {
		return nil, err
	}
	facts := checked.facts()
	offences := map[string][]budget.Offender{}
	for _, l := range c.Limits.All {
		if f, ok := c.forbidden[l.Text]; ok && l.Rule == budget.Forbid {
			if offences[l.Text], err = checked.offences(f); err != nil {
				return nil, at(l, err)
			}
		}
	}
	facts.Forbidden = func(what string) []budget.Offender { return offences[what] }
	checked.Outcomes = budget.Check(c.Limits.All, facts)
	if !c.UpdateBaseline && checked.Outcomes.Count(budget.Skip) == len(checked.Outcomes) {
		why := checked.Outcomes[slices.IndexFunc(checked.Outcomes, func(o budget.Outcome) bool { return !o.Off })]
		return nil, &plan.UsageError{Err: fmt.Errorf("%s: nothing could be checked: %s: %s", why.From, why.Name(), why.Why), Hint: "name what there is, or take the limit out"}
	}
	return checked, nil
}
