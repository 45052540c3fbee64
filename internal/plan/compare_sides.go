package plan

import (
	"cmp"
	"fmt"
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/gitrepo"
)

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

// compare puts two measured sides beside each other. Where the base alone lacks a
// Dockerfile, nothing was built of it: if what is eligible counted as sent there,
// it would hide how much is sent since.
func (r *Run) compare(base, now *side, depth int) *Comparison {
	if base.unbuilt() && !now.unbuilt() {
		base.Result, base.notes, base.noDockerfile = nil, nil, true
	}
	c := &Comparison{
		Context: r.Path, Title: r.Title(), Builder: r.Builder,
		Revision: base.revision, Commit: base.commit,
		NowRevision: now.revision, NowCommit: now.commit,
		Base: base.size(), Now: now.size(),
		Rules: changedRules(base.rules(), now.rules()),
	}
	d := differ{base: base.Result, now: now.Result}
	root := d.pair(".", dirOf(base.Result), dirOf(now.Result))
	c.Dirs, c.Files = sortedChanges(root.changes(max(depth, 1))), d.files
	slices.SortStableFunc(c.Files, func(a, b FileChange) int {
		return byChange(a.NowBytes-a.BaseBytes, b.NowBytes-b.BaseBytes, 0, 0)
	})
	c.Findings = append(append([]finding.Finding{}, base.find()...), now.find()...)
	finding.Sort(c.Findings)
	c.Findings = slices.Compact(c.Findings)
	return c
}

// sortedChanges puts the greatest change first.
func sortedChanges(all []DirChange) []DirChange {
	slices.SortStableFunc(all, func(a, b DirChange) int {
		return byChange(a.NowBytes-a.BaseBytes, b.NowBytes-b.BaseBytes, a.NowFiles-a.BaseFiles, b.NowFiles-b.BaseFiles)
	})
	return all
}

// byChange puts the greater change of bytes first, then that of files.
func byChange(aBytes, bBytes int64, aFiles, bFiles int) int {
	return cmp.Or(cmp.Compare(magnitude(bBytes), magnitude(aBytes)), cmp.Compare(magnitude(bFiles), magnitude(aFiles)))
}

func magnitude[N int | int64](n N) N { return max(n, -n) }

// unbuilt tells whether a side has a context and no Dockerfile.
func (s *side) unbuilt() bool { return s.Result != nil && s.Dockerfile.Missing }

// size returns what a side weighs; nothing where there is no context.
func (s *side) size() Size {
	if s.Result == nil {
		return Size{}
	}
	return Size{Sent: s.Measurement.Sent, Eligible: s.Measurement.Eligible, WireBytes: s.ContextWire()}
}

// ruleWeight is a rule with what it keeps back.
type ruleWeight struct {
	ignore.Rule
	buildcontext.Totals
}

func (s *side) rules() []ruleWeight {
	if s.Result == nil {
		return nil
	}
	var all []ruleWeight
	for i, rule := range s.Selection.Rules() {
		all = append(all, ruleWeight{rule, s.Measurement.Rules[i]})
	}
	return all
}

// changedRules pairs the rules of two ignore files, and returns those that were
// added or removed or keep back more or less.
func changedRules(base, now []ruleWeight) []RuleChange {
	var all []RuleChange
	for _, n := range now {
		change := RuleChange{Pattern: n.Pattern, NowFile: n.File, NowLine: n.Line, NowBytes: n.Bytes, NowFiles: n.Files}
		i := slices.IndexFunc(base, func(b ruleWeight) bool { return b.Pattern == n.Pattern })
		if i >= 0 {
			b := base[i]
			change.BaseFile, change.BaseLine, change.BaseBytes, change.BaseFiles = b.File, b.Line, b.Bytes, b.Files
			base = slices.Delete(slices.Clone(base), i, i+1)
			if b.Totals == n.Totals {
				continue
			}
		}
		all = append(all, change)
	}
	for _, b := range base {
		all = append(all, RuleChange{Pattern: b.Pattern, BaseFile: b.File, BaseLine: b.Line, BaseBytes: b.Bytes, BaseFiles: b.Files})
	}
	slices.SortStableFunc(all, func(a, b RuleChange) int {
		return byChange(a.NowBytes-a.BaseBytes, b.NowBytes-b.BaseBytes, a.NowFiles-a.BaseFiles, b.NowFiles-b.BaseFiles)
	})
	return all
}

// find says which numbers of a side need a word.
func (s *side) find() []finding.Finding {
	at := "now"
	if s.revision != "" {
		at = "at " + s.revision
	}
	switch {
	case s.noDockerfile:
		return []finding.Finding{{
			ID: "no-dockerfile", Severity: finding.Warning,
			Message: at + " there is no Dockerfile, and so nothing was sent: the context counts as empty",
		}}
	case s.Result == nil:
		return []finding.Finding{{
			ID: "context-not-in-revision", Severity: finding.Warning,
			Message: at + " there is no such context: it counts as empty",
		}}
	}
	var all []finding.Finding
	if s.Dockerfile.Missing {
		all = append(all, finding.Finding{
			ID: "no-dockerfile", Severity: finding.Warning, File: s.Dockerfile.Name,
			Message: at + " there is no Dockerfile: what is eligible counts as sent",
		})
	}
	for _, n := range s.notes {
		id, ok := s.Inventory.Lookup(n.Path)
		if !ok || !s.Selection.Eligible(id) && !s.Selection.Sent(id) {
			continue
		}
		all = append(all, noteFindings(n)...)
	}
	return all
}

// noteFindings says of a path which word its size in a revision needs, if any.
func noteFindings(n gitrepo.Note) []finding.Finding {
	f := finding.Finding{Path: n.Path, Severity: finding.Warning}
	switch n.Kind {
	case gitrepo.Submodule:
		f.ID, f.Severity = "submodule", finding.Info
		f.Message = fmt.Sprintf("the submodule %q counts as an empty directory: what is in it is in no revision of this repository", n.Path)
	case gitrepo.Filtered:
		f.ID = "size-in-repository"
		f.Message = fmt.Sprintf("a checkout makes something else of %q by the filter %q, which is not run: its size is that in the repository", n.Path, n.Detail)
	case gitrepo.Encoded:
		f.ID = "size-in-repository"
		f.Message = fmt.Sprintf("a checkout writes %q in the encoding %s: its size is that in UTF-8", n.Path, n.Detail)
	case gitrepo.LFS: // its size is known
		return nil
	}
	return []finding.Finding{f}
}
