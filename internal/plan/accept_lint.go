package plan

import (
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/lint"
)

// settle gives findings the severities that the configuration wants, takes out those
// that comments in the ignore file suppress or the configuration accepts, and adds
// those about what does nothing.
func (l *Lint) settle(file *ignore.File, found []lint.Finding, textOnly bool) (left, suppressed []lint.Finding) {
	var wanted []lint.Finding
	for _, f := range found {
		switch l.accepter.severities[f.ID] {
		case "off":
			continue
		case "error":
			f.Severity = finding.Error
		case "warning":
			f.Severity = finding.Warning
		case "info":
			f.Severity = finding.Info
		}
		wanted = append(wanted, f)
	}
	wanted, suppressed = lint.Suppress(file, wanted, textOnly)
	for _, f := range wanted {
		if reason, ok := l.accepter.acceptsFinding(f.Finding); ok {
			f.Accepted = reason
			suppressed = append(suppressed, f)
		} else {
			left = append(left, f)
		}
	}
	for _, f := range l.accepter.unused(func(id string) bool { _, ok := lint.Known(id); return ok && !textOnly }) {
		left = append(left, lint.Finding{Finding: f})
	}
	lint.Sort(left)
	return left, suppressed
}
