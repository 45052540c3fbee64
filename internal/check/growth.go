package check

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ctxsize/ctxsize/internal/plan"
)

// levels is how many levels of directories a comparison tells apart.
const levels = 2

// compare puts a measurement beside what it is compared with; nil where it is
// compared with nothing.
func (c *checker) compare(ctx context.Context, res *plan.Result) (*plan.Comparison, error) {
	var err error
	switch {
	case c.Baseline.Text != "" && c.UpdateBaseline:
		return nil, nil
	case c.Baseline.Text != "":
		compared, err := res.AgainstBaseline(c.Baseline.Text)
		return compared, from(c.Baseline.From, err)
	case c.Against.Text != "" && c.comparison == nil:
		options := plan.CompareOptions{Full: res, Progress: c.Progress, Depth: levels}
		if c.comparison, err = c.run.Against(ctx, c.Against.Text, options); err == nil {
			err = tooLittle(c.comparison)
		}
	}
	return c.comparison, from(c.Against.From, err)
}

// tooLittle refuses a comparison in which a part of the present is missing: it
// would pass whatever has grown.
func tooLittle(c *plan.Comparison) error {
	for _, f := range c.Findings {
		if f.ID == plan.SparseCheckout {
			return &plan.UsageError{Err: errors.New(f.Message), Hint: f.Repair}
		}
	}
	return nil
}

// UpdateBaselines writes what contexts weigh into their baselines, and returns the
// names of these.
func UpdateBaselines(all []*Checked) ([]string, error) {
	var names []string
	of := map[string][]*plan.Result{}
	for _, c := range all {
		if c.Baseline == "" {
			return nil, &plan.UsageError{Err: fmt.Errorf("the context %q has no baseline to be updated", c.Path), Hint: "name one: --baseline FILE"}
		}
		if !slices.Contains(names, c.Baseline) {
			names = append(names, c.Baseline)
		}
		of[c.Baseline] = append(of[c.Baseline], c.Result)
	}
	for _, name := range names {
		if err := plan.WriteBaseline(name, of[name]); err != nil {
			return nil, err
		}
	}
	return names, nil
}
