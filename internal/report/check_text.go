package report

import (
	"io"

	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/check"
)

// CheckText writes the outcomes of a check for people: every rule that was looked
// at with where its limit stands, and of a context that fails what is to blame and
// what repairs it.
func CheckText(w io.Writer, all Checks, style Style, quiet bool) error {
	p := printer{w: w}
	for _, c := range all {
		t := text{printer: p, res: c.Result, opts: TextOptions{Style: style, Top: few, Arguments: c.Arguments}}
		if len(all) > 1 {
			t.gap()
			t.head()
		}
		t.outcomes(c)
		if c.Comparison != nil && !quiet {
			d := t.compared(c)
			d.local()
			t.printer = d.printer
		}
		if c.Failed() && !quiet {
			t.blame(c)
		}
		p = t.printer
	}
	if len(all) > 1 {
		p.printf("\n%s\n", checkTally(all))
	}
	return p.err
}

func (t *text) outcomes(c *check.Checked) {
	for _, o := range c.Outcomes {
		color := green
		switch o.Status {
		case budget.Fail:
			color = red
		case budget.Skip:
			color = dim
		case budget.Pass:
		}
		t.printf("%s  %s: %s  %s\n", t.opts.paint(color, o.Status.String()), Escape(o.Name()), Escape(found(c, o)), t.opts.paint(dim, "("+Escape(o.From)+")"))
		if o.Status != budget.Fail {
			continue
		}
		for _, offender := range o.Offenders[:min(few, len(o.Offenders))] {
			t.printf("        %s\n", noteOf(c, offender))
		}
		if rest := len(o.Offenders) - few; rest > 0 {
			t.printf("        %s\n", t.opts.paint(dim, "and "+thousands(rest)+" more (--format json lists them)"))
		}
		if o.Rule == budget.Forbid {
			t.printf("        %s\n", t.opts.paint(dim, Escape(repair(c, o))))
		}
	}
}

// compared tells of the comparison of a context.
func (t *text) compared(c *check.Checked) diffText {
	return diffText{printer: t.printer, Comparison: c.Comparison, opts: t.opts}
}

// blame names what changed, what weighs most, and what repairs it.
func (t *text) blame(c *check.Checked) {
	sized := false
	for _, o := range c.Outcomes {
		sized = sized || o.Status == budget.Fail && o.Rule != budget.Forbid
	}
	if c.Comparison != nil {
		d := t.compared(c)
		d.changed()
		t.printer = d.printer
	}
	if sized {
		t.heavy()
	}
	switch {
	case c.Fixed != nil && (!sized || c.Fixed.Sent.Bytes < c.Measurement.Sent.Bytes):
		t.suggestions()
	case sized:
		t.printf("\n  Nothing here is there by accident, as far as ctxsize can prove: ignore what the build does not need, or raise the limit.\n")
	}
}

// checkTally counts the outcomes of several contexts.
func checkTally(all Checks) string {
	limits := all.count(budget.Pass) + all.count(budget.Fail) + all.count(budget.Skip)
	text := plural(len(all), "context") + ", " + plural(limits, "limit") + ": " + thousands(all.count(budget.Pass)) + " passed, " + thousands(all.count(budget.Fail)) + " failed"
	if n := all.count(budget.Skip); n > 0 {
		text += ", " + thousands(n) + " skipped"
	}
	return text
}
