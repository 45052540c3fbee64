package report

import (
	"io"

	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/check"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// checksDocument is what several contexts make.
type checksDocument struct {
	SchemaVersion int             `json:"schemaVersion"`
	Passed        bool            `json:"passed"`
	Contexts      []checkDocument `json:"contexts"`
}

type checkDocument struct {
	SchemaVersion int               `json:"schemaVersion"`
	Context       string            `json:"context"`
	Builder       string            `json:"builder"`
	Dockerfile    string            `json:"dockerfile"`
	Target        string            `json:"target"`
	IgnoreFile    string            `json:"ignoreFile"`
	Passed        bool              `json:"passed"`
	On            string            `json:"on"`
	Rules         []checkedRule     `json:"rules"`
	Sent          fixSent           `json:"sent"`
	Eligible      totals            `json:"eligible"`
	Heavy         []heavy           `json:"heavy"`
	Findings      []finding.Finding `json:"findings"`
	Suggestions   []suggestion      `json:"suggestions"`
	// Comparison is null where growth is not asked about.
	Comparison *diffDocument `json:"comparison"`
	Accepted   []accepted    `json:"accepted"`
}

type checkedRule struct {
	Rule   string `json:"rule"`
	Status string `json:"status"`
	Limit  int64  `json:"limit"`
	Actual int64  `json:"actual"`
	Excess int64  `json:"excess"`
	Unit   string `json:"unit"`
	// Subject is the directory of a limit, the growth as it is written, or what is
	// forbidden.
	Subject   string     `json:"subject"`
	From      string     `json:"from"`
	Why       string     `json:"why"`
	Repair    string     `json:"repair"`
	Offenders []offender `json:"offenders"`
}

type offender struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"`
	Files int    `json:"files"`
	Note  string `json:"note"`
	File  string `json:"file"`
	Line  int    `json:"line"`
}

// CheckJSON writes the outcomes of a check as one object: that of the context, or
// of several contexts an object that holds them.
func CheckJSON(w io.Writer, all Checks) error {
	if len(all) == 1 {
		return writeJSON(w, checkDocumentOf(all[0]))
	}
	doc := checksDocument{SchemaVersion: schemaVersion, Passed: !all.Failed()}
	for _, c := range all {
		doc.Contexts = append(doc.Contexts, checkDocumentOf(c))
	}
	return writeJSON(w, doc)
}

func checkDocumentOf(c *check.Checked) checkDocument {
	m := c.Measurement
	doc := checkDocument{
		SchemaVersion: schemaVersion, Context: c.Path, Builder: c.Builder.String(), Target: c.Target, IgnoreFile: c.IgnoreFile.Name,
		Passed: !c.Failed(), On: c.On.String(), Rules: []checkedRule{},
		Sent: fixSent{totals: totalsOf(m.Sent), WireBytes: c.ContextWire()}, Eligible: totalsOf(m.Eligible),
		Heavy: []heavy{}, Findings: c.Findings, Suggestions: suggestionsOf(c.Suggestions), Accepted: acceptedOf(c.Accepted),
	}
	if !c.Dockerfile.Missing {
		doc.Dockerfile = c.Dockerfile.Name
	}
	if c.Comparison != nil {
		d := diffDocumentOf(c.Comparison)
		doc.Comparison = &d
	}
	for _, o := range c.Outcomes {
		doc.Rules = append(doc.Rules, checkedRuleOf(c, o))
	}
	for _, h := range c.Heavy[:min(few, len(c.Heavy))] {
		doc.Heavy = append(doc.Heavy, heavy(h))
	}
	return doc
}

func checkedRuleOf(c *check.Checked, o budget.Outcome) checkedRule {
	r := checkedRule{
		Rule: o.Rule, Status: o.Status.String(), Limit: o.Allowed, Actual: o.Actual, Excess: o.Excess(), Unit: unit(o.Rule),
		Subject: o.Subject(), From: o.From, Why: o.Why, Offenders: []offender{},
	}
	if o.Status == budget.Fail {
		r.Repair = repair(c, o)
	}
	for _, f := range o.Offenders {
		r.Offenders = append(r.Offenders, offender(f))
	}
	return r
}
