package lint

import (
	"cmp"
	"slices"

	"github.com/ctxsize/ctxsize/internal/finding"
)

// Finding is what a rule found.
type Finding struct {
	finding.Finding
	// Width is how many characters from Column on the finding is about; 0 where
	// it is about the line or the file as a whole.
	Width int
	// Excerpt is the line that the finding is about, without its ending, as it
	// is written; "" where there is none.
	Excerpt string
	// CostBytes is what is sent on account of it: the sizes of regular files.
	CostBytes int64
	// WalkedEntries is how many entries the builder looks at in vain on account
	// of it.
	WalkedEntries int
	// Accepted is why the configuration accepts the finding; "" where it does not.
	Accepted string
	// Edit is the repair as a change of the ignore file; nil where a person must
	// decide.
	Edit Edit
	// Keeps tells that the edit is not meant to change what becomes of any path.
	Keeps bool
	// Likely tells that the edit is most likely what was meant, and that a person
	// must ask for it: it takes a line of theirs away, or gives it another place.
	Likely bool
}

// Certain tells whether the repair is made without being asked for.
func (f Finding) Certain() bool { return f.Edit != nil && !f.Likely }

// Sort puts findings in the order of their places, those of one place with the
// worst first.
func Sort(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.Path, b.Path),
		)
	})
}
