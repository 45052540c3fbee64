package lint

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// inlineComment finds comments behind a pattern, which are part of it.
func inlineComment(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		before, comment, ok := cutComment(r.line.body)
		if !ok || r.matches > 0 || strings.ContainsFunc(r.line.body, unicode.IsControl) {
			continue // or control-character says so
		}
		f := e.at(r, finding.Warning)
		f.Column, f.Width = r.line.column+utf8.RuneCountInString(r.line.body)-utf8.RuneCountInString(comment), utf8.RuneCountInString(comment)
		f.Message = "a comment behind a pattern is part of it, and so the line matches nothing"
		if path, bytes, n := e.wouldIgnore(before); n > 0 && !r.exception {
			f.Path, f.CostBytes = path, bytes
			f.Message += fmt.Sprintf(": %q is sent", path)
			if bytes > 0 {
				f.Message += fmt.Sprintf(" (%s)", e.Builder.Shown(bytes))
			}
		}
		f.Repair = "put the comment on a line of its own"
		f.Edit = ownLine(r.line)
		all = append(all, f)
	}
	return all
}

// cutComment splits what looks like a comment behind a pattern off.
func cutComment(body string) (before, comment string, ok bool) {
	for at := 1; at < len(body); at++ {
		if body[at] == '#' && (body[at-1] == ' ' || body[at-1] == '\t') {
			before = strings.TrimSpace(body[:at])
			return before, body[at:], before != "" && !strings.HasPrefix(before, "#") && !strings.HasPrefix(before, "//")
		}
	}
	return body, "", false
}

// ownLine is the edit that puts a comment above its pattern.
func ownLine(l line) Edit {
	before, comment, _ := cutComment(l.body)
	return Replace(l.number, comment, l.written(before))
}

// wouldIgnore returns what a pattern would ignore of what is sent: the first
// path, the bytes, and how many entries at the top.
func (e *evidence) wouldIgnore(body string) (path string, bytes int64, n int) {
	if e.docker == nil {
		return "", 0, 0
	}
	file, err := ignore.Parse("", []byte(body))
	if err != nil || len(file.Rules()) == 0 {
		return "", 0, 0
	}
	text := file.Rules()[0].Pattern
	e.topmost(&rule{text: text, alone: alone(text)}, func(id buildcontext.ID, at string) {
		if !e.sent(id) {
			return
		}
		if n++; n == 1 {
			path = at
		}
		bytes += e.sentBytes(id)
	})
	return path, bytes, n
}

// indentedComment finds comments that do not begin in the first column, and so
// are patterns.
func indentedComment(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		if r.exception || !strings.HasPrefix(r.line.body, "#") {
			continue
		}
		f := e.at(r, finding.Warning)
		f.Message = "a comment begins in the first column: this is a pattern, which matches nothing"
		f.Edit, f.Keeps = Replace(r.line.number, r.line.body), r.matches == 0
		f.Repair = "remove the blanks before the #"
		if r.matches > 0 {
			f.Path = r.first
			f.Message = fmt.Sprintf("a comment begins in the first column: this is a pattern, which ignores %q", r.first)
			f.Repair += `, or write \# where a name is meant`
			f.Edit = nil
		}
		all = append(all, f)
	}
	return all
}

// slashComment finds comments that begin with two slashes.
func slashComment(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		if !isSlashComment(r) {
			continue
		}
		f := e.at(r, finding.Warning)
		f.Message = "a comment begins with #: this is a pattern"
		f.Repair = "write # in the place of //"
		if r.matches > 0 {
			f.Path = r.first
			f.Message += fmt.Sprintf(", which ignores %q", r.first)
		}
		f.Edit, f.Keeps = Replace(r.line.number, "#"+strings.TrimPrefix(r.line.body, "//")), r.matches == 0
		all = append(all, f)
	}
	return all
}

func isSlashComment(r *rule) bool { return !r.exception && strings.HasPrefix(r.line.body, "// ") }

// choice is what shells expand and Docker does not.
var choice = regexp.MustCompile(`\{[^{}/]*,[^{}/]*\}`)

// braceExpansion finds choices, such as {a,b}, that are taken letter by letter.
func braceExpansion(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		at := choice.FindStringIndex(r.line.body)
		if at == nil || r.matches > 0 {
			continue
		}
		f := e.at(r, finding.Warning)
		f.Column, f.Width = r.line.column+utf8.RuneCountInString(r.line.body[:at[0]]), utf8.RuneCountInString(r.line.body[at[0]:at[1]])
		f.Message = "braces are not expanded: this matches nothing"
		lines := expand(r.line)
		for _, l := range lines {
			if path, bytes, n := e.wouldIgnore(l); n > 0 && !r.exception {
				if f.Path == "" {
					f.Path = path
				}
				f.CostBytes += bytes
			}
		}
		if f.Path != "" {
			f.Message += fmt.Sprintf(", and %q is sent", f.Path)
		}
		f.Repair = "write one line for each"
		if len(lines) <= 16 {
			f.Edit = Edit{{Line: r.line.number, With: lines}}
		}
		all = append(all, f)
	}
	return all
}

// expand returns the lines that a line with braces stands for.
func expand(l line) []string {
	bodies := []string{l.body}
	for i := 0; i < len(bodies) && len(bodies) <= 64; {
		at := choice.FindStringIndex(bodies[i])
		if at == nil {
			i++
			continue
		}
		var more []string
		for word := range strings.SplitSeq(bodies[i][at[0]+1:at[1]-1], ",") {
			more = append(more, bodies[i][:at[0]]+strings.TrimSpace(word)+bodies[i][at[1]:])
		}
		bodies = append(bodies[:i], append(more, bodies[i+1:]...)...)
	}
	for i := range bodies {
		bodies[i] = l.written(bodies[i])
	}
	return bodies
}

// winPath is a path divided by backslashes.
var winPath = regexp.MustCompile(`^[\w.@-]+(\\[\w.@-]+)+\\?$`)

// windowsPath finds backslashes that are meant to divide a path.
func windowsPath(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		with, ok := e.divided(r)
		if !ok {
			continue
		}
		f := e.at(r, finding.Warning)
		f.Message = "a backslash does not divide a path: this matches nothing"
		if path, bytes, n := e.wouldIgnore(with); n > 0 && !r.exception {
			f.Path, f.CostBytes = path, bytes
			f.Message += fmt.Sprintf(", and %q is sent", path)
		}
		f.Repair = "write " + with
		f.Edit = Replace(r.line.number, r.line.written(with))
		all = append(all, f)
	}
	return all
}

// divided returns the pattern with slashes, where its backslashes are meant to be
// some: where there is such a path, or the parts are too long for escapes.
func (e *evidence) divided(r *rule) (with string, ok bool) {
	body := r.line.body
	if r.matches > 0 || !winPath.MatchString(body) {
		return "", false
	}
	with = strings.ReplaceAll(body, `\`, "/")
	if _, _, n := e.wouldIgnore(with); n > 0 {
		return with, true
	}
	for _, part := range strings.Split(strings.TrimSuffix(body, `\`), `\`)[1:] {
		if len(part) < 3 || !isLetter(part[0]) {
			return "", false
		}
	}
	return with, true
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
