package ignore

import "strings"

// Match is one rule that matches a path or a directory above it, whether or not
// it decided.
type Match struct {
	// Rule is the index of the rule in [Matcher.Rules].
	Rule int
	// Via is the directory above the path at which the rule matched, or "" where
	// it matched the path itself.
	Via string
}

// Trace walks down to path as the tree walk does and returns the decision about
// it with every rule that matches the path or a directory above it, in the order
// of the rules. It fails as [Matcher.Entry] does.
func (m *Matcher) Trace(path string) (Decision, []Match, error) {
	state := m.Root()
	parts := strings.Split(path, "/")
	for _, dir := range parts[:len(parts)-1] {
		_, child, err := m.Enter(state, dir)
		if err != nil {
			return Decision{}, nil, err
		}
		state = child
	}
	d, err := m.Entry(state, parts[len(parts)-1])
	if err != nil {
		return Decision{}, nil, err
	}
	var matches []Match
	for i := range m.patterns {
		if via, ok := m.matchedAt(i, parts); ok {
			matches = append(matches, Match{Rule: i, Via: via})
		}
	}
	return d, matches, nil
}

// matchedAt returns the topmost directory at which rule i matches.
func (m *Matcher) matchedAt(i int, parts []string) (via string, ok bool) {
	for n := 1; n <= len(parts); n++ {
		path := strings.Join(parts[:n], "/")
		if match, err := m.patterns[i].match(path); err == nil && match {
			if n == len(parts) {
				path = ""
			}
			return path, true
		}
	}
	return "", false
}
