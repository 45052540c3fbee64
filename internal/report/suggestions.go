package report

import (
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/internal/plan"
)

// lines lists suggestions with what proves each.
func (t *text) lines(title, color string, suggestions []plan.Suggestion, most int, note func(plan.Suggestion) string) {
	if len(suggestions) == 0 {
		return
	}
	t.gap()
	t.printf("  %s\n", t.opts.paint(bold, title))
	shown := suggestions[:min(most, len(suggestions))]
	width := 0
	for _, s := range shown {
		width = max(width, columns(Name(s.Pattern)))
	}
	for _, s := range shown {
		name := Name(s.Pattern)
		size, gap := pad(t.size(s.SavesBytes), 9), strings.Repeat(" ", max(0, min(width, 32)-columns(name)))
		left := 0 // of the terminal; 0 is any number
		if t.opts.Width > 0 {
			left = max(1, t.opts.Width-columns(size+name+gap)-len("      "))
		}
		t.printf("  %s  %s%s  %s\n", size, t.opts.paint(color, name), gap, t.opts.paint(dim, head(Escape(note(s)), left)))
	}
	if rest := len(suggestions) - len(shown); rest > 0 {
		t.printf("  %s\n", t.opts.paint(dim, pad("", 9)+"  and "+thousands(rest)+" more (--format json lists them)"))
	}
}

// proof is the first thing that speaks for a suggestion.
func proof(s plan.Suggestion) string { return s.Proof }

// own is what speaks for a suggestion and does not hold for all.
func own(s plan.Suggestion) string {
	if s.Again == "" {
		return s.Proof
	}
	return s.Proof + "; " + s.Again + " makes it"
}

// doubts is what a person has to know who decides.
func doubts(s plan.Suggestion) string {
	switch {
	case len(s.Doubts) > 0:
		return s.ID + ": " + strings.Join(s.Doubts, " and ")
	case s.Risk != "":
		return s.ID + ": " + s.Risk
	default:
		return s.ID + ": " + s.Proof
	}
}

// common says what speaks for each of some suggestions, or "".
func common(all []plan.Suggestion) string {
	unnamed := !slices.ContainsFunc(all, func(s plan.Suggestion) bool { return !s.Unnamed })
	untracked := !slices.ContainsFunc(all, func(s plan.Suggestion) bool { return !s.Untracked })
	switch {
	case len(all) == 0:
		return ""
	case unnamed && untracked:
		return "no instruction names any of it, and git tracks none of it"
	case unnamed:
		return "no instruction names any of it"
	case untracked:
		return "git tracks none of it"
	default:
		return ""
	}
}
