package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Name returns a file name, a path or a pattern in a form that a terminal or a
// log can be given: as it is where every character prints and none turns the
// direction of the line, else quoted with escapes.
func Name(name string) string {
	plain := utf8.ValidString(name) && name != "" && name == strings.TrimSpace(name)
	for _, r := range name {
		plain = plain && r != '"' && unicode.IsPrint(r)
	}
	if plain {
		return name
	}
	return strconv.Quote(name)
}

// Escape returns a message that may hold names, with every character escaped that
// does not print or turns the direction of the line.
func Escape(message string) string {
	var b strings.Builder
	for len(message) > 0 {
		r, size := utf8.DecodeRuneInString(message)
		if unicode.IsPrint(r) && (r != utf8.RuneError || size > 1) {
			b.WriteString(message[:size])
		} else {
			quoted := strconv.Quote(message[:size])
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		message = message[size:]
	}
	return b.String()
}
