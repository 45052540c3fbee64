package lint

import (
	"fmt"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// duplicateRule finds rules that say what a rule beside them says in the same
// words, as Docker reads them.
func duplicateRule(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		first := e.sameBefore(i)
		if first < 0 || !e.idle(i) {
			continue
		}
		r := &e.rules[i]
		f := e.at(r, finding.Warning)
		f.Message = fmt.Sprintf("line %d says the same", e.rules[first].line.number)
		if e.rules[first].line.body != r.line.body {
			f.Message = fmt.Sprintf("line %d says the same: Docker reads both as %q", e.rules[first].line.number, r.Pattern)
		}
		f.Repair = "remove one of them"
		f.Edit, f.Keeps = Replace(r.line.number), true
		all = append(all, f)
	}
	return all
}

// sameBefore returns the first rule of the same run that equals rule i, or -1. A
// run is rules of one kind with none of the other between them: in it the order
// makes no difference.
func (e *evidence) sameBefore(i int) int {
	same := -1
	for j := i - 1; j >= 0 && e.rules[j].exception == e.rules[i].exception; j-- {
		if e.rules[j].text == e.rules[i].text {
			same = j
		}
	}
	return same
}

// shadowedRule finds rules whose every match another rule of the same run
// matches, too, whatever the context holds.
func shadowedRule(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		if e.sameBefore(i) >= 0 || isSlashComment(r) {
			continue
		}
		by := e.coveredBy(i)
		if by < 0 || !e.idle(i) || e.takenBackBy(i) >= 0 {
			continue
		}
		f := e.at(r, finding.Info)
		verb := "ignores"
		if r.exception {
			verb = "brings back"
		}
		f.Message = fmt.Sprintf("line %d, %s, %s all of this already", e.rules[by].line.number, e.rules[by].Pattern, verb)
		f.Repair = "remove the line"
		f.Edit, f.Keeps = Replace(r.line.number), true
		all = append(all, f)
	}
	return all
}

// coveredBy returns a rule of the same run that covers rule i and is not covered
// by it, or -1.
func (e *evidence) coveredBy(i int) int {
	r := &e.rules[i]
	candidate := func(j int) bool {
		o := &e.rules[j]
		if r.exception && strings.ContainsAny(strings.TrimSuffix(strings.TrimSuffix(o.text, "/**"), "/*"), `*?[\`) {
			return false // without wildcards it is quick, and classic sees it
		}
		return o.text != r.text && covers(o, r.text) && !covers(r, o.text)
	}
	first := i
	for first > 0 && e.rules[first-1].exception == r.exception {
		first--
	}
	for j := first; j < len(e.rules) && e.rules[j].exception == r.exception; j++ {
		if candidate(j) {
			return j
		}
	}
	return -1
}

// covers tells whether a rule matches everything that a pattern matches, or a
// directory above it. It says so only where the texts prove it.
func covers(by *rule, text string) bool {
	if by.alone == nil || strings.ContainsAny(text, `\[]`) {
		return false
	}
	switch by.text {
	case "*", "**", "**/*":
		return true
	}
	if text == by.text+"/**" || text == by.text+"/*" {
		return true
	}
	if last, ok := strings.CutPrefix(by.text, "**/"); ok && !strings.Contains(last, "/") && !strings.ContainsAny(last, "{}|^") {
		trimmed := strings.TrimSuffix(strings.TrimSuffix(text, "/**"), "/*")
		if base(trimmed) == last && !strings.ContainsAny(trimmed, "{}|^") {
			return true
		}
	}
	fixed := text
	if !isLiteral(text) {
		if fixed = literalDir(text); fixed == "" || strings.ContainsAny(text, "{}|^") {
			return false
		}
	}
	d, err := by.alone.Plain(fixed)
	return err == nil && d.Ignored
}

// undoneRule finds rules that an exception behind them takes back whole, so that
// they ignore nothing.
func undoneRule(e *evidence) []Finding {
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		by := e.takenBackBy(i)
		if by < 0 || !e.idle(i) {
			continue
		}
		f := e.at(r, finding.Info)
		f.Message = fmt.Sprintf("line %d, %s, brings back everything that this ignores", e.rules[by].line.number, e.rules[by].Pattern)
		f.Repair = fmt.Sprintf("name in line %d only what is to be sent, or remove this line", e.rules[by].line.number)
		if path, bytes := e.sentInVain(r); path != "" {
			f.Severity, f.Path, f.CostBytes = finding.Warning, path, bytes
			f.Message += fmt.Sprintf(": %q is sent", path)
		}
		all = append(all, f)
	}
	return all
}

// takenBackBy returns the first exception behind a rule that covers it, or -1.
func (e *evidence) takenBackBy(i int) int {
	r := &e.rules[i]
	if r.exception || r.decides > 0 || r.text == "." || r.text == "/" {
		return -1
	}
	for j := i + 1; j < len(e.rules); j++ {
		if e.rules[j].exception && (e.rules[j].text == r.text || covers(&e.rules[j], r.text)) {
			return j
		}
	}
	return -1
}

// sentInVain returns the first of what a rule matches, and is sent, that git does
// not track, and the bytes of all of it. Where there is no git, nobody knows.
func (e *evidence) sentInVain(r *rule) (first string, bytes int64) {
	if e.docker == nil || e.Git == nil {
		return "", 0
	}
	e.topmost(r, func(id buildcontext.ID, path string) {
		if !e.sent(id) || e.Git.Tracked(path) {
			return
		}
		if bytes += e.sentBytes(id); first == "" {
			first = path
		}
	})
	return first, bytes
}

// idle tells whether the list does the same without rule i, for each builder and
// everything in the context, and for what the rule would match if it were there.
func (e *evidence) idle(i int) bool {
	without := slices.Delete(slices.Clone(e.list.Rules()), i, i+1)
	then, err := ignore.Compile(without)
	if err != nil {
		return false
	}
	for _, path := range []string{sampleOf(e.rules[i].text), sampleOf(e.rules[i].text) + "/x"} {
		a, _, errNow := e.list.Trace(path)
		b, _, errThen := then.Trace(path)
		if errNow != nil || errThen != nil || a.Ignored != b.Ignored {
			return false
		}
	}
	return e.docker == nil || e.same(without)
}

// same tells whether another list makes the same of everything in the context.
func (e *evidence) same(rules []ignore.Rule) bool {
	for _, now := range []*buildcontext.Selection{e.docker, e.classic} {
		if now == nil {
			continue
		}
		request := now.Request
		request.Rules = rules
		then, err := buildcontext.Select(e.Inventory, request)
		if err != nil || !Equal(now, then) {
			return false
		}
	}
	return true
}

// Equal tells whether two selections of one inventory make the same of
// everything in it.
func Equal(a, b *buildcontext.Selection) bool {
	for id := range buildcontext.ID(a.Inventory().Len()) {
		if a.Eligible(id) != b.Eligible(id) || a.Sent(id) != b.Sent(id) || a.Emptied(id) != b.Emptied(id) {
			return false
		}
	}
	return true
}
