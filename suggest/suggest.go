package suggest

import (
	"cmp"
	"context"
	"slices"
	"sync"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
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

// Facts are what is known of a context and of the builds that use it.
type Facts struct {
	// Source opens markers and headers. Only eligible files whose name makes
	// them candidates, and the manifests of the project, are opened, and little
	// of each is read.
	Source buildcontext.Source
	// Selection says what is eligible, and for [Secrets] what is sent. It need
	// not be completed.
	Selection *buildcontext.Selection
	// Reads are those of every stage and every target of every Dockerfile that
	// uses this context.
	Reads []buildcontext.Read
	// Runs are the RUN instructions of these Dockerfiles.
	Runs []Run
	// Uses are what these Dockerfiles say of the running container.
	Uses []Use
	// Tracked tells whether git tracks the path or anything below it; nil where
	// there is no repository.
	Tracked func(path string) bool
	// GitUnknown tells that there is a repository which could not be read: then
	// only caches, editor and version control metadata are safe.
	GitUnknown bool
	// GitIgnored tells whether git ignores the path; nil where nobody knows.
	GitIgnored func(path string, dir bool) bool
	// BuildFiles are the Dockerfiles and the ignore file, where they lie in the
	// context. They are never proposed.
	BuildFiles []string
	// Accepted tells whether a person wants the artifact at a path to stay; nil for
	// none.
	Accepted func(r *Rule, path string) bool
	// Without are the ids of rules whose artifacts a person wants to stay.
	Without []string
}

// Run is one instruction, mostly a RUN.
type Run struct {
	// File and Line say where it stands.
	File string
	Line int
	// Text is the instruction with its here-documents.
	Text string
}

// Use is an ENV, ENTRYPOINT, CMD or HEALTHCHECK instruction: it names what the
// container must hold, and reads nothing of the context.
type Use struct {
	Run
	// Makers are the RUN instructions of the stages that the container is made of
	// up to here, and their COPY instructions that take from other images.
	Makers []Run
}

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
// at what is eligible, so that the suggestions hold for every builder. The error
// is that of the context or of a source that fails.
func Propose(ctx context.Context, facts Facts) ([]Suggestion, error) {
	k, err := newKeeper(&facts)
	if err != nil {
		return nil, err
	}
	reader := newReader(k.inv, facts.Source, facts.Selection.Eligible)
	k.needsGit = sync.OnceValue(func() string { return whyGit(reader, facts.Runs) })
	for {
		p := proposer{keeper: k, reader: reader, best: map[string]verdict{}, lenient: len(k.exceptions) > 0}
		f := finder{ctx: ctx, reader: reader, deep: p.lenient, judge: k.judge, found: p.found, misfits: map[*named][]misfit{}}
		if err := f.walk(0, false); err != nil {
			return nil, err
		}
		p.take(f.misfits)
		all, ok, err := p.verified()
		if err != nil {
			return nil, err
		}
		if !ok || p.unsaid(all) || p.said(all) {
			continue // what was given up was not looked into
		}
		for i := range all {
			all[i].Bytes, all[i].Files, all[i].Partial = p.weigh(all[i].Paths)
		}
		slices.SortFunc(all, func(a, b Suggestion) int {
			return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Pattern, b.Pattern), cmp.Compare(a.ID, b.ID))
		})
		return all, nil
	}
}

// proposer gathers candidates and turns them into patterns.
type proposer struct {
	*keeper
	*reader
	all  []candidate
	best map[string]verdict // by path, the best of all rules
	// lenient lets a pattern catch what an exception brings back, since the
	// pattern will stand before it. Whether that is enough, verified tells.
	lenient bool
}

// found notes the candidates of one entry. What goes is not entered: whatever
// lies there goes as well.
func (p *proposer) found(_ buildcontext.ID, path string, all []candidate) bool {
	enter := true
	for _, c := range all {
		p.best[path] = max(p.best[path], c.verdict)
		enter = enter && c.verdict != goes
	}
	p.all = append(p.all, all...)
	return enter
}

// take adds entries of the wrong kind for the names that will make a pattern: it
// must not catch them.
func (p *proposer) take(misfits map[*named][]misfit) {
	for _, c := range p.all {
		if c.verdict == stays {
			continue
		}
		for _, m := range misfits[c.named] {
			path := p.reader.inv.DirPath(m.dir) + p.reader.inv.Name(m.id)
			p.all = append(p.all, candidate{named: c.named, id: m.id, path: path})
		}
		delete(misfits, c.named)
	}
}

// suggestions makes lines of the candidates, rule by rule and name by name.
func (p *proposer) suggestions() []Suggestion {
	byName := map[*named][]candidate{}
	var order []*named
	for _, c := range p.all {
		if byName[c.named] == nil {
			order = append(order, c.named)
		}
		byName[c.named] = append(byName[c.named], c)
	}
	var all []Suggestion
	for _, n := range order {
		for _, v := range []verdict{goes, review} {
			all = append(all, p.linesFor(n, byName[n], v)...)
		}
	}
	return all
}

