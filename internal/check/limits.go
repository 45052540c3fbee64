package check

import (
	"fmt"
	"slices"

	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/config"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// Limits are what a context is compared with.
type Limits struct {
	// On is what sizes are compared with.
	On budget.On
	// All are the limits in the order in which they are told.
	All []budget.Limit
	// Against is the revision, or Baseline the file, that growth is compared with.
	Against, Baseline config.Value
}

// ReadLimits reads the limits among settings. The error is a [plan.UsageError] that
// says where the setting stands.
func ReadLimits(v config.Values) (Limits, error) {
	var l Limits
	on := v.One("on")
	var err error
	if l.On, err = budget.ParseOn(on.Text); err != nil {
		return l, &plan.UsageError{Err: fmt.Errorf("%s: %w", on.From, err), Hint: "it is sent, eligible or wire"}
	}
	if l.Against, l.Baseline, err = readBase(v); err != nil {
		return l, err
	}
	for _, s := range config.Settings() {
		if !s.Limit || slices.Contains([]string{"on", "against", "baseline"}, s.Key) {
			continue
		}
		for _, value := range v[s.Key] {
			if value.Text == "" {
				continue
			}
			limit, err := budget.ParseLimit(s.Key, value.Text, value.From)
			if err == nil && limit.Rule == budget.Forbid && !limit.Off {
				_, err = plan.ParseForbidden(value.Text)
			}
			if err != nil {
				return l, at(limit, err)
			}
			if limit.Rule == budget.MaxGrowth && !limit.Off && l.Against.Text == "" && l.Baseline.Text == "" {
				return l, &plan.UsageError{
					Err:  fmt.Errorf("%s: there is nothing to compare with", value.From),
					Hint: "add --against origin/main, or --baseline FILE",
				}
			}
			l.All = append(l.All, limit)
		}
	}
	return l, nil
}

// readBase reads what growth is compared with.
func readBase(v config.Values) (against, baseline config.Value, err error) {
	against, baseline = v.One("against"), v.One("baseline")
	for _, base := range []*config.Value{&against, &baseline} {
		if base.Text == "off" {
			*base = config.Value{}
		}
	}
	if against.Text != "" && baseline.Text != "" {
		err = &plan.UsageError{
			Err:  fmt.Errorf("growth is compared with a revision (%s) or with a baseline (%s), not with both", against.From, baseline.From),
			Hint: "switch one off: --baseline off",
		}
	}
	return against, baseline, err
}
