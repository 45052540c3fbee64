package lint

import (
	"fmt"
	"path"
	"strings"

	"github.com/ctxsize/ctxsize/internal/finding"
)

// neverMatches finds patterns that can match no path of any context.
func neverMatches(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		f := e.at(r, finding.Warning)
		switch {
		case r.text == "." || r.text == "/":
			f.Message = "this names the context itself, which no rule can ignore: the line does nothing"
			f.Repair = "write * for everything in the context, or remove the line"
			if r.exception {
				f.Message = "this names the context itself: the line brings nothing back"
				f.Repair = "name what is to be brought back; !* brings back everything"
			}
		case r.text == ".." || strings.HasPrefix(r.text, "../"):
			f.Message = "this lies outside the context, and patterns are relative to it: the line does nothing"
			f.Repair = "name the path from the context's directory on, or remove the line"
		case r.matches == 0 && isHome(r.line.body):
			f.Message = "~ is no home directory here, but a name in the context: the line does nothing"
			f.Repair = "what lies in a home directory is not in the context: remove the line, or name a path of the context"
		default:
			continue
		}
		f.Edit, f.Keeps, f.Likely = Replace(r.line.number), true, true
		all = append(all, f)
	}
	return all
}

func isHome(body string) bool { return body == "~" || strings.HasPrefix(body, "~/") }

// deadRule finds rules that match nothing in this context, and that nobody writes
// in advance: not the names of what tools leave, nor what git ignores, too. In a
// repository only a rule is surely dead whose directory is gone: what a build or
// a program makes elsewhere has any name.
func deadRule(e *evidence) []Finding {
	if e.docker == nil {
		return nil
	}
	var all []Finding
	inDir := map[string]int{} // the finding about a directory that is gone
	more := map[string]int{}
	for i := range e.rules {
		r := &e.rules[i]
		if r.exception || r.matches > 0 || r.decides > 0 || e.explained(r) || e.inAdvance(r.text) || e.below(r) {
			continue
		}
		gone := e.missingDir(r.text)
		if e.Git != nil && gone == "" {
			continue
		}
		f := e.at(r, finding.Info)
		f.Message = "nothing in the context matches this"
		f.Repair = "remove the line if what it was for is gone"
		if gone != "" {
			f.Message = fmt.Sprintf("nothing in the context matches this: there is no directory %q", gone)
			if _, told := inDir[gone]; told {
				more[gone]++
				continue
			}
			inDir[gone] = len(all)
		}
		f.Edit, f.Keeps, f.Likely = Replace(r.line.number), true, true
		all = append(all, f)
	}
	for gone, n := range more {
		all[inDir[gone]].Message += fmt.Sprintf(" (so with %s below)", counted(n, "line", "lines"))
	}
	return all
}

// explained tells whether another rule says better why a rule matches nothing.
func (e *evidence) explained(r *rule) bool {
	body := r.line.body
	_, _, comment := cutComment(body)
	return comment || isHome(body) || r.text == "." || r.text == "/" || strings.HasPrefix(r.text, "..") ||
		strings.HasPrefix(body, "#") || isSlashComment(r) || strings.ContainsAny(r.text, "{}|^\\") ||
		strings.Contains(r.text, "[!") || strings.Contains(r.text, "***") ||
		r.cased != "" || len(e.deeper(r)) > 0
}

// below tells whether a rule matches something in a directory that is closed, so
// that it is not dead, only shadowed.
func (e *evidence) below(r *rule) bool {
	// A pattern with wildcards may match in any closed directory that its fixed
	// part leads to.
	dir := literalDir(r.text)
	if dir == "" {
		return false
	}
	id, ok := e.Inventory.Lookup(dir)
	return ok && e.closed(id)
}

// missingDir returns the first directory of the fixed part of a pattern that is
// not in the context.
func (e *evidence) missingDir(text string) string {
	dir := literalDir(text)
	if isLiteral(text) {
		dir = path.Dir(text)
	}
	if dir == "." {
		return ""
	}
	for at := 0; at <= len(dir); at++ {
		if at < len(dir) && dir[at] != '/' {
			continue
		}
		if _, ok := e.Inventory.Lookup(dir[:at]); !ok {
			return dir[:at]
		}
	}
	return ""
}

// literalDir returns the components of a pattern before the first with a
// wildcard; "" where there are none.
func literalDir(text string) string {
	at := strings.IndexAny(text, `*?[]\`)
	if at < 0 {
		return text
	}
	slash := strings.LastIndexByte(text[:at], '/')
	if slash < 0 {
		return ""
	}
	return text[:slash]
}
