package plan

import (
	"context"
	"errors"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// Size is what one side of a comparison weighs.
type Size struct {
	Sent, Eligible buildcontext.Totals
	// WireBytes is what the builder prints of the context's own transfer; 0 where
	// there is none.
	WireBytes int64
}

// DirChange is a directory on both sides of a comparison: bytes and files of what
// is sent. What lies in a directory that has a change of its own is counted there
// and not in the one above, so that the changes add up to that of the whole.
type DirChange struct {
	// Path is relative to the context; "." is its root.
	Path                string
	BaseBytes, NowBytes int64
	BaseFiles, NowFiles int
}

// FileChange is a file that is sent on one side or both, with its bytes; those of
// a side on which it is not sent are 0.
type FileChange struct {
	Path                string
	InBase, InNow       bool
	BaseBytes, NowBytes int64
}

// RuleChange is a line of the ignore file on both sides of a comparison, with what
// it keeps back. A line is the same where its pattern is.
type RuleChange struct {
	Pattern string
	// BaseFile, BaseLine, NowFile and NowLine say where it stands; line 0 is
	// nowhere.
	BaseFile, NowFile   string
	BaseLine, NowLine   int
	BaseBytes, NowBytes int64
	BaseFiles, NowFiles int
}

// LocalPath is what is sent now and lies in no revision.
type LocalPath struct {
	// Path is relative to the context; that of a directory ends in a slash.
	Path string
	// Bytes and Files are those that are sent.
	Bytes int64
	Files int
}

// Comparison is a context beside itself at another time, like with like: what is
// compared of the present is what git tracks or would track (untracked, and not
// ignored by git).
type Comparison struct {
	Builder buildcontext.Builder
	// Revision is the base as given, Commit its full id.
	Revision, Commit string
	// NowRevision and NowCommit are those of the other side; "" is the present.
	NowRevision, NowCommit string
	Base, Now              Size
	// Local is what is sent now and is in no revision, such as .git itself and what
	// git ignores; LocalPaths is the heaviest of it, the most bytes first.
	Local      Size
	LocalPaths []LocalPath
	// Dirs, Files and Rules are those that differ, the greatest change first.
	Dirs  []DirChange
	Files []FileChange
	Rules []RuleChange
	// Findings say where a number needs a word: a submodule, a file whose size a
	// checkout alone would know.
	Findings []finding.Finding
}

// CompareOptions says how a comparison is made. The zero value is useful.
type CompareOptions struct {
	// Progress, where set, is called now and then with the number of entries seen
	// of the present.
	Progress func(entries int)
	// Depth is how many levels of directories are told apart where several differ;
	// 0 is 1.
	Depth int
}

// Against compares the context now with the context at a revision, which is
// measured with its own Dockerfile and ignore file, and without a checkout. An
// error that is a [UsageError] means that one of the sides cannot be measured.
func (r *Run) Against(ctx context.Context, rev string, opts CompareOptions) (*Comparison, error) {
	return nil, errors.ErrUnsupported
}
