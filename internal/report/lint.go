package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/lint"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// Lints is what ctxsize lint found, in the order of its arguments.
type Lints []*plan.Lint

// each calls visit for every finding with the path of its file from the working
// directory.
func (all Lints) each(visit func(l *plan.Lint, f lint.Finding, where string)) {
	for _, l := range all {
		for _, f := range l.Findings {
			visit(l, f, l.Where(f.File))
		}
	}
}

// count returns how many findings have each severity.
func (all Lints) count() map[finding.Severity]int {
	n := map[finding.Severity]int{}
	all.each(func(_ *plan.Lint, f lint.Finding, _ string) { n[f.Severity]++ })
	return n
}

// Fail tells whether there is a finding of a severity that fails.
func (all Lints) Fail(failing func(finding.Severity) bool) bool {
	fails := false
	all.each(func(_ *plan.Lint, f lint.Finding, _ string) { fails = fails || failing(f.Severity) })
	return fails
}

// LintText writes findings for people, each with its line and what repairs it.
// Quiet leaves out what is only worth knowing.
func LintText(w io.Writer, all Lints, style Style, quiet bool) error {
	p := &printer{w: w}
	all.each(func(l *plan.Lint, f lint.Finding, _ string) {
		if quiet && f.Severity == finding.Info {
			return
		}
		p.gap()
		p.lintFinding(f, lintPlace(l, f), style)
	})
	p.gap()
	p.printf("%s\n", tally(all))
	return p.err
}

func (p *printer) lintFinding(f lint.Finding, where string, style Style) {
	where = Name(where)
	if f.Line > 0 {
		where += fmt.Sprintf(":%d", f.Line)
		if f.Column > 0 {
			where += fmt.Sprintf(":%d", f.Column)
		}
	}
	severity := f.Severity.String()
	id := "[" + f.ID + "]"
	text := style.wrap(cut(Escape(f.Message), longestText)+" "+id, indent, columns(where+severity)+len(": : "))
	p.printf("%s: %s: %s%s\n", style.paint(bold, where), style.paint(severityColor(f.Severity), severity), strings.TrimSuffix(text, id), style.paint(dim, id))
	p.caret(f, style)
	if f.Repair != "" {
		p.printf("    %s\n", style.paint(dim, style.wrap(cut(Escape(f.Repair), longestText), indent, len(indent))))
	}
}

// indent stands before whatever belongs to a finding.
const indent = "    "

// longestExcerpt is how many columns of a line are shown, longestText of a message
// that quotes it.
const (
	longestExcerpt = 100
	longestText    = 500
)

// excerptColumns is how many columns there are for a line of the file.
func (s Style) excerptColumns() int {
	if s.Width == 0 {
		return longestExcerpt
	}
	return max(20, min(longestExcerpt, s.Width-len(indent+"| ")))
}

// caret prints the line that a finding is about and what in it is meant.
func (p *printer) caret(f lint.Finding, style Style) {
	if f.Excerpt == "" {
		return
	}
	runes := []rune(f.Excerpt)
	from := min(max(f.Column-1, 0), len(runes))
	to := min(from+f.Width, len(runes))
	before, meant, after := Escape(string(runes[:from])), Escape(string(runes[from:to])), Escape(string(runes[to:]))
	limit := style.excerptColumns()
	if columns(before)+columns(meant) > limit {
		before = tail(before, limit/4)
	}
	p.printf("    | %s\n", head(before+meant+after, limit))
	if width := min(columns(meant), limit-columns(before)); width > 0 {
		p.printf("    | %s%s\n", strings.Repeat(" ", columns(before)), style.paint(green, "^"+strings.Repeat("~", width-1)))
	}
}

// tally says how much was found.
func tally(all Lints) string {
	n := all.count()
	var parts []string
	for _, s := range []finding.Severity{finding.Error, finding.Warning} {
		if n[s] > 0 {
			parts = append(parts, plural(n[s], s.String()))
		}
	}
	if n[finding.Info] > 0 {
		parts = append(parts, thousands(n[finding.Info])+" to know")
	}
	text := "nothing found"
	if len(parts) > 0 {
		text = strings.Join(parts, ", ")
	}
	if suppressed := all.suppressed(); suppressed > 0 {
		text += fmt.Sprintf(" (%s suppressed)", thousands(suppressed))
	}
	return text
}

func (all Lints) suppressed() int {
	n := 0
	for _, l := range all {
		n += len(l.Suppressed)
	}
	return n
}

// LintRulesText lists the rules.
func LintRulesText(w io.Writer, rules []lint.Rule, style Style) error {
	p := &printer{w: w}
	for _, r := range rules {
		p.printf("%-22s  %s  %s\n", r.ID, severity(r.Severity, style), r.Title)
	}
	return p.err
}
