package ignore

import "strings"

// Separate from "does it match" is "can anything below match": the builders ask
// it of an ignored directory before they enter it, each in its own way.

// wildcards are the characters that make fsutil give up on pruning.
// (tonistiigi/fsutil, filter.go, NewFilterFS, patternChars)
const wildcards = `*[]?^\`

// texts returns the normalized patterns of the rules that are exceptions, or of
// those that are not.
func (m *Matcher) texts(exceptions bool) []string {
	var texts []string
	for i, text := range m.cleaned {
		if m.exception[i] == exceptions {
			texts = append(texts, text)
		}
	}
	return texts
}

// ExceptionsLiteral returns a function that tells whether the classic client
// enters an ignored directory: only where the text of an exception begins with
// the directory. Wildcards in the exception are not interpreted.
// (moby/go-archive, archive.go, Tarballer.Do)
func (m *Matcher) ExceptionsLiteral() func(dir string) bool {
	texts := m.texts(true)
	return func(dir string) bool { return leadsTo(dir, texts) }
}

// ExceptionsBelow returns a function that tells whether BuildKit enters an
// ignored directory: where it leads to an exception, or always where an
// exception holds a wildcard before its end.
// (tonistiigi/fsutil, filter.go, filterFS.Walk, onlyPrefixExcludeExceptions)
func (m *Matcher) ExceptionsBelow() func(dir string) bool { return below(m.texts(true)) }

// MatchesBelow returns a function that tells whether BuildKit enters a directory
// that its request does not include; m is compiled from the request.
// (tonistiigi/fsutil, filter.go, filterFS.Walk, onlyPrefixIncludes)
func (m *Matcher) MatchesBelow() func(dir string) bool { return below(m.texts(false)) }

// PruningSwitchedOff returns the exceptions that make BuildKit enter every
// ignored directory.
func (m *Matcher) PruningSwitchedOff() []Rule {
	var rules []Rule
	for i, r := range m.rules {
		if m.exception[i] && strings.ContainsAny(withoutTrailingGlob(m.cleaned[i]), wildcards) {
			rules = append(rules, r)
		}
	}
	return rules
}

func below(texts []string) func(dir string) bool {
	literal := make([]string, len(texts))
	for i, t := range texts {
		literal[i] = withoutTrailingGlob(t)
		if strings.ContainsAny(literal[i], wildcards) {
			return func(string) bool { return true }
		}
	}
	return func(dir string) bool { return leadsTo(dir, literal) }
}

// leadsTo tells whether dir is one of the paths or lies above one.
func leadsTo(dir string, paths []string) bool {
	for _, p := range paths {
		if len(p) >= len(dir) && p[:len(dir)] == dir && (len(p) == len(dir) || p[len(dir)] == '/') {
			return true
		}
	}
	return false
}

// withoutTrailingGlob drops one "/**" and then one "/*" from the end.
// (tonistiigi/fsutil, filter.go, patternWithoutTrailingGlob)
func withoutTrailingGlob(text string) string {
	return strings.TrimSuffix(strings.TrimSuffix(text, "/**"), "/*")
}
