package plan

import (
	"context"
	"errors"
	"fmt"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/gitrepo"
)

// Size is what one side of a comparison weighs.
type Size struct {
	Sent, Eligible buildcontext.Totals
	// WireBytes is what the builder prints of the context's own transfer; 0 where
	// there is none.
	WireBytes int64
}

// Comparison is a context beside itself at another time, like with like: what is
// compared of the present is what git tracks or would track (untracked, and not
// ignored by git).
type Comparison struct {
	// Context is the path as given, Title what people call it.
	Context, Title string
	Builder        buildcontext.Builder
	// Revision is the base as given, Commit its full id.
	Revision, Commit string
	// BaseFile is the baseline that the base is taken from; "" for a revision.
	BaseFile string
	// NowRevision and NowCommit are those of the other side; "" is the present.
	NowRevision, NowCommit string
	Base, Now              Size
	// Local is what is sent now and is in no revision, such as .git itself and what
	// git ignores: what the builder would be spared without it. LocalPaths is where
	// it lies, the most bytes first.
	Local      buildcontext.Saving
	LocalPaths []LocalPath
	// Dirs, Files and Rules are those that differ, the greatest change first.
	Dirs  []DirChange
	Files []FileChange
	Rules []RuleChange
	// Findings say where a number needs a word: a submodule, a file whose size a
	// checkout alone would know.
	Findings []finding.Finding
}

// SparseCheckout is the id of the finding that the work tree lacks files which git
// tracks, so that what is compared of the present is too little.
const SparseCheckout = "sparse-checkout"

// CompareOptions says how a comparison is made. The zero value is useful.
type CompareOptions struct {
	// Full, where set, is the context as it is, measured before; it is measured
	// where it is nil.
	Full *Result
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
	repo, err := r.repository()
	if err != nil {
		return nil, err
	}
	base, err := r.side(ctx, repo, rev)
	if err != nil {
		return nil, err
	}
	present, err := repo.Present(r.Source)
	if err != nil {
		return nil, gitError(err)
	}
	here := *r
	here.Source = present
	res, err := here.Measure(ctx, MeasureOptions{Progress: opts.Progress})
	if err != nil {
		return nil, err
	}
	full := opts.Full
	if full == nil {
		if full, err = r.Measure(ctx, MeasureOptions{Progress: opts.Progress}); err != nil {
			return nil, err
		}
	}
	c := r.compare(base, &side{Result: res, notes: present.Notes()}, opts.Depth)
	if repo.Sparse() {
		c.Findings = append(c.Findings, finding.Finding{
			ID: SparseCheckout, Severity: finding.Warning,
			Message: "the work tree is sparse: what it leaves out of the context counts as removed",
			Repair:  "git sparse-checkout disable, or compare two revisions",
		})
		finding.Sort(c.Findings)
	}
	c.Local, c.LocalPaths, err = full.local(present)
	return c, err
}

// Between compares the context at two revisions, as [Run.Against] does.
func (r *Run) Between(ctx context.Context, baseRev, nowRev string, opts CompareOptions) (*Comparison, error) {
	repo, err := r.repository()
	if err != nil {
		return nil, err
	}
	base, err := r.side(ctx, repo, baseRev)
	if err != nil {
		return nil, err
	}
	now, err := r.side(ctx, repo, nowRev)
	if err != nil {
		return nil, err
	}
	return r.compare(base, now, opts.Depth), nil
}

// side is one side of a comparison. Its Result is nil where the revision has no
// such context, or none that was built.
type side struct {
	*Result
	revision, commit string
	notes            []gitrepo.Note
	// noDockerfile tells that nothing was built of a context that is there.
	noDockerfile bool
}

// side measures the context at a revision.
func (r *Run) side(ctx context.Context, repo *gitrepo.Repo, rev string) (*side, error) {
	s := &side{revision: rev}
	tree, err := repo.At(rev)
	if errors.Is(err, gitrepo.ErrNoContext) {
		commit, err := repo.Commit(rev)
		s.commit = commit.ID
		return s, err
	}
	if err != nil {
		return nil, gitError(err)
	}
	s.commit = tree.Commit()
	run, err := r.at(repo, tree)
	if err == nil {
		s.Result, err = run.Measure(ctx, MeasureOptions{})
	}
	// A scan goes on where a directory cannot be read.
	if treeErr := tree.Err(); treeErr != nil {
		return nil, gitError(treeErr)
	}
	if err != nil {
		return nil, atRevision(rev, err)
	}
	s.notes = tree.Notes()
	return s, nil
}

// repository opens the repository of the context.
func (r *Run) repository() (*gitrepo.Repo, error) {
	repo, err := gitrepo.Open(r.Root)
	if errors.Is(err, gitrepo.ErrNone) {
		return nil, usage("name a context inside a git repository", "no git repository holds the context %q, and so there are no revisions of it", r.Path)
	}
	return repo, gitError(err)
}

// gitError says what to do about what git's repository does not give.
func gitError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gitrepo.ErrBare):
		return usage("name two revisions", "%w: there is no present to compare with", err)
	case errors.Is(err, gitrepo.ErrRevision):
		return usage("git log and git branch -a tell which there are; git fetch gets those of others", "%w", err)
	default:
		return &UsageError{Err: err}
	}
}

// atRevision says of an error at which revision it is met.
func atRevision(rev string, err error) error {
	if u, ok := errors.AsType[*UsageError](err); ok {
		return usage(u.Hint, "at %s: %w", rev, u.Err)
	}
	return fmt.Errorf("at %s: %w", rev, err)
}
