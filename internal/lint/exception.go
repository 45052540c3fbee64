package lint

import (
	"fmt"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// exceptionEarly finds exceptions that stand before the rule which ignores what
// they are to bring back.
func exceptionEarly(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		later, path := e.undoneBy(i)
		if later < 0 {
			continue
		}
		r, by := &e.rules[i], &e.rules[later]
		f := e.at(r, finding.Warning)
		f.Path = path
		f.Message = fmt.Sprintf("the exception comes too early: line %d, %s, ignores it again, and the last match decides", by.line.number, by.Pattern)
		f.Repair = fmt.Sprintf("move the line behind line %d, or remove it", by.line.number)
		f.Edit, f.Likely = e.moved(i, later), true
		all = append(all, f)
	}
	return all
}

// moved is the edit that puts an exception behind a rule, and behind the exceptions
// that stand there already.
func (e *evidence) moved(i, behind int) Edit {
	last := behind
	for last+1 < len(e.rules) && e.rules[last+1].exception && e.rules[last+1].line.number == e.rules[last].line.number+1 {
		last++
	}
	from, to := e.rules[i].line, e.rules[last].line
	return Edit{{Line: from.number}, {Line: to.number, With: []string{to.text, from.text}}}
}

// undoneBy returns the rule behind an exception that never takes effect and
// ignores what the exception matches, with an example; -1 where there is none.
func (e *evidence) undoneBy(i int) (rule int, path string) {
	r := &e.rules[i]
	if !r.exception || r.decides > 0 {
		return -1, ""
	}
	if e.docker != nil {
		rule = -1
		e.topmost(r, func(id buildcontext.ID, at string) {
			if by := e.docker.Rule(id); rule < 0 && by > i && !e.rules[by].exception {
				rule, path = by, at
			}
		})
		if rule >= 0 {
			return rule, path
		}
	}
	// Nothing of the kind is in the context: then the texts must prove it.
	if r.matches > 0 || e.anyBefore(i) {
		return -1, ""
	}
	for j := i + 1; j < len(e.rules); j++ {
		if !e.rules[j].exception && covers(&e.rules[j], r.text) {
			return j, ""
		}
	}
	return -1, ""
}

// anyBefore tells whether a rule that ignores stands before rule i.
func (e *evidence) anyBefore(i int) bool {
	for j := range i {
		if !e.rules[j].exception {
			return true
		}
	}
	return false
}

// exceptionIdle finds exceptions that bring nothing back.
func exceptionIdle(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		if !r.exception || r.decides > 0 || r.text == "." || e.sameBefore(i) >= 0 || e.coveredBy(i) >= 0 {
			continue
		}
		if later, _ := e.undoneBy(i); later >= 0 {
			continue
		}
		f := e.at(r, finding.Info)
		f.Repair = "remove the line, or mend it"
		f.Edit, f.Keeps, f.Likely = Replace(r.line.number), true, true
		switch {
		case !e.anyBefore(i):
			f.Severity = finding.Warning
			f.Message = "the exception brings nothing back: no line before it ignores anything"
			if !e.anyBefore(len(e.rules)) {
				if len(all) > 0 {
					continue // the first stands for all
				}
				f.Message = "the exception brings nothing back: nothing is ignored. It does not mean that only this is sent"
				if more := len(e.rules) - 1; more > 0 {
					f.Message += fmt.Sprintf(" (so with %s below)", counted(more, "line", "lines"))
				}
				f.Repair = "write * on a line before it to send nothing else, or remove the line"
				f.Edit = nil // which of them, nobody knows
			}
		case e.docker == nil:
			continue
		case r.matches > 0 && e.decidedElsewhere(r):
			continue // another exception brings it back already
		case r.matches > 0:
			f.Path = r.first
			f.Message = fmt.Sprintf("the exception brings nothing back: no line before it ignores %q", r.first)
			f.Repair = "remove the line if nothing is to be ignored there"
		case e.explained(r) || e.inAdvance(r.text) || e.read(r):
			continue
		default:
			f.Message = "the exception brings nothing back: nothing in the context matches it"
			gone := e.missingDir(r.text)
			if gone == "" {
				f.Edit = nil // what it is for may come yet
			} else {
				f.Message += fmt.Sprintf(", and there is no directory %q", gone)
			}
		}
		all = append(all, f)
	}
	return all
}

