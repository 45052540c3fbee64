package report

import (
	"io"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// DiffMarkdown writes a comparison as GitHub's Markdown, with the top directories
// and files that differ.
func DiffMarkdown(w io.Writer, c *plan.Comparison, top int) error {
	m := diffMarkdown{printer: printer{w: w}, Comparison: c, top: top}
	m.sums()
	m.changes()
	m.local()
	for _, f := range c.Findings {
		m.printf("\n> **%s** %s\n", f.Severity, code(f.Message))
	}
	return m.err
}

type diffMarkdown struct {
	printer
	*plan.Comparison
	top int
}

// row writes one line of the table of sums.
func (m *diffMarkdown) row(label, base, now, change, part string) {
	m.printf("| %s | %s | %s | **%s**%s |\n", label, base, now, change, part)
}

func (m *diffMarkdown) bytes(label string, base, now int64) {
	m.row(label, m.Builder.Shown(base), m.Builder.Shown(now), change(m.Builder, base, now), Percent(base, now))
}

func (m *diffMarkdown) sums() {
	base, now := sideName(m.Revision, m.Commit), sideName(m.NowRevision, m.NowCommit)
	m.printf("### Build context %s: %s\n\n", code(m.Title), change(m.Builder, m.Base.Sent.Bytes, m.Now.Sent.Bytes)+Percent(m.Base.Sent.Bytes, m.Now.Sent.Bytes))
	m.printf("| | %s | %s | change |\n| --- | ---: | ---: | ---: |\n", cell(base), cell(now))
	m.bytes("sent", m.Base.Sent.Bytes, m.Now.Sent.Bytes)
	m.row("files", thousands(m.Base.Sent.Files), thousands(m.Now.Sent.Files), changeOf(m.Base.Sent.Files, m.Now.Sent.Files), "")
	if m.Builder != buildcontext.Podman {
		m.bytes("docker prints", m.Base.WireBytes, m.Now.WireBytes)
	}
}

func (m *diffMarkdown) changes() {
	if dirs := m.Dirs[:min(m.top, len(m.Dirs))]; len(dirs) > 0 {
		m.printf("\n| directory | change | files |\n| --- | ---: | ---: |\n")
		for _, d := range dirs {
			m.printf("| %s | %s | %s |\n", cell(d.Path+"/"), change(m.Builder, d.BaseBytes, d.NowBytes), changeOf(d.BaseFiles, d.NowFiles))
		}
		m.more(len(m.Dirs) - len(dirs))
	}
	if files := m.Files[:min(m.top, len(m.Files))]; len(files) > 0 {
		m.printf("\n<details><summary>files</summary>\n\n| file | change | |\n| --- | ---: | --- |\n")
		for _, f := range files {
			m.printf("| %s | %s | %s |\n", cell(f.Path), change(m.Builder, f.BaseBytes, f.NowBytes), became(f))
		}
		m.more(len(m.Files) - len(files))
		m.printf("\n</details>\n")
	}
	if rules := m.Rules[:min(m.top, len(m.Rules))]; len(rules) > 0 {
		m.printf("\n| rule | keeps back | where |\n| --- | ---: | --- |\n")
		for _, r := range rules {
			m.printf("| %s | %s | %s |\n", cell(r.Pattern), change(m.Builder, r.BaseBytes, r.NowBytes), cell(ruleNote(r)))
		}
		m.more(len(m.Rules) - len(rules))
	}
}

func (m *diffMarkdown) more(rest int) {
	if rest > 0 {
		m.printf("\nand %s more\n", thousands(rest))
	}
}

func (m *diffMarkdown) local() {
	if m.Local.Files == 0 {
		return
	}
	m.printf("\nIn no revision, sent from this machine and not compared: %s in %s\n\n", m.Builder.Shown(m.Local.Bytes), plural(m.Local.Files, "file"))
	paths := m.LocalPaths[:min(few, len(m.LocalPaths))]
	for _, l := range paths {
		m.printf("- %s %s\n", m.Builder.Shown(l.Bytes), code(l.Path))
	}
	m.more(len(m.LocalPaths) - len(paths))
}
