package ignore

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
)

// errLoneBang words moby's "illegal exclusion pattern".
var errLoneBang = errors.New(`illegal exclusion pattern: "!" stands alone`)

// errSyntax words path.ErrBadPattern.
var errSyntax = errors.New("syntax error in pattern")

// Matcher holds the compiled rules of one list. It is immutable and safe for
// concurrent use.
type Matcher struct {
	rules    []Rule
	cleaned  []string // of the patterns, cleaned and without "!"
	patterns []pattern
	// exception[i] tells whether rule i is one.
	exception  []bool
	exceptions bool
	// reignores tells that a positive rule stands behind an exception: only then
	// may Plain differ from the walk in a way that ignores more.
	reignores bool
	// machine makes the automaton when it is first asked for.
	machine func() *machine
}

// Compile checks and compiles rules in order. The error is a [RuleError] for the
// first rule that the builder refuses at once; a rule that passes the check and
// still has no meaning, such as "[b-a]", fails only when a path is tried on it.
// (moby/patternmatcher, patternmatcher.go, New)
func Compile(rules []Rule) (*Matcher, error) {
	m := &Matcher{}
	for _, r := range rules {
		text, exception := normalize(r.Pattern)
		if text == "" {
			if exception {
				return nil, &RuleError{Rule: r, Err: errLoneBang}
			}
			continue
		}
		// filepath.Match, as moby has it: path.Match looks at more of the pattern.
		if _, err := filepath.Match(text, "."); err != nil {
			return nil, &RuleError{Rule: r, Err: errSyntax}
		}
		m.rules = append(m.rules, r)
		m.cleaned = append(m.cleaned, text)
		m.patterns = append(m.patterns, compile(text))
		m.exception = append(m.exception, exception)
		if !exception && m.exceptions {
			m.reignores = true
		}
		m.exceptions = m.exceptions || exception
	}
	m.machine = sync.OnceValue(func() *machine { return newMachine(m) })
	return m, nil
}

// Rules returns the rules that count, in order: [Decision.Rule] indexes them.
// The caller must not change them.
func (m *Matcher) Rules() []Rule { return m.rules }

// Decision says what the rules make of one path.
type Decision struct {
	// Ignored tells that the path is left out.
	Ignored bool
	// Rule is the index of the rule that decides, or -1 where none took effect.
	// For a path that was brought back it is the exception.
	Rule int
	// Inherited tells that the rule decides because it matched a directory above.
	Inherited bool
}

// Root returns the state of the context's root for the tree walk, which decides
// what is sent: a rule that counted at the parent counts for the child; any other
// is compared with the child's own path, and only while it can change the verdict.
// (moby/patternmatcher, patternmatcher.go, MatchesUsingParentResults)
func (m *Matcher) Root() *State { return m.machine().root(false) }

// PlainRoot returns the state of the context's root in which Entry and Enter
// decide as [Matcher.Plain] does, without going through each path from its
// beginning. Inherited then tells that the rule matches a directory above, even
// if it matches the path as well.
func (m *Matcher) PlainRoot() *State { return m.machine().root(true) }

// Plain decides about a path without a walk: a rule matches if it matches the
// path or any directory above it. BuildKit asks it when it opens a file for its
// content, and the classic client when it checks the context.
// (moby/patternmatcher, patternmatcher.go, MatchesOrParentMatches)
func (m *Matcher) Plain(path string) (Decision, error) {
	d := Decision{Rule: -1}
	for i := range m.patterns {
		if m.exception[i] != d.Ignored {
			continue
		}
		itself, above, err := m.patterns[i].meets(path)
		if err != nil {
			return Decision{}, &RuleError{Rule: m.rules[i], Err: errSyntax}
		}
		if itself || above > 0 {
			d = Decision{Ignored: !m.exception[i], Rule: i, Inherited: !itself}
		}
	}
	return d, nil
}

// Old decides about a path with the evaluator that the classic client uses for
// the build files: of the directories above, only the one with as many
// components as the pattern is tried. An error counts as "not ignored", as the
// client has it. (moby/patternmatcher, patternmatcher.go, Matches)
func (m *Matcher) Old(path string) bool {
	ignored := false
	for i := range m.patterns {
		if m.exception[i] != ignored {
			continue
		}
		match, _, err := m.patterns[i].meets(path)
		if err != nil {
			return false
		}
		if dir, ok := ancestor(path, strings.Count(m.cleaned[i], "/")); !match && ok {
			match, _, _ = m.patterns[i].meets(dir)
		}
		if match {
			ignored = !m.exception[i]
		}
	}
	return ignored
}

// ancestor returns the directory above path that has so many slashes, if there is
// one.
func ancestor(path string, slashes int) (dir string, ok bool) {
	for i := range len(path) {
		if path[i] == '/' {
			if slashes == 0 {
				return path[:i], true
			}
			slashes--
		}
	}
	return "", false
}

// MayEmpty tells whether Plain can ignore a path that the walk keeps. It can
// only where a positive rule stands behind an exception.
func (m *Matcher) MayEmpty() bool { return m.reignores }

// MayFail tells whether a rule has no meaning, so that the first path that is
// tried on it fails.
func (m *Matcher) MayFail() bool {
	for i := range m.patterns {
		if m.patterns[i].bad() {
			return true
		}
	}
	return false
}
