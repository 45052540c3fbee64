package report

import (
	"io"
	"strings"

	"github.com/ctxsize/ctxsize/internal/plan"
)

// LintFixes are the repairs of what was found, one for each argument.
type LintFixes []*plan.Fix

// LintFixText writes what was repaired for people; as a difference, where nothing
// was written.
func LintFixText(w io.Writer, fixes LintFixes, style Style, written bool) error {
	p := &printer{w: w}
	for _, f := range fixes {
		if !f.Changed() {
			continue
		}
		p.gap()
		if !written {
			t := text{printer: *p, opts: TextOptions{Style: style}}
			t.diff(diff(f))
			*p = t.printer
			continue
		}
		p.printf("%s: %s\n", style.paint(bold, Name(f.File)), plural(len(f.Repairs), "repair"))
		for _, d := range f.Repairs {
			p.printf("  %s %s\n", style.paint(dim, Escape(strings.TrimSpace(d.Excerpt))+"  ["+d.ID+"]"), Escape(d.Repair))
		}
	}
	if p.begun {
		p.printf("\n")
	}
	return p.err
}
