package suggest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// Gitignore is a file of ignore rules of git's that does not lie in the context.
type Gitignore struct {
	// Name is what notes call it.
	Name string
	// Below is the way from the directory that its patterns are about to the
	// context; "" where they are one.
	Below string
	Text  []byte
}

// gitignoreName is what git's files of ignore rules are called.
const gitignoreName = ".gitignore"

// gitignoreComment stands above what [FromGitignore] writes.
const gitignoreComment = "# From .gitignore"

// maxRescued is how many paths are brought back one by one; where there are more,
// the two sets of rules do not agree, and the text is not worth writing.
const maxRescued = 50

// FromGitignore returns an ignore file that ignores what git ignores: the rules of
// every .gitignore file of the context, and of those that lie elsewhere, the
// weakest first (core.excludesFile, .git/info/exclude, then those of directories
// above the context from the top down). Patterns are anchored as git means them.
// What git tracks all the same, what git does not ignore, and what an instruction
// names is brought back by name; where Docker cannot say what git does, a note
// tells. The rules of a person stand behind and have the last word. It returns nil
// where no file has a rule.
func FromGitignore(ctx context.Context, facts Facts, file *ignore.File, elsewhere []Gitignore) (*Rewrite, error) {
	if file == nil {
		file = &ignore.File{}
	}
	g := translator{facts: &facts, inv: facts.Selection.Inventory()}
	for _, f := range elsewhere {
		g.file(f.Name, "", f.Below, f.Text)
	}
	g.found(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(g.lines) == 0 {
		return nil, nil
	}
	g.directoriesOnly()
	n, err := neededBy(&facts)
	if err != nil {
		return nil, err
	}
	if err := g.rescue(n); err != nil {
		return nil, err
	}
	text := prepend(file, gitignoreComment, g.texts())
	return &Rewrite{Text: text, Notes: g.notes, needed: n.exist, tooMany: g.tooMany}, nil
}

// translator makes rules of Docker's from rules of git's.
type translator struct {
	facts *Facts
	inv   *buildcontext.Inventory
	lines []translated
	notes []Note
	// tooMany are paths that would be lost, and are too many to be brought back.
	tooMany []string
}

// translated is one line for the ignore file.
type translated struct {
	gitPattern
	note Note // says where it comes from
}

func (t *translated) line() string {
	if t.exception {
		return "!" + t.text
	}
	return t.text
}

// texts returns the lines without those that an earlier one says already.
func (g *translator) texts() []string {
	var lines []string
	since := 0 // an exception stands before
	for _, l := range g.lines {
		line := l.line()
		if slices.Contains(lines[since:], line) {
			continue
		}
		if lines = append(lines, line); l.exception {
			since = len(lines)
		}
	}
	return lines
}

// file translates one file, whose patterns are about a directory of the context.
func (g *translator) file(name, dir, below string, text []byte) {
	text = bytes.TrimPrefix(text, []byte(bom))
	number := 0
	for line := range bytes.Lines(text) {
		number++
		p, why := readGitPattern(string(line), dir, below)
		note := Note{File: name, Line: number, Pattern: strings.TrimRight(string(line), "\r\n")}
		if p.text != "" && why == "" {
			if _, ok := compile(p.text); !ok {
				why = "no builder could read it"
			}
		}
		if why != "" {
			note.Message = "left out: " + why
			g.notes = append(g.notes, note)
			continue
		}
		if p.text != "" {
			at := g.place(p)
			g.lines = slices.Insert(g.lines, at, translated{p, note})
		}
	}
}

// place returns where a rule goes: at the end, but for an exception that names a
// directory. To git it says nothing of what lies in there, and to Docker it brings back
// all of that: the rules for what lies in there come behind it (/tmp/*, /tmp/pids/*,
// !/tmp/pids/ is what Rails writes).
func (g *translator) place(p gitPattern) int {
	end := len(g.lines)
	if !p.exception || strings.ContainsAny(p.text, `*?[\`) {
		return end
	}
	at := end
	for i, l := range slices.Backward(g.lines) {
		if m, _ := compile(l.text); catches(m, p.text) {
			return at // it decides about the directory itself
		}
		if !l.exception && (strings.HasPrefix(l.text, p.text+"/") || strings.HasPrefix(l.text, "**/")) {
			at = i
		}
	}
	return end
}

// found translates the .gitignore files of the context, from the top down. Those
// in directories that git ignores count for nothing.
func (g *translator) found(ctx context.Context) {
	type place struct {
		id   buildcontext.ID
		path string
	}
	var files []place
	g.inv.Walk(0, func(id buildcontext.ID, path string) bool {
		if _, isDir := g.inv.Dir(id); isDir {
			return ctx.Err() == nil && !foreign[g.inv.Name(id)] && (g.facts.GitIgnored == nil || !g.facts.GitIgnored(path, true))
		}
		if g.inv.Name(id) == gitignoreName && g.inv.Mode(id).IsRegular() {
			files = append(files, place{id, path})
		}
		return true
	})
	slices.SortStableFunc(files, func(a, b place) int {
		return cmp.Compare(strings.Count(a.path, "/"), strings.Count(b.path, "/"))
	})
	r := newReader(g.inv, g.facts.Source, func(buildcontext.ID) bool { return true })
	for _, f := range files {
		dir := strings.TrimSuffix(strings.TrimSuffix(f.path, gitignoreName), "/")
		g.file(f.path, dir, "", r.read(f.id, f.path, manifestSize))
	}
}

// directoriesOnly looks for what git would not match because it is no directory,
// and then names what lies in the directories instead.
func (g *translator) directoriesOnly() {
	var matchers []*ignore.Matcher
	var lines []*translated
	for i := range g.lines {
		if l := &g.lines[i]; l.dirOnly {
			m, _ := compile(l.text) // it did before
			matchers = append(matchers, m)
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 {
		return
	}
	g.inv.Walk(0, func(id buildcontext.ID, path string) bool {
		if g.inv.Mode(id).IsDir() {
			return true
		}
		for i, l := range lines {
			if l.dirOnly && (strings.ContainsAny(l.last, `*?[\`) || l.last == g.inv.Name(id)) && matchesItself(matchers[i], path) {
				l.dirOnly = false
				if l.exception {
					note := l.note
					note.Path, note.Message = path, "Docker cannot say that only directories are meant: this comes back, too"
					g.notes = append(g.notes, note)
					continue
				}
				l.text += "/**"
			}
		}
		return true
	})
}

// rescue brings back by name what the rules ignore and must not: what git tracks
// or does not ignore, and what an instruction names.
func (g *translator) rescue(n *needed) error {
	m, err := ignore.Compile(ignore.Patterns(g.texts()...))
	if err != nil {
		return err
	}
	isIgnored := func(path string) bool { return walkIgnores(m, path) || catches(m, path) }
	back := slices.DeleteFunc(slices.Clone(n.literal), func(path string) bool { return !isIgnored(path) })
	for _, path := range n.exist {
		if !isIgnored(path) {
			continue
		}
		// An exception for a directory counts for what lies in it only where the
		// directory itself is ignored.
		if dir := fixedPart(path, n.paths); isIgnored(dir) {
			path = dir
		}
		back = append(back, path)
	}
	for _, path := range outermost(back) {
		g.bringBack(path, "an instruction of the Dockerfile names it")
	}
	if g.facts.GitIgnored != nil {
		g.disagreements(m)
	}
	return nil
}

// fixedPart returns the path of what is needed that holds path.
func fixedPart(path string, needed []string) string {
	for _, p := range needed {
		if path == p || strings.HasPrefix(path, p+"/") {
			return p
		}
	}
	return path
}

func (g *translator) bringBack(path, why string) {
	g.lines = append(g.lines, translated{gitPattern: gitPattern{exception: true, text: exceptionFor(path)}})
	g.notes = append(g.notes, Note{Pattern: "!" + exceptionFor(path), Path: path, Message: "brought back: " + why})
}

// disagreements compares what the rules ignore with what git ignores.
func (g *translator) disagreements(m *ignore.Matcher) {
	type odd struct{ path, why string }
	var lost []odd
	var missed []string
	var walk func(dir buildcontext.DirID, state *ignore.State)
	walk = func(dir buildcontext.DirID, state *ignore.State) {
		first, count := g.inv.Entries(dir)
		for id := first; id < first+count; id++ {
			path := g.inv.DirPath(dir) + g.inv.Name(id)
			sub, isDir := g.inv.Dir(id)
			if path == ".git" {
				continue
			}
			byGit := g.facts.GitIgnored(path, isDir)
			tracked := g.facts.Tracked != nil && g.facts.Tracked(path)
			if !isDir {
				d, err := m.Entry(state, g.inv.Name(id))
				switch {
				case err != nil:
				case d.Ignored && tracked:
					lost = append(lost, odd{path, "git tracks it"})
				case d.Ignored && !byGit:
					lost = append(lost, odd{path, "git does not ignore it"})
				case !d.Ignored && byGit && !tracked:
					missed = append(missed, path)
				}
				continue
			}
			d, below, err := m.Enter(state, g.inv.Name(id))
			if err != nil {
				continue
			}
			if d.Ignored && byGit && !tracked && !g.exceptions() {
				continue // both leave out all of it
			}
			walk(sub, below)
		}
	}
	walk(0, m.Root())
	if len(lost) > maxRescued {
		for _, o := range lost {
			g.tooMany = append(g.tooMany, o.path)
		}
		return
	}
	for _, o := range lost {
		g.bringBack(o.path, o.why)
	}
	if len(missed) > 0 {
		note := Note{Path: missed[0], Message: "git ignores this, and what was translated does not"}
		if more := len(missed) - 1; more > 0 {
			note.Message += fmt.Sprintf(" (so with %d more)", more)
		}
		g.notes = append(g.notes, note)
	}
}

// exceptions tells whether a line brings something back.
func (g *translator) exceptions() bool {
	return slices.ContainsFunc(g.lines, func(l translated) bool { return l.exception })
}
