package pick

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/suggest"
)

// choice is of three suggestions of 1000, 200 and 30 bytes; the last one is for
// review, and its name would harm a terminal.
func choice() plan.Choice {
	suggestion := func(pattern string, bytes int64, c suggest.Confidence) plan.Suggestion {
		return plan.Suggestion{
			Suggestion: suggest.Suggestion{Pattern: pattern, Paths: []string{pattern}, Confidence: c, Why: "proved"},
			SavesBytes: bytes, SavesFiles: 1,
		}
	}
	return plan.Choice{
		File: ".dockerignore", Builder: buildcontext.BuildKit,
		Suggestions: []plan.Suggestion{suggestion("a", 1000, suggest.Safe), suggestion("b", 200, suggest.Safe), suggestion("c\x1b[2J", 30, suggest.Review)},
		Preset:      func(s plan.Suggestion) bool { return s.Confidence.Safe() },
		Before:      &buildcontext.Measurement{Sent: buildcontext.Totals{Bytes: 5000, Files: 10}},
		After: func(wanted []bool) (*buildcontext.Measurement, error) {
			m := &buildcontext.Measurement{Sent: buildcontext.Totals{Bytes: 5000, Files: 10}}
			for i, w := range wanted {
				if w {
					m.Sent.Bytes -= []int64{1000, 200, 30}[i%3]
					m.Sent.Files--
				}
			}
			return m, nil
		},
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		keys   string
		boxes  string
		cursor int
		sent   string
	}{
		{"", "xx-", 0, "3.80kB in 8 files"},
		{"space", "-x-", 0, "4.80kB in 9 files"},
		{"down space", "x--", 1, "4.00kB in 9 files"},
		{"down j down j space", "xxx", 2, "3.77kB in 7 files"},
		{"up k", "xx-", 0, "3.80kB in 8 files"},
		{"n", "---", 0, "5.00kB in 10 files"},
		{"a", "xxx", 0, "3.77kB in 7 files"},
		{"a s", "xx-", 0, "3.80kB in 8 files"},
		{"G x g x", "-xx", 0, "4.77kB in 8 files"},
		{"unknown", "xx-", 0, "3.80kB in 8 files"},
	} {
		m := newModel(choice())
		for key := range strings.FieldsSeq(test.keys) {
			next, _ := m.key(key)
			m = next.(model)
		}
		boxes := ""
		for _, w := range m.wanted {
			boxes += map[bool]string{true: "x", false: "-"}[w]
		}
		text := m.text()
		if boxes != test.boxes || m.cursor != test.cursor || !strings.Contains(text, "sent: "+test.sent+", now 5.00kB in 10 files") {
			t.Errorf("keys %q: %s, cursor %d:\n%s", test.keys, boxes, m.cursor, text)
		}
		if strings.ContainsRune(text, 0x1b) {
			t.Errorf("a name reaches the terminal unescaped:\n%q", text)
		}
	}
}

// TestFits wants no line to be longer than the terminal is wide, and no more of
// them than it is high.
func TestFits(t *testing.T) {
	t.Parallel()
	c := choice()
	for range 5 {
		c.Suggestions = append(c.Suggestions, c.Suggestions...)
	}
	for height := 3; height < 30; height++ {
		for _, width := range []int{20, 40, 80, 200} {
			for _, cursor := range []int{0, 50, len(c.Suggestions) - 1} {
				m := newModel(c)
				m.width, m.height, m.cursor = width, height, cursor
				fits(t, m)
			}
		}
	}
}

func fits(t *testing.T, m model) {
	t.Helper()
	text := m.text()
	if lines := strings.Count(text, "\n") + 1; lines > m.height {
		t.Errorf("%d×%d: %d lines", m.width, m.height, lines)
	}
	pointed := false
	for line := range strings.Lines(text) {
		if len([]rune(line)) > m.width {
			t.Errorf("%d×%d: %q is too long", m.width, m.height, line)
		}
		pointed = pointed || strings.HasPrefix(line, "›")
	}
	if !pointed {
		t.Errorf("%d×%d: the cursor is out of sight:\n%s", m.width, m.height, text)
	}
	if !strings.Contains(text, "sent: ") {
		t.Errorf("%d×%d: nobody sees what it comes to:\n%s", m.width, m.height, text)
	}
}

// TestNarrow wants room left for the reasons: the column of the patterns is as wide as
// they are, and what harm a rule may do is told to its end.
func TestNarrow(t *testing.T) {
	t.Parallel()
	c := choice()
	c.Suggestions[0].Why = "HEAD inside, objects inside; git clone makes it again; no instruction names it"
	c.Suggestions[0].Risk = "a build that asks git for its version fails or makes one up"
	m := newModel(c)
	m.width, m.height = 60, 20
	text := m.text()
	for _, want := range []string{"1.00kB  a           HEAD inside", `30B  "c\x1b[2J"  review: proved`, "version fails or makes one"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	wanted, err := Suggestions(context.Background(), strings.NewReader("jx\r"), &out, choice())
	if err != nil || len(wanted) != 3 || !wanted[0] || wanted[1] || wanted[2] {
		t.Errorf("%v, %v", wanted, err)
	}
	if _, err := Suggestions(context.Background(), strings.NewReader("q"), &out, choice()); !errors.Is(err, ErrCancelled) {
		t.Errorf("q leaves with %v", err)
	}
}
