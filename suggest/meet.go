package suggest

import "strings"

// Two patterns meet where some path falls under both. What is said here may be
// yes where it is no, never no where it is yes.

// undoes tells whether a rule behind an exception could ignore again what the
// exception brings back: whether something at or below what the rule matches is
// matched by the exception. What lies below an exception's own match is no
// reason: it was brought back with all that it holds, and a rule behind it is how
// people say what of that they do not want.
func undoes(pattern, exception string) bool {
	p, e := strings.Split(pattern, "/"), strings.Split(strings.Trim(exception, "/"), "/")
	// below(i, j) tells whether what the components of e from j on match can be,
	// or lie below, what those of p from i on match; no remembers where it cannot.
	no := map[[2]int]bool{}
	var below func(i, j int) bool
	try := func(i, j int) bool {
		switch {
		case i == len(p):
			return true
		case strings.Contains(p[i], "**"):
			return below(i+1, j) || j < len(e) && below(i, j+1)
		case j == len(e):
			return false
		case spans(e[j]):
			return below(i, j+1) || below(i+1, j)
		default:
			return meet(p[i], e[j]) && below(i+1, j+1)
		}
	}
	below = func(i, j int) bool {
		if no[[2]int{i, j}] {
			return false
		}
		yes := try(i, j)
		no[[2]int{i, j}] = !yes
		return yes
	}
	return below(0, 0)
}

// spans tells whether a component of a pattern may stand for several: "**" does,
// and what reaches the regular expression unescaped may.
// (moby/patternmatcher, patternmatcher.go, Pattern.compile)
func spans(component string) bool {
	return strings.Contains(component, "**") || strings.ContainsAny(component, `[]{}|^`)
}

// meet tells whether two components with wildcards can match the same name.
func meet(a, b string) bool {
	x, y := symbols(a), symbols(b)
	// reach[j] tells whether the symbols of x so far and the first j of y meet.
	reach := make([]bool, len(y)+1)
	reach[0] = true
	for j, s := range y {
		reach[j+1] = reach[j] && s.any
	}
	for _, s := range x {
		next := make([]bool, len(y)+1)
		next[0] = reach[0] && s.any
		for j, t := range y {
			switch {
			case s.any:
				next[j+1] = reach[j+1] || next[j]
			case t.any:
				next[j+1] = next[j] || reach[j]
			default:
				next[j+1] = reach[j] && (s.one || t.one || s.char == t.char)
			}
			if s.any && t.any {
				next[j+1] = next[j+1] || reach[j]
			}
		}
		reach = next
	}
	return reach[len(y)]
}

// symbol is what stands for some run (any), for one character (one), or for
// itself. What is not ASCII counts byte by byte, and "one" may be several.
type symbol struct {
	any, one bool
	char     byte
}

func symbols(s string) []symbol {
	var out []symbol
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '*':
			out = append(out, symbol{any: true})
		case c == '?':
			out = append(out, symbol{one: true}, symbol{any: true})
		case c == '[':
			if end := strings.IndexByte(s[i+1:], ']'); end >= 0 {
				i += end + 1
			}
			out = append(out, symbol{one: true}, symbol{any: true})
		case c == '\\' && i+1 < len(s):
			i++
			if next := s[i] | 0x20; next >= 'a' && next <= 'z' {
				out = append(out, symbol{any: true}) // \d, \b and the like
				continue
			}
			out = append(out, symbol{char: s[i]})
		default:
			out = append(out, symbol{char: c})
		}
	}
	return out
}
