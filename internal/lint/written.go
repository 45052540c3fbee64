package lint

import (
	"fmt"
	"strings"
	"unicode/utf8"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// cleanedPath finds paths that Docker reads otherwise than they are written, and
// git not at all. One finding stands for all of a file.
func cleanedPath(e *evidence) []Finding {
	var all []Finding
	var cleaned *Finding
	more := 0
	for i := range e.rules {
		r := &e.rules[i]
		if r.exception != r.line.exception {
			f := e.at(r, finding.Warning)
			f.Message = fmt.Sprintf("Docker takes the slash away, and reads this as an exception: %q", "!"+r.text)
			f.Repair = `write \! for a name that begins with !, or put the ! before the slash`
			all = append(all, f)
			continue
		}
		with, ok := e.cleaned(i)
		if !ok {
			continue
		}
		edit := Replace(r.line.number, r.line.written(with))
		if cleaned != nil {
			more++
			cleaned.Edit = append(cleaned.Edit, edit...)
			continue
		}
		f := e.at(r, finding.Info)
		f.Message = fmt.Sprintf("Docker reads this as %q; git, given this line, would match nothing", r.text)
		f.Repair = "write " + with
		f.Edit, f.Keeps = edit, true
		cleaned = &f
	}
	if cleaned == nil {
		return all
	}
	if more > 0 {
		cleaned.Message += fmt.Sprintf(" (so with %s below)", counted(more, "line", "lines"))
	}
	return append(all, *cleaned)
}

// cleaned returns how the pattern of a rule is written so that Docker and git read
// it alike, where it is written otherwise.
func (e *evidence) cleaned(i int) (with string, ok bool) {
	r := &e.rules[i]
	body := r.line.body
	plain := strings.TrimPrefix(strings.TrimSuffix(body, "/"), "/")
	if plain == r.text || e.sameBefore(i) >= 0 || r.text == "." || r.text == "/" || strings.HasPrefix(r.text, "..") ||
		isSlashComment(r) || strings.TrimSpace(r.text) != r.text || !utf8.ValidString(body) {
		return "", false
	}
	with = r.text
	if strings.HasPrefix(body, "/") || !strings.Contains(with, "/") {
		with = "/" + with
	}
	if strings.HasSuffix(body, "/") {
		with += "/"
	}
	return with, true
}

// surroundingBlanks finds blanks that Docker takes away and git keeps: in front,
// behind the "!", and other blanks than spaces at the end.
func surroundingBlanks(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		with := r.line.written(r.line.body)
		if strings.TrimRight(r.line.text, " ") == with || strings.HasPrefix(r.line.body, "#") {
			continue
		}
		f := e.onLine(r.line, finding.Info)
		f.Message = "Docker takes the blanks away; git, given this line, would take them for a part of the name"
		f.Repair = "remove the blanks"
		f.Edit, f.Keeps = Replace(r.line.number, with), true
		f.Width = len([]rune(r.line.text))
		all = append(all, f)
	}
	return all
}

// wrongCase finds rules that match nothing, and would if upper and lower case were
// the same.
func wrongCase(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		path := r.cased
		if path == "" {
			continue
		}
		f := e.at(r, finding.Warning)
		f.Path = path
		f.Message = fmt.Sprintf("upper and lower case differ: this does not match %q", path)
		f.Repair = "write the name as it is on disk"
		if id, ok := e.Inventory.Lookup(path); ok {
			f.CostBytes = e.sentBytes(id)
		}
		if r.exception {
			f.CostBytes = 0
		}
		if with := strings.Replace(r.line.body, r.text, path, 1); isLiteral(r.text) {
			f.Repair = "write " + with
			f.Edit = Replace(r.line.number, r.line.written(with))
		}
		all = append(all, f)
	}
	return all
}

// folded returns the pattern in lower case; "" where nobody means another case.
func (r *rule) folded() string {
	if r.alone == nil || strings.ContainsAny(r.text, `[\`) || knownName(r.text) {
		return ""
	}
	return strings.ToLower(r.text)
}

// otherCase returns what a rule that matches nothing would match in another
// case, and that is sent (or for an exception, ignored).
func (e *evidence) otherCase(r *rule) string {
	if e.docker == nil || r.matches > 0 || r.folded() == "" {
		return ""
	}
	folded := alone(r.folded())
	if folded == nil {
		return ""
	}
	found := ""
	s := search{evidence: e, matcher: folded, folded: true, reach: e.reachFolded(), visit: func(in buildcontext.DirID, id buildcontext.ID) bool {
		wanted := e.sent(id) != r.exception
		if e.docker.Rule(id) >= 0 && !r.exception || strings.HasSuffix(r.line.body, "/") && !e.Inventory.Mode(id).IsDir() {
			wanted = false
		}
		if wanted {
			found = e.Inventory.Path(in, id)
		}
		return !wanted
	}}
	s.directory(0, folded.Root())
	return found
}
