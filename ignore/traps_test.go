package ignore_test

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// patternPieces and namePieces are what random patterns and names are made of:
// the operators, what leaks into moby's regular expressions, what its scanner
// changes, and enough plain text that they meet.
var (
	patternPieces = []string{
		"a", "b", "ab", "foo", ".", "..", "/", "/", "/", "*", "*", "**", "**/", "/**", "/**/", "***", "?",
		"[a]", "[!a]", "[^a]", "[a-b]", "[b-a]", "[/]", "[[:alpha:]]", "[", "]", "[]a]", "[a-]", `\a`, `\d`, `\*`, `\[`, `\y`, `\\`, `\`, `\b`,
		"{", "}", "{2}", "{a,b}", "|", "^", "$", "(", ")", "+", ".js", "!", "#", " ", "\t", "\r", "\f", "\u00a0", "\u200b", "\ufeff",
		"é", "日", "\xff", "\xe9", "\ufffd", "\x00", "\x7f", "node_modules", "x",
	}
	namePieces = []string{
		"a", "b", "ab", "aa", "foo", "foob", "xfoo", ".", ".js", "x", "y", "d", "1", "-", "!", "#", " ", "*", "[", "]", "{2}", "|", "^", "$", "(", "+",
		"\n", "\\", "é", "日", "\xff", "\xe9", "\ufffd", "\ufeff", "\t", "\r", "\x07", "node_modules", "ab.js",
	}
	// plainPieces make lists that are longer and mean something more often.
	plainPieces = []string{"a", "b", "ab", "x", "/", "/", "*", "*", "**", "**/", "/**", "?", "[ab]", ".js", "é"}
)

func pick(r *rand.Rand, from []string, most int) string {
	var b strings.Builder
	for range 1 + r.IntN(most) {
		b.WriteString(from[r.IntN(len(from))])
	}
	return b.String()
}

func randomText(r *rand.Rand) string {
	pieces, rules := patternPieces, 5
	switch n := r.IntN(1000); {
	case n == 0: // more than one state has room for on the stack
		pieces, rules = plainPieces, 900
	case n < 20: // more than one word of a set
		pieces, rules = plainPieces, 90
	case n < 500:
		pieces, rules = plainPieces, 9
	}
	var lines []string
	for range 1 + r.IntN(rules) {
		line := pick(r, pieces, 4)
		// "!/" is refused: in a long list there would nearly always be one.
		if r.IntN(3) == 0 && (rules == 5 || strings.Trim(line, "/") != "") {
			line = "!" + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// randomNames returns a few names of entries, half of them made to meet the
// patterns of text, with what an operator stands for drawn at random.
func randomNames(r *rand.Rand, text string) []string {
	parts := strings.FieldsFunc(text, func(c rune) bool { return c == '/' || c == '\n' })
	var names []string
	for range 6 {
		if len(parts) == 0 || r.IntN(2) == 0 {
			names = append(names, pick(r, namePieces, 2))
			continue
		}
		var b strings.Builder
		for _, c := range strings.TrimPrefix(parts[r.IntN(len(parts))], "!") {
			switch {
			case c == '*' && r.IntN(3) > 0, c == '[', c == ']', c == '\\':
			case c == '*', c == '?':
				b.WriteString(namePieces[r.IntN(len(namePieces))])
			default:
				b.WriteRune(c)
			}
		}
		names = append(names, b.String())
	}
	return names
}

// checkTraps makes that many checks: lists, and for each twenty paths of a tree
// in which the same few names come back at every level.
func checkTraps(t *testing.T, r *rand.Rand, checks int) {
	t.Helper()
	for done := 0; done < checks; {
		text := randomText(r)
		l := readList(t, text)
		if l == nil {
			continue
		}
		names := randomNames(r, text)
		for range 20 {
			if name, ok := cleanName(pickPath(r, names)); ok {
				l.check(t, name)
				done++
			}
		}
	}
}

func pickPath(r *rand.Rand, names []string) string {
	var parts []string
	for range 1 + r.IntN(4) {
		parts = append(parts, names[r.IntN(len(names))])
	}
	return strings.Join(parts, "/")
}
