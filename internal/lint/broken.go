package lint

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// badPattern finds what Docker refuses, at once or when the first path is tried.
func badPattern(e *evidence) []Finding {
	var all []Finding
	for _, broken := range e.broken {
		l := e.lines[broken.Rule.Line-1]
		f := e.onLine(l, finding.Error)
		f.Column, f.Width = l.column, len([]rune(l.body))
		if l.pattern == "" {
			f.Width = 1
		}
		f.Message = fmt.Sprintf("Docker refuses the build: %v", broken.Err)
		f.Repair = badPatternRepair(l.pattern)
		all = append(all, f)
	}
	return all
}

func badPatternRepair(pattern string) string {
	switch {
	case pattern == "":
		return "name a path behind the !, or remove the line"
	case strings.HasSuffix(pattern, `\`) && strings.Count(pattern, `\`)%2 == 1:
		return `remove the backslash at the end`
	case strings.Contains(pattern, "["):
		return `mend the class, or write \[ for a bracket that is part of the name`
	case strings.Contains(pattern, `\`):
		return `a backslash stands before * ? [ ] \ only: remove it`
	default:
		return "mend the line, or remove it"
	}
}

// controlCharacter finds what keeps the list from reaching a BuildKit client,
// and what is in a pattern without showing.
func controlCharacter(e *evidence) []Finding {
	var all []Finding
	stops := ignore.TravelError(rulesOf(e)) != nil
	for _, l := range e.lines {
		at := strings.IndexFunc(l.body, unicode.IsControl)
		if at < 0 {
			continue
		}
		r := []rune(l.body[at:])[0]
		f := e.onLine(l, finding.Error)
		f.Column, f.Width = l.column+len([]rune(l.body[:at])), 1
		f.Message = fmt.Sprintf("the pattern holds the control character %q, and BuildKit refuses to build with it", r)
		if !stops || r >= 0x80 {
			f.Severity = finding.Warning
			f.Message = fmt.Sprintf("the pattern holds the control character %q, which no editor shows", r)
		}
		f.Repair = "remove the character"
		if r == '\r' {
			f.Repair = "end the lines with a line feed: a carriage return alone ends none"
		}
		if before, _, ok := cutComment(l.body); ok && at >= len(before) {
			f.Repair = "put the comment on a line of its own"
			f.Edit = ownLine(l)
		}
		all = append(all, f)
	}
	return all
}

func rulesOf(e *evidence) []ignore.Rule {
	if e.File == nil {
		return nil
	}
	return e.File.Rules()
}

// TooLong is the finding about a line that no builder reads. Without it there is
// no list, so that it is found alone.
func TooLong(err *ignore.ParseError) Finding {
	f := Finding{Finding: finding.Finding{
		ID: "line-too-long", Severity: finding.Error, File: err.File, Line: err.Line, Column: 1,
		Message: "the line has 65,536 bytes or more, and Docker refuses the build",
		Repair:  "break the line up",
	}}
	if !errors.Is(err, ignore.ErrLineTooLong) {
		f.Message = err.Err.Error()
	}
	return f
}
