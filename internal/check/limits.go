package check

import (
	"fmt"

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
	for _, s := range config.Settings() {
		if !s.Limit || s.Key == "on" {
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
			l.All = append(l.All, limit)
		}
	}
	return l, nil
}
