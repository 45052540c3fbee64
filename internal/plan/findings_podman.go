package plan

import (
	"fmt"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// podmanFindings tells where Podman's reading of the ignore file parts from
// Docker's: the same text, read and evaluated by both, one finding a rule.
func (res *Result) podmanFindings() []finding.Finding {
	if res.Builder != buildcontext.Podman || res.IgnoreFile.File == nil {
		return nil
	}
	parts := func(rule *ignore.Rule, path string, n int, message, repair string) finding.Finding {
		f := finding.Finding{
			ID: "podman-differs", Severity: finding.Warning, Path: path, File: res.IgnoreFile.Name,
			Message: fmt.Sprintf(message, n, path), Repair: repair,
		}
		if rule != nil {
			f.Line = rule.Line
			f.Message = fmt.Sprintf("%q: %s", rule.Pattern, f.Message)
		}
		return f
	}
	file, err := ignore.Parse(res.IgnoreFile.Name, res.IgnoreFile.File.Bytes())
	var docker *buildcontext.Selection
	if err == nil {
		docker, err = buildcontext.Select(res.Inventory, buildcontext.Request{Builder: buildcontext.BuildKit, Rules: file.Rules()})
	}
	if err != nil {
		return []finding.Finding{{
			ID: "podman-differs", Severity: finding.Warning, File: res.IgnoreFile.Name,
			Message: fmt.Sprintf("Podman reads this ignore file, and Docker refuses it: %v", err),
			Repair:  "mend the line, so that both read it",
		}}
	}

	type group struct {
		rule  *ignore.Rule
		kept  bool // Podman keeps what Docker ignores
		first string
		count int
	}
	groups := map[string]*group{}
	var order []*group
	res.Inventory.Walk(0, func(id buildcontext.ID, path string) bool {
		kept := res.Selection.Eligible(id)
		if res.Inventory.Mode(id).IsDir() || kept == docker.Eligible(id) {
			return true
		}
		// The rule that made one of them ignore or bring back what the other does not.
		by := res.Selection
		if kept == (by.Rule(id) < 0) {
			by = docker
		}
		var rule *ignore.Rule
		if i := by.Rule(id); i >= 0 {
			rule = &by.Rules()[i]
		}
		key := fmt.Sprint(rule, kept)
		g := groups[key]
		if g == nil {
			g = &group{rule: rule, kept: kept, first: path}
			groups[key] = g
			order = append(order, g)
		}
		g.count++
		return true
	})
	var all []finding.Finding
	for _, g := range order {
		message, repair := "Podman ignores %d files that Docker keeps, such as %q", "write the rule so that both read it alike: one path or **/name, exceptions last"
		if g.kept {
			message = "Podman keeps %d files that Docker ignores, such as %q"
		}
		all = append(all, parts(g.rule, g.first, g.count, message, repair))
	}
	return all
}
