package suggest

import (
	"bytes"
	"regexp"
	"strings"
)

// makeRule finds the first line of a rule: its targets and what they need. An
// assignment has its "=" before or right behind the colon.
var makeRule = regexp.MustCompile(`^([^\s#:=][^#:=]*)::?([^=:].*)?$`)

var (
	makeInclude = regexp.MustCompile(`(?m)^\s*-?include\b`)
	// makeVariable finds a call whose goals are not written out.
	makeVariable = regexp.MustCompile(`\bg?make\b[^;&|\n]*\$`)
	makeWord     = regexp.MustCompile(`[\w./%-]+`)
)

// target is one rule of a makefile.
type target struct {
	names, needs []string
	recipe       []byte
}

// madeBy returns what of a makefile is read or run for what stands in ran: all but
// the recipes of goals that nobody asks for. Those that publish a release, most
// often, ask git. A makefile that includes others is returned as it is.
func madeBy(makefile []byte, ran string) []byte {
	if makeInclude.Match(makefile) || makeVariable.MatchString(ran) {
		return makefile
	}
	var read bytes.Buffer
	var targets []*target
	var current *target
	for line := range bytes.Lines(makefile) {
		if line[0] == '\t' && current != nil {
			current.recipe = append(current.recipe, line...)
			continue
		}
		read.Write(line)
		if m := makeRule.FindSubmatch(bytes.TrimSpace(line)); m != nil && line[0] != ' ' {
			current = &target{names: strings.Fields(string(m[1])), needs: makeWord.FindAllString(string(m[2]), -1)}
			targets = append(targets, current)
		}
	}
	wanted := map[string]bool{}
	for _, word := range makeWord.FindAllString(ran, -1) {
		wanted[word] = true
	}
	for taken := map[*target]bool{}; ; {
		before := len(taken)
		for i, t := range targets {
			if taken[t] || !t.asked(wanted) && i != firstGoal(targets) {
				continue
			}
			taken[t] = true
			read.Write(t.recipe)
			for _, word := range append(t.needs, makeWord.FindAllString(string(t.recipe), -1)...) {
				wanted[word] = true
			}
		}
		if len(taken) == before {
			return read.Bytes()
		}
	}
}

// asked tells whether one of the rule's targets is wanted; of a pattern nobody
// knows.
func (t *target) asked(wanted map[string]bool) bool {
	for _, name := range t.names {
		if wanted[name] || strings.ContainsAny(name, "%$") {
			return true
		}
	}
	return false
}

// firstGoal returns which of the rules make takes where it is given no goal.
func firstGoal(targets []*target) int {
	for i, t := range targets {
		if !strings.HasPrefix(t.names[0], ".") {
			return i
		}
	}
	return -1
}
