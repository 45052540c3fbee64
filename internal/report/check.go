package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/check"
	"github.com/ctxsize/ctxsize/internal/config"
)

// Checks is what ctxsize check found, in the order of its contexts.
type Checks []*check.Checked

// Failed tells whether a limit of any context is exceeded.
func (all Checks) Failed() bool {
	for _, c := range all {
		if c.Failed() {
			return true
		}
	}
	return false
}

// label tells a context from the others: by its path, and where another has that, too,
// by its Dockerfile, target and builder.
func (all Checks) label(c *check.Checked) string {
	for _, other := range all {
		if other != c && other.Path == c.Path {
			words := []string{c.Path, c.Dockerfile.Name, c.Target, c.Builder.String()}
			return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
		}
	}
	return c.Path
}

// count returns how many outcomes have a status.
func (all Checks) count(s budget.Status) int {
	n := 0
	for _, c := range all {
		n += c.Outcomes.Count(s)
	}
	return n
}

// few is how many items a short list names.
const few = 5

// amount is a number in the unit of its rule.
func amount(c *check.Checked, rule string, n int64) string {
	switch rule {
	case budget.MaxFiles:
		return plural(int(n), "file")
	case budget.Forbid:
		return thousands(int(n))
	default:
		return c.Builder.Shown(n)
	}
}

// unit is that of the numbers of a rule, for machines.
func unit(rule string) string {
	switch rule {
	case budget.MaxFiles:
		return "files"
	case budget.Forbid:
		return "count"
	default:
		return "bytes"
	}
}

// onWords say what a size is that is not simply sent.
func onWords(c *check.Checked, rule string) string {
	switch {
	case rule == budget.Forbid || c.On == budget.Sent || c.On == budget.Wire && rule != budget.MaxSize && rule != budget.MaxGrowth:
		return ""
	case c.On == budget.Wire:
		return " on the wire"
	default:
		return " eligible"
	}
}

// found says what an outcome is about: the number, the limit, the excess.
func found(c *check.Checked, o budget.Outcome) string {
	show := func(n int64) string { return amount(c, o.Rule, n) }
	switch {
	case o.Status == budget.Skip:
		return o.Why
	case o.Rule == budget.Forbid && o.Status == budget.Fail:
		return show(o.Actual) + " found, and none may be"
	case o.Rule == budget.Forbid:
		return "none found"
	case o.Rule == budget.MaxGrowth:
		show = func(n int64) string { return change(c.Builder, 0, n) }
	}
	return show(o.Actual) + onWords(c, o.Rule) + since(c, o) + " of at most " + show(o.Allowed) + excess(c, o)
}

// since says what growth is compared with.
func since(c *check.Checked, o budget.Outcome) string {
	if o.Rule != budget.MaxGrowth || c.Comparison == nil {
		return ""
	}
	return " since " + baseName(c.Comparison)
}

// excess says by how much a limit is exceeded.
func excess(c *check.Checked, o budget.Outcome) string {
	if o.Status != budget.Fail || o.Rule == budget.Forbid {
		return ""
	}
	return ", " + amount(c, o.Rule, o.Excess()) + " too much"
}

// repair says what to do about an outcome that failed.
func repair(c *check.Checked, o budget.Outcome) string {
	if o.Rule != budget.Forbid {
		more := ""
		if o.Rule == budget.MaxGrowth && c.Baseline != "" {
			more = ", or accept the growth: ctxsize check --update-baseline"
		}
		shrink := "ignore what the build does not need,"
		if c.Fixed != nil && c.Fixed.Sent.Bytes < c.Measurement.Sent.Bytes {
			shrink = fmt.Sprintf("ctxsize fix%s takes what is sent from %s to %s,",
				c.Arguments, c.Builder.Shown(c.Measurement.Sent.Bytes), c.Builder.Shown(c.Fixed.Sent.Bytes))
		}
		return shrink + " or raise the limit (" + o.From + ")" + more
	}
	what, argument, _ := strings.Cut(o.Text, ":")
	switch what {
	case "secrets":
		return "ignore the file, and give the build what it needs of it with RUN --mount=type=secret; what is no secret, accept in " + config.FileName
	case "pattern":
		return "add a line to " + c.IgnoreFileName() + ": " + argument
	case "gitignored":
		return "ctxsize fix --from-gitignore" + c.Arguments + " takes over what git ignores; look at it first with --dry-run"
	case "lint":
		return "ctxsize lint says what repairs each, and lint --fix does what is certain"
	default:
		return "ctxsize fix" + c.Arguments + " ignores what is proved to be there by accident"
	}
}

// noteOf says what is wrong with an offender, and where that stands.
func noteOf(c *check.Checked, o budget.Offender) string {
	if o.File != "" {
		at := Name(o.File)
		if o.Line > 0 {
			at += fmt.Sprintf(":%d", o.Line)
		}
		return at + ": " + Escape(o.Note)
	}
	text := pad(c.Builder.Shown(o.Bytes), 9) + "  " + Name(o.Path)
	switch {
	case o.Note != "":
		text += "  " + Escape(o.Note)
	case o.Files > 1:
		text += "  " + plural(o.Files, "file")
	}
	return text
}
