package gitrepo

import (
	"bytes"
	"strings"
)

// pattern is one pattern of a .gitignore or .gitattributes file.
type pattern struct {
	text string // without "!" in front and "/" behind
	// literal is how much of text comes before the first wildcard.
	literal int
	// base is the directory that the pattern lies in: "" or with a slash behind.
	base string
	// negated patterns take back what others ignore.
	negated bool
	// dirOnly patterns match directories alone.
	dirOnly bool
	// byName patterns have no slash: they match the last part of a path.
	byName bool
}

// newPattern reads a pattern. (git/git, dir.c, parse_path_pattern)
func newPattern(line, base string) pattern {
	p := pattern{base: base}
	p.text, p.negated = strings.CutPrefix(line, "!")
	p.text, p.dirOnly = strings.CutSuffix(p.text, "/")
	p.byName = !strings.Contains(p.text, "/")
	if !p.byName {
		p.text = strings.TrimPrefix(p.text, "/")
	}
	p.literal = strings.IndexAny(p.text, `*?[\`)
	if p.literal < 0 {
		p.literal = len(p.text)
	}
	return p
}

// match tells whether the pattern is for a path, which lies below its base.
// (git/git, dir.c, match_basename and match_pathname)
func (p *pattern) match(path string, dir, fold bool) bool {
	if p.dirOnly && !dir {
		return false
	}
	path = path[len(p.base):]
	if p.byName {
		return p.matchName(path[strings.LastIndexByte(path, '/')+1:], fold)
	}
	if len(path) < p.literal || !equal(path[:p.literal], p.text[:p.literal], fold) {
		return false
	}
	path, rest := path[p.literal:], p.text[p.literal:]
	if rest == "" {
		return path == ""
	}
	return wildmatch(rest, path, byPath|foldIf(fold))
}

func (p *pattern) matchName(name string, fold bool) bool {
	switch {
	case p.literal == len(p.text):
		return equal(name, p.text, fold)
	case p.text[0] == '*' && !strings.ContainsAny(p.text[1:], `*?[\`):
		return len(name) >= len(p.text)-1 && equal(name[len(name)-len(p.text)+1:], p.text[1:], fold)
	default:
		return wildmatch(p.text, name, foldIf(fold))
	}
}

// equal compares two strings, with the letters of ASCII folded if asked for.
func equal(a, b string, fold bool) bool {
	if a == b {
		return true
	}
	if !fold || len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if foldCase.fold(a[i]) != foldCase.fold(b[i]) {
			return false
		}
	}
	return true
}

// parseIgnore reads the patterns of a .gitignore file in the directory base.
// (git/git, dir.c, add_patterns_from_buffer)
func parseIgnore(data []byte, base string) []pattern {
	var all []pattern
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		text := string(bytes.TrimSuffix(line, []byte("\r")))
		text, _, _ = strings.Cut(text, "\x00")
		if text = trimSpaces(text); text != "" {
			all = append(all, newPattern(text, base))
		}
	}
	return all
}

// trimSpaces drops the spaces behind that no backslash protects.
func trimSpaces(s string) string {
	end := 0
	for i := 0; i < len(s); i++ {
		if s[i] == ' ' {
			continue
		}
		if s[i] == '\\' {
			i++
		}
		end = min(i+1, len(s))
	}
	return s[:end]
}
