package ignore_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"github.com/ctxsize/ctxsize/ignore"
)

// pieces are what random patterns and names are made of: the operators, what
// leaks into moby's regular expressions, and what its scanner changes.
var (
	patternPieces = []string{
		"a", "b", "ab", "foo", ".", "..", "/", "/", "/", "*", "*", "**", "**/", "/**", "/**/", "***", "?",
		"[a]", "[!a]", "[^a]", "[a-b]", "[b-a]", "[/]", "[[:alpha:]]", "[", "]", "[]a]", "[a-]", `\a`, `\d`, `\*`, `\[`, `\y`, `\\`, `\`, `\b`,
		"{", "}", "{2}", "|", "^", "$", "(", ")", "+", ".js", "!", "#", " ", "\t", "\r", "\f", "\u00a0", "\u200b", "\ufeff",
		"é", "日", "\xff", "\xe9", "\ufffd", "\x00", "\x7f", "node_modules", "x",
	}
	namePieces = []string{
		"a", "b", "ab", "aa", "foo", "foob", "xfoo", ".", ".js", "x", "y", "d", "1", "-", "!", "#", " ", "*", "[", "]", "{2}", "|", "^", "$", "(", "+",
		"\n", "\\", "é", "日", "\xff", "\xe9", "\ufffd", "\ufeff", "\t", "\r", "\x07", "node_modules", "ab.js",
	}
)

func pick(r *rand.Rand, from []string, most int) string {
	var b strings.Builder
	for range 1 + r.IntN(most) {
		b.WriteString(from[r.IntN(len(from))])
	}
	return b.String()
}

func randomText(r *rand.Rand) string {
	var lines []string
	for range 1 + r.IntN(5) {
		line := pick(r, patternPieces, 4)
		if r.IntN(3) == 0 {
			line = "!" + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func randomPath(r *rand.Rand) string {
	var parts []string
	for range 1 + r.IntN(4) {
		parts = append(parts, pick(r, namePieces, 2))
	}
	return strings.Join(parts, "/")
}

// check compares our reading of text and our three verdicts on name with moby's.
func check(t *testing.T, text, name string) {
	t.Helper()
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if name == "" || strings.Contains(name, "\x00") {
		t.Skip("not a path")
	}
	want, wantErr := ignorefile.ReadAll(strings.NewReader(text))
	file, err := ignore.Parse("f", []byte(text))
	if (err != nil) != (wantErr != nil) {
		t.Fatalf("Parse(%q): %v, moby: %v", text, err, wantErr)
	}
	if err != nil {
		return
	}
	if !bytes.Equal(file.Bytes(), []byte(text)) {
		t.Fatalf("Parse(%q) lost bytes: %q", text, file.Bytes())
	}
	var got []string
	for _, r := range file.Rules() {
		got = append(got, r.Pattern)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("Parse(%q) = %q, moby %q", text, got, want)
	}
	checkRules(t, file.Rules(), want, name)
}

func checkRules(t *testing.T, rules []ignore.Rule, want []string, name string) {
	t.Helper()
	pm, wantErr := patternmatcher.New(slices.Clone(want))
	m, err := ignore.Compile(rules)
	if (err != nil) != (wantErr != nil) {
		t.Fatalf("Compile(%q): %v, moby: %v", want, err, wantErr)
	}
	var ruleErr *ignore.RuleError
	if err != nil {
		if !errors.As(err, &ruleErr) {
			t.Fatalf("Compile(%q): %T", want, err)
		}
		return
	}
	agree := func(evaluator string, d bool, err error, moby bool, mobyErr error) {
		t.Helper()
		if (err != nil) != (mobyErr != nil) || err == nil && d != moby {
			t.Fatalf("%s(%q, %q) = %v, %v; moby %v, %v", evaluator, want, name, d, err, moby, mobyErr)
		}
	}

	parts := strings.Split(name, "/")
	state, info := m.Root(), patternmatcher.MatchInfo{}
	for i := range parts {
		moby, next, mobyErr := pm.MatchesUsingParentResults(strings.Join(parts[:i+1], "/"), info)
		d, err := m.Entry(state, parts[i])
		agree("Entry", d.Ignored, err, moby, mobyErr)
		entered, child, err := m.Enter(state, parts[i])
		agree("Enter", entered.Ignored, err, moby, mobyErr)
		if err != nil {
			return
		}
		state, info = child, next
		if i == len(parts)-1 {
			traced, matches, err := m.Trace(name)
			agree("Trace", traced.Ignored, err, moby, mobyErr)
			if traced.Rule >= 0 && !slices.ContainsFunc(matches, func(x ignore.Match) bool { return x.Rule == traced.Rule }) {
				t.Fatalf("Trace(%q, %q): rule %d decides and does not match: %v", want, name, traced.Rule, matches)
			}
		}
	}
	moby, mobyErr := pm.MatchesOrParentMatches(name)
	plain, err := m.Plain(name)
	agree("Plain", plain.Ignored, err, moby, mobyErr)
	if !m.MayEmpty() && err == nil && plain.Ignored {
		d, _, err := m.Trace(name)
		if err == nil && !d.Ignored {
			t.Fatalf("MayEmpty(%q) = false, and the plain rule alone ignores %q", want, name)
		}
	}
	moby, _ = patternmatcher.Matches(name, want)
	agree("Old", m.Old(name), nil, moby, nil)
}

// FuzzEvaluators compares all three evaluators with moby's on arbitrary text.
func FuzzEvaluators(f *testing.F) {
	for _, text := range []string{
		"a\n!a/f\na", "**/foo", "*\n!a/f", "a/b/f\n!a", "**/f\n!a", "dir**", "**dir", "a|b*", "a{2}*.txt", "^a*",
		"dir[^x]a.txt", `\d.md`, "[b-a].txt", "\xef\xbb\xbfa", "a\r\nb\r\n", "!", "/../a", "a /.", "**.md", "a?**", "***", "**/\ufeff*",
	} {
		f.Add(text, "a/f")
		f.Add(text, "dir/a.txt")
	}
	f.Fuzz(func(t *testing.T, text, name string) { check(t, text, name) })
}

// FuzzTraps does the same with text and names drawn from the traps, by a seed.
func FuzzTraps(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 0))
		for range 10 {
			text := randomText(r)
			for range 4 {
				checkQuiet(t, text, randomPath(r))
			}
		}
	})
}

// checkQuiet is check for a name that may clean to nothing.
func checkQuiet(t *testing.T, text, name string) {
	t.Helper()
	if path.Clean("/"+name) != "/" && !strings.Contains(name, "\x00") {
		check(t, text, name)
	}
}

// TestTraps runs a fixed number of the same checks on every test run;
// CTXSIZE_MATCHER_CHECKS raises it.
func TestTraps(t *testing.T) {
	t.Parallel()
	checks := 20_000
	if s := os.Getenv("CTXSIZE_MATCHER_CHECKS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		checks = n
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range checks / 4 {
		text := randomText(r)
		for range 4 {
			checkQuiet(t, text, randomPath(r))
		}
	}
}

// TestRequestPatterns checks lists that no ignore file went through: the paths
// that a Dockerfile asks for reach the matcher untrimmed.
func TestRequestPatterns(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"!x", " lead", "p|q*", "star\\*", "", " ", "a/../b", "/a", "./a*", "src/*/*.go", "x\n*", "**/*/x/**/y"} {
		for _, name := range []string{"x", "lead", "p1", "p|q", "star*", "starfish", "b", "a", "src/lib/n.go", "x\ny", "q/x/a\nb/x/y"} {
			checkRules(t, ignore.Patterns(pattern), []string{pattern}, name)
		}
	}
}
