package report

import (
	"io"

	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/plan"
)

type checkDocument struct {
	SchemaVersion int               `json:"schemaVersion"`
	Context       string            `json:"context"`
	Builder       string            `json:"builder"`
	Passed        bool              `json:"passed"`
	Rules         []checkedRule     `json:"rules"`
	Heavy         []heavy           `json:"heavy"`
	Findings      []finding.Finding `json:"findings"`
}

type checkedRule struct {
	Rule   string `json:"rule"`
	Status string `json:"status"`
	Limit  int64  `json:"limit"`
	Actual int64  `json:"actual"`
	Excess int64  `json:"excess"`
}

// few is how many items a short list names.
const few = 5

func status(o budget.Outcome) string {
	if o.Failed() {
		return "FAIL"
	}
	return "PASS"
}

// CheckJSON writes the outcome of a check as one object.
func CheckJSON(w io.Writer, res *plan.Result, all budget.Outcomes) error {
	doc := checkDocument{
		SchemaVersion: schemaVersion, Context: res.Path, Builder: res.Builder.String(), Passed: !all.Failed(),
		Rules: []checkedRule{}, Heavy: []heavy{}, Findings: res.Findings,
	}
	for _, o := range all {
		doc.Rules = append(doc.Rules, checkedRule{Rule: o.Rule, Status: status(o), Limit: o.Limit, Actual: o.Actual, Excess: o.Excess()})
	}
	for _, h := range res.Heavy[:min(few, len(res.Heavy))] {
		doc.Heavy = append(doc.Heavy, heavy(h))
	}
	return writeJSON(w, doc)
}

// CheckText writes the outcome of a check for people.
func CheckText(w io.Writer, res *plan.Result, all budget.Outcomes, opts TextOptions) error {
	t := text{printer: printer{w: w}, res: res, opts: opts}
	for _, o := range all {
		show := func(n int64) string { return plural(int(n), "file") }
		if o.Rule == "max-size" {
			show = t.size
		}
		color, excess := green, ""
		if o.Failed() {
			color, excess = red, ", "+show(o.Excess())+" too much"
		}
		t.printf("%s  %s: %s of at most %s%s\n", opts.paint(color, status(o)), o.Rule, show(o.Actual), show(o.Limit), excess)
	}
	if all.Failed() {
		t.opts.Top = few
		t.heavy()
		if res.Fixed != nil && res.Fixed.Sent.Bytes < res.Measurement.Sent.Bytes {
			t.suggestions()
		} else {
			t.printf("\n  Nothing here is there by accident, as far as ctxsize can prove: ignore what the build does not need, or raise the limit.\n")
		}
	}
	return t.err
}
