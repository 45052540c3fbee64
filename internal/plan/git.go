package plan

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/gitrepo"
	"github.com/ctxsize/ctxsize/suggest"
)

// askGit adds what git knows of the context. A repository that cannot be read
// makes suggestions more careful, and is told about.
func (res *Result) askGit(facts *suggest.Facts) {
	repo, err := gitrepo.Open(res.Root)
	if errors.Is(err, gitrepo.ErrNone) {
		return
	}
	var tracked *gitrepo.Tracked
	if err == nil {
		tracked, err = repo.Tracked()
	}
	switch {
	case errors.Is(err, gitrepo.ErrBare):
	case err != nil:
		facts.GitUnknown = true
		f := finding.Finding{
			ID: "git-unreadable", Severity: finding.Warning,
			Message: fmt.Sprintf("what git tracks is not known, so that little is suggested as safe: %v", err),
			Repair:  "git status says more",
		}
		if !slices.Contains(res.findings, f) { // it may be asked several times
			res.findings = append(res.findings, f)
		}
	default:
		facts.Tracked, facts.GitIgnored = tracked.Below, repo.Ignored
		res.gitIgnored = repo.Ignored
	}
}
