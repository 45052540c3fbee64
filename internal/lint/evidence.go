package lint

import (
	"path"
	"strings"
	"sync"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// evidence is the facts with what several rules need of them, worked out once.
type evidence struct {
	Facts
	lines []line
	// broken are the rules that Docker refuses; the others are looked at without
	// them.
	broken []*ignore.RuleError
	// list is the list without the broken rules, and rules describe each of it.
	list  *ignore.Matcher
	rules []rule
	// docker and classic are what the two builders keep of the whole context; nil
	// where there is no inventory.
	docker, classic *buildcontext.Selection
	deep            map[int][]entry // what [evidence.deeper] found, by line
	// reach is what the rules reach, and reachFolded what they do in another case.
	reach, reachFolded func() reach
	// misread are the lines that become exceptions and do not begin with "!", for
	// Docker takes a slash away before it.
	misread map[int]bool
}

// rule is one rule of the list and what it does.
type rule struct {
	ignore.Rule
	line line
	// listed tells that it is a rule of the list, and not one that might be.
	listed bool
	// text is the pattern without "!", as it is compared.
	text      string
	exception bool
	// alone is the pattern by itself, as a positive rule; nil for one that fails
	// alone.
	alone *ignore.Matcher
	effect
}

// effect is what a rule does in this context. Only the topmost of its matches
// count: what lies below follows. Directories in which nothing is kept are not
// looked into.
type effect struct {
	matches int
	// first is the first match, firstFile the first that is no directory, firstDir
	// the first that is one.
	first, firstFile, firstDir string
	// decides is about how many entries the rule decides.
	decides int
	// cased is what [evidence.otherCase] found.
	cased string
}

func newEvidence(f Facts) *evidence {
	e := &evidence{Facts: f, deep: map[int][]entry{}, misread: map[int]bool{}}
	var written []ignore.Rule
	if f.File != nil {
		for i, l := range f.File.Lines {
			e.lines = append(e.lines, newLine(i+1, l))
		}
		written = f.File.Rules()
	}
	e.compile(written)
	if f.Inventory != nil {
		e.lookAtTree()
	}
	return e
}

// compile takes the broken rules out until the list compiles.
func (e *evidence) compile(all []ignore.Rule) {
	var good []ignore.Rule
	for _, r := range ignore.Travelled(all) {
		if err := refusal(r); err != nil {
			e.broken = append(e.broken, err)
			continue
		}
		good = append(good, r)
	}
	list, err := ignore.Compile(good)
	if err != nil {
		return // each compiles by itself, and so does the list
	}
	e.list = list
	for _, r := range list.Rules() {
		one := rule{Rule: r, listed: true, line: e.lines[r.Line-1]}
		// The list is cleaned once more when it is compiled (ignore, normalize).
		one.text, one.exception = strings.CutPrefix(path.Clean(strings.TrimSpace(r.Pattern)), "!")
		one.alone = alone(one.text)
		if one.exception != one.line.exception {
			e.misread[r.Line] = true
		}
		e.rules = append(e.rules, one)
	}
}

// refusal returns why Docker refuses a rule, at once or when a path is tried on
// it; nil where it does not.
func refusal(r ignore.Rule) *ignore.RuleError {
	m, err := ignore.Compile([]ignore.Rule{r})
	if err == nil && m.MayFail() {
		r.Pattern = strings.TrimPrefix(r.Pattern, "!")
		m, err = ignore.Compile([]ignore.Rule{r})
		if err == nil {
			_, err = m.Plain("x")
		}
	}
	if broken, ok := err.(*ignore.RuleError); ok { //nolint:errorlint // Compile and Plain return it bare
		return broken
	}
	return nil
}

// alone compiles a pattern as the only rule of a list.
func alone(text string) *ignore.Matcher {
	if strings.HasPrefix(text, "!") {
		text = `\` + text
	}
	m, err := ignore.Compile(ignore.Patterns(text))
	if err != nil || len(m.Rules()) == 0 || m.MayFail() {
		return nil
	}
	return m
}

// lookAtTree selects as both builders do and adds up what each rule does.
func (e *evidence) lookAtTree() {
	rules := e.list.Rules()
	request := buildcontext.Request{Builder: buildcontext.Classic, Rules: rules}
	if e.Build != nil {
		request.Dockerfile = e.Build.Inside
	}
	// Where a directory cannot be read, what a builder sends is not known.
	known := func(request buildcontext.Request) *buildcontext.Selection {
		sel, err := buildcontext.Select(e.Inventory, request)
		if err != nil {
			return nil
		}
		return sel
	}
	var selecting sync.WaitGroup
	selecting.Go(func() { e.classic = known(request) })
	e.docker = known(buildcontext.Request{Builder: buildcontext.BuildKit, Rules: rules})
	selecting.Wait()
	if e.docker == nil {
		e.classic = nil
		return
	}
	e.Inventory.Each(0, func(_ buildcontext.DirID, id buildcontext.ID) bool {
		if rule := e.docker.Rule(id); rule >= 0 {
			e.rules[rule].decides++
		}
		return !e.closed(id)
	})
	if e.Memory != nil {
		e.Memory.turnTo(e.docker)
	}
	e.reach = sync.OnceValue(func() reach { return e.reachOf(e.searched(), false) })
	e.reachFolded = sync.OnceValue(func() reach { return e.reachOf(e.searchedFolded(), true) })
	// Each rule is looked for by itself.
	var running sync.WaitGroup
	for i := range e.rules {
		running.Go(func() { e.lookFor(&e.rules[i]) })
	}
	running.Wait()
}

// searched returns the patterns that [evidence.topmost] searches the tree for.
func (e *evidence) searched() []string {
	var texts []string
	for i := range e.rules {
		if r := &e.rules[i]; r.alone != nil && !isLiteral(r.text) {
			texts = append(texts, r.text)
		}
	}
	return texts
}

// searchedFolded returns those that [evidence.otherCase] may search it for.
func (e *evidence) searchedFolded() []string {
	var texts []string
	for i := range e.rules {
		if folded := e.rules[i].folded(); folded != "" && alone(folded) != nil {
			texts = append(texts, folded)
		}
	}
	return texts
}

// lookFor finds out what a single rule matches.
func (e *evidence) lookFor(r *rule) {
	if e.Memory != nil {
		if known, ok := e.Memory.effectOf(r); ok {
			known.decides = r.decides
			r.effect = known
			return
		}
		defer e.Memory.keep(r)
	}
	e.topmost(r, func(id buildcontext.ID, path string) {
		r.matches++
		if r.first == "" {
			r.first = path
		}
		switch isDir := e.Inventory.Mode(id).IsDir(); {
		case isDir && r.firstDir == "":
			r.firstDir = path
		case !isDir && r.firstFile == "":
			r.firstFile = path
		}
	})
	r.cased = e.otherCase(r)
}

// closed tells whether an entry is a directory in which nothing is kept.
func (e *evidence) closed(id buildcontext.ID) bool {
	return e.Inventory.Mode(id).IsDir() && !e.docker.Eligible(id)
}

// topmost calls visit for what a single rule matches, not below another match. It
// does not look for patterns with wildcards in closed directories, but for an
// exception, which may be meant for something there.
func (e *evidence) topmost(r *rule, visit func(id buildcontext.ID, path string)) {
	if r.alone == nil {
		return
	}
	if isLiteral(r.text) {
		if id, ok := e.Inventory.Lookup(r.text); ok {
			visit(id, r.text)
		}
		return
	}
	var reach reach
	if r.listed && e.reach != nil {
		reach = e.reach()
	}
	s := search{evidence: e, matcher: r.alone, reach: reach, everywhere: r.exception, visit: func(in buildcontext.DirID, id buildcontext.ID) bool {
		visit(id, e.Inventory.Path(in, id))
		return true
	}}
	s.directory(0, r.alone.Root())
}

// sent tells whether the builder gets the entry.
func (e *evidence) sent(id buildcontext.ID) bool {
	if e.Selection != nil {
		return e.Selection.Sent(id)
	}
	return e.docker.Eligible(id)
}

// sentBytes is what is sent of an entry and of all that lies below it.
func (e *evidence) sentBytes(id buildcontext.ID) int64 {
	sub, isDir := e.Inventory.Dir(id)
	if !isDir {
		if e.sent(id) && e.Inventory.Mode(id).IsRegular() {
			return e.Inventory.Size(id)
		}
		return 0
	}
	var sum int64
	first, count := e.Inventory.Entries(sub)
	for id := first; id < first+count; id++ {
		sum += e.sentBytes(id)
	}
	return sum
}

// at makes a finding about the pattern of a rule.
func (e *evidence) at(r *rule, severity finding.Severity) Finding {
	f := e.onLine(r.line, severity)
	f.Column, f.Width = r.line.column, len([]rune(r.line.body))
	return f
}

// onLine makes a finding about a line as a whole.
func (e *evidence) onLine(l line, severity finding.Severity) Finding {
	return Finding{
		Finding: finding.Finding{Severity: severity, File: e.File.Name, Line: l.number, Column: 1},
		Excerpt: l.text,
	}
}

// isLiteral tells whether a pattern is compared as it is, letter by letter.
func isLiteral(text string) bool { return !strings.ContainsAny(text, `*?[]\`) }
