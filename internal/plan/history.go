package plan

import (
	"context"
	"errors"
	"slices"
	"time"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/gitrepo"
)

// Point is a context at one commit.
type Point struct {
	// Commit is the full id, Subject the first line of the message, Time when it
	// was committed.
	Commit, Subject string
	Time            time.Time
	// Share is what lies in the context, which is the commit's tree without .git,
	// and of it what is sent.
	buildcontext.Share
	// Err is why the context has no size there: the builder would refuse it, or
	// there is none ([ErrNoContext]).
	Err error
}

// ErrNoContext is the error of a point whose commit has no such directory.
var ErrNoContext = errors.New("there is no such context")

// History is the size of a context over commits.
type History struct {
	// Context is the path as given, Title what people call it.
	Context, Title string
	Builder        buildcontext.Builder
	// Points are the first parents from HEAD, the oldest first.
	Points []Point
	// Older tells that there are commits before the first point.
	Older bool
	// Findings are about the clone and the newest commit.
	Findings []finding.Finding
}

// Move is how much a commit changed what is sent.
type Move struct {
	*Point
	// Bytes and Files are the change since the point before that has a size.
	Bytes int64
	Files int
}

// Sized returns the points that have a size.
func (h *History) Sized() []Point {
	var sized []Point
	for _, p := range h.Points {
		if p.Err == nil {
			sized = append(sized, p)
		}
	}
	return sized
}

// Moves returns how much each commit changed what is sent, the most bytes first,
// without those that changed nothing. The first point changes nothing.
func (h *History) Moves() []Move {
	var moves []Move
	sized := h.Sized()
	for i := 1; i < len(sized); i++ {
		p, before := &sized[i], &sized[i-1]
		if p.SentBytes != before.SentBytes || p.SentFiles != before.SentFiles {
			moves = append(moves, Move{Point: p, Bytes: p.SentBytes - before.SentBytes, Files: p.SentFiles - before.SentFiles})
		}
	}
	slices.SortStableFunc(moves, func(a, b Move) int { return byChange(a.Bytes, b.Bytes, a.Files, b.Files) })
	return moves
}

// HistoryOptions says how far a history goes back.
type HistoryOptions struct {
	// Max is the most commits; 0 is any number. Since, where it is not zero, ends it
	// at the first commit that is older.
	Max   int
	Since time.Time
	// Progress, where set, is called with the number of commits measured so far.
	Progress func(commits int)
}

// History measures the context at HEAD and its first parents. Each commit is
// measured with its own Dockerfile and ignore file, and directories that are the
// same in several commits once. An error that is a [UsageError] means that a commit
// cannot be read.
func (r *Run) History(ctx context.Context, opts HistoryOptions) (*History, error) {
	repo, err := r.repository()
	if err != nil {
		return nil, err
	}
	h := &History{Context: r.Path, Title: r.Title(), Builder: r.Builder, Findings: []finding.Finding{}}
	then := past{Run: r, repo: repo}
	var last gitrepo.Commit
	for commit, err := range repo.FirstParents("HEAD") {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, gitError(err)
		}
		if opts.Max > 0 && len(h.Points) == opts.Max || commit.Time.Before(opts.Since) {
			h.Older = true
			break
		}
		p, err := then.point(ctx, commit)
		if err != nil {
			return nil, err
		}
		h.Points, last = append(h.Points, p), commit
		if opts.Progress != nil {
			opts.Progress(len(h.Points))
		}
	}
	slices.Reverse(h.Points)
	if last.Shallow && !h.Older {
		h.Older = true
		h.Findings = append(h.Findings, finding.Finding{
			ID: "shallow-clone", Severity: finding.Warning,
			Message: "the clone is shallow and ends here: there are older commits",
			Repair:  "git fetch --unshallow, or --deepen, gets them",
		})
	}
	for _, n := range then.notes {
		h.Findings = append(h.Findings, noteFindings(n)...)
	}
	finding.Sort(h.Findings)
	return h, nil
}

// past measures a context at one commit after another.
type past struct {
	*Run
	repo *gitrepo.Repo
	memo buildcontext.Memo
	// notes are those of the first commit that was measured.
	notes []gitrepo.Note
}

func (t *past) point(ctx context.Context, c gitrepo.Commit) (Point, error) {
	p := Point{Commit: c.ID, Subject: c.Subject, Time: c.Time}
	tree, err := t.repo.At(c.ID)
	if errors.Is(err, gitrepo.ErrNoContext) {
		p.Err = ErrNoContext
		return p, nil
	}
	if err != nil {
		return p, gitError(err)
	}
	run, err := t.at(t.repo, tree)
	if err == nil {
		p.Share, err = t.memo.Measure(ctx, tree, run.ContextRequest(run.Rules()))
		err = wrapRefusal(err)
	}
	if treeErr := tree.Err(); treeErr != nil {
		return p, gitError(treeErr)
	}
	if t.notes == nil {
		t.notes = tree.Notes()
	}
	if _, ok := errors.AsType[*UsageError](err); ok {
		p.Err, err = err, nil
	}
	return p, err
}
