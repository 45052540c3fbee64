package report

import (
	"io"
	"strings"

	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/check"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/lint"
)

// checkRules are the rules of a check, and those of lint, which may be forbidden.
func checkRules() []issueRule {
	all := []issueRule{
		{id: budget.MaxSize, title: "the context weighs more than it may"},
		{id: budget.MaxFiles, title: "the context has more files than it may"},
		{id: budget.MaxFileSize, title: "a file weighs more than any may"},
		{id: budget.MaxDirSize, title: "a directory weighs more than it may"},
		{id: budget.MaxGrowth, title: "the context has grown more than it may"},
		{id: budget.Forbid, title: "something is sent that must not be"},
		{id: "secret-sent", title: "a secret is sent"},
	}
	for i := range all {
		all[i].severity, all[i].page = finding.Error, pages+"check.md#"+all[i].id
	}
	return append(all, lintRules()...)
}

// CheckSARIF writes what fails as SARIF 2.1.0, with the version of the program.
func CheckSARIF(w io.Writer, all Checks, version string) error {
	return writeSARIF(w, checkRules(), all.issues(), version)
}

// CheckGitHub writes what fails as GitHub's annotations.
func CheckGitHub(w io.Writer, all Checks) error { return writeGitHub(w, all.issues()) }

// CheckGitLab writes what fails as GitLab's code quality report.
func CheckGitLab(w io.Writer, all Checks) error { return writeGitLab(w, all.issues()) }

// CheckJUnit writes the outcomes as JUnit's XML: a suite for each context, a test
// for each limit.
func CheckJUnit(w io.Writer, all Checks) error {
	var suites []junitSuite
	for _, c := range all {
		suite := junitSuite{Name: Escape(all.label(c))}
		for _, o := range c.Outcomes {
			test := junitCase{Name: Escape(o.Name()), ClassName: suite.Name, File: Escape(c.Where(c.IgnoreFileName()))}
			text := Escape(found(c, o)) + "  (" + Escape(o.From) + ")"
			switch o.Status {
			case budget.Fail:
				test.Failure = &junitFailure{Message: Escape(found(c, o)), Type: o.Rule, Text: text + offenderLines(c, o) + "\n" + Escape(repair(c, o))}
			case budget.Skip:
				test.Skipped = &junitSkipped{Message: text}
			case budget.Pass:
				test.Output = text
			}
			suite.Cases = append(suite.Cases, test)
		}
		suites = append(suites, suite)
	}
	return writeJUnit(w, "ctxsize check", suites)
}

// offenderLines are the first offenders of an outcome, each on a line of its own.
func offenderLines(c *check.Checked, o budget.Outcome) string {
	var b strings.Builder
	for _, f := range o.Offenders[:min(few, len(o.Offenders))] {
		b.WriteString("\n" + noteOf(c, f))
	}
	if rest := len(o.Offenders) - few; rest > 0 {
		b.WriteString("\nand " + thousands(rest) + " more")
	}
	return b.String()
}

// issues are what fails: a limit at the first line of the ignore file, where it is
// mended, and a secret or a finding of lint where it stands.
func (all Checks) issues() []issue {
	var out []issue
	for _, c := range all {
		for _, o := range c.Outcomes {
			if o.Status == budget.Fail {
				out = append(out, issuesOf(c, o)...)
			}
		}
	}
	return out
}

func issuesOf(c *check.Checked, o budget.Outcome) []issue {
	switch {
	case o.Rule != budget.Forbid:
	case o.Text == "secrets":
		var out []issue
		for _, f := range c.Findings {
			if f.ID == "secret-sent" {
				out = append(out, issue{Finding: lint.Finding{Finding: f}, where: c.Where(f.File)})
			}
		}
		return out
	case c.Linted(o.Text) != nil:
		var out []issue
		for _, f := range c.Linted(o.Text) {
			out = append(out, issue{Finding: f, where: lintPlace(c.Lint, f)})
		}
		return out
	}
	f := lint.Finding{Finding: finding.Finding{
		ID: o.Rule, Severity: finding.Error, File: c.IgnoreFileName(), Line: 1,
		Message: o.Name() + ": " + found(c, o), Repair: repair(c, o),
	}}
	for i, offender := range o.Offenders[:min(few, len(o.Offenders))] {
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		f.Message += separator + offender.Path
	}
	return []issue{{Finding: f, where: c.Where(f.File), subject: o.Subject()}}
}
