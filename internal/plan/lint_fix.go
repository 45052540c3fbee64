package plan

import (
	"context"
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/lint"
)

// Repair is a change of the ignore file that follows findings of lint.
type Repair struct {
	// Fix is the change; it is measured nowhere, and nothing of it is lost.
	*Fix
	// Done are the findings that the change follows, in the order in which it does.
	Done []lint.Finding
}

// rounds is how often a file is looked at again: one repair may bring another to
// light.
const rounds = 8

// Repair prepares the change that follows every finding whose repair is certain.
// One that is said to change nothing is followed only where that is so for every
// builder; any other only where the build loses nothing that an instruction
// names, or that an exception brings back.
func (l *Lint) Repair(ctx context.Context) (*Repair, error) {
	if l.IgnoreText == "-" || l.result == nil {
		return nil, usage("name a context or a file", "what comes from standard input cannot be repaired")
	}
	r := &Repair{Fix: &Fix{Result: l.result, File: l.IgnoreFileName()}}
	if l.facts.File == nil {
		return r, nil
	}
	var err error
	if r.Target, err = l.fixTarget(); err != nil {
		return nil, err
	}
	r.Old = l.facts.File.Bytes()
	file, findings := l.facts.File, l.Findings
	for range rounds {
		next, done, err := l.repairOnce(ctx, file, findings)
		if err != nil {
			return nil, err
		}
		if done == nil {
			break
		}
		r.Done = append(r.Done, done...)
		facts := l.facts
		facts.File, file = next, next
		findings, _ = l.settle(next, lint.Check(facts), false)
	}
	r.New = file.Bytes()
	return r, nil
}

// repairOnce makes the edits of some findings about a file, one after another,
// each on a line that no other has changed.
func (l *Lint) repairOnce(ctx context.Context, file *ignore.File, findings []lint.Finding) (*ignore.File, []lint.Finding, error) {
	var edits []lint.Edit
	var done []lint.Finding
	current := file
	for _, f := range findings {
		if f.Edit == nil || f.File != file.Name {
			continue
		}
		text, made := lint.Apply(file, append(slices.Clone(edits), f.Edit))
		if made <= len(edits) {
			continue
		}
		next, err := ignore.Parse(file.Name, text)
		if err != nil || !l.mayBecome(current, next, f.Keeps) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		edits, done, current = append(edits, f.Edit), append(done, f), next
	}
	return current, done, nil
}

// mayBecome tells whether the file may have another text: where keeps is set, one
// that changes nothing.
func (l *Lint) mayBecome(now, next *ignore.File, keeps bool) bool {
	for _, b := range []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic, l.Builder} {
		before, refusedBefore := l.selectAs(b, now)
		after, refused := l.selectAs(b, next)
		switch {
		case refused != nil && refusedBefore == nil:
			return false
		case refused != nil:
			continue // as bad as before
		case refusedBefore != nil:
			before, refusedBefore = l.selectAs(b, readable(now))
			if refusedBefore != nil {
				continue
			}
		}
		if keeps && !lint.Equal(before, after) || emptiesMore(before, after) {
			return false
		}
		asIs := *l.result
		asIs.Selection = before
		if lost, err := asIs.lost(after); err != nil || len(lost) > 0 {
			return false
		}
	}
	return true
}

// selectAs selects from the context as a builder does with an ignore file.
func (l *Lint) selectAs(b buildcontext.Builder, file *ignore.File) (*buildcontext.Selection, error) {
	request := l.ContextRequest(nil)
	request.Builder, request.Rules = b, ignore.Travelled(file.Rules())
	switch b {
	case l.Builder:
	case buildcontext.Podman:
		request.Include = []string{"/"}
	case buildcontext.BuildKit, buildcontext.Classic:
		request.Include = nil
	}
	if b == buildcontext.Podman {
		request.Rules = ignore.ParsePodman(file.Name, file.Bytes()).Rules()
	}
	if b == buildcontext.BuildKit {
		if err := ignore.TravelError(request.Rules); err != nil {
			return nil, err
		}
	}
	return buildcontext.Select(l.result.Inventory, request)
}

// readable is the file without the rules that Docker refuses.
func readable(file *ignore.File) *ignore.File {
	out := &ignore.File{Name: file.Name, Lines: slices.Clone(file.Lines)}
	for i, line := range out.Lines {
		rule := ignore.Rule{Pattern: line.Pattern}
		m, err := ignore.Compile([]ignore.Rule{rule})
		if err != nil || m.MayFail() || ignore.TravelError([]ignore.Rule{rule}) != nil {
			out.Lines[i].Pattern = ""
		}
	}
	return out
}

// emptiesMore tells whether a file is sent without its content that had one.
func emptiesMore(before, after *buildcontext.Selection) bool {
	for id := range buildcontext.ID(before.Inventory().Len()) {
		if after.Emptied(id) && !before.Emptied(id) {
			return true
		}
	}
	return false
}
