package suggest

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// allowComment stands above what [Allowlist] writes.
const allowComment = "# Only what the Dockerfile names; everything else stays behind."

// Allowlist returns an ignore file that keeps back everything but what the
// instructions read: "*", and the fewest exceptions that keep every target
// building. The exceptions have no wildcards, which the classic builder loses and
// which make BuildKit's client walk all that is ignored: where a source has some,
// the directory that it looks in is let through, and at the root the files that
// match. The rules of a person stand behind and have the last word. The artifacts
// inside what is read are for suggestions, which [Patch] adds. It returns nil where
// an instruction reads the whole context ([ReadsWhole], or through a link), since
// nobody can say what of it is needed.
func Allowlist(facts Facts, file *ignore.File) (*Rewrite, error) {
	if file == nil {
		file = &ignore.File{}
	}
	n, err := neededBy(&facts)
	if err != nil || n.whole {
		return nil, err
	}
	w := &Rewrite{Notes: n.notes, needed: n.exist}
	lines := []string{"*"}
	already := ignoresEverything(file.Rules())
	if m, err := ignore.Compile(file.Rules()); err == nil && already {
		// What a wildcard would match was kept back on purpose.
		lines = nil
		n.paths = slices.DeleteFunc(outermost(n.literal), func(path string) bool {
			return !walkIgnores(m, path) && !catches(m, path) || !opens(file, path)
		})
	}
	for _, path := range n.paths {
		lines = append(lines, "!"+exceptionFor(path))
	}
	lines = slices.Compact(lines)
	if already {
		w.Text, w.opened = extend(file, lines), n.literal
	} else {
		w.Text = prepend(file, allowComment, lines)
	}
	return w, nil
}

// ReadsWhole tells whether a read is of the whole context.
func ReadsWhole(read buildcontext.Read) bool {
	source := strings.Trim(read.Path, "/")
	return read.Mount != "tmpfs" && (source == "" || strings.HasPrefix(source, "*") && strings.Trim(source, "*") == "")
}

// ignoresEverything tells whether a list is an allowlist.
func ignoresEverything(rules []ignore.Rule) bool {
	return slices.ContainsFunc(rules, func(r ignore.Rule) bool { return r.Pattern == "*" || r.Pattern == "**" || r.Pattern == "**/*" })
}

// needed is what the instructions read of the context.
type needed struct {
	// paths are what to let through, sorted, none below another.
	paths []string
	// literal are those that a source without wildcards names.
	literal []string
	// exist are those paths of the context that an instruction names now.
	exist []string
	whole bool
	notes []Note
}

func neededBy(facts *Facts) (*needed, error) {
	n := &needed{}
	inv := facts.Selection.Inventory()
	for _, read := range facts.Reads {
		source := strings.Trim(read.Path, "/")
		switch {
		case read.Mount == "tmpfs":
		case ReadsWhole(read):
			n.whole = true
		case !read.Wildcard:
			id, ok := inv.Lookup(source)
			if ok && keptBack(facts.Selection, id) {
				rule := facts.Selection.Rules()[facts.Selection.Rule(id)]
				n.note(Note{
					File: rule.File, Line: rule.Line, Pattern: rule.Pattern, Path: source,
					Message: "this rule keeps back what an instruction names: the build fails, with the allowlist as without",
				})
				continue
			}
			before := len(n.paths)
			if err := n.add(facts.Source, source); err != nil {
				return nil, err
			}
			n.literal = append(n.literal, n.paths[before:]...)
			if ok {
				n.exist = append(n.exist, source)
			}
		default:
			matched := slices.DeleteFunc(inv.Glob(source), func(path string) bool {
				id, _ := inv.Lookup(path)
				return keptBack(facts.Selection, id)
			})
			n.exist = append(n.exist, matched...)
			dir := fixedDir(source)
			if id, ok := inv.Lookup(dir); ok && keptBack(facts.Selection, id) {
				continue
			}
			if dir != "" {
				if err := n.add(facts.Source, dir); err != nil {
					return nil, err
				}
				continue
			}
			for _, path := range matched {
				if err := n.add(facts.Source, path); err != nil {
					return nil, err
				}
			}
			n.note(Note{
				Line: read.Line, Pattern: read.Source,
				Message: "the files that the source matches now are listed: a new one needs a line of its own",
			})
		}
	}
	slices.Sort(n.exist)
	n.exist = slices.Compact(n.exist)
	n.paths = outermost(n.paths)
	return n, nil
}

