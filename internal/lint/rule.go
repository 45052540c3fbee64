package lint

import (
	"slices"

	"github.com/ctxsize/ctxsize/internal/finding"
)

// Rule is one thing that may be wrong.
type Rule struct {
	// ID is stable: people write it into their ignore files.
	ID string
	// Title says in one line what is found.
	Title string
	// Severity is the highest that its findings have.
	Severity finding.Severity

	// find is nil for what a measurement finds (plan.Result.Findings): its finding
	// is told with the others.
	find func(e *evidence) []Finding
	// docker rules are about how Docker evaluates; Podman has findings of its own.
	docker bool
}

// Rules returns every rule, in the order of the documentation.
func Rules() []Rule { return slices.Clone(rules()) }

// Known returns the rule with an id.
func Known(id string) (Rule, bool) {
	for _, r := range rules() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}

// Measured tells whether the finding comes from a measurement.
func (r Rule) Measured() bool { return r.find == nil }
