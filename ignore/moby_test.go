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

	"github.com/google/go-cmp/cmp"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"github.com/ctxsize/ctxsize/ignore"
)

// list is a list of patterns, compiled by moby, by us, and by the reference.
type list struct {
	patterns []string
	moby     *patternmatcher.PatternMatcher
	matcher  *ignore.Matcher
	ref      *reference
}

// readList compares our reading of an ignore file with moby's. It returns nil if
// both refuse it.
func readList(t *testing.T, text string) *list {
	t.Helper()
	want, wantErr := ignorefile.ReadAll(strings.NewReader(text))
	file, err := ignore.Parse("f", []byte(text))
	if (err != nil) != (wantErr != nil) {
		t.Fatalf("Parse(%q): %v, moby: %v", text, err, wantErr)
	}
	if err != nil {
		return nil
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
	return newList(t, file.Rules(), want)
}

func newList(t *testing.T, rules []ignore.Rule, patterns []string) *list {
	t.Helper()
	pm, wantErr := patternmatcher.New(slices.Clone(patterns))
	m, err := ignore.Compile(rules)
	if (err != nil) != (wantErr != nil) {
		t.Fatalf("Compile(%q): %v, moby: %v", patterns, err, wantErr)
	}
	if err != nil {
		if _, ok := errors.AsType[*ignore.RuleError](err); !ok {
			t.Fatalf("Compile(%q): %T", patterns, err)
		}
		return nil
	}
	return &list{patterns, pm, m, newReference(t, patterns)}
}

// check compares all that we say of a path with what moby and the reference say.
func (l *list) check(t *testing.T, name string) {
	t.Helper()
	l.checkWalk(t, name)
	l.checkPlain(t, name)
	if moby, _ := patternmatcher.Matches(name, l.patterns); l.matcher.Old(name) != moby {
		t.Fatalf("Old(%q, %q) = %v, moby %v", l.patterns, name, !moby, moby)
	}
}

func (l *list) checkWalk(t *testing.T, name string) {
	t.Helper()
	state, info, memory := l.matcher.Root(), patternmatcher.MatchInfo{}, []bool(nil)
	for _, path := range append(ancestors(name), name) {
		verdict, nextInfo, mobyErr := l.moby.MatchesUsingParentResults(path, info)
		want, nextMemory, _ := l.ref.walk(path, memory)
		got, err := l.matcher.Entry(state, base(path))
		l.same(t, "Entry", path, got, err, want, verdict, mobyErr)
		entered, child, err := l.matcher.Enter(state, base(path))
		l.same(t, "Enter", path, entered, err, want, verdict, mobyErr)
		if ignored, certain := state.Certain(); certain && (mobyErr != nil || ignored != verdict) {
			t.Fatalf("%q: above %q it is certain that all is ignored: %v; moby %v, %v", l.patterns, path, ignored, verdict, mobyErr)
		}
		if mobyErr != nil {
			return
		}
		if path == name {
			traced, matches, err := l.matcher.Trace(name)
			l.same(t, "Trace", name, traced, err, want, verdict, mobyErr)
			if diff := cmp.Diff(l.ref.matches(name), matches); diff != "" {
				t.Fatalf("Trace(%q, %q): -reference +got\n%s", l.patterns, name, diff)
			}
		}
		state, info, memory = child, nextInfo, nextMemory
	}
}

func (l *list) checkPlain(t *testing.T, name string) {
	t.Helper()
	verdict, mobyErr := l.moby.MatchesOrParentMatches(name)
	want, _ := l.ref.plain(name)
	got, err := l.matcher.Plain(name)
	l.same(t, "Plain", name, got, err, want, verdict, mobyErr)
	if d, _, err := l.matcher.Trace(name); err == nil && mobyErr == nil && !l.matcher.MayEmpty() && verdict && !d.Ignored {
		t.Fatalf("MayEmpty(%q) = false, and the plain rule alone ignores %q", l.patterns, name)
	}

	state := l.matcher.PlainRoot()
	for _, dir := range ancestors(name) {
		_, state, _ = l.matcher.Enter(state, base(dir)) // moby, too, asks of the directories above without minding errors
	}
	want.Inherited = want.Rule >= 0 && l.ref.matchesAbove(want.Rule, name)
	got, err = l.matcher.Entry(state, base(name))
	l.same(t, "PlainRoot, Entry", name, got, err, want, verdict, mobyErr)
	got, _, err = l.matcher.Enter(state, base(name))
	l.same(t, "PlainRoot, Enter", name, got, err, want, verdict, mobyErr)
	if ignored, certain := state.Certain(); certain && (mobyErr != nil || ignored != verdict) {
		t.Fatalf("%q: above %q it is certain that all is plainly ignored: %v; moby %v, %v", l.patterns, name, ignored, verdict, mobyErr)
	}
}

// same compares a decision with the reference's, and its verdict with moby's.
func (l *list) same(t *testing.T, what, name string, got ignore.Decision, err error, want ignore.Decision, moby bool, mobyErr error) {
	t.Helper()
	if (err != nil) != (mobyErr != nil) || err == nil && (got != want || got.Ignored != moby) {
		t.Fatalf("%s(%q, %q) = %+v, %v; reference %+v, moby %v, %v", what, l.patterns, name, got, err, want, moby, mobyErr)
	}
}

// cleanName makes a path that can be an entry's, if there is one.
func cleanName(name string) (string, bool) {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	return name, name != "" && !strings.Contains(name, "\x00")
}

// FuzzEvaluators compares all evaluators with moby's on arbitrary text. Give go test
// -fuzzminimizetime=1x, or it spends its time on making long inputs shorter.
func FuzzEvaluators(f *testing.F) {
	for _, text := range []string{
		"a\n!a/f\na", "**/foo", "*\n!a/f", "a/b/f\n!a", "**/f\n!a", "dir**", "**dir", "a|b*", "a{2}*.txt", "^a*",
		"dir[^x]a.txt", `\d.md`, "[b-a].txt", "\xef\xbb\xbfa", "a\r\nb\r\n", "!", "/../a", "a /.", "**.md", "a?**", "***", "**/\ufeff*",
		"?a**\n!a/**/f", "a/**/**/f", "**/a/**\n!**/a/*/f", "[a-c]?/f", `\*.md`, "*.{js,ts}", "*a*b*c", "foo**bar",
	} {
		f.Add(text, "a/f")
		f.Add(text, "dir/a.txt")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		name, ok := cleanName(name)
		if !ok {
			t.Skip("not a path")
		}
		if l := readList(t, text); l != nil {
			l.check(t, name)
		}
	})
}

// FuzzTraps does the same with text and names drawn from the traps, by a seed.
func FuzzTraps(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { checkTraps(t, rand.New(rand.NewPCG(seed, 0)), 100) })
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
	checkTraps(t, rand.New(rand.NewPCG(1, 2)), checks)
}

// TestRequestPatterns checks lists that no ignore file went through: the paths
// that a Dockerfile asks for reach the matcher untrimmed.
func TestRequestPatterns(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"!x", " lead", "p|q*", "star\\*", "", " ", "a/../b", "/a", "/*", "/**", "/a?", "./a*", "src/*/*.go", "x\n*", "**/*/x/**/y"} {
		for _, name := range []string{"x", "lead", "p1", "p|q", "star*", "starfish", "b", "a", "src/lib/n.go", "x\ny", "q/x/a\nb/x/y"} {
			newList(t, ignore.Patterns(pattern), []string{pattern}).check(t, name)
		}
	}
}
