package report

import (
	"io"

	"github.com/ctxsize/ctxsize/internal/plan"
)

// UndoText says for people what an undo did.
func UndoText(w io.Writer, u *plan.Undone) error {
	p := printer{w: w}
	if u.Removed {
		p.printf("%s is removed: there was none before the last fix\n", Name(u.File))
	} else {
		p.printf("%s is as it was before the last fix\n", Name(u.File))
	}
	return p.err
}

// UndoJSON says for machines what an undo did.
func UndoJSON(w io.Writer, u *plan.Undone) error {
	return writeJSON(w, struct {
		SchemaVersion int    `json:"schemaVersion"`
		File          string `json:"file"`
		Removed       bool   `json:"removed"`
	}{schemaVersion, u.File, u.Removed})
}
