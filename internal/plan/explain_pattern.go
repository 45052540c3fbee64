package plan

import (
	"context"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// Tried are rules that are not in the ignore file, and what would be if they were.
type Tried struct {
	// Patterns are lines of an ignore file, in their order.
	Patterns []string
	// At is the line before which they stand, from 1; 0 is the end of the file.
	At int
}

// Effect is what a line changes.
type Effect struct {
	// Rule is the line as the builder reads it.
	Rule ignore.Rule
	// Before and After are what is sent, and eligible, without and with it.
	Before, After *buildcontext.Measurement
	// Lost are the first files that it takes away from what is sent, Gained those
	// that it adds, LostFiles and GainedFiles how many there are.
	Lost, Gained           []string
	LostFiles, GainedFiles int
}

// examples is how many files an effect names.
const examples = 3

// withTried returns the rules of the ignore file with the tried ones in their
// place.
func (r *Run) withTried(tried Tried) ([]ignore.Rule, error) {
	rules := r.Rules()
	if len(tried.Patterns) == 0 {
		return rules, nil
	}
	lines := 0
	if r.IgnoreFile.File != nil {
		lines = len(r.IgnoreFile.File.Lines)
	}
	if tried.At < 0 || tried.At > lines+1 {
		return nil, usage("name a line of the file, or leave --at out for its end", "there is no line %d: %s has %d lines", tried.At, r.IgnoreFileName(), lines)
	}
	at := len(rules)
	if tried.At > 0 {
		at = slices.IndexFunc(rules, func(rule ignore.Rule) bool { return rule.Line >= tried.At })
		if at < 0 {
			at = len(rules)
		}
	}
	added := make([]ignore.Rule, len(tried.Patterns))
	for i, p := range tried.Patterns {
		rule, err := r.readPattern(p)
		if err != nil {
			return nil, err
		}
		added[i] = rule
	}
	return slices.Insert(slices.Clone(rules), at, added...), nil
}

// readPattern reads one line as the builder reads a line of its ignore file.
func (r *Run) readPattern(text string) (ignore.Rule, error) {
	if strings.ContainsAny(text, "\n") {
		return ignore.Rule{}, usage("give --pattern once for each", "%q are several lines", text)
	}
	file, err := r.parseIgnore("--pattern", []byte(text))
	if err != nil {
		return ignore.Rule{}, usage("shorten it", "%w", err)
	}
	if len(file.Rules()) == 0 {
		return ignore.Rule{}, usage("name a path, or a pattern of paths", "%q is no rule: it is blank, or a comment", text)
	}
	rule := ignore.Rule{Pattern: file.Rules()[0].Pattern}
	if r.Builder == buildcontext.Podman {
		_, err = ignore.CompilePodman([]ignore.Rule{rule})
	} else {
		_, err = ignore.Compile([]ignore.Rule{rule})
	}
	if err != nil {
		return ignore.Rule{}, usage("mend the pattern", "the builder would refuse the line: %w", err)
	}
	return rule, nil
}

// Try measures what each of some lines would change, one after another.
func (r *Run) Try(ctx context.Context, tried Tried, scan buildcontext.ScanOptions) ([]Effect, error) {
	if _, err := r.withTried(tried); err != nil {
		return nil, err
	}
	inv, err := r.Scan(ctx, scan)
	if err != nil {
		return nil, err
	}
	var all []Effect
	before, err := r.measured(ctx, inv, r.Rules())
	if err != nil {
		return nil, err
	}
	for i := range tried.Patterns {
		now := Tried{Patterns: tried.Patterns[:i+1], At: tried.At}
		rules, err := r.withTried(now)
		if err != nil {
			return nil, err
		}
		after, err := r.measured(ctx, inv, rules)
		if err != nil {
			return nil, err
		}
		rule, err := r.readPattern(tried.Patterns[i])
		if err != nil {
			return nil, err
		}
		all = append(all, effect(rule, before, after))
		before = after
	}
	return all, nil
}

// measured is a selection with its measurement.
type measured struct {
	*buildcontext.Selection
	*buildcontext.Measurement
}

func (r *Run) measured(ctx context.Context, inv *buildcontext.Inventory, rules []ignore.Rule) (measured, error) {
	sel, err := r.Select(ctx, inv, rules)
	if err != nil {
		return measured{}, err
	}
	m, err := buildcontext.Measure(sel)
	return measured{sel, m}, wrapRefusal(err)
}

func effect(rule ignore.Rule, before, after measured) Effect {
	e := Effect{Rule: rule, Before: before.Measurement, After: after.Measurement}
	inv := before.Inventory()
	inv.Walk(0, func(id buildcontext.ID, path string) bool {
		was, is := before.Selection.Sent(id), after.Selection.Sent(id)
		switch {
		case was == is || inv.Mode(id).IsDir():
		case was:
			if e.LostFiles++; len(e.Lost) < examples {
				e.Lost = append(e.Lost, path)
			}
		default:
			if e.GainedFiles++; len(e.Gained) < examples {
				e.Gained = append(e.Gained, path)
			}
		}
		return true
	})
	return e
}
