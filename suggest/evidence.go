package suggest

import (
	"fmt"
	"slices"
	"strings"
)

// Evidence is what speaks for a suggestion, and against it. Where it has several
// paths, Proof, GitIgnores and Doubts are those of one of them.
type Evidence struct {
	// Proof is the marker, header or name that proves it.
	Proof string
	// Again is what makes it again; "" where nobody knows.
	Again string
	// Unnamed tells that there are instructions that read the context, and that
	// none of the Dockerfile's names it.
	Unnamed bool
	// GitIgnores tells that git ignores it, and Untracked that there is a
	// repository in which it tracks nothing of it.
	GitIgnores, Untracked bool
	// Doubts are why it is no better than review, if the rule is not.
	Doubts []string
}

func (p *proposer) evidenceOf(c *candidate, paths []string) Evidence {
	e := Evidence{Proof: c.evidence, Again: c.rule.Again, Unnamed: len(p.Reads) > 0 && !c.mentioned, Doubts: c.reasons}
	if len(paths) > 1 {
		e.Proof += fmt.Sprintf(" (%d found)", len(paths))
	}
	_, isDir := p.keeper.inv.Dir(c.id)
	e.GitIgnores = p.GitIgnored != nil && p.GitIgnored(c.path, isDir)
	e.Untracked = p.Tracked != nil && !slices.ContainsFunc(paths, p.Tracked)
	return e
}

func (e Evidence) sentence() string {
	parts := []string{e.Proof}
	if e.Again != "" {
		parts = append(parts, e.Again+" makes it again")
	}
	if e.Unnamed {
		parts = append(parts, "no instruction names it")
	}
	switch {
	case e.GitIgnores:
		parts = append(parts, "git ignores it")
	case e.Untracked:
		parts = append(parts, "git does not track it")
	}
	why := strings.Join(parts, "; ")
	if len(e.Doubts) > 0 {
		why += "; but " + strings.Join(e.Doubts, " and ")
	}
	return why
}
