package lint

import (
	"fmt"
	"strings"
	"unicode/utf8"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// classBang finds classes that are meant to be negated with "!".
func classBang(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		in := strings.Index(r.line.body, "[!")
		if in < 0 || in > 0 && r.line.body[in-1] == '\\' {
			continue
		}
		with := strings.ReplaceAll(r.line.body, "[!", "[^")
		f := e.at(r, finding.Warning)
		f.Column, f.Width = r.line.column+utf8.RuneCountInString(r.line.body[:in]), 2
		f.Message = "a class is negated with ^: here ! is one of its characters"
		if wrong, _ := e.differ(r.alone, strings.ReplaceAll(r.text, "[!", "[^")); wrong != "" {
			f.Path = wrong
			f.Message += fmt.Sprintf(", and so the line matches %q", wrong)
		}
		f.Repair = "write " + with
		f.Edit = Replace(r.line.number, r.line.written(with))
		all = append(all, f)
	}
	return all
}

// classSlash finds classes that match the slash between two directories, which
// no other character of a pattern does.
func classSlash(e *evidence) []Finding {
	if e.docker == nil {
		return nil
	}
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		at := strings.IndexByte(r.text, '[')
		if at < 0 || strings.Contains(r.text, "**") {
			continue
		}
		path := ""
		e.topmost(r, func(_ buildcontext.ID, matched string) {
			if path == "" && strings.Count(matched, "/") > slashesOutside(r.text) {
				path = matched
			}
		})
		if path == "" {
			continue
		}
		f := e.at(r, finding.Warning)
		f.Path = path
		f.Message = fmt.Sprintf("a class can match a slash: this matches %q", path)
		f.Repair = "put the slash into the class if it is negated ([^x/]), or write the path out"
		all = append(all, f)
	}
	return all
}

// slashesOutside counts the slashes of a pattern that stand in no class.
func slashesOutside(text string) int {
	n, class := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '/':
			n++
		}
	}
	return n
}

// threeStars finds runs of more than two stars.
func threeStars(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		in := strings.Index(r.line.body, "***")
		if in < 0 {
			continue
		}
		f := e.at(r, finding.Warning)
		f.Column, f.Width = r.line.column+utf8.RuneCountInString(r.line.body[:in]), 3
		f.Message = "three stars are ** and a *: they need one name more than ** does"
		with := strings.ReplaceAll(r.line.body, "***", "**")
		if _, missed := e.differ(r.alone, strings.ReplaceAll(r.text, "***", "**")); missed != "" {
			f.Path = missed
			f.Message += fmt.Sprintf(", and so %q is not matched", missed)
		}
		f.Repair = "write " + with
		all = append(all, f)
	}
	return all
}

// questionMark finds question marks that match a character of several bytes,
// where git counts bytes.
func questionMark(e *evidence) []Finding {
	if e.docker == nil {
		return nil
	}
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		if !strings.Contains(r.text, "?") || strings.ContainsAny(r.text, `*[\`) {
			continue
		}
		path := ""
		e.topmost(r, func(_ buildcontext.ID, matched string) {
			if path == "" && len(matched) != len(r.text) {
				path = matched
			}
		})
		if path == "" {
			continue
		}
		f := e.at(r, finding.Info)
		f.Path = path
		f.Message = fmt.Sprintf("a question mark matches one character for Docker, and one byte for git: this matches %q", path)
		f.Repair = "nothing for Docker; git needs * there"
		all = append(all, f)
	}
	return all
}
