package ignore

import (
	"strings"
	"unicode/utf8"
)

// glob is a test of one name: with an empty middle the name must be head.
type glob struct {
	head   string  // what the name begins with
	middle []token // what stands between; neither begins nor ends with a literal
	tail   string  // what the name ends with
	// line tells that the star at the end of middle is the end of a moby ".*",
	// which takes no line feed. The tail is then empty.
	line bool
}

type token struct {
	op   op
	text string // of a literal; of a class, all its members
}

type op uint8

const (
	star    op = iota // any run of characters
	one               // one character; a byte that is not UTF-8 is one
	class             // one of the members, which are ASCII
	literal           // the text itself
)

var anyName = []token{{op: star}}

// matchesAll tells whether the test says yes to every name without a line feed.
func (g *glob) matchesAll() bool {
	return g.head == "" && g.tail == "" && len(g.middle) == 1 && g.middle[0].op == star
}

func (g *glob) match(name string) bool {
	if len(g.middle) == 0 {
		return name == g.head
	}
	if len(name) < len(g.head)+len(g.tail) || !strings.HasPrefix(name, g.head) || !strings.HasSuffix(name, g.tail) {
		return false
	}
	rest := name[len(g.head) : len(name)-len(g.tail)]
	if g.line {
		if feed := strings.LastIndexByte(rest, '\n'); feed >= 0 {
			return matchLines(g.middle[:len(g.middle)-1], rest, feed+1)
		}
	}
	return matchTokens(g.middle, rest)
}

// matchTokens matches the whole of text. Only the last star that was met is
// tried again with more: if that does not help, an earlier one cannot.
func matchTokens(tokens []token, text string) bool {
	starred := false
	var behind []token // what follows the last star
	var untaken string // what that star has not taken
	for {
		switch {
		case len(tokens) == 0 && text == "":
			return true
		case len(tokens) > 0 && tokens[0].op == star:
			if len(tokens) == 1 {
				return true
			}
			starred, behind, untaken = true, tokens[1:], text
		case len(tokens) > 0:
			if n, ok := tokens[0].take(text); ok {
				tokens, text = tokens[1:], text[n:]
				continue
			}
			fallthrough
		default:
			if !starred || untaken == "" {
				return false
			}
			_, size := utf8.DecodeRuneInString(untaken)
			untaken = untaken[size:]
		}
		if t := &behind[0]; t.op == literal {
			skip := strings.Index(untaken, t.text)
			if skip < 0 {
				return false
			}
			untaken = untaken[skip:]
		}
		tokens, text = behind, untaken
	}
}

// matchLines tells whether the tokens match a beginning of text of at least so
// many bytes: what is behind that has no line feed and is left to a ".*".
func matchLines(tokens []token, text string, atLeast int) bool {
	for end := atLeast; ; {
		if matchTokens(tokens, text[:end]) {
			return true
		}
		if end == len(text) {
			return false
		}
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
}

// take returns how many bytes at the beginning of text a token other than a star
// takes.
func (t *token) take(text string) (n int, ok bool) {
	switch t.op {
	case literal:
		return len(t.text), strings.HasPrefix(text, t.text)
	case class:
		return 1, text != "" && strings.IndexByte(t.text, text[0]) >= 0
	default:
		_, n = utf8.DecodeRuneInString(text)
		return n, text != ""
	}
}

// byteSet is a set of bytes, or every byte where it is nil.
type byteSet []byte

// firstByte returns the bytes with which a matching name can begin.
func (g *glob) firstByte() byteSet {
	switch {
	case g.head != "":
		return byteSet{g.head[0]}
	case len(g.middle) > 0 && g.middle[0].op == class:
		return byteSet(g.middle[0].text)
	}
	return nil
}

// byteFromEnd returns the bytes that can stand at the n-th place from the end of
// a matching name that is so long.
func (g *glob) byteFromEnd(n int) byteSet {
	if n <= len(g.tail) {
		return byteSet{g.tail[len(g.tail)-n]}
	}
	n -= len(g.tail)
	for i := len(g.middle) - 1; i >= 0; i-- {
		switch t := &g.middle[i]; {
		case t.op == class && n == 1:
			return byteSet(t.text)
		case t.op == class:
			n--
		case t.op == literal && n <= len(t.text):
			return byteSet{t.text[len(t.text)-n]}
		case t.op == literal:
			n -= len(t.text)
		default:
			return nil
		}
	}
	if n <= len(g.head) {
		return byteSet{g.head[len(g.head)-n]}
	}
	return nil
}
