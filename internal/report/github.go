package report

import (
	"io"
	"strings"

	"github.com/ctxsize/ctxsize/internal/finding"
)

// LintGitHub writes findings as GitHub's annotations.
func LintGitHub(w io.Writer, all Lints) error { return writeGitHub(w, all.issues()) }

// writeGitHub writes issues as GitHub's annotations, one workflow command a line.
// (actions/toolkit, docs/commands.md)
func writeGitHub(w io.Writer, all []issue) error {
	p := &printer{w: w}
	for _, f := range unsuppressed(all) {
		command := "notice"
		if f.Severity != finding.Info {
			command = f.Severity.String()
		}
		p.printf("::%s ", command)
		if f.where != "" {
			p.printf("file=%s,", githubProperty(f.where))
		}
		if f.Line > 0 {
			p.printf("line=%d,", f.Line)
			if f.Column > 0 {
				p.printf("col=%d,", f.Column)
			}
			if f.Column > 0 && f.Width > 1 {
				p.printf("endColumn=%d,", f.Column+f.Width-1)
			}
		}
		p.printf("title=%s::%s\n", githubProperty("ctxsize "+f.ID), githubData(Escape(oneText(f.Finding))))
	}
	return p.err
}

// githubData escapes the message of a command.
// (actions/toolkit, packages/core/src/command.ts, escapeData)
func githubData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// githubProperty escapes a property of a command.
// (actions/toolkit, packages/core/src/command.ts, escapeProperty)
func githubProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
