package report

import (
	"strings"
	"testing"

	"github.com/ctxsize/ctxsize/internal/finding"
)

// TestColumns holds what is shortened to the columns of a terminal, where a wide
// character takes two.
func TestColumns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text, cut, head, tail string
	}{
		{"short", "a/b", "a/b", "a/b", "a/b"},
		{"as long as it may be", "0123456789", "0123456789", "0123456789", "0123456789"},
		{"long", "0123456789abcdef", "012…abcdef", "012345678…", "…789abcdef"},
		{"wide", "日本語日本語", "日…日本語", "日本語日…", "… 語日本語"},
		{"marks", "e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301e\u0301"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const n = 10
			for _, got := range []struct{ of, text, want string }{
				{"cut", cut(tt.text, n), tt.cut}, {"head", head(tt.text, n), tt.head}, {"tail", tail(tt.text, n), tt.tail},
			} {
				if got.text != got.want || columns(got.text) > n {
					t.Errorf("%s(%q) is %q in %d columns, want %q", got.of, tt.text, got.text, columns(got.text), got.want)
				}
			}
		})
	}
}

// TestWrap breaks between words, and never within one.
func TestWrap(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		width      int
		want       string
	}{
		{"no terminal", "one two three four", 0, "one two three four"},
		{"wide enough", "one two three four", 22, "one two three four"},
		{"two lines", "one two three four", 21, "one two three\n    four"},
		{"three", "one two three four", 11, "one two\n    three\n    four"},
		{"a long word", "one 0123456789012 two", 12, "one\n    0123456789012\n    two"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := (Style{Width: tt.width}).wrap(tt.text, "    ", 4); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestPercent wants nearly nothing and nearly everything told from nothing and
// everything.
func TestPercent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		before, after int64
		want          string
	}{
		{100, 4, " (-96 %)"},
		{100, 100, ""},
		{0, 100, ""},
		{1000, 0, " (-100 %)"},
		{1000, 3000, " (+200 %)"},
		{1000, 996, " (-0.4 %)"},
		{1000, 1004, " (+0.4 %)"},
		{100_000, 99_999, ""},
		{1000, 3, " (-99.7 %)"},
		{100_000, 1, " (-99.9 %)"},
	} {
		if got := Percent(tt.before, tt.after); got != tt.want {
			t.Errorf("Percent(%d, %d) is %q, want %q", tt.before, tt.after, got, tt.want)
		}
	}
}

// TestFindingsWrap wants what belongs to a finding below its message.
func TestFindingsWrap(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	Findings(&printer{w: &b}, []finding.Finding{
		{ID: "a", Severity: finding.Error, File: ".env", Line: 1, Message: "one two three four five", Repair: "six seven eight nine ten"},
	}, Style{Width: 31})
	const want = `  error    .env:1: one two
           three four five
           six seven eight nine
           ten
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
