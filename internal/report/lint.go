package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

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
	all.each(func(_ *plan.Lint, f lint.Finding, where string) {
		if quiet && f.Severity == finding.Info {
			return
		}
		p.gap()
		p.lintFinding(f, where, style)
	})
	p.gap()
	p.printf("%s\n", tally(all))
	return p.err
}

func (p *printer) lintFinding(f lint.Finding, where string, style Style) {
	if where == "" {
		where = Name(f.Path)
	} else {
		where = Name(where)
	}
	if f.Line > 0 {
		where += fmt.Sprintf(":%d", f.Line)
		if f.Column > 0 {
			where += fmt.Sprintf(":%d", f.Column)
		}
	}
	p.printf("%s: %s: %s %s\n", style.paint(bold, where), strings.TrimRight(severity(f.Severity, style), " "), Escape(f.Message), style.paint(dim, "["+f.ID+"]"))
	p.caret(f, style)
	if f.Repair != "" {
		p.printf("    %s\n", style.paint(dim, Escape(f.Repair)))
	}
}

// longestExcerpt is how many characters of a line are shown.
const longestExcerpt = 100

// caret prints the line that a finding is about and what in it is meant.
func (p *printer) caret(f lint.Finding, style Style) {
	if f.Excerpt == "" {
		return
	}
	runes := []rune(f.Excerpt)
	from := min(max(f.Column-1, 0), len(runes))
	to := min(from+f.Width, len(runes))
	before, meant, after := Escape(string(runes[:from])), Escape(string(runes[from:to])), Escape(string(runes[to:]))
	if utf8.RuneCountInString(before) > longestExcerpt {
		before = "…"
	}
	p.printf("    | %s\n", shortened(before+meant+after))
	if width := utf8.RuneCountInString(meant); width > 0 {
		p.printf("    | %s%s\n", strings.Repeat(" ", utf8.RuneCountInString(before)), style.paint(green, "^"+strings.Repeat("~", min(width, longestExcerpt)-1)))
	}
}

func shortened(text string) string {
	if runes := []rune(text); len(runes) > longestExcerpt {
		return string(runes[:longestExcerpt-1]) + "…"
	}
	return text
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
