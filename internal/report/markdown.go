package report

import "strings"

// code writes a text as a code span of GitHub's Markdown, which nothing in it can
// leave, and in which neither names nor numbers are taken for mentions.
// (GitHub Flavored Markdown, section 6.3)
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
	return fence + text + fence
}

// cell is [code] in a table, where a bar would end the cell even in a code span.
// (GitHub Flavored Markdown, section 4.10)
func cell(text string) string { return strings.ReplaceAll(code(text), "|", `\|`) }