// decidedElsewhere tells whether a rule decides about something that an exception
// matches, which does not decide about anything.
func (e *evidence) decidedElsewhere(r *rule) bool {
	decided := false
	e.topmost(r, func(id buildcontext.ID, _ string) { decided = decided || e.docker.Rule(id) >= 0 })
	return decided
}

// read tells whether the Dockerfile names what an exception is for, so that it
// is missed elsewhere.
func (e *evidence) read(r *rule) bool {
	if e.Build == nil || r.alone == nil {
		return false
	}
	for _, read := range e.Build.Named {
		path := strings.TrimPrefix(read.Path, "/")
		if path == "" {
			continue
		}
		if d, err := r.alone.Plain(path); err == nil && d.Ignored || strings.HasPrefix(r.text, path+"/") {
			return true
		}
	}
	return false
}

// exceptionBelow finds the first exception that works for Docker and would not
// for git: it brings back what lies in an ignored directory, or what another
// rule ignores again by its name.
func exceptionBelow(e *evidence) []Finding {
	if e.docker == nil {
		return nil
	}
	var firsts []int
	example := map[int]string{}
	e.eachKept(func(id buildcontext.ID, path string, ignoredAbove string) {
		rule := e.docker.Rule(id)
		if rule < 0 || !e.rules[rule].exception || example[rule] != "" {
			return
		}
		if ignoredAbove == "" && !e.gitIgnoresAgain(rule, path) {
			return
		}
		example[rule] = path
		firsts = append(firsts, rule)
	})
	if len(firsts) == 0 {
		return nil
	}
	first := firsts[0]
	for _, i := range firsts {
		first = min(first, i)
	}
	f := e.at(&e.rules[first], finding.Info)
	f.Path = example[first]
	f.Message = fmt.Sprintf("Docker looks into ignored directories and brings %q back; git, given this line, would not", example[first])
	if more := len(firsts) - 1; more > 0 {
		f.Message += fmt.Sprintf(" (so with %d more of these lines)", more)
	}
	f.Repair = "nothing for Docker; do not copy the line into a .gitignore as it is"
	return []Finding{f}
}

// eachKept calls visit for the files that Docker keeps, each with the nearest
// directory above that is itself ignored, or "".
func (e *evidence) eachKept(visit func(id buildcontext.ID, path, ignoredAbove string)) {
	e.keptIn(0, "", "", visit)
}

func (e *evidence) keptIn(dir buildcontext.DirID, prefix, ignored string, visit func(id buildcontext.ID, path, ignoredAbove string)) {
	first, count := e.Inventory.Entries(dir)
	for id := first; id < first+count; id++ {
		path := prefix + e.Inventory.Name(id)
		sub, isDir := e.Inventory.Dir(id)
		switch {
		case !e.docker.Eligible(id):
		case isDir:
			below := ignored
			if rule := e.docker.Rule(id); rule >= 0 && !e.rules[rule].exception {
				below = path
			}
			e.keptIn(sub, path+"/", below, visit)
		default:
			visit(id, path, ignored)
		}
	}
}

// gitIgnoresAgain tells whether a rule without a slash before an exception, which
// git would hold against names at every depth, matches a path below what the
// exception matches.
func (e *evidence) gitIgnoresAgain(exception int, path string) bool {
	if strings.Count(path, "/") == 0 {
		return false
	}
	if d, err := e.rules[exception].alone.Entry(e.rules[exception].alone.Root(), base(path)); err == nil && d.Ignored && !strings.Contains(e.rules[exception].text, "/") {
		return false
	}
	for j := range exception {
		r := &e.rules[j]
		if r.exception || r.alone == nil || strings.Contains(strings.TrimPrefix(r.text, "**/"), "/") {
			continue
		}
		if d, err := r.alone.Entry(r.alone.Root(), base(path)); err == nil && d.Ignored {
			return true
		}
	}
	return false
}
