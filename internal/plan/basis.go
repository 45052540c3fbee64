package plan

import (
	"context"
	"os"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/gitrepo"
	"github.com/ctxsize/ctxsize/suggest"
)

// Basis is the text that a fix adds suggestions to.
type Basis uint8

const (
	// AsIs is the ignore file as it is: every byte stays.
	AsIs Basis = iota
	// Repaired is the ignore file with every repair that lint knows, those that a
	// person must ask for, too.
	Repaired
	// Allowed is an allowlist of what the Dockerfiles read, before what is there.
	Allowed
	// Translated is what git ignores, before what is there.
	Translated
)

// String is the word of the JSON output, and of the flag.
func (b Basis) String() string {
	switch b {
	case Repaired:
		return "repair"
	case Allowed:
		return "allowlist"
	case Translated:
		return "from-gitignore"
	default:
		return ""
	}
}

// base makes the text that suggestions are added to, and returns the result under
// it with them. The rewrite, where there is one, knows what must not be lost.
func (f *Fix) base(ctx context.Context) (*Result, *suggest.Rewrite, error) {
	switch f.Basis {
	case Repaired:
		text, _, err := f.repair(ctx, f.Result)
		if err != nil {
			return nil, nil, err
		}
		base, err := f.proposed(ctx, text)
		return base, nil, err
	case Allowed:
		rewrite, err := f.allowlist()
		if err != nil {
			return nil, nil, err
		}
		base, err := f.under(ctx, rewrite.Text)
		if err != nil {
			return nil, nil, err
		}
		return base, rewrite, base.weigh(ctx, base.remaining(f.Suggestions))
	case Translated:
		rewrite, err := f.translation(ctx)
		if err != nil {
			return nil, nil, err
		}
		base, err := f.proposed(ctx, rewrite.Text)
		return base, rewrite, err
	default:
		_, _, err := f.repair(ctx, f.Result)
		return f.Result, nil, err
	}
}

// under is the result as it is with another text of the ignore file.
func (res *Result) under(ctx context.Context, text []byte) (*Result, error) {
	run, ignoreFile := *res.Run, *res.IgnoreFile
	base := &Result{Run: &run, Inventory: res.Inventory, artifacts: res.artifacts, others: res.others, known: res.known}
	var err error
	if base.Selection, ignoreFile.File, err = res.selectWith(ctx, res.Inventory, text); err != nil {
		return nil, err
	}
	run.IgnoreFile = &ignoreFile
	base.Measurement, err = buildcontext.Measure(base.Selection)
	return base, wrapRefusal(err)
}

// proposed is the result with another text, and what there is to suggest then.
func (res *Result) proposed(ctx context.Context, text []byte) (*Result, error) {
	res.facts() // what it gathers is the same for every text
	base, err := res.under(ctx, text)
	if err != nil {
		return nil, err
	}
	all, err := suggest.Propose(ctx, base.facts())
	if err != nil {
		return nil, err
	}
	return base, base.weigh(ctx, all)
}

// remaining returns the suggestions that still take something away. Inside an
// allowlist what was proposed before counts: what its exceptions open is not opened
// by a person.
func (res *Result) remaining(all []Suggestion) []suggest.Suggestion {
	var out []suggest.Suggestion
	for _, s := range all {
		for _, path := range s.Paths {
			if id, ok := res.Inventory.Lookup(path); ok && res.holdsEligible(id) {
				out = append(out, s.Suggestion)
				break
			}
		}
	}
	return out
}

// holdsEligible tells whether an entry is eligible, or something below it is.
func (res *Result) holdsEligible(id buildcontext.ID) bool {
	found := res.Selection.Eligible(id)
	if sub, ok := res.Inventory.Dir(id); ok {
		res.Inventory.Walk(sub, func(id buildcontext.ID, _ string) bool {
			found = found || res.Selection.Eligible(id)
			return !found
		})
	}
	return found
}

// translation makes rules of the .gitignore files, of the context and above it.
func (f *Fix) translation(ctx context.Context) (*suggest.Rewrite, error) {
	facts := f.facts()
	var above []suggest.Gitignore
	if repo, err := gitrepo.Open(f.Root); err == nil {
		for _, a := range repo.Above() {
			data, err := os.ReadFile(a.Path)
			if err != nil {
				continue // git takes it for empty
			}
			up := strings.Repeat("../", strings.Count(a.Below, "/")+1)
			above = append(above, suggest.Gitignore{Name: up + ".gitignore", Below: a.Below, Text: data})
		}
	}
	rewrite, err := suggest.FromGitignore(ctx, facts, f.IgnoreFile.File, above)
	if err != nil {
		return nil, err
	}
	if rewrite == nil {
		return nil, usage("ctxsize fix finds what need not be sent without them", "there is no .gitignore file with a rule for this context")
	}
	f.note(rewrite.Notes, func(n suggest.Note) bool { return n.File != "" })
	return rewrite, nil
}

// note makes findings of notes: warnings of what is not as somebody wants it.
func (f *Fix) note(notes []suggest.Note, warns func(suggest.Note) bool) {
	for _, n := range notes {
		found := finding.Finding{
			ID: f.Basis.String(), Severity: finding.Info, Path: n.Path, File: n.File, Line: n.Line, Message: n.Message,
		}
		switch {
		case n.Pattern != "":
			found.Message = n.Pattern + ": " + n.Message
		case n.Path != "":
			found.Message = n.Path + ": " + n.Message
		}
		if warns(n) {
			found.Severity = finding.Warning
		}
		f.Notes = append(f.Notes, found)
	}
}

// compare adds what a rewrite would lose, for any builder, and let through.
func (f *Fix) compare(rewrite *suggest.Rewrite) error {
	lost, back, err := rewrite.Compare(f.facts(), f.New)
	for _, path := range lost {
		f.Lost = append(f.Lost, Lost{Path: path, Why: "it is needed, and the new rules would keep it back"})
	}
	for _, path := range back {
		f.Lost = append(f.Lost, Lost{Path: path, Why: "it is kept back now, and an exception would let it through", Back: true})
	}
	return err
}
