package report

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
)

// Style says what a terminal can show. The zero value is plain text.
type Style struct {
	Color bool
	// Width is the number of columns; 0 is unknown.
	Width int
}

const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// paint wraps text in an SGR sequence where colors are wanted.
func (s Style) paint(code, text string) string {
	if !s.Color || text == "" || code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// terminal measures text as terminals show it, whatever the locale says: a wide
// character takes two columns, a mark on another one none.
var terminal = &runewidth.Condition{StrictEmojiNeutral: true}

// columns is how wide a text is shown.
func columns(text string) int { return terminal.StringWidth(text) }

// cut shortens text to n columns, with an ellipsis in the middle, where the end
// of a path says most.
func cut(text string, n int) string {
	if n < 8 || columns(text) <= n {
		return text
	}
	first := (n - 1) / 3
	return terminal.Truncate(text, first, "") + tail(text, n-first)
}

// head shortens text to n columns from its end; 0 is any number.
func head(text string, n int) string {
	if n == 0 {
		return text
	}
	return terminal.Truncate(text, n, "…")
}

// tail shortens text to n columns from its beginning.
func tail(text string, n int) string {
	if columns(text) <= n {
		return text
	}
	return terminal.TruncateLeft(text, columns(text)-n+1, "…")
}

// wrap breaks a text between words where a terminal would break it within them, and
// indents all lines but the first, before which some columns are taken.
func (s Style) wrap(text, indent string, taken int) string {
	if s.Width == 0 {
		return text
	}
	var b strings.Builder
	for i, word := range strings.Split(text, " ") {
		switch n := columns(word); {
		case i == 0:
			taken += n
		case taken+1+n > s.Width:
			b.WriteString("\n" + indent)
			taken = len(indent) + n
		default:
			b.WriteByte(' ')
			taken += 1 + n
		}
		b.WriteString(word)
	}
	return b.String()
}

// bar draws a part of a whole in eighths of a column.
func bar(part, whole int64, columns int) string {
	if whole <= 0 || part <= 0 {
		return strings.Repeat(" ", columns)
	}
	eighths := max(1, int(float64(part)/float64(whole)*float64(columns*8)+0.5))
	full := eighths / 8
	b := strings.Repeat("█", full)
	if rest := eighths % 8; rest > 0 {
		b += string([]rune(" ▏▎▍▌▋▊▉")[rest])
		full++
	}
	return b + strings.Repeat(" ", columns-full)
}

// printer collects the first error of many writes.
type printer struct {
	w   io.Writer
	err error
	// begun tells that something was printed.
	begun bool
}

func (p *printer) printf(format string, args ...any) {
	p.begun = true
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// gap keeps paragraphs apart.
func (p *printer) gap() {
	if p.begun {
		p.printf("\n")
	}
}

// thousands groups the digits of a count.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// plural returns a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// Percent returns " (-96 %)" for a change of a size. What is nearly nothing, or
// nearly everything, has a decimal, rounded towards what is not so.
func Percent(before, after int64) string {
	if before == 0 || before == after {
		return ""
	}
	change := float64(after-before) / float64(before) * 100
	if rounded := math.Round(change); rounded != 0 && (rounded != -100 || after == 0) {
		return fmt.Sprintf(" (%+.0f %%)", change)
	}
	tenths := math.Trunc(change*10) / 10
	if tenths == 0 {
		return ""
	}
	return fmt.Sprintf(" (%+.1f %%)", tenths)
}
