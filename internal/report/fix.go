package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/ctxsize/ctxsize/internal/plan"
)

// FixOptions says how a fix is told.
type FixOptions struct {
	Style
	// Written tells that the change was written.
	Written bool
	// Diff shows the change line by line.
	Diff bool
	// Arguments name the same context to another command.
	Arguments string
}

type fixDocument struct {
	SchemaVersion int          `json:"schemaVersion"`
	Context       string       `json:"context"`
	Builder       string       `json:"builder"`
	File          string       `json:"file"`
	Changed       bool         `json:"changed"`
	Written       bool         `json:"written"`
	Diff          string       `json:"diff"`
	Before        fixSent      `json:"before"`
	After         fixSent      `json:"after"`
	Applied       []suggestion `json:"applied"`
	Left          []suggestion `json:"left"`
	Lost          []lost       `json:"lost"`
}

type fixSent struct {
	totals
	WireBytes int64 `json:"wireBytes"`
}

type lost struct {
	Path string `json:"path"`
	Why  string `json:"why"`
}

// FixJSON writes a fix as one object.
func FixJSON(w io.Writer, f *plan.Fix, o FixOptions) error {
	doc := fixDocument{
		SchemaVersion: schemaVersion, Context: f.Path, Builder: f.Builder.String(), File: f.File,
		Changed: f.Changed(), Written: o.Written, Diff: diff(f),
		Before:  fixSent{totals: totalsOf(f.Measurement.Sent), WireBytes: f.ContextWire()},
		After:   fixSent{totals: totalsOf(f.After.Sent), WireBytes: f.After.Wire.Bytes},
		Applied: suggestionsOf(f.Applied), Left: suggestionsOf(f.Left), Lost: []lost{},
	}
	for _, l := range f.Lost {
		doc.Lost = append(doc.Lost, lost(l))
	}
	return writeJSON(w, doc)
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
		t.printf("%s is not written: the change would lose what the build needs\n", Name(f.File))
		for _, l := range f.Lost[:min(len(f.Lost), few)] {
			t.printf("  %s: %s\n", Name(l.Path), Escape(l.Why))
		}
		return t.err
	case !f.Changed():
		t.printf("%s\n", nothing(f))
	case o.Diff:
		t.diff(diff(f))
	}
	if f.Changed() && !o.Diff {
		verb := " would get "
		if o.Written {
			verb = " got "
		}
		t.lines(Name(f.File)+verb+plural(len(f.Applied), "rule"), green, f.Applied, len(f.Applied), why)
	}
	if f.Changed() {
		before, after := f.Measurement, f.After
		t.printf("\n  sent: %s in %s, before %s in %s%s\n",
			o.paint(bold, t.size(after.Sent.Bytes)), plural(after.Sent.Files, "file"),
			t.size(before.Sent.Bytes), plural(before.Sent.Files, "file"), percent(before.Sent.Bytes, after.Sent.Bytes))
		t.printf("  docker will print: %s, before %s\n", o.paint(bold, t.size(after.Wire.Bytes)), t.size(before.Wire.Bytes))
	}
	if len(f.Left) > 0 {
		t.lines("left for you to decide", "", f.Left, len(f.Left), idAndWhy)
		t.printf("\n  %s\n", o.paint(dim, fmt.Sprintf("ctxsize fix --include %s%s writes the first of them, too", f.Left[0].ID, o.Arguments)))
	}
	if o.Diff && f.Changed() {
		t.printf("\n  %s\n", o.paint(dim, "nothing was written; ctxsize fix"+o.Arguments+" writes it"))
	}
	return t.err
}

func nothing(f *plan.Fix) string {
	if f.Old == nil {
		return "nothing to write: nothing in the context is proved to be there by accident"
	}
	return Name(f.File) + " needs no change: nothing in the context is proved to be there by accident"
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

// UndoText says for people what an undo did.
func UndoText(w io.Writer, u *plan.Undone) error {
	p := printer{w: w}
	if u.Removed {
		p.printf("%s is removed: there was none before the last fix\n", Name(u.File))
	} else {
		p.printf("%s is as it was before the last fix\n", Name(u.File))
	}
	return p.err
}

// UndoJSON says for machines what an undo did.
func UndoJSON(w io.Writer, u *plan.Undone) error {
	return writeJSON(w, struct {
		SchemaVersion int    `json:"schemaVersion"`
		File          string `json:"file"`
		Removed       bool   `json:"removed"`
	}{schemaVersion, u.File, u.Removed})
}
