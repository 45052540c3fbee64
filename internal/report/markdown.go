package report

import "strings"

// code writes a text as a code span of GitHub's Markdown, which nothing in it can
// leave, and in which neither names nor numbers are taken for mentions.
// (GitHub Flavored Markdown, sections 6.3, 4.10)
func code(text string) string {
	text = Escape(text)
	if text == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") || strings.HasPrefix(text, " ") && strings.HasSuffix(text, " ") {
		text = " " + text + " "
	}
	// A bar ends the cell of a table even in a code span.
	return fence + strings.ReplaceAll(text, "|", `\|`) + fence
}
