package lint

import (
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// mostSpelled is how many lines may take the place of exceptions with wildcards:
// with more of them nobody would know the file again.
const mostSpelled = 12

// spelled is the edit that puts what exceptions with wildcards bring back now, path
// by path, in their place. It is nil where that would be too many lines, or not the
// same.
func (e *evidence) spelled(rules ...int) Edit {
	without := slices.Clone(e.list.Rules())
	for _, i := range slices.Backward(rules) {
		without = slices.Delete(without, i, i+1)
	}
	request := e.docker.Request
	request.Rules = without
	ignored, err := buildcontext.Select(e.Inventory, request)
	if err != nil {
		return nil
	}
	lines := map[int][]string{}
	count := 0
	e.Inventory.Walk(0, func(id buildcontext.ID, path string) bool {
		i := e.docker.Rule(id)
		if !e.docker.Eligible(id) || ignored.Eligible(id) || !slices.Contains(rules, i) {
			return e.docker.Eligible(id) && count <= mostSpelled
		}
		if !isLiteral(path) || strings.TrimSpace(path) != path {
			count = mostSpelled // it cannot be said without an escape
		}
		lines[i] = append(lines[i], "!"+path)
		count++
		return false
	})
	var edit Edit
	for _, i := range rules {
		if len(lines[i]) == 0 {
			return nil // what it is for may come yet
		}
		edit = append(edit, Change{Line: e.rules[i].line.number, With: lines[i]})
	}
	if count > mostSpelled || !e.dockerKeeps(edit) {
		return nil
	}
	return edit
}

// dockerKeeps tells whether BuildKit makes the same of everything after an edit.
func (e *evidence) dockerKeeps(edit Edit) bool {
	text, _ := Apply(e.File, []Edit{edit})
	file, err := ignore.Parse(e.File.Name, text)
	if err != nil {
		return false
	}
	request := e.docker.Request
	request.Rules = ignore.Travelled(file.Rules())
	then, err := buildcontext.Select(e.Inventory, request)
	return err == nil && Equal(e.docker, then)
}

// spelledRepair says what an edit of [evidence.spelled] writes, or otherwise what
// was said before.
func spelledRepair(edit Edit, otherwise string) string {
	var lines []string
	for _, c := range edit {
		lines = append(lines, c.With...)
	}
	if lines == nil {
		return otherwise
	}
	return "name what it brings back without wildcards: " + strings.Join(lines, ", ")
}
