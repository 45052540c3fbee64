package ignore_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/moby/patternmatcher"

	"github.com/ctxsize/ctxsize/ignore"
)

// reference decides as moby does, with moby's own comparison of one pattern with
// one path, and keeps what moby does not tell: which rule decided, and how.
type reference struct {
	rules     []*patternmatcher.PatternMatcher // one rule each
	exception []bool
}

func newReference(t *testing.T, patterns []string) *reference {
	t.Helper()
	ref := &reference{}
	for _, p := range patterns {
		pm, err := patternmatcher.New([]string{p})
		if err != nil {
			t.Fatalf("moby takes %q in a list and not alone: %v", p, err)
		}
		if len(pm.Patterns()) == 1 {
			ref.rules = append(ref.rules, pm)
			ref.exception = append(ref.exception, pm.Exclusions())
		}
	}
	return ref
}

// match compares rule i with one path and nothing else.
func (ref *reference) match(i int, path string) (bool, error) {
	verdict, err := ref.rules[i].MatchesUsingParentResult(path, ref.exception[i]) //nolint:staticcheck // deprecated for lists; exact for a list of one
	return verdict != ref.exception[i] && err == nil, err
}

// walk decides about a path as the tree walk does, given the rules remembered at
// the parent, and returns those that the path's own entries remember.
func (ref *reference) walk(path string, parent []bool) (ignore.Decision, []bool, error) {
	d, memory := ignore.Decision{Rule: -1}, make([]bool, len(ref.rules))
	for i := range ref.rules {
		inherited := parent != nil && parent[i]
		if !inherited {
			if ref.exception[i] != d.Ignored {
				continue
			}
			if match, err := ref.match(i, path); err != nil {
				return ignore.Decision{}, nil, err
			} else if !match {
				continue
			}
		}
		memory[i] = true
		if d.Ignored == ref.exception[i] {
			d = ignore.Decision{Ignored: !ref.exception[i], Rule: i, Inherited: inherited}
		}
	}
	return d, memory, nil
}

// matches returns every rule that matches path or a directory above it.
func (ref *reference) matches(path string) []ignore.Match {
	var all []ignore.Match
	paths := append(ancestors(path), path)
	for i := range ref.rules {
		at := slices.IndexFunc(paths, func(p string) bool { match, err := ref.match(i, p); return match && err == nil })
		switch {
		case at == len(paths)-1:
			all = append(all, ignore.Match{Rule: i})
		case at >= 0:
			all = append(all, ignore.Match{Rule: i, Via: paths[at]})
		}
	}
	return all
}

// plain decides as the plain evaluator does.
func (ref *reference) plain(path string) (ignore.Decision, error) {
	d := ignore.Decision{Rule: -1}
	for i := range ref.rules {
		if ref.exception[i] != d.Ignored {
			continue
		}
		itself, err := ref.match(i, path)
		if err != nil {
			return ignore.Decision{}, err
		}
		if itself || ref.matchesAbove(i, path) {
			d = ignore.Decision{Ignored: !ref.exception[i], Rule: i, Inherited: !itself}
		}
	}
	return d, nil
}

func (ref *reference) matchesAbove(i int, path string) bool {
	return slices.ContainsFunc(ancestors(path), func(dir string) bool { match, _ := ref.match(i, dir); return match })
}

// ancestors returns the directories above path, topmost first.
func ancestors(path string) []string {
	var dirs []string
	for i := range len(path) {
		if path[i] == '/' {
			dirs = append(dirs, path[:i])
		}
	}
	return dirs
}

func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
