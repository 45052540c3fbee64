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
		switch itself, above, _ := m.patterns[i].meets(path); {
		case above > 0:
			matches = append(matches, Match{Rule: i, Via: path[:above]})
		case itself:
			matches = append(matches, Match{Rule: i})
		}
	}
	return d, matches, nil
}
