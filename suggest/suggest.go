package suggest

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// Knows tells whether what stands in this package ever asks about an entry because
// of its name, and of that of the directory which holds it ("" is the root):
// [Classify], [Propose] and [Secrets] walk only over what a scan noted for them (see
// [buildcontext.ScanOptions.Note]). It is safe for concurrent use.
func Knows(dir, name string) bool { return asked.knows(dir, name) }

// asked has the names of all that is asked about, so that a name is looked up
// once: it is done for every entry of a context.
var asked = func() *index {
	x := newIndex(catalogue)
	x.addSecrets()
	for _, n := range x.marked {
		x.add(newNamed(nil, n.rule.mark))
	}
	return x
}()

// Confidence says who decides about a suggestion.
type Confidence uint8

const (
	// Review is for a person to decide.
	Review Confidence = iota
	// Safe suggestions are written without a question: each path is proved, read
	// by no instruction by name, and not tracked.
	Safe
)

// Safe tells whether the suggestion may be followed without a question.
func (c Confidence) Safe() bool { return c == Safe }

// String returns the word of the JSON output.
func (c Confidence) String() string {
	if c == Safe {
		return "safe"
	}
	return "review"
}

// Suggestion is one line for the ignore file.
type Suggestion struct {
	// ID is that of the rule. Several suggestions have the same where one
	// pattern cannot say what was proved.
	ID string
	// Title names the artifact for people.
	Title string
	// Pattern is the line as it is written.
	Pattern    string
	Class      Class
	Confidence Confidence
	// Volatile tells that such artifacts change between builds, so that a COPY which
	// reads them is never cached.
	Volatile bool
	// Why says in one sentence all of the evidence.
	Why string
	Evidence
	// Risk is what may go wrong; "" for nothing known.
	Risk string
	// Paths are what would go, sorted: the roots of artifacts. The pattern
	// catches nothing else, but for what lies below the paths of another safe
	// suggestion.
	Paths []string
	// Partial tells that exceptions of the ignore file may bring back some of what
	// lies below Paths.
	Partial bool
	// Bytes and Files count the eligible regular files that go, of the names of
	// one file only one.
	Bytes int64
	Files int
}

// Propose returns what need not be in the context, the most bytes first. It looks
// at what is eligible, so that the suggestions hold for every builder. Once the safe
// ones are followed, none is left. The error is that of the context or of a source
// that fails.
func Propose(ctx context.Context, facts Facts) ([]Suggestion, error) {
	p, all, err := proposeOnce(ctx, facts)
	if err == nil && len(p.exceptions) > 0 && len(p.unsayable) > 0 {
		all, err = p.more(ctx, all)
	}
	if err != nil {
		return nil, err
	}
	all = p.withoutTaken(all)
	for i := range all {
		all[i].Bytes, all[i].Files, all[i].Partial = p.weigh(all[i].Paths)
	}
	slices.SortFunc(all, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Pattern, b.Pattern), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// proposeOnce returns suggestions that are good together. What was given up for that
// is unsayable for the proposer.
func proposeOnce(ctx context.Context, facts Facts) (*proposer, []Suggestion, error) {
	k, err := newKeeper(&facts)
	if err != nil {
		return nil, nil, err
	}
	reader := newReader(k.inv, facts.Source, facts.Selection.Eligible)
	k.needsGit = sync.OnceValue(func() string { return whyGit(reader, facts.Runs) })
	for {
		p := &proposer{keeper: k, reader: reader, best: map[string]verdict{}, lenient: len(k.exceptions) > 0}
		f := finder{ctx: ctx, reader: reader, contents: true, deep: p.lenient, judge: k.judge, found: p.found, misfits: map[*named][]misfit{}}
		if err := f.walk(0, false, nil); err != nil {
			return nil, nil, err
		}
		p.take(f.misfits)
		all, ok, err := p.verified()
		if err != nil {
			return nil, nil, err
		}
		if !ok || p.unsaid(all) || p.said(all) {
			continue // what was given up was not looked into
		}
		return p, all, nil
	}
}