// note adds a note, once: every target has the reads of the stages it begins with.
func (n *needed) note(note Note) {
	if !slices.Contains(n.notes, note) {
		n.notes = append(n.notes, note)
	}
}

// keptBack tells whether a rule other than one that ignores everything ignores an
// entry.
func keptBack(sel *buildcontext.Selection, id buildcontext.ID) bool {
	rule := sel.Rule(id)
	return !sel.Eligible(id) && rule >= 0 && !ignoresEverything(sel.Rules()[rule:rule+1])
}

// add notes a path, and what its links lead to.
func (n *needed) add(src buildcontext.Source, path string) error {
	n.paths = append(n.paths, path)
	if src == nil {
		return nil
	}
	followed, err := buildcontext.FollowPaths(src, []string{"/" + path})
	if errors.Is(err, fs.ErrPermission) {
		return nil // the build cannot follow it either
	}
	for _, f := range followed {
		if f = strings.Trim(f, "/"); f != "" && !strings.ContainsAny(f, `*?[`) {
			n.paths = append(n.paths, f)
		}
	}
	n.whole = n.whole || err == nil && followed == nil
	return err
}

// fixedDir returns the components of a source before the first with a wildcard.
func fixedDir(source string) string {
	components := strings.Split(source, "/")
	i := slices.IndexFunc(components, func(c string) bool { return strings.ContainsAny(c, `*?[\`) })
	return strings.Join(components[:max(i, 0)], "/")
}

// outermost sorts paths and drops those below others.
func outermost(paths []string) []string {
	slices.SortFunc(paths, func(a, b string) int { return strings.Compare(a+"/", b+"/") })
	var out []string
	for _, path := range paths {
		if len(out) == 0 || path != out[len(out)-1] && !strings.HasPrefix(path, out[len(out)-1]+"/") {
			out = append(out, path)
		}
	}
	return out
}

// exceptionFor writes a path for behind "!". A component that would need an escape,
// and so would be taken for a wildcard, is left to the directory above it.
func exceptionFor(path string) string {
	components := strings.Split(path, "/")
	for i, c := range components {
		if strings.ContainsAny(c, `*?[]\`) || strings.TrimSpace(c) != c && (i == len(components)-1 || i == 0) {
			if i == 0 {
				return escape(path)
			}
			return strings.Join(components[:i], "/")
		}
	}
	return path
}

// extend puts exceptions into the group of an earlier run, or behind the last one
// of an allowlist, or behind its "*".
func extend(file *ignore.File, lines []string) []byte {
	e := newEditor(file)
	if e.find(allowComment) >= 0 {
		return prepend(file, allowComment, lines)
	}
	lines = e.missing(lines)
	at := 0
	for _, r := range file.Rules() {
		if r.Exception() || at == 0 && ignoresEverything([]ignore.Rule{r}) {
			at = r.Line
		}
	}
	e.put(at, lines)
	return e.text()
}

// opens tells whether an exception brings a path back that an allowlist ignores.
func opens(file *ignore.File, path string) bool {
	with, err := ignore.Parse(file.Name, extend(file, []string{"!" + exceptionFor(path)}))
	if err != nil {
		return false
	}
	m, err := ignore.Compile(with.Rules())
	return err == nil && !walkIgnores(m, path) && !catches(m, path)
}

// prepend puts lines before the first line of a file, below a comment: a person's
// rules stand behind them and have the last word. Lines that are there already are
// left out; what an earlier run put first grows.
func prepend(file *ignore.File, comment string, lines []string) []byte {
	e := newEditor(file)
	if lines = e.missing(lines); len(lines) == 0 {
		return e.text()
	}
	at := e.find(comment)
	if at < 0 {
		lines = append([]string{comment}, lines...)
		if at = 0; len(e.lines) > 0 && !isBlank(e.lines[0]) {
			lines = append(lines, "")
		}
	} else {
		at++
		for at < len(e.lines) && isPattern(e.lines[at]) {
			at++
		}
	}
	e.put(at, lines)
	return e.text()
}
