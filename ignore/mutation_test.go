package ignore_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mutations are faults of one line each: some that a hand may slip into, and some
// that simplify what had to be as complicated as it is.
var mutations = []struct {
	fault    string
	file     string
	old, new string
}{
	{"a rule that was skipped at the parent counts", "state.go", "counts := remembered || exception == d.Ignored", "counts := true"},
	{"what is remembered lasts one level", "state.go", "if memory != nil {", "if memory != nil && !remembered {"},
	{"the plain evaluator skips as the walk does", "state.go", "if !counts && (memory == nil || !c.plain) {", "if !counts {"},
	{"nothing is inherited", "state.go", "Inherited: remembered", "Inherited: false"},
	{"a line feed in a name makes no difference", "state.go", "(c.even || c.slow == nil && !hasFeed(name))", "c.slow == nil"},
	{"a state is taken for that of its parent", "state.go", "slices.Equal(below, c.live) && slices.Equal(memory, c.memory)", "slices.Equal(below, c.live)"},
	{"states are told apart by half", "intern.go", "appendKey(buf[:0], plain, live, memory)", "appendKey(buf[:0], plain, live)"},
	{"the evaluators share their states", "intern.go", "if plain {", "if false {"},
	{"too much is forgotten", "forget.go", "rule < floor", "rule <= floor"},
	{"what may match is taken to match", "forget.go", "verdicts |= says", "verdicts = says"},
	{"what matches only here is taken to match below", "forget.go", "x.all.has(node) && x.deep.has(node)", "x.all.has(node)"},
	{"a segment is lost between two words of a set", "machine.go", "carry = inner >> 63", "carry = 0"},
	{"the index asks too much of a short name", "index.go", "if end >= 3 {", "if end >= 0 {\n\t\tend = max(end, 3)\n\t\tname += \"xxx\""},
	{"the index reads a class from the wrong end", "glob.go", "return byteSet(g.middle[0].text)", "return byteSet(g.middle[0].text[:1])"},
	{"? takes a byte", "glob.go", "_, n = utf8.DecodeRuneInString(text)", "n = min(len(text), 1)"},
	{"a star is tried again in the middle of a character", "glob.go", "_, size := utf8.DecodeRuneInString(untaken)", "size := min(len(untaken), 1)"},
	{"the end of x** takes a line feed", "glob.go", "if g.line {", "if false {"},
	{"**/x* looks below a line feed", "segments.go", "t.reach = deepLines", "t.reach = deep"},
	{"**foo is **/foo", "segments.go", `if !strings.HasPrefix(text, "/") {`, "if false {"},
	{"foo** is foo and foo/**", "segments.go", "last.middle, last.end = anyName, true", "last.end = true"},
	{"a bar is a bar", "segments.go", "case '|', '^', ']':", "case '^', ']':"},
	{"a caret is a caret", "segments.go", "case '|', '^', ']':", "case '|', ']':"},
	{"{2} is three characters", "segments.go", "return len(text) > 1 && '0' <= text[1] && text[1] <= '9'", "return false"},
	{"[^a] holds a caret", "segments.go", "c == '_' || c == '.' || c == '!'", "c == '_' || c == '.' || c == '!' || c == '^'"},
	{`\d is d`, "segments.go", "!isPunct(rest[1]) || ", ""},
	{"U+FFFD and what is not UTF-8 stand for themselves", "segments.go", "utf8.RuneError", "utf8.MaxRune"},
	{"a BOM stands for itself", "segments.go", `"\x00\ufeff"`, `"\x00"`},
	{"the last directory that matches is named", "pattern.go", "case match && above == 0:", "case match:"},
	{"the old evaluator counts components wrongly", "matcher.go", `strings.Count(m.cleaned[i], "/")`, `strings.Count(m.cleaned[i], "/")+1`},
}

// TestBrokenMatchers breaks the matcher in each of these ways, in a copy, and sees
// TestTraps find it. That compiles the package thirty times, so that it runs only
// with CTXSIZE_MUTATIONS=1; that each fault can still be made is checked always.
func TestBrokenMatchers(t *testing.T) {
	t.Parallel()
	for _, m := range mutations {
		t.Run(strings.ReplaceAll(m.fault, "/", "∕"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(m.file)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(text), m.old); n != 1 {
				t.Fatalf("%s holds %q %d times", m.file, m.old, n)
			}
			if os.Getenv("CTXSIZE_MUTATIONS") == "" {
				return
			}
			out := runBroken(t, m.file, strings.Replace(string(text), m.old, m.new, 1))
			_, failure, found := strings.Cut(out, "--- FAIL: TestTraps")
			if _, panicked, ok := strings.Cut(out, "panic: "); ok {
				failure, found = panicked, true
			}
			if !found {
				t.Fatalf("TestTraps does not find it: %s", out)
			}
			t.Logf("found: %.300s", failure)
		})
	}
}

// runBroken runs TestTraps with another text for one file of the package.
func runBroken(t *testing.T, file, text string) string {
	t.Helper()
	broken, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	instead := filepath.Join(dir, file)
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{broken: instead}})
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "overlay.json")
	for name, data := range map[string][]byte{instead: []byte(text), config: overlay} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-vet=off", "-count=1", "-run=^TestTraps$", "-overlay="+config, ".")
	cmd.Env = append(os.Environ(), "CTXSIZE_MATCHER_CHECKS=400000")
	out, err := cmd.CombinedOutput()
	if err == nil {
		return "it passed"
	}
	return string(out)
}
