package lint

import (
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/ignore"
)

// Edit is a change of some lines of an ignore file.
type Edit []Change

// Change replaces one line.
type Change struct {
	// Line is the line, from 1.
	Line int
	// With are the lines that stand in its place, without endings; none removes
	// the line.
	With []string
}

// Replace is the edit that puts lines in the place of one.
func Replace(line int, with ...string) Edit { return Edit{{Line: line, With: with}} }

// Apply returns the text of the file with the edits made, and how many were. Of
// two edits that change the same line the first is made. Every other byte stays:
// the BOM, the line endings, a missing one at the end.
func Apply(file *ignore.File, edits []Edit) (text []byte, made int) {
	changed := map[int][]string{}
	for _, e := range edits {
		if slices.ContainsFunc(e, func(c Change) bool { _, ok := changed[c.Line]; return ok || c.Line < 1 || c.Line > len(file.Lines) }) {
			continue
		}
		made++
		for _, c := range e {
			changed[c.Line] = c.With
		}
	}
	var b strings.Builder
	for i, l := range file.Lines {
		with, ok := changed[i+1]
		if !ok {
			b.WriteString(l.Text)
			continue
		}
		if i == 0 && strings.HasPrefix(l.Text, bom) {
			b.WriteString(bom)
		}
		end := ending(l.Text)
		for n, w := range with {
			b.WriteString(w)
			if end == "" && n < len(with)-1 {
				b.WriteString(endingOf(file))
			} else {
				b.WriteString(end)
			}
		}
	}
	return []byte(b.String()), made
}

// ending returns how a line ends: "\n", "\r\n", or "" for the last one of a file.
func ending(text string) string {
	switch {
	case strings.HasSuffix(text, "\r\n"):
		return "\r\n"
	case strings.HasSuffix(text, "\n"):
		return "\n"
	default:
		return ""
	}
}

// endingOf returns how the lines of a file end, for one that has no ending.
func endingOf(file *ignore.File) string {
	for _, l := range file.Lines {
		if end := ending(l.Text); end != "" {
			return end
		}
	}
	return "\n"
}
