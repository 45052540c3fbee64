package lint

import (
	"strings"
	"unicode/utf8"

	"github.com/ctxsize/ctxsize/ignore"
)

// bom may begin an ignore file; Docker removes it there and nowhere else.
const bom = "\xef\xbb\xbf"

// line is one line of the ignore file as it is written.
type line struct {
	number int // from 1
	// text is the line without BOM and ending.
	text string
	// body is the pattern as written: without blanks around it, without "!".
	body string
	// exception tells that "!" stands in front.
	exception bool
	// pattern is what the builder makes of the line, without "!"; "" for a
	// comment or a blank line.
	pattern string
	// column is where the body begins, in characters from 1.
	column int
}

func newLine(number int, l ignore.Line) line {
	out := line{number: number, text: strings.TrimSuffix(l.Text, ending(l.Text))}
	if number == 1 {
		out.text = strings.TrimPrefix(out.text, bom)
	}
	if l.Pattern == "" {
		return out
	}
	body := strings.TrimSpace(out.text)
	at := strings.Index(out.text, body)
	if rest, ok := strings.CutPrefix(body, "!"); ok {
		out.exception = true
		body = strings.TrimSpace(rest)
		at += strings.Index(out.text[at:], body)
		if body == "" {
			at = strings.Index(out.text, "!")
		}
	}
	out.body = body
	out.column = utf8.RuneCountInString(out.text[:at]) + 1
	out.pattern = strings.TrimPrefix(l.Pattern, "!")
	if !out.exception {
		out.pattern = l.Pattern
	}
	return out
}

// written returns the line with another body, and the "!" where it has one.
func (l line) written(body string) string {
	if l.exception {
		return "!" + body
	}
	return body
}
