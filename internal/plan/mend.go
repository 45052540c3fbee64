package plan

import (
	"context"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/lint"
)

// mended is one repair that was made.
type mended struct {
	// Finding says what was repaired. Its line is that of the file as it was at
	// first.
	lint.Finding
	// alone is the file with nothing else repaired, after the file after this and
	// all repairs before it.
	alone, after *ignore.File
}

// rounds is how often a file is looked at again: one repair may bring another to
// light.
const rounds = 32

// mender repairs the ignore file that was looked at. lint --fix and fix --repair
// differ only in what they ask of it.
type mender struct {
	*Lint
	// likely makes the repairs that a person must ask for, too.
	likely bool
	// strict lets no exception lose for a while what it is about: a repair that does
	// may be followed by one that moves the exception.
	strict bool
	// selections are those of the builders with some texts.
	selections map[question]*buildcontext.Selection
	// excepted is what the exceptions of such a selection bring back.
	excepted map[*buildcontext.Selection][]placed
}

// question is what a builder sends with a text.
type question struct {
	builder buildcontext.Builder
	file    *ignore.File
}

// mend follows the findings, and those that come to light, and returns the repairs
// in the order in which they are made. One that is said to change nothing is made
// only where that is so for every builder; any other only where the build loses
// nothing that an instruction names, or that an exception brings back.
func (l *Lint) mend(ctx context.Context, likely bool) ([]mended, error) {
	m := mender{Lint: l, likely: likely, strict: !likely, selections: map[question]*buildcontext.Selection{}, excepted: map[*buildcontext.Selection][]placed{}}
	all, err := m.all(ctx)
	if err != nil || m.strict || len(all) == 0 {
		return all, err
	}
	if m.strict = true; m.mayBecome(l.facts.File, all[len(all)-1].after, false) {
		return all, nil
	}
	return m.all(ctx)
}

// all makes one repair after another until nothing comes to light.
func (m *mender) all(ctx context.Context) ([]mended, error) {
	var all []mended
	file, findings := m.facts.File, m.Findings
	origin := make([]int, len(file.Lines))
	for i := range origin {
		origin[i] = i + 1
	}
	for range rounds {
		// What takes an idle line away waits until nothing else is to be repaired:
		// another repair may give the line its meaning back.
		isIdle := func(f lint.Finding) bool { return f.Likely && f.Keeps }
		done, edits, err := m.once(ctx, file, slices.DeleteFunc(slices.Clone(findings), isIdle))
		if err == nil && done == nil {
			done, edits, err = m.once(ctx, file, findings)
		}
		if err != nil {
			return nil, err
		}
		if done == nil {
			break
		}
		for _, d := range done {
			if d.Line > 0 {
				d.Line = origin[d.Line-1]
			}
			all = append(all, d)
		}
		origin = follow(origin, edits)
		facts := m.facts
		file = done[len(done)-1].after
		facts.File = file
		findings, _ = m.settle(file, lint.Check(facts), false)
	}
	return all, nil
}

// follow says which line each line of a file was at first, after some edits.
func follow(origin []int, edits []lint.Edit) []int {
	with := map[int]int{}
	for _, e := range edits {
		for _, c := range e {
			with[c.Line] = len(c.With)
		}
	}
	var next []int
	for i, line := range origin {
		n, changed := with[i+1]
		if !changed {
			n = 1
		}
		next = append(next, slices.Repeat([]int{line}, n)...)
	}
	return next
}

// once makes the edits of some findings about a file, one after another, each on
// lines that no other has changed.
func (m *mender) once(ctx context.Context, file *ignore.File, findings []lint.Finding) ([]mended, []lint.Edit, error) {
	var edits []lint.Edit
	var done []mended
	current := file
	for _, f := range findings {
		if f.Edit == nil || f.Likely && !m.likely || f.File != file.Name {
			continue
		}
		text, made := lint.Apply(file, append(slices.Clone(edits), f.Edit))
		if made <= len(edits) {
			continue
		}
		next, err := ignore.Parse(file.Name, text)
		if err != nil || !m.mayBecome(current, next, f.Keeps) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		d := mended{Finding: f, alone: next, after: next}
		if file == m.facts.File && len(edits) > 0 {
			text, _ := lint.Apply(file, []lint.Edit{f.Edit})
			if d.alone, err = ignore.Parse(file.Name, text); err != nil {
				return nil, nil, err
			}
		}
		edits, done, current = append(edits, f.Edit), append(done, d), next
	}
	return done, edits, nil
}

// mayBecome tells whether the file may have another text: where keeps is set, one
// that changes nothing.
func (m *mender) mayBecome(now, next *ignore.File, keeps bool) bool {
	builders := []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic}
	if !slices.Contains(builders, m.Builder) {
		builders = append(builders, m.Builder)
	}
	for _, b := range builders {
		before, refusedBefore := m.selectAs(b, now)
		after, refused := m.selectAs(b, next)
		switch {
		case refused != nil && refusedBefore == nil:
			return false
		case refused != nil:
			continue // as bad as before
		case refusedBefore != nil:
			before, refusedBefore = m.selectAs(b, readable(now))
			if refusedBefore != nil {
				continue
			}
		}
		if keeps {
			if !lint.Equal(before, after) {
				return false
			}
			continue // what changes nothing loses nothing
		}
		if emptiesMore(before, after) || m.strict && m.losesExcepted(b, after) || m.loses(before, after) {
			return false
		}
	}
	return true
}

// loses tells whether something that must stay is lost by a change, or nobody knows.
func (m *mender) loses(before, after *buildcontext.Selection) bool {
	asIs := *m.result
	asIs.Selection = before
	excepted, known := m.excepted[before]
	if !known {
		var err error
		if excepted, err = asIs.broughtBack(); err != nil {
			return true
		}
		m.excepted[before] = excepted
	}
	return len(asIs.lostOf(after, excepted)) > 0
}

// selectAs selects from the context as a builder does with an ignore file.
func (m *mender) selectAs(b buildcontext.Builder, file *ignore.File) (*buildcontext.Selection, error) {
	asked := question{b, file}
	if sel := m.selections[asked]; sel != nil {
		return sel, nil
	}
	request := m.ContextRequest(nil)
	request.Builder, request.Rules = b, ignore.Travelled(file.Rules())
	switch b {
	case m.Builder:
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
	sel, err := buildcontext.Select(m.result.Inventory, request)
	if err == nil {
		m.selections[asked] = sel
	}
	return sel, err
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

// losesExcepted tells whether a file is lost that an exception of the file as it was
// at first matches, whether or not anything before the exception ignores it:
// somebody wants it.
func (m *mender) losesExcepted(b buildcontext.Builder, after *buildcontext.Selection) bool {
	before, err := m.selectAs(b, m.facts.File)
	if err != nil {
		return false
	}
	var texts []string
	for _, r := range before.Rules() {
		if text, ok := strings.CutPrefix(r.Pattern, "!"); ok {
			texts = append(texts, text)
		}
	}
	excepted, err := ignore.Compile(ignore.Patterns(texts...))
	if texts == nil || err != nil {
		return false
	}
	loses := false
	inv := before.Inventory()
	inv.Each(0, func(in buildcontext.DirID, id buildcontext.ID) bool {
		if _, isDir := inv.Dir(id); !isDir && before.Eligible(id) && !after.Eligible(id) {
			d, err := excepted.Plain(inv.Path(in, id))
			loses = loses || err != nil || d.Ignored
		}
		return !loses
	})
	return loses
}
