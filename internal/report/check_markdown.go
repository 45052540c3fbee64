package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/check"
)

// checkMarker is the first line of the report: whoever posts it as a comment finds
// the last one by it, and writes over that.
const checkMarker = "<!-- ctxsize:check -->"

var marks = map[budget.Status]string{budget.Pass: "✅", budget.Fail: "❌", budget.Skip: "➖"}

// CheckMarkdown writes the outcomes as GitHub's Markdown, for a comment or for the
// summary of a job.
func CheckMarkdown(w io.Writer, all Checks) error {
	p := &printer{w: w}
	p.printf("%s\n", checkMarker)
	verdict := "the build context is within its limits"
	if n := all.count(budget.Fail); n > 0 {
		verdict = "the build context is beyond " + plural(n, "limit")
	}
	p.printf("## ctxsize: %s\n", verdict)
	for _, c := range all {
		p.checkedContext(c)
	}
	return p.err
}

func (p *printer) checkedContext(c *check.Checked) {
	m := c.Measurement
	parts := []string{c.Builder.String()}
	if !c.Dockerfile.Missing {
		parts = append(parts, code(c.Dockerfile.Name))
	}
	if c.Target != "" {
		parts = append(parts, "target "+code(c.Target))
	}
	p.printf("\n### %s\n\n", code(c.Title()))
	p.printf("%s: **%s** in %s is sent\n\n", strings.Join(parts, " · "), c.Builder.Shown(m.Sent.Bytes), plural(m.Sent.Files, "file"))
	p.printf("| | limit | found | set by |\n| --- | --- | --- | --- |\n")
	for _, o := range c.Outcomes {
		p.printf("| %s %s | %s | %s | %s |\n", marks[o.Status], o.Status, cell(o.Name()), markdownFound(c, o), cell(o.From))
	}
	for _, o := range c.Outcomes {
		p.markdownOffenders(c, o)
	}
	if c.Comparison != nil {
		m := diffMarkdown{printer: *p, Comparison: c.Comparison, top: few}
		m.changes()
		m.local()
		*p = m.printer
	}
	if c.Failed() {
		p.markdownBlame(c)
	}
}

// markdownFound is [found] with the excess in bold, and with a name that is no
// Markdown.
func markdownFound(c *check.Checked, o budget.Outcome) string {
	text, much := found(c, o), excess(c, o)
	if much != "" {
		text = strings.TrimSuffix(text, much) + ", **" + strings.TrimPrefix(much, ", ") + "**"
	}
	if base := since(c, o); base != "" {
		text = strings.Replace(text, base, " since "+cell(strings.TrimPrefix(base, " since ")), 1)
	}
	return text
}

// markdownOffenders lists on account of what a limit is exceeded.
func (p *printer) markdownOffenders(c *check.Checked, o budget.Outcome) {
	if o.Status != budget.Fail || len(o.Offenders) == 0 {
		return
	}
	p.printf("\n%s:\n\n", code(o.Name()))
	for _, f := range o.Offenders[:min(few, len(o.Offenders))] {
		switch {
		case f.File != "" && f.Line > 0:
			p.printf("* %s %s\n", code(fmt.Sprintf("%s:%d", f.File, f.Line)), code(f.Note))
		case f.File != "":
			p.printf("* %s %s\n", code(f.File), code(f.Note))
		default:
			note := code(f.Note)
			if note == "" && f.Files > 1 {
				note = plural(f.Files, "file")
			}
			p.printf("* %s\n", strings.TrimSpace(c.Builder.Shown(f.Bytes)+" "+code(f.Path)+" "+note))
		}
	}
	if rest := len(o.Offenders) - few; rest > 0 {
		p.printf("* and %s more\n", thousands(rest))
	}
}

// markdownBlame names what weighs most and what repairs it.
func (p *printer) markdownBlame(c *check.Checked) {
	p.printf("\n<details><summary>What weighs most</summary>\n\n| sent | | |\n| ---: | --- | --- |\n")
	for _, h := range c.Heavy[:min(few, len(c.Heavy))] {
		p.printf("| %s | %s | %s |\n", c.Builder.Shown(h.SentBytes), cell(h.Path), h.Class)
	}
	p.printf("\n</details>\n")
	if c.Fixed == nil || c.Fixed.Sent.Bytes >= c.Measurement.Sent.Bytes {
		return
	}
	p.printf("\n%s takes what is sent from %s to **%s**%s. These lines are what it adds to %s:\n\n",
		code("ctxsize fix"+c.Arguments), c.Builder.Shown(c.Measurement.Sent.Bytes), c.Builder.Shown(c.Fixed.Sent.Bytes),
		Percent(c.Measurement.Sent.Bytes, c.Fixed.Sent.Bytes), code(c.IgnoreFileName()))
	for _, s := range c.Suggestions {
		if s.Confidence.Safe() && s.SavesBytes > 0 {
			p.printf("* %s %s\n", c.Builder.Shown(s.SavesBytes), code(s.Pattern))
		}
	}
}
