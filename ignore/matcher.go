package ignore

import (
	"errors"
	"path/filepath"
	"strings"
)

// errLoneBang words moby's "illegal exclusion pattern".
var errLoneBang = errors.New(`illegal exclusion pattern: "!" stands alone`)

// errSyntax words path.ErrBadPattern.
var errSyntax = errors.New("syntax error in pattern")

// Matcher holds the compiled rules of one list. It is immutable and safe for
// concurrent use.
type Matcher struct {
	rules    []Rule
	patterns []pattern
	// exception[i] tells whether rule i is one.
	exception  []bool
	exceptions bool
	// reignores tells that a positive rule stands behind an exception: only then
	// may Plain differ from the walk in a way that ignores more.
	reignores bool
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
		m.patterns = append(m.patterns, compile(text))
		m.exception = append(m.exception, exception)
		if !exception && m.exceptions {
			m.reignores = true
		}
		m.exceptions = m.exceptions || exception
	}
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

// State is what the tree walk remembers of one directory. It is immutable.
type State struct {
	prefix  string // path of the directory with a slash behind it; "" for the root
	matched []bool // which rules are remembered as matched; nil for none
}

// Root returns the state of the context's root, which no rule can match.
func (m *Matcher) Root() *State { return &State{} }

// Entry decides about the entry called name in the directory of s, as the tree
// walk does: a rule that is remembered as matched at the parent counts for the
// child; any other is compared with the child's own path, and only while it can
// change the verdict. The error is a [RuleError] for a rule without meaning.
// (moby/patternmatcher, patternmatcher.go, MatchesUsingParentResults)
func (m *Matcher) Entry(s *State, name string) (Decision, error) {
	return m.walk(s, s.prefix+name, nil)
}

// Enter is [Matcher.Entry] for a directory. It also returns the state in which
// the directory's own entries are decided.
func (m *Matcher) Enter(s *State, name string) (Decision, *State, error) {
	path := s.prefix + name
	child := &State{prefix: path + "/", matched: make([]bool, len(m.patterns))}
	d, err := m.walk(s, path, child.matched)
	return d, child, err
}

func (m *Matcher) walk(s *State, path string, memory []bool) (Decision, error) {
	d := Decision{Rule: -1}
	for i := range m.patterns {
		inherited := s.matched != nil && s.matched[i]
		match := inherited
		if !match {
			if m.exception[i] != d.Ignored {
				continue
			}
			var err error
			if match, err = m.patterns[i].match(path); err != nil {
				return Decision{}, &RuleError{Rule: m.rules[i], Err: errSyntax}
			}
		}
		if !match {
			continue
		}
		if memory != nil {
			memory[i] = true
		}
		if d.Ignored == m.exception[i] {
			d = Decision{Ignored: !m.exception[i], Rule: i, Inherited: inherited}
		}
	}
	return d, nil
}

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
		match, err := m.patterns[i].match(path)
		if err != nil {
			return Decision{}, &RuleError{Rule: m.rules[i], Err: errSyntax}
		}
		inherited := false
		for end := 0; !match; {
			slash := strings.IndexByte(path[end:], '/')
			if slash < 0 {
				break
			}
			end += slash
			match, _ = m.patterns[i].match(path[:end])
			inherited = match
			end++
		}
		if match {
			d = Decision{Ignored: !m.exception[i], Rule: i, Inherited: inherited}
		}
	}
	return d, nil
}

// Old decides about a path with the evaluator that the classic client uses for
// the build files: of the directories above, only the one with as many
// components as the pattern is tried. An error counts as "not ignored", as the
// client has it. (moby/patternmatcher, patternmatcher.go, Matches)
func (m *Matcher) Old(path string) bool {
	dirs := strings.Split(path, "/")
	dirs = dirs[:len(dirs)-1]
	ignored := false
	for i := range m.patterns {
		if m.exception[i] != ignored {
			continue
		}
		match, err := m.patterns[i].match(path)
		if err != nil {
			return false
		}
		text, _ := normalize(m.rules[i].Pattern)
		if depth := strings.Count(text, "/") + 1; !match && depth <= len(dirs) {
			match, _ = m.patterns[i].match(strings.Join(dirs[:depth], "/"))
		}
		if match {
			ignored = !m.exception[i]
		}
	}
	return ignored
}

// MayEmpty tells whether Plain can ignore a path that the walk keeps. It can
// only where a positive rule stands behind an exception.
func (m *Matcher) MayEmpty() bool { return m.reignores }

// MayFail tells whether a rule has no meaning, so that the first path that is
// tried on it fails.
func (m *Matcher) MayFail() bool {
	for i := range m.patterns {
		if m.patterns[i].kind == bad {
			return true
		}
	}
	return false
}
