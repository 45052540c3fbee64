package ignore

import (
	"strings"
	"unicode/utf8"
)

// segment is one component of a pattern that could be taken apart.
type segment struct {
	glob
	reach reach
	// end tells that a path may end here. The last segment always is an end; the
	// one before it is, too, where the pattern ends in "x**".
	end bool
}

// reach says which directories may lie between a segment and the one before it.
type reach uint8

const (
	next      reach = iota // none
	deep                   // any number, by any names
	deepLines              // any number, if no name has a line feed
)

// maxSegments lets a set of segments be one word.
const maxSegments = 64

// operators are the characters of which one makes moby look further than whether
// path and pattern are equal.
const operators = `*?[]\`

// decompose takes a cleaned pattern apart, component by component, so that it
// matches just what moby's reading of it matches. Not every pattern can be: ok is
// false for one that is left to moby itself. What moby distinguishes by the
// pattern's operators is kept apart here, too, because line feeds, braces and
// bars mean something only to a regular expression.
// (moby/patternmatcher, patternmatcher.go, Pattern.compile and match)
func decompose(text string) (segments []segment, ok bool) {
	if !strings.ContainsAny(text, operators) {
		return ended(names(text)), true
	}
	// What moby's scanner changes: NUL, a BOM, and a byte that is not UTF-8, which
	// becomes U+FFFD; that in turn a regular expression takes for any such byte of
	// a name.
	if strings.ContainsAny(text, "\x00\ufeff") || strings.ContainsRune(text, utf8.RuneError) {
		return nil, false
	}
	before, isPrefix := strings.CutSuffix(text, "**")
	after, isSuffix := strings.CutPrefix(text, "**")
	switch {
	case isPrefix && before != "" && !strings.ContainsAny(before, operators):
		segments, ok = prefixed(before), true
	case isSuffix && !strings.ContainsAny(after, operators):
		segments, ok = suffixed(after), true
	default:
		segments, ok = translate(text)
	}
	return segments, ok && len(segments) <= maxSegments
}

// names returns a segment for each component.
func names(text string) []segment {
	var segments []segment
	for name := range strings.SplitSeq(text, "/") {
		segments = append(segments, segment{glob: glob{head: name}})
	}
	return segments
}

func ended(segments []segment) []segment {
	segments[len(segments)-1].end = true
	return segments
}

// prefixed is the pattern text + "**": the path begins with text.
func prefixed(text string) []segment {
	segments := names(text)
	if last := &segments[len(segments)-1]; last.head == "" {
		segments = segments[:len(segments)-1]
	} else {
		last.middle, last.end = anyName, true
	}
	return append(segments, segment{glob: glob{middle: anyName}, reach: deep, end: true})
}

// suffixed is the pattern "**" + text: the path ends with text, or is text
// without its leading slash.
func suffixed(text string) []segment {
	segments := names(strings.TrimPrefix(text, "/"))
	if !strings.HasPrefix(text, "/") {
		segments[0] = segment{glob: glob{middle: anyName, tail: segments[0].head}}
	}
	segments[0].reach = deep
	return ended(segments)
}

// translate reads a pattern that moby makes a regular expression of.
func translate(text string) ([]segment, bool) {
	var t translation
	for i := 0; i < len(text); {
		rest := text[i:]
		n := 1
		switch c := text[i]; {
		case rest == "**":
			t.reachDown()
			return t.segments, true
		case strings.HasPrefix(rest, "**"):
			// "a**b" is "ab" as well as "a/x/b": no sequence of components.
			if len(t.tokens) > 0 {
				return nil, false
			}
			n = len("**")
			if strings.HasPrefix(rest, "**/") {
				n = len("**/")
			}
			t.reach = deepLines
		case c == '*':
			t.tokens = append(t.tokens, token{op: star})
		case c == '?':
			t.tokens = append(t.tokens, token{op: one})
		case c == '/':
			t.finish(false)
		case c == '[':
			members, size, ok := readClass(rest)
			if !ok {
				return nil, false
			}
			n = size
			t.tokens = append(t.tokens, token{op: class, text: members})
		case c == '\\':
			if len(rest) < 2 || !isPunct(rest[1]) || rest[1] == '/' {
				return nil, false
			}
			n = 2
			t.addLiteral(rest[1:2])
		case leaks(rest):
			return nil, false
		default:
			t.addLiteral(rest[:1])
		}
		i += n
	}
	t.finish(true)
	return t.segments, true
}

// translation is the state of translate.
type translation struct {
	segments []segment
	tokens   []token // of the segment that is being read
	reach    reach   // of the segment that is being read
}

func (t *translation) addLiteral(text string) {
	if n := len(t.tokens); n > 0 && t.tokens[n-1].op == literal {
		t.tokens[n-1].text += text
	} else {
		t.tokens = append(t.tokens, token{op: literal, text: text})
	}
}

// finish ends a segment.
func (t *translation) finish(end bool) {
	s := segment{reach: t.reach, end: end}
	middle := t.tokens
	if n := len(middle); n > 0 && middle[0].op == literal {
		s.head, middle = middle[0].text, middle[1:]
	}
	if n := len(middle); n > 0 && middle[n-1].op == literal {
		s.tail, middle = middle[n-1].text, middle[:n-1]
	}
	s.middle = middle
	t.segments = append(t.segments, s)
	t.tokens, t.reach = nil, next
}

// reachDown ends the pattern with moby's ".*": the rest of the name that is being
// read, and whatever is below it.
func (t *translation) reachDown() {
	if len(t.tokens) > 0 {
		t.tokens = append(t.tokens, token{op: star})
		t.finish(true)
		t.segments[len(t.segments)-1].line = true
	}
	t.segments = append(t.segments, segment{glob: glob{middle: anyName, line: true}, reach: deepLines, end: true})
}

// leaks tells whether the first character of text means something to a regular
// expression and moby fails to escape it. A brace is one only before a number.
// (moby/patternmatcher, patternmatcher.go, shouldEscape)
func leaks(text string) bool {
	switch text[0] {
	case '|', '^', ']':
		return true
	case '{':
		return len(text) > 1 && '0' <= text[1] && text[1] <= '9'
	}
	return false
}

// readClass reads "[…]" at the beginning of text where it holds nothing but ASCII
// letters, digits, ranges of them, and what is as plain; it returns the members
// and the length. Any other class, such as one that is negated and so takes a
// slash, is not ok.
func readClass(text string) (members string, size int, ok bool) {
	var set []byte
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == ']':
			return string(set), i + 1, len(set) > 0
		case isAlnum(c) && i+2 < len(text) && text[i+1] == '-':
			if !isAlnum(text[i+2]) || text[i+2] < c {
				return "", 0, false
			}
			for m := c; m <= text[i+2]; m++ {
				set = append(set, m)
			}
			i += 2
		case isAlnum(c) || c == '_' || c == '.' || c == '!':
			set = append(set, c)
		default:
			return "", 0, false
		}
	}
	return "", 0, false
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

func isPunct(c byte) bool { return ' ' < c && c < 0x7f && !isAlnum(c) }
