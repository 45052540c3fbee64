package report

import (
	"io"

	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/lint"
	"github.com/ctxsize/ctxsize/internal/plan"
)

type lintDocument struct {
	SchemaVersion int           `json:"schemaVersion"`
	Builder       string        `json:"builder"`
	Findings      []lintFinding `json:"findings"`
	Suppressed    []lintFinding `json:"suppressed"`
	// Fixes is left out where none was asked for.
	Fixes []lintFix `json:"fixes,omitempty"`
}

type lintFix struct {
	File     string        `json:"file"`
	Changed  bool          `json:"changed"`
	Written  bool          `json:"written"`
	Diff     string        `json:"diff"`
	Repaired []lintFinding `json:"repaired"`
}

type lintFinding struct {
	finding.Finding
	Context       string `json:"context"`
	Location      string `json:"location"`
	CostBytes     int64  `json:"costBytes"`
	WalkedEntries int    `json:"walkedEntries"`
	Fixable       bool   `json:"fixable"`
	Repairable    bool   `json:"repairable"`
	// Accepted is why the configuration accepts it, left out where it does not.
	Accepted string `json:"accepted,omitempty"`
}

// LintJSON writes findings, and repairs where some were asked for, as one object.
func LintJSON(w io.Writer, all Lints, fixes LintFixes, written bool) error {
	doc := lintDocument{SchemaVersion: schemaVersion, Findings: []lintFinding{}, Suppressed: []lintFinding{}}
	for _, l := range all {
		doc.Builder = l.Builder.String()
		for _, f := range l.Findings {
			doc.Findings = append(doc.Findings, lintFindingOf(l, f))
		}
		for _, f := range l.Suppressed {
			doc.Suppressed = append(doc.Suppressed, lintFindingOf(l, f))
		}
	}
	for i, f := range fixes {
		fix := lintFix{File: f.File, Changed: f.Changed(), Written: written && f.Changed(), Repaired: []lintFinding{}}
		if f.Changed() {
			fix.Diff = diff(f)
		}
		for _, d := range f.Repairs {
			fix.Repaired = append(fix.Repaired, lintFindingOf(all[i], d.Finding))
		}
		doc.Fixes = append(doc.Fixes, fix)
	}
	return writeJSON(w, doc)
}

func lintFindingOf(l *plan.Lint, f lint.Finding) lintFinding {
	return lintFinding{
		Finding: f.Finding, Context: l.Path, Location: l.Where(f.File),
		CostBytes: f.CostBytes, WalkedEntries: f.WalkedEntries, Fixable: f.Certain(), Repairable: f.Edit != nil, Accepted: f.Accepted,
	}
}

// LintRulesJSON lists the rules as one object.
func LintRulesJSON(w io.Writer, rules []lint.Rule) error {
	type listed struct {
		ID       string           `json:"id"`
		Severity finding.Severity `json:"severity"`
		Title    string           `json:"title"`
	}
	doc := struct {
		SchemaVersion int      `json:"schemaVersion"`
		Rules         []listed `json:"rules"`
	}{schemaVersion, []listed{}}
	for _, r := range rules {
		doc.Rules = append(doc.Rules, listed{r.ID, r.Severity, r.Title})
	}
	return writeJSON(w, doc)
}