func (p *proposer) linesFor(n *named, candidates []candidate, v verdict) []Suggestion {
	c := cover{name: n, spare: p.keeper.named(), avoid: p.avoid(n)}
	byPath := map[string]*candidate{}
	for i := range candidates {
		cand := &candidates[i]
		byPath[cand.path] = cand
		switch {
		case cand.verdict == v:
			c.want = append(c.want, cand.path)
		case p.lenient && cand.excepted:
		case p.best[cand.path] < v:
			c.spare = append(c.spare, cand.path)
		}
	}
	var all []Suggestion
	for _, l := range c.lines() {
		s := Suggestion{
			ID: n.rule.ID, Title: n.rule.Title, Class: n.rule.Class, Risk: n.rule.Risk,
			Pattern: l.pattern, Paths: l.catches, Confidence: Review, Volatile: n.rule.Class.volatile(),
		}
		if v == goes {
			s.Confidence = Safe
		}
		first := byPath[s.Paths[0]]
		if v == review {
			// What is proved beyond doubt goes with a pattern for review, too.
			m, _ := compile(l.pattern)
			for path, cand := range byPath {
				if cand.verdict == goes && catches(m, path) {
					s.Paths = append(s.Paths, path)
				}
			}
		}
		slices.Sort(s.Paths)
		if !p.anything(s.Paths...) {
			continue
		}
		s.Evidence = p.evidenceOf(first, s.Paths)
		s.Why = s.Evidence.sentence()
		all = append(all, s)
	}
	return all
}

// unsaid makes the artifacts stay that no safe suggestion catches, because no
// pattern says them without catching something else, and tells whether there are
// any. One that the pattern for something else catches becomes a path of that.
func (p *proposer) unsaid(all []Suggestion) bool {
	said := map[string]bool{}
	patterns := make([]*ignore.Matcher, len(all))
	for i, s := range all {
		if s.Confidence != Safe {
			continue
		}
		patterns[i], _ = compile(s.Pattern)
		for _, path := range s.Paths {
			said[path] = true
		}
	}
	found := false
	for _, c := range p.all {
		if c.verdict != goes || said[c.path] || !p.anything(c.path) {
			continue
		}
		said[c.path] = true
		i := slices.IndexFunc(patterns, func(m *ignore.Matcher) bool { return m != nil && catches(m, c.path) })
		if i < 0 {
			p.unsayable[c.path] = true
			found = true
			continue
		}
		all[i].Paths = append(all[i].Paths, c.path)
	}
	for i := range all {
		slices.Sort(all[i].Paths)
	}
	return found
}

// said gives up the directories of logs whose every file another pattern catches,
// for a line less, and tells whether there are any.
func (p *proposer) said(all []Suggestion) bool {
	var others []*ignore.Matcher
	for _, s := range all {
		if m, ok := compile(s.Pattern); ok && s.Confidence == Safe && s.ID != logDirectoryID {
			others = append(others, m)
		}
	}
	found := false
	for _, s := range all {
		if s.ID != logDirectoryID || s.Confidence != Safe {
			continue
		}
		for _, dir := range s.Paths {
			if p.everyFileCaught(dir, others) {
				p.unsayable[dir] = true
				found = true
			}
		}
	}
	return found
}

// everyFileCaught tells whether some patterns catch every file below a directory.
func (p *proposer) everyFileCaught(dir string, patterns []*ignore.Matcher) bool {
	inv := p.keeper.inv
	id, ok := inv.Lookup(dir)
	if !ok {
		return false
	}
	sub, isDir := inv.Dir(id)
	every := isDir
	inv.Walk(sub, func(id buildcontext.ID, path string) bool {
		every = every && (inv.Mode(id).IsDir() || slices.ContainsFunc(patterns, func(m *ignore.Matcher) bool { return catches(m, path) }))
		return every
	})
	return every
}

// weigh adds up what is eligible at and below some paths, and tells whether
// exceptions bring anything there back.
func (p *proposer) weigh(paths []string) (bytes int64, files int, partial bool) {
	seen := map[uint64]bool{}
	partial = p.each(paths, func(id buildcontext.ID) bool {
		if !p.keeper.inv.Mode(id).IsRegular() {
			return true
		}
		files++
		if inode := p.keeper.inv.Inode(id); inode != 0 {
			if seen[inode] {
				return true
			}
			seen[inode] = true
		}
		bytes += p.keeper.inv.Size(id)
		return true
	})
	return bytes, files, partial
}

// anything tells whether something goes with the paths; with an empty directory
// nothing does.
func (p *proposer) anything(paths ...string) bool {
	found := false
	p.each(paths, func(id buildcontext.ID) bool {
		found = !p.keeper.inv.Mode(id).IsDir()
		return !found
	})
	return found
}

// each visits what goes with some paths, until visit returns false: what is
// eligible, but for what exceptions bring back. It tells whether they may have.
func (p *proposer) each(paths []string, visit func(id buildcontext.ID) bool) (partial bool) {
	for _, root := range paths {
		id, ok := p.keeper.inv.Lookup(root)
		if !ok {
			continue
		}
		g := going{keeper: p.keeper, visit: visit}
		if !g.start(root) {
			g.slowly(id, root)
		} else {
			g.entry(id, g.root)
		}
		partial = partial || g.partial
		if g.stopped {
			break
		}
	}
	return partial
}
