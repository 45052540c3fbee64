package plan

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// RuleEffect is what a line of the ignore file does.
type RuleEffect struct {
	// Effect is what the line changes, against the same list without it.
	Effect
	// Decides is what it decides about: what it ignores, or, for an exception,
	// brings back.
	Decides buildcontext.Totals
	// Examples are the first files of that.
	Examples []string
}

// ExplainRule says what a line of the ignore file does. It is named by its number,
// or by the name of the file, a colon and its number.
func (r *Run) ExplainRule(ctx context.Context, at string, scan buildcontext.ScanOptions) (*RuleEffect, error) {
	line, err := r.ruleLine(at)
	if err != nil {
		return nil, err
	}
	inv, err := r.Scan(ctx, scan)
	if err != nil {
		return nil, err
	}
	rules := r.Rules()
	with, err := r.measured(ctx, inv, rules)
	if err != nil {
		return nil, err
	}
	without, err := r.measured(ctx, inv, slices.DeleteFunc(slices.Clone(rules), func(rule ignore.Rule) bool { return rule.Line == line }))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(with.Selection.Rules(), func(rule ignore.Rule) bool { return rule.Line == line })
	e := &RuleEffect{Effect: effect(with.Selection.Rules()[i], without, with)}
	e.decided(with, i)
	return e, nil
}

// decided adds up what a rule decides about.
func (e *RuleEffect) decided(with measured, rule int) {
	inv := with.Inventory()
	exception := with.Selection.Rules()[rule].Exception()
	if !exception {
		e.Decides = with.Measurement.Rules[rule]
	}
	seen := map[uint64]bool{}
	inv.Walk(0, func(id buildcontext.ID, path string) bool {
		mode := inv.Mode(id)
		if with.Rule(id) != rule || with.Selection.Eligible(id) != exception || !exception && mode.IsDir() {
			return true
		}
		if !mode.IsDir() && len(e.Examples) < examples {
			e.Examples = append(e.Examples, path)
		}
		if !exception {
			return true
		}
		switch {
		case mode.IsDir():
			e.Decides.Dirs++
		case mode.IsRegular():
			e.Decides.Files++
			if inode := inv.Inode(id); inode == 0 || !seen[inode] {
				seen[inode] = inode != 0
				e.Decides.Bytes += inv.Size(id)
			}
		default:
			e.Decides.Other++
		}
		return true
	})
}

// ruleLine reads LINE or FILE:LINE.
func (r *Run) ruleLine(at string) (int, error) {
	number := at
	name := r.IgnoreFileName()
	if file, line, ok := cutLast(at, ":"); ok {
		number = line
		full := file
		if !filepath.IsAbs(full) {
			full = filepath.Join(r.Dir, file)
		}
		if file != name && full != r.IgnoreFile.Path && filepath.Join(r.Root, filepath.FromSlash(file)) != r.IgnoreFile.Path {
			return 0, usage("name a line of "+name, "the builder does not read %q, but %q", file, name)
		}
	}
	line, err := strconv.Atoi(number)
	if err != nil || line < 1 {
		return 0, usage("give --rule LINE or --rule FILE:LINE", "%q is no line", at)
	}
	if r.IgnoreFile.File == nil {
		return 0, usage("write one", "there is no ignore file")
	}
	lines := r.IgnoreFile.File.Lines
	if line > len(lines) {
		return 0, usage("ctxsize --format json lists the rules with their lines", "%s has %d lines", name, len(lines))
	}
	if lines[line-1].Pattern == "" {
		return 0, usage("name a line with a pattern", "line %d of %s is no rule: it is blank, or a comment", line, name)
	}
	return line, nil
}

// cutLast cuts around the last instance of a separator.
func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
