package lint

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// A pattern with an operator that is no plain prefix or suffix becomes a regular
// expression, and some characters of it work there that are not meant to.
// (moby/patternmatcher, patternmatcher.go, shouldEscape)

// isRegexp tells whether a pattern becomes a regular expression: whether it has
// an operator other than one ** at its very start or its very end.
func isRegexp(text string) bool {
	if isLiteral(text) {
		return false
	}
	if rest, ok := strings.CutSuffix(text, "**"); ok && isLiteral(rest) {
		return false
	}
	rest, ok := strings.CutPrefix(text, "**")
	return !ok || !isLiteral(rest)
}

// leaks are where the characters stand that the regular expression takes for
// operators: bars and carets, and braces that say how often.
func leaks(text string) (at []int) {
	if !isRegexp(text) {
		return nil
	}
	class := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '|' || c == '^', c == '{' && repetition.MatchString(text[i:]):
			at = append(at, i)
		}
	}
	return at
}

var repetition = regexp.MustCompile(`^\{[0-9]+(,[0-9]*)?\}`)

// operatorLeak finds characters of a name that work as operators.
func operatorLeak(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		at := leaks(r.text)
		if at == nil {
			continue
		}
		with := escaped(r.text, at)
		operator := r.text[at[0] : at[0]+1]
		f := e.at(r, finding.Warning)
		if in := strings.Index(r.line.body, operator); in >= 0 {
			f.Column, f.Width = r.line.column+utf8.RuneCountInString(r.line.body[:in]), 1
		}
		f.Message = fmt.Sprintf("%s works as an operator here: %s", operator, operatorMeaning(operator))
		wrong, missed := e.differ(r.alone, with)
		if wrong != "" {
			f.Path = wrong
			f.Message += fmt.Sprintf("; it matches %q by accident", wrong)
			if !r.exception {
				f.Severity = finding.Error
			}
		}
		if missed != "" {
			f.Message += fmt.Sprintf("; it does not match %q", missed)
		}
		f.Repair = "write " + with
		switch operator {
		case "|":
			f.Repair = fmt.Sprintf("write one line for each, or %s where the bar is part of the name", with)
		default:
			f.Edit = Replace(r.line.number, r.line.written(with))
		}
		all = append(all, f)
	}
	return all
}

func operatorMeaning(operator string) string {
	switch operator {
	case "|":
		return "it divides the whole pattern in two, of which the first need only begin the path, and the second end it"
	case "^":
		return "it stands for the beginning of the path"
	default:
		return "the braces say how often the character before them comes"
	}
}

// escaped puts a backslash before the characters at some places.
func escaped(text string, at []int) string {
	var b strings.Builder
	last := 0
	for _, i := range at {
		b.WriteString(text[last:i] + `\`)
		last = i
	}
	return b.String() + text[last:]
}

// differ returns a path that a rule matches and a pattern does not, and the other
// way round; "" where there is none.
func (e *evidence) differ(r *ignore.Matcher, with string) (wrong, missed string) {
	other := alone(with)
	if e.docker == nil || other == nil || r == nil {
		return "", ""
	}
	e.Inventory.Walk(0, func(id buildcontext.ID, path string) bool {
		a, errA := r.Plain(path)
		b, errB := other.Plain(path)
		switch {
		case errA != nil || errB != nil:
		case a.Ignored && !b.Ignored && wrong == "":
			wrong = path
		case b.Ignored && !a.Ignored && missed == "":
			missed = path
		}
		return !a.Ignored || !b.Ignored
	})
	return wrong, missed
}

// meta are the characters behind a backslash that mean themselves.
const meta = `*?[]\.!#{}|^$+()-&~=@%,:;'"<>/ `

// escapeLeak finds escapes that a regular expression understands, such as \d.
func escapeLeak(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		if _, isPath := e.divided(r); isPath {
			continue
		}
		at, ok := strayEscape(r.text)
		if !ok {
			continue
		}
		with := withoutStray(r.text)
		f := e.at(r, finding.Warning)
		if in := strings.Index(r.line.body, r.text[at:at+2]); in >= 0 {
			f.Column, f.Width = r.line.column+utf8.RuneCountInString(r.line.body[:in]), 2
		}
		f.Message = fmt.Sprintf("%s is no letter but %s", r.text[at:at+2], escapeMeaning(r.text[at+1]))
		wrong, missed := e.differ(r.alone, with)
		if wrong != "" {
			f.Path = wrong
			f.Message += fmt.Sprintf(": it matches %q", wrong)
			if !r.exception {
				f.Severity = finding.Error
			}
		}
		if missed != "" {
			f.Message += fmt.Sprintf(", and not %q", missed)
		}
		f.Repair = "write " + with + `: a backslash stands before * ? [ ] \ only`
		f.Edit = Replace(r.line.number, r.line.written(with))
		all = append(all, f)
	}
	return all
}

// strayEscape returns where the first backslash stands whose character does not
// mean itself.
func strayEscape(text string) (int, bool) {
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		if c := text[i+1]; !strings.ContainsRune(meta, rune(c)) && c < utf8.RuneSelf && c != '_' {
			return i, true
		}
		i++
	}
	return 0, false
}

func withoutStray(text string) string {
	for {
		at, ok := strayEscape(text)
		if !ok {
			return text
		}
		text = text[:at] + text[at+1:]
	}
}

func escapeMeaning(c byte) string {
	switch c {
	case 'd':
		return "any digit"
	case 'D':
		return "anything but a digit"
	case 's':
		return "a blank"
	case 'S':
		return "anything but a blank"
	case 'w':
		return "any letter, digit or underscore"
	case 'W':
		return "anything but a letter, a digit or an underscore"
	case 'b', 'B', 'A', 'z':
		return "a place in the path"
	case 'n', 'r', 't', 'f', 'v', 'a':
		return "a control character"
	default:
		return "an operator of a regular expression"
	}
}
