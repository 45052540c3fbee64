package ignore

import (
	"fmt"
	"path"
	"strings"
)

// Rule is one pattern line of an ignore file.
type Rule struct {
	// File and Line say where the rule stands, from line 1. Both are zero for a
	// rule that no file holds: one that a builder adds, or one that is tried.
	File string
	Line int
	// Pattern is the rule as the builder reads it, with "!" in front of an
	// exception.
	Pattern string
}

// Patterns makes rules without a place of patterns that come from no file.
func Patterns(patterns ...string) []Rule {
	rules := make([]Rule, len(patterns))
	for i, p := range patterns {
		rules[i] = Rule{Pattern: p}
	}
	return rules
}

// Exception tells whether the rule brings paths back.
func (r Rule) Exception() bool { return strings.HasPrefix(r.Pattern, "!") }

// String returns "file:line: pattern", or the pattern alone.
func (r Rule) String() string {
	if r.File == "" {
		return r.Pattern
	}
	return fmt.Sprintf("%s:%d: %s", r.File, r.Line, r.Pattern)
}

// RuleError is a rule that the builder refuses.
type RuleError struct {
	Rule Rule
	Err  error
}

func (e *RuleError) Error() string {
	if e.Rule.File == "" {
		return fmt.Sprintf("%s: %v", e.Rule.Pattern, e.Err)
	}
	return fmt.Sprintf("%s:%d: %s: %v", e.Rule.File, e.Rule.Line, e.Rule.Pattern, e.Err)
}

func (e *RuleError) Unwrap() error { return e.Err }

// normalize cleans a pattern once more, as the matcher does after the file has
// been read, and takes the "!" off. It returns "" for a pattern that is
// dropped. (moby/patternmatcher, patternmatcher.go, New)
func normalize(pattern string) (cleaned string, exception bool) {
	pattern = strings.TrimSpace(pattern)
	if pattern == "" {
		return "", false
	}
	pattern = path.Clean(pattern)
	if pattern[0] == '!' {
		return pattern[1:], true
	}
	return pattern, false
}

// Travelled returns the rules as they come back from BuildKit's daemon, which
// keeps the list as JSON: a byte that is not UTF-8 has become U+FFFD.
// (moby/buildkit, client/llb/source.go, ExcludePatterns)
func Travelled(rules []Rule) []Rule {
	out := make([]Rule, len(rules))
	for i, r := range rules {
		r.Pattern = string([]rune(r.Pattern))
		out[i] = r
	}
	return out
}

// TravelError returns the first rule that keeps the list from reaching a
// BuildKit client, or nil. The list travels as gRPC metadata: as it is, which
// forbids control characters, unless one rule is not ASCII; then the whole list
// is escaped. (moby/buildkit, session/filesync/filesync.go, encodeStringForHeader)
func TravelError(rules []Rule) error {
	var bad *RuleError
	for _, r := range rules {
		for i := range len(r.Pattern) {
			switch c := r.Pattern[i]; {
			case c >= 0x80:
				return nil
			case (c < ' ' || c == 0x7f) && bad == nil:
				bad = &RuleError{Rule: r, Err: fmt.Errorf("BuildKit refuses a pattern with the control character %q", rune(c))}
			}
		}
	}
	if bad == nil {
		return nil
	}
	return bad
}
