package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// FixOptions says how a fix is told.
type FixOptions struct {
	Style
	// Written tells that the change was written.
	Written bool
	// Diff shows the change line by line.
	Diff bool
	// Quiet leaves out findings and advice.
	Quiet bool
	// Arguments name the same choice and context to another fix.
	Arguments string
}

// diff is the change as a unified diff.
func diff(f *plan.Fix) string {
	from := "a/" + f.File
	if f.Old == nil {
		from = "/dev/null"
	}
	return udiff.Unified(from, "b/"+f.File, string(f.Old), string(f.New))
}

// FixText writes a fix for people.
func FixText(w io.Writer, f *plan.Fix, o FixOptions) error {
	t := text{printer: printer{w: w}, res: f.Result, opts: TextOptions{Style: o.Style}}
	switch {
	case len(f.Lost) > 0:
		harm := "lose what the build needs"
		if !slices.ContainsFunc(f.Lost, func(l plan.Lost) bool { return !l.Back }) {
			harm = "let through what is kept back"
		}
		t.printf("%s is not written: the change would %s\n", Name(f.File), harm)
		for _, l := range f.Lost[:min(len(f.Lost), few)] {
			t.printf("  %s: %s\n", Name(l.Path), Escape(l.Why))
		}
		if rest := len(f.Lost) - few; rest > 0 {
			t.printf("  and %s more (--format json lists them)\n", thousands(rest))
		}
		return t.err
	case !f.Changed():
		t.printf("%s\n", nothing(f))
	case o.Diff:
		t.diff(diff(f))
		if f.Basis == plan.Repaired && len(f.Repairs) > 0 {
			t.repairs(plural(len(f.Repairs), "repair"), f.Repairs)
		}
	default:
		t.written(f, o.Written)
	}
	if f.Changed() {
		before, after := f.Measurement, f.After
		t.printf("\n  sent: %s in %s, before %s in %s%s\n",
			o.paint(bold, t.size(after.Sent.Bytes)), plural(after.Sent.Files, "file"),
			t.size(before.Sent.Bytes), plural(before.Sent.Files, "file"), Percent(before.Sent.Bytes, after.Sent.Bytes))
	}
	if f.Changed() && f.Builder != buildcontext.Podman {
		before, after := f.Measurement, f.After
		t.printf("  docker will print: %s, before %s\n", o.paint(bold, t.size(after.Wire.Bytes)), t.size(before.Wire.Bytes))
	}
	if !o.Quiet {
		t.advice(f, o)
	}
	return t.err
}

// advice says what to know, and what could be done besides.
func (t *text) advice(f *plan.Fix, o FixOptions) {
	if notes := notesOf(f); len(notes) > 0 {
		t.printf("\n  %s\n", o.paint(bold, "to know"))
		Findings(&t.printer, notes, o.Style)
	}
	if f.Basis == plan.AsIs && len(f.Repairs) > 0 {
		t.repairs("what could be repaired", f.Repairs)
		t.printf("\n  %s\n", o.paint(dim, "ctxsize fix --repair"+o.Arguments+" does it; --dry-run shows it first"))
	}
	if len(f.Left) > 0 {
		t.lines("left for you to decide", "", f.Left, len(f.Left), doubts)
		t.printf("\n  %s\n", o.paint(dim, fmt.Sprintf("ctxsize fix%s --include %s%s writes the first of them, too", flagOf(f.Basis), f.Left[0].ID, o.Arguments)))
	}
	if o.Diff && f.Changed() {
		t.printf("\n  %s\n", o.paint(dim, "nothing was written; ctxsize fix"+flagOf(f.Basis)+o.Arguments+" writes it"))
	}
}

// flagOf is the flag that asks for a basis.
func flagOf(b plan.Basis) string {
	if b == plan.AsIs {
		return ""
	}
	return " --" + b.String()
}

// written says what was written, or would be.
func (t *text) written(f *plan.Fix, done bool) {
	verb := " would get "
	if done {
		verb = " got "
	}
	name := Name(f.File) + verb
	switch f.Basis {
	case plan.Repaired:
		if len(f.Repairs) > 0 {
			t.repairs(name+plural(len(f.Repairs), "repair"), f.Repairs)
		}
	case plan.Allowed, plan.Translated:
		what := "an allowlist"
		if f.Basis == plan.Translated {
			what = "the rules of .gitignore"
		}
		t.gap()
		t.printf("  %s\n", t.opts.paint(bold, name+what))
		note := plural(f.Rewritten.Files, "file") + " less"
		if f.Rewritten.Files == 0 && f.Builder == buildcontext.BuildKit {
			note = "nothing less is sent: BuildKit asks only for what the Dockerfile names"
		}
		t.printf("  %s  %s\n", pad(t.saved(f.Rewritten.Bytes), 9), t.opts.paint(dim, note))
	case plan.AsIs:
	}
	t.lines(name+plural(len(f.Applied), "rule"), green, f.Applied, len(f.Applied), own)
	if what := common(f.Applied); what != "" {
		t.printf("  %s\n", t.opts.paint(dim, pad("", 9)+"  "+what))
	}
}

// repairs lists repairs with what they save.
func (t *text) repairs(title string, repairs []plan.Repair) {
	t.gap()
	t.printf("  %s\n", t.opts.paint(bold, title))
	for _, r := range repairs {
		t.printf("  %s  %s%s  %s\n", pad(t.saved(r.Saves.Bytes), 9), t.opts.paint(cyan, place(r.Finding.Finding)), Escape(strings.TrimSpace(r.Excerpt)), t.opts.paint(dim, "["+r.ID+"]"))
		t.printf("             %s\n", t.opts.paint(dim, Escape(r.Message)))
		t.printf("             %s\n", Escape(r.Repair))
	}
}

// saved is a saving as it is shown: what is sent more has a plus.
func (t *text) saved(bytes int64) string {
	if bytes < 0 {
		return "+" + t.size(-bytes)
	}
	return t.size(bytes)
}

// nothing says why nothing changes.
func nothing(f *plan.Fix) string {
	const proved = "nothing in the context is proved to be there by accident"
	why := map[plan.Basis]string{
		plan.AsIs:       proved,
		plan.Repaired:   "nothing is to be repaired, and " + proved,
		plan.Allowed:    "it lets through what the Dockerfiles read, and no more than you say",
		plan.Translated: "it says what the .gitignore files say, and " + proved,
	}[f.Basis]
	if f.Old == nil {
		return "nothing to write: " + why
	}
	return Name(f.File) + " needs no change: " + why
}

// notesOf are the notes that are news: of a file that stays as it is only the
// warnings.
func notesOf(f *plan.Fix) []finding.Finding {
	if f.Changed() {
		return f.Notes
	}
	return slices.DeleteFunc(slices.Clone(f.Notes), func(n finding.Finding) bool { return n.Severity < finding.Warning })
}

// diff prints a difference in color; what would harm a terminal is escaped.
func (t *text) diff(text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		color := ""
		switch {
		case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"):
			color = bold
		case strings.HasPrefix(line, "+"):
			color = green
		case strings.HasPrefix(line, "-"):
			color = red
		case strings.HasPrefix(line, "@@"):
			color = cyan
		}
		if color == "" {
			t.printf("%s\n", Escape(line))
		} else {
			t.printf("%s\n", t.opts.paint(color, Escape(line)))
		}
	}
}
