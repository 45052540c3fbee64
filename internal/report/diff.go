package report

import (
	"fmt"
	"io"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// DiffText writes a comparison for people.
func DiffText(w io.Writer, c *plan.Comparison, opts TextOptions) error {
	d := diffText{printer: printer{w: w}, Comparison: c, opts: opts}
	d.sums()
	d.dirs("by directory")
	d.files()
	d.rules()
	d.local()
	if len(c.Findings) > 0 && !opts.Quiet {
		d.title("findings")
		Findings(&d.printer, c.Findings, opts.Style)
	}
	return d.err
}

// changed names what differs, and what in the numbers needs a word.
func (d *diffText) changed() {
	d.dirs("what changed since " + d.baseName())
	d.files()
	for _, f := range d.Findings {
		d.printf("  %s  %s\n", severity(f.Severity, d.opts.Style), Escape(f.Message))
	}
}

type diffText struct {
	printer
	*plan.Comparison
	opts TextOptions
}

// sideName is what a side is called: the revision and the beginning of its id.
func sideName(revision, commit string) string {
	short := commit[:min(len(commit), 10)]
	switch {
	case revision == "":
		return "now"
	case short == "" || strings.HasPrefix(commit, revision):
		return Name(revision[:min(len(revision), 10)])
	default:
		return Name(revision) + " (" + short + ")"
	}
}

func (d *diffText) baseName() string { return baseName(d.Comparison) }

// baseName is what the base of a comparison is called.
func baseName(c *plan.Comparison) string {
	if c.BaseFile != "" {
		return Name(c.BaseFile)
	}
	return sideName(c.Revision, c.Commit)
}

func (d *diffText) nowName() string { return sideName(d.NowRevision, d.NowCommit) }

// change is the difference of two sizes with its sign.
func change(b buildcontext.Builder, base, now int64) string {
	switch {
	case now > base:
		return "+" + b.Shown(now-base)
	case now < base:
		return "-" + b.Shown(base-now)
	default:
		return "0B"
	}
}

// changeOf is the difference of two counts with its sign.
func changeOf(base, now int) string {
	if now > base {
		return "+" + thousands(now-base)
	}
	return strings.Replace("-"+thousands(base-now), "-0", "0", 1)
}

// tone is the color of a change: more is red.
func tone(base, now int64) string {
	switch {
	case now > base:
		return red
	case now < base:
		return green
	default:
		return dim
	}
}

func (d *diffText) size(n int64) string { return d.Builder.Shown(n) }

func (d *diffText) sums() {
	base, now := d.baseName(), d.nowName()
	d.printf("%s · %s · %s → %s\n\n", d.opts.paint(bold, Name(d.Title)), builderTitle(d.Builder), d.opts.paint(bold, base), d.opts.paint(bold, now))
	row := func(label string, base, now int64, show func(int64) string, change string) {
		part := ""
		if base > 0 && base != now {
			part = d.opts.paint(dim, Percent(base, now))
		}
		d.printf("  %-13s  %9s → %s  %s%s\n", label, show(base), d.opts.paint(bold, pad(show(now), 9)), d.opts.paint(tone(base, now), pad(change, 9)), part)
	}
	bytes := func(label string, base, now int64) { row(label, base, now, d.size, change(d.Builder, base, now)) }
	files := func(label string, base, now int) {
		row(label, int64(base), int64(now), func(n int64) string { return thousands(int(n)) }, changeOf(base, now))
	}
	bytes("sent", d.Base.Sent.Bytes, d.Now.Sent.Bytes)
	files("files", d.Base.Sent.Files, d.Now.Sent.Files)
	if d.Base.Eligible.Bytes != d.Base.Sent.Bytes || d.Now.Eligible.Bytes != d.Now.Sent.Bytes {
		bytes("eligible", d.Base.Eligible.Bytes, d.Now.Eligible.Bytes)
	}
	if d.Builder != buildcontext.Podman {
		bytes("docker prints", d.Base.WireBytes, d.Now.WireBytes)
	}
}

func (d *diffText) title(text string) { d.printf("\n  %s\n", d.opts.paint(bold, text)) }

func (d *diffText) more(rest int, hint string) {
	if rest > 0 {
		d.printf("  %s\n", d.opts.paint(dim, pad("", 10)+"  and "+thousands(rest)+" more ("+hint+")"))
	}
}

func (d *diffText) dirs(title string) {
	shown := d.Dirs[:min(d.opts.Top, len(d.Dirs))]
	if len(shown) == 0 {
		if d.Base == d.Now && len(d.Files) == 0 {
			d.printf("\n  What is sent is the same.\n")
		}
		return
	}
	d.title(title)
	most := abs(shown[0].NowBytes - shown[0].BaseBytes)
	for _, c := range shown {
		name := Name(c.Path + "/")
		if d.opts.Width > 0 {
			name = cut(name, max(24, d.opts.Width-50))
		}
		color := tone(c.BaseBytes, c.NowBytes)
		d.printf("  %s  %s  %s%s\n", d.opts.paint(color, pad(change(d.Builder, c.BaseBytes, c.NowBytes), 10)),
			d.opts.paint(color, bar(abs(c.NowBytes-c.BaseBytes), most, 12)), name, d.note(filesNote(c)))
	}
	d.more(len(d.Dirs)-len(shown), "--top")
}

// note is a word at the end of a line, if there is any.
func (d *diffText) note(text string) string {
	if text == "" {
		return ""
	}
	return "  " + d.opts.paint(dim, text)
}

// filesNote says how the number of files of a directory changed.
func filesNote(c plan.DirChange) string {
	switch more := c.NowFiles - c.BaseFiles; {
	case more == 0:
		return ""
	case c.BaseFiles == 0:
		return "new, " + plural(c.NowFiles, "file")
	case c.NowFiles == 0:
		return "gone, " + plural(c.BaseFiles, "file")
	case more > 0:
		return "+" + plural(more, "file")
	default:
		return "-" + plural(-more, "file")
	}
}

func abs(n int64) int64 { return max(n, -n) }

// became says what happened to a file.
func became(c plan.FileChange) string {
	switch {
	case !c.InBase:
		return "new"
	case !c.InNow:
		return "gone"
	default:
		return "changed"
	}
}

func (d *diffText) files() {
	shown := d.Files[:min(d.opts.Top, few, len(d.Files))]
	if len(shown) == 0 {
		return
	}
	d.title("by file")
	for _, c := range shown {
		note := became(c)
		if note == "changed" {
			note = d.size(c.BaseBytes) + " → " + d.size(c.NowBytes)
		}
		name := Name(c.Path)
		if d.opts.Width > 0 {
			name = cut(name, max(24, d.opts.Width-24-columns(note)))
		}
		d.printf("  %s  %s%s\n", d.opts.paint(tone(c.BaseBytes, c.NowBytes), pad(change(d.Builder, c.BaseBytes, c.NowBytes), 10)), name, d.note(note))
	}
	d.more(len(d.Files)-len(shown), "--format json lists them")
}

// ruleNote says where a rule stands, and what happened to it.
func ruleNote(c plan.RuleChange) string {
	switch {
	case c.BaseLine == 0:
		return fmt.Sprintf("%s:%d, new", Name(c.NowFile), c.NowLine)
	case c.NowLine == 0:
		return fmt.Sprintf("was %s:%d", Name(c.BaseFile), c.BaseLine)
	default:
		return fmt.Sprintf("%s:%d", Name(c.NowFile), c.NowLine)
	}
}

func (d *diffText) rules() {
	shown := d.Rules[:min(d.opts.Top, len(d.Rules))]
	if len(shown) == 0 {
		return
	}
	d.title("what rules keep back")
	for _, c := range shown {
		d.printf("  %s  %s%s\n", pad(change(d.Builder, c.BaseBytes, c.NowBytes), 10), Name(c.Pattern), d.note(ruleNote(c)))
	}
	d.more(len(d.Rules)-len(shown), "--top")
}

func (d *diffText) local() {
	if d.Local.Files == 0 {
		return
	}
	d.printf("\n  %s%s\n", d.opts.paint(bold, "in no revision"), d.note("sent from this machine, and not compared: "+d.size(d.Local.Bytes)+" in "+plural(d.Local.Files, "file")))
	shown := d.LocalPaths[:min(d.opts.Top, few, len(d.LocalPaths))]
	for _, l := range shown {
		note := ""
		if strings.HasSuffix(l.Path, "/") {
			note = plural(l.Files, "file")
		}
		d.printf("  %s  %s%s\n", pad(d.size(l.Bytes), 10), Name(l.Path), d.note(note))
	}
	d.more(len(d.LocalPaths)-len(shown), "--format json lists them")
}
