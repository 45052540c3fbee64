package report

import (
	"io"
	"strconv"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// maxFindings is how many findings of one id the text shows before it counts.
const maxFindings = 3

// TextOptions says how a text is made.
type TextOptions struct {
	Style
	// Top is how many heavy items are shown.
	Top int
	// Quiet leaves out findings and advice.
	Quiet bool
	// FromEnvironment tells that DOCKER_BUILDKIT chose the builder.
	FromEnvironment bool
	// Arguments name the same context to another command, each with a space in
	// front.
	Arguments string
}

// Text writes a measurement for people.
func Text(w io.Writer, res *plan.Result, opts TextOptions) error {
	t := text{printer: printer{w: w}, res: res, opts: opts}
	t.head()
	t.sums()
	t.heavy()
	if !opts.Quiet {
		t.findings()
		t.suggestions()
	}
	return t.err
}

type text struct {
	printer
	res  *plan.Result
	opts TextOptions
}

func (t *text) size(bytes int64) string { return t.res.Builder.Shown(bytes) }

func (t *text) head() {
	parts := []string{t.opts.paint(bold, Name(t.res.Title())), t.builder()}
	switch {
	case t.res.Dockerfile.Missing:
		parts = append(parts, "no Dockerfile")
	case t.res.Dockerfile.Name == "-":
		parts = append(parts, "Dockerfile from standard input")
	default:
		parts = append(parts, Name(t.res.Dockerfile.Name))
	}
	if t.res.Target != "" {
		parts = append(parts, "target "+Name(t.res.Target))
	}
	if t.res.IgnoreFile.File == nil {
		parts = append(parts, "no ignore file")
	} else {
		parts = append(parts, Name(t.res.IgnoreFile.Name))
	}
	t.printf("%s\n\n", strings.Join(parts, " · "))
}

func (t *text) builder() string {
	if t.opts.FromEnvironment {
		return builderTitle(t.res.Builder) + " (DOCKER_BUILDKIT=0)"
	}
	return builderTitle(t.res.Builder)
}

// builderTitle is what people call a builder.
func builderTitle(b buildcontext.Builder) string {
	switch b {
	case buildcontext.BuildKit:
		return "BuildKit"
	case buildcontext.Podman:
		return "Podman"
	default:
		return "classic builder"
	}
}

func (t *text) sums() {
	m := t.res.Measurement
	row := func(label, color string, v buildcontext.Totals) {
		t.printf("  %-9s %s  %12s\n", label, t.opts.paint(color, pad(t.size(v.Bytes), 9)), plural(v.Files, "file"))
	}
	row("on disk", "", m.OnDisk)
	row("ignored", "", m.Ignored)
	if m.Eligible != m.Sent {
		row("eligible", "", m.Eligible)
	}
	row("sent", bold, m.Sent)
	t.prints()
}

// prints says which lines docker will print about what it sends.
func (t *text) prints() {
	m := t.res.Measurement
	switch t.res.Builder {
	case buildcontext.Podman:
		t.printf("\n  podman sends nothing and prints no number: \"sent\" is what COPY and ADD copy\n")
	case buildcontext.Classic:
		line := t.opts.paint(bold, "Sending build context to Docker daemon  "+pad(t.size(m.Wire.Bytes), 8))
		if m.Wire.Alternative != 0 {
			line += "  (or, more rarely, " + t.size(m.Wire.Alternative) + ")"
		}
		t.printf("\n  docker will print\n    %s\n", line)
	case buildcontext.BuildKit:
		t.printf("\n  docker will print\n")
		for _, tr := range t.res.Transfers {
			line := "transferring " + Escape(tr.Name) + ": " + t.size(tr.WireBytes)
			switch {
			case tr.Kind == "ignorefile":
				line += t.opts.paint(dim, "  (load .dockerignore)")
			case tr.WarmWireBytes != nil:
				line = t.opts.paint(bold, line) + t.opts.paint(dim, "  (at least "+t.size(*tr.WarmWireBytes)+" once it has the files)")
			}
			t.printf("    %s\n", line)
		}
		switch {
		case t.res.Loaded(t.res.Rules()):
			t.printf("    %s\n", t.opts.paint(dim, "nothing more of the context: .dockerignore is all that is read, and was loaded"))
		case !t.res.Reads().Used:
			t.printf("    %s\n", t.opts.paint(dim, "nothing of the context: no instruction reads it"))
		}
	}
}

func pad(text string, columns int) string {
	return strings.Repeat(" ", max(0, columns-len(text))) + text
}

// least is the part of what is sent below which an item is not worth a line,
// where there are heavier ones.
const least = 1000

func (t *text) heavy() {
	items := t.res.Heavy
	for i, h := range items {
		if h.SentBytes == 0 || i >= few && h.SentBytes < t.res.Measurement.Sent.Bytes/least {
			items = items[:i]
			break
		}
	}
	shown := items[:min(t.opts.Top, len(items))]
	if len(shown) == 0 {
		return
	}
	t.printf("\n  %s\n", t.opts.paint(bold, "heaviest of what is sent"))
	most := shown[0].SentBytes
	for _, h := range shown {
		name := Name(h.Path)
		if h.Type == "dir" {
			name = Name(h.Path + "/")
		}
		if width := t.opts.Width; width > 0 {
			name = cut(name, max(24, width-48))
		}
		note := h.Class
		if h.Type == "dir" {
			note = strings.TrimPrefix(note+", ", ", ") + plural(h.SentFiles, "file")
		}
		if note != "" {
			note = "  " + t.opts.paint(dim, note)
		}
		t.printf("  %s  %s  %s%s\n", pad(t.size(h.SentBytes), 9), t.opts.paint(cyan, bar(h.SentBytes, most, 12)), name, note)
	}
	if rest := len(items) - len(shown); rest > 0 {
		t.printf("  %s\n", t.opts.paint(dim, pad("", 9)+"  and "+thousands(rest)+" more (--top)"))
	}
}

func (t *text) findings() {
	if len(t.res.Findings) > 0 {
		t.printf("\n  %s\n", t.opts.paint(bold, "findings"))
		Findings(&t.printer, t.res.Findings, t.opts.Style)
	}
	if n := len(t.res.Accepted); n > 0 {
		t.printf("\n  %s\n", t.opts.paint(dim, plural(n, "finding")+" accepted by the configuration (--format json lists them)"))
	}
}

// beside is as wide as what stands before the message of a finding.
const beside = "           "

// Findings writes findings, with their repair on the line below.
func Findings(p *printer, findings []finding.Finding, style Style) {
	seen := map[string]int{}
	for _, f := range findings {
		if seen[f.ID]++; seen[f.ID] > maxFindings {
			continue
		}
		p.printf("  %s  %s\n", severity(f.Severity, style), style.wrap(place(f)+Escape(f.Message), beside, len(beside)))
		if f.Repair != "" && f.Severity != finding.Info {
			p.printf("%s%s\n", beside, style.paint(dim, style.wrap(Escape(f.Repair), beside, len(beside))))
		}
	}
	for _, f := range findings {
		if n := seen[f.ID]; n > maxFindings {
			p.printf("  %s  %s\n", strings.Repeat(" ", 7), style.paint(dim, "and "+thousands(n-maxFindings)+" more of "+f.ID+" (--format json lists them)"))
			seen[f.ID] = 0
		}
	}
}

// severity returns a severity as wide as the widest.
func severity(s finding.Severity, style Style) string {
	return style.paint(severityColor(s), s.String()) + strings.Repeat(" ", len("warning")-len(s.String()))
}

func severityColor(s finding.Severity) string {
	switch s {
	case finding.Error:
		return red
	case finding.Warning:
		return yellow
	default:
		return dim
	}
}

// place returns "file:line: " of a finding.
func place(f finding.Finding) string {
	switch {
	case f.File != "" && f.Line > 0:
		return Name(f.File) + ":" + strconv.Itoa(f.Line) + ": "
	case f.File != "":
		return Name(f.File) + ": "
	default:
		return ""
	}
}

func (t *text) suggestions() {
	var safe, review []plan.Suggestion
	unread := 0
	for _, s := range t.res.Suggestions {
		switch {
		case s.SavesFiles == 0 && s.SavesWireBytes == 0:
			unread++
		case s.Confidence.Safe():
			safe = append(safe, s)
		default:
			review = append(review, s)
		}
	}
	most := max(t.opts.Top, few)
	t.lines("what fix would ignore: proved, and named by no instruction", green, safe, most, proof)
	t.lines("what it would ask you about", "", review, most, proof)
	if unread > 0 {
		t.printf("\n  %s\n", t.opts.paint(dim, plural(unread, "more rule")+" would keep back what this build does not read, and others might (ctxsize fix)"))
	}
	if len(safe) == 0 {
		return
	}
	before, after := t.res.Measurement.Sent.Bytes, t.res.Fixed.Sent.Bytes
	if after >= before { // what is proved weighs less than the lines that ignore it
		t.printf("\n  %s writes these rules. Look at it first: %s\n", t.opts.paint(bold, "ctxsize fix"+t.opts.Arguments), t.opts.paint(bold, "ctxsize fix --dry-run"+t.opts.Arguments))
		return
	}
	t.printf("\n  %s takes what is sent from %s to %s%s.\n  Look at it first: %s\n",
		t.opts.paint(bold, "ctxsize fix"+t.opts.Arguments), t.size(before), t.opts.paint(bold, t.size(after)), Percent(before, after),
		t.opts.paint(bold, "ctxsize fix --dry-run"+t.opts.Arguments))
}
