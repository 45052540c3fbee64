package report

import (
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/lint"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// issue is a finding as the reports for machines tell it: lint's findings and the
// failures of a check alike.
type issue struct {
	lint.Finding
	// where is the file that it is about, from the working directory: where its
	// cause stands, or the entry of the context; "" for none.
	where string
	// suppressed says how it is suppressed, in the words of SARIF; "" for not.
	suppressed string
	// subject tells issues of one rule apart that have no place of their own.
	subject string
}

// issueRule is a kind of issue and the page that explains it.
type issueRule struct {
	id, title, page string
	severity        finding.Severity
}

// pages is where rules are explained.
const pages = "https://github.com/ctxsize/ctxsize/blob/main/docs/"

// lintRules are the rules of lint.
func lintRules() []issueRule {
	var all []issueRule
	for _, r := range lint.Rules() {
		all = append(all, issueRule{id: r.ID, title: r.Title, page: pages + "lint.md#" + r.ID, severity: r.Severity})
	}
	return all
}

// issues are the findings of lint, those that are suppressed last.
func (all Lints) issues() []issue {
	var out, suppressed []issue
	for _, l := range all {
		for _, f := range l.Findings {
			out = append(out, issue{Finding: f, where: lintPlace(l, f)})
		}
		for _, f := range l.Suppressed {
			how := "inSource"
			if f.Accepted != "" {
				how = "external"
			}
			suppressed = append(suppressed, issue{Finding: f, where: lintPlace(l, f), suppressed: how})
		}
	}
	return append(out, suppressed...)
}

// lintPlace is the file that a finding is about: where its cause stands, or the
// entry of the context.
func lintPlace(l *plan.Lint, f lint.Finding) string {
	if f.File == "" {
		return l.Where(f.Path)
	}
	return l.Where(f.File)
}

// unsuppressed leaves out what is suppressed: most formats have no place for it.
func unsuppressed(all []issue) []issue {
	var out []issue
	for _, i := range all {
		if i.suppressed == "" {
			out = append(out, i)
		}
	}
	return out
}

// oneText is a finding in one text: what is so, and what to do.
func oneText(f lint.Finding) string {
	if f.Repair == "" {
		return f.Message
	}
	return f.Message + ". Repair: " + f.Repair
}
