package ignore

import (
	"path"
	"strings"
	"unicode/utf8"

	"github.com/moby/patternmatcher"
)

// kind says how a pattern is compared with a path
// (moby/patternmatcher, patternmatcher.go, Pattern.compile).
type kind uint8

const (
	exact  kind = iota // equal
	prefix             // begins with
	suffix             // ends with, or equals it without its leading slash
	glob               // tokens that we match ourselves
	regexp             // whatever moby's regular expression says
	bad                // compiles to nothing: fails when first tried
)

// pattern is one compiled pattern, without its "!".
type pattern struct {
	kind   kind
	text   string // what exact, prefix and suffix compare with
	tokens []token
	moby   *patternmatcher.PatternMatcher
}

type token struct {
	op   op
	text string // of a literal
}

type op uint8

const (
	literal  op = iota
	star        // any run without a slash
	one         // one character that is not a slash
	deep        // nothing, or anything without a line feed that ends in a slash
	anything    // anything without a line feed
)

// maxBacktrack bounds the tokens of one pattern that can match in several ways,
// and with them the time that a hostile pattern costs; a pattern with more is
// left to moby's regular expression, which is linear.
const maxBacktrack = 3

// compile decides the kind of a cleaned pattern, as moby's compile does while it
// reads the pattern from left to right, and translates what it safely can.
func compile(text string) pattern {
	if !strings.ContainsAny(text, `*?[]\`) {
		return pattern{kind: exact, text: text}
	}
	if strings.ContainsAny(text, `[]\{}|^`+"\x00\ufeff\ufffd") || !utf8.ValidString(text) {
		return fallback(text)
	}
	p := pattern{kind: exact, text: text}
	backtrack := 0
	rest := text
	for i := 0; rest != ""; i++ {
		switch {
		case strings.HasPrefix(rest, "**"):
			backtrack++
			rest = strings.TrimPrefix(rest[2:], "/")
			switch {
			case rest != "":
				p.tokens = append(p.tokens, token{op: deep})
				p.kind = glob
			case p.kind == exact:
				p.kind = prefix
			default:
				p.tokens = append(p.tokens, token{op: anything})
				p.kind = glob
			}
			if i == 0 {
				p.kind = suffix
			}
		case rest[0] == '*':
			backtrack++
			p.tokens = append(p.tokens, token{op: star})
			p.kind = glob
			rest = rest[1:]
		case rest[0] == '?':
			p.tokens = append(p.tokens, token{op: one})
			p.kind = glob
			rest = rest[1:]
		default:
			end := strings.IndexAny(rest, "*?")
			if end < 0 {
				end = len(rest)
			}
			p.tokens = append(p.tokens, token{op: literal, text: rest[:end]})
			rest = rest[end:]
		}
	}
	switch {
	case p.kind == prefix:
		return pattern{kind: prefix, text: strings.TrimSuffix(text, "**")}
	case p.kind == suffix:
		return pattern{kind: suffix, text: strings.TrimPrefix(text, "**")}
	case backtrack > maxBacktrack:
		return fallback(text)
	}
	return p
}

// fallback lets moby match what is not translated here: classes and escapes, the
// operators that moby fails to escape ({ } | ^), and what its scanner changes (a
// BOM, NUL, bytes that are not UTF-8), and U+FFFD, which a regular expression
// takes for any such byte in a name.
func fallback(text string) pattern {
	// As an exception, and with "/." behind it, the text passes through New
	// unchanged, whatever it begins and ends with.
	m, err := patternmatcher.New([]string{"!" + text + "/."})
	if err != nil {
		return pattern{kind: bad}
	}
	p := pattern{kind: regexp, moby: m}
	if _, err := p.matchMoby(""); err != nil {
		return pattern{kind: bad}
	}
	return p
}

// matchMoby asks the one exception in p.moby whether it takes a matched path
// back, which is the bare comparison of the pattern with the path.
func (p *pattern) matchMoby(name string) (bool, error) {
	kept, err := p.moby.MatchesUsingParentResult(name, true) //nolint:staticcheck // deprecated for lists; exact for a list of one
	return !kept && err == nil, err
}

// match compares the pattern with one path and nothing else. It is safe for
// concurrent use: a regular expression was compiled by its first use in
// [fallback]. It fails, with [path.ErrBadPattern], only for the kind bad.
func (p *pattern) match(name string) (bool, error) {
	switch p.kind {
	case exact:
		return name == p.text, nil
	case prefix:
		return strings.HasPrefix(name, p.text), nil
	case suffix:
		if strings.HasSuffix(name, p.text) {
			return true, nil
		}
		return strings.HasPrefix(p.text, "/") && name == p.text[1:], nil
	case glob:
		return matchTokens(p.tokens, name), nil
	case regexp:
		return p.matchMoby(name)
	default:
		return false, path.ErrBadPattern
	}
}

// matchTokens matches the whole of name. Only deep and star can be matched in
// more than one way, and both try the shortest way first.
func matchTokens(tokens []token, name string) bool {
	for i, t := range tokens {
		switch t.op {
		case literal:
			if !strings.HasPrefix(name, t.text) {
				return false
			}
			name = name[len(t.text):]
		case one:
			if name == "" || name[0] == '/' {
				return false
			}
			_, size := utf8.DecodeRuneInString(name)
			name = name[size:]
		case star:
			return matchStar(tokens[i+1:], name)
		case deep:
			return matchDeep(tokens[i+1:], name)
		case anything:
			return strings.IndexByte(name, '\n') < 0
		}
	}
	return name == ""
}

func matchStar(tokens []token, name string) bool {
	for {
		if matchTokens(tokens, name) {
			return true
		}
		if name == "" || name[0] == '/' {
			return false
		}
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:]
	}
}

func matchDeep(tokens []token, name string) bool {
	for {
		if matchTokens(tokens, name) {
			return true
		}
		slash := strings.IndexByte(name, '/')
		if slash < 0 || strings.IndexByte(name[:slash], '\n') >= 0 {
			return false
		}
		name = name[slash+1:]
	}
}
