package gitrepo

import "strings"

// How a pattern is matched.
type matchMode uint8

const (
	// byPath keeps "*", "?" and classes from matching a slash, and gives "**"
	// between slashes its meaning.
	byPath matchMode = 1 << iota
	// foldCase takes the letters A to Z for a to z.
	foldCase
)

func foldIf(fold bool) matchMode {
	if fold {
		return foldCase
	}
	return 0
}

// A verdict says whether a pattern matches, and, if it does not, whether another
// place of an earlier "*" could help. That keeps the time in bounds.
type verdict uint8

const (
	matches verdict = iota
	differs
	// hopeless: no place of any star before helps.
	hopeless
	// hopelessBelowStarStar: only a "**" before could help.
	hopelessBelowStarStar
)

// wildmatch matches as git does. It is not go-git's matcher, which goes by
// filepath.Match and so has no "[!a]", no "[[:alpha:]]", and no way back in
// "a/**/b/c". (git/git, wildmatch.c)
func wildmatch(pattern, text string, mode matchMode) bool {
	return doWild(pattern, text, mode) == matches
}

func doWild(pattern, text string, mode matchMode) verdict {
	for p := 0; p < len(pattern); p++ {
		pc := mode.fold(pattern[p])
		if text == "" && pc != '*' {
			return hopeless
		}
		switch pc {
		case '*':
			var again bool
			if p, text, again = mode.slashAfterStar(pattern, p, text); again {
				continue
			}
			return star(pattern, p, text, mode)
		case '?':
			if mode&byPath != 0 && text[0] == '/' {
				return differs
			}
		case '[':
			end, in, ok := class(pattern, p+1, text[0], mode)
			switch {
			case !ok:
				return hopeless
			case !in, mode&byPath != 0 && text[0] == '/':
				return differs
			}
			p = end
		case '\\':
			p++
			if p == len(pattern) || mode.fold(text[0]) != pattern[p] {
				return differs
			}
		default:
			if mode.fold(text[0]) != pc {
				return differs
			}
		}
		text = text[1:]
	}
	if text != "" {
		return differs
	}
	return matches
}

func (m matchMode) fold(c byte) byte {
	if m&foldCase != 0 && c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// slashAfterStar handles one "*" before a slash, which takes all to the next slash.
func (m matchMode) slashAfterStar(pattern string, p int, text string) (int, string, bool) {
	if m&byPath == 0 || !strings.HasPrefix(pattern[p+1:], "/") {
		return p, text, false
	}
	_, below, ok := strings.Cut(text, "/")
	if !ok {
		return p, text, false
	}
	return p + 1, below, true
}

// star matches a pattern from its star at p on.
func star(pattern string, p int, text string, mode matchMode) verdict {
	first := p
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	rest := pattern[p:]
	slashes := mode&byPath == 0
	if p-first > 1 && !slashes &&
		(first == 0 || pattern[first-1] == '/') &&
		(rest == "" || rest[0] == '/' || strings.HasPrefix(rest, `\/`)) {
		// "**/" may also match nothing.
		if strings.HasPrefix(rest, "/") && doWild(rest[1:], text, mode) == matches {
			return matches
		}
		slashes = true
	}
	if rest == "" {
		if !slashes && strings.Contains(text, "/") {
			return hopelessBelowStarStar
		}
		return matches
	}
	if !slashes && rest[0] == '/' && !strings.Contains(text, "/") {
		return hopeless
	}
	for ; text != ""; text = text[1:] {
		switch v := doWild(rest, text, mode); {
		case v != differs:
			if !slashes || v != hopelessBelowStarStar {
				return v
			}
		case !slashes && text[0] == '/':
			return hopelessBelowStarStar
		}
	}
	return hopeless
}

// class matches a byte with the class whose inside begins at p. It returns where
// the class ends; it is no class if it does not.
func class(pattern string, p int, c byte, mode matchMode) (end int, in, ok bool) {
	c = mode.fold(c)
	negated := false
	if p < len(pattern) && (pattern[p] == '!' || pattern[p] == '^') {
		negated = true
		p++
	}
	// low is the byte before, from which a "-" makes a range; 0 is none.
	for low, first := byte(0), true; ; p, first = p+1, false {
		if p >= len(pattern) {
			return 0, false, false
		}
		pc := pattern[p]
		if pc == ']' && !first {
			return p, in != negated, true
		}
		switch {
		case pc == '\\':
			if p++; p == len(pattern) {
				return 0, false, false
			}
			pc = pattern[p]
			in = in || c == pc
		case pc == '-' && low != 0 && p+1 < len(pattern) && pattern[p+1] != ']':
			p++
			if pattern[p] == '\\' {
				if p++; p == len(pattern) {
					return 0, false, false
				}
			}
			in = in || inRange(c, low, pattern[p], mode)
			pc = 0
		case strings.HasPrefix(pattern[p:], "[:"):
			length := strings.IndexByte(pattern[p+2:], ']')
			if length < 0 {
				return 0, false, false
			}
			name, closed := strings.CutSuffix(pattern[p+2:p+2+length], ":")
			if !closed {
				in = in || c == '['
				break
			}
			test := namedClasses[name]
			if test == nil {
				return 0, false, false
			}
			in = in || test(c) || name == "upper" && mode&foldCase != 0 && isLetter(int(c))
			p += 2 + length
			pc = 0
		default:
			in = in || c == pc
		}
		low = pc
	}
}

func inRange(c, low, high byte, mode matchMode) bool {
	if c >= low && c <= high {
		return true
	}
	if mode&foldCase != 0 && c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
		return c >= low && c <= high
	}
	return false
}

// namedClasses are those of "[[:alpha:]]", of ASCII alone.
var namedClasses = map[string]func(c byte) bool{
	"alnum":  func(c byte) bool { return isLetter(int(c)) || isDigit(int(c)) },
	"alpha":  func(c byte) bool { return isLetter(int(c)) },
	"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
	"cntrl":  func(c byte) bool { return c < ' ' || c == 127 },
	"digit":  func(c byte) bool { return isDigit(int(c)) },
	"graph":  func(c byte) bool { return c > ' ' && c < 127 },
	"lower":  func(c byte) bool { return c >= 'a' && c <= 'z' },
	"print":  func(c byte) bool { return c >= ' ' && c < 127 },
	"punct":  func(c byte) bool { return c > ' ' && c < 127 && !isLetter(int(c)) && !isDigit(int(c)) },
	"space":  func(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' },
	"upper":  func(c byte) bool { return c >= 'A' && c <= 'Z' },
	"xdigit": func(c byte) bool { return isDigit(int(c)) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' },
}
