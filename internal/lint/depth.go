package lint

import (
	"fmt"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// rootOnly finds names without a slash that also exist deeper, where git's rules
// would match them and Docker's do not.
func rootOnly(e *evidence) []Finding {
	if e.docker == nil {
		return nil
	}
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		deep := e.deeper(r)
		if len(deep) == 0 {
			continue
		}
		f := e.at(r, e.depthSeverity(r, deep))
		for _, d := range deep {
			f.CostBytes += e.sentBytes(d.id)
		}
		f.Path = deep[0].path
		only := "this holds at the root of the context only"
		if r.matches == 0 {
			only += ", where nothing matches"
		}
		if r.exception {
			f.CostBytes = 0
			f.Message = fmt.Sprintf("%s: %s, such as %q, stays ignored", only, counted(len(deep), "match below", "matches below"), deep[0].path)
			f.Repair = fmt.Sprintf("write !**/%s for every depth, or !/%s to say that the root is meant", r.text, r.text)
			all = append(all, f)
			continue
		}
		f.Message = fmt.Sprintf("%s: %s, such as %q, %s", only, counted(len(deep), "match below", "matches below"), deep[0].path, e.kept(f.CostBytes, deep))
		f.Repair = fmt.Sprintf("write **/%s for every depth, or /%s to say that the root is meant", r.line.body, r.line.body)
		if f.Severity > finding.Info && !slices.ContainsFunc(deep, e.wanted) {
			f.Edit = Replace(r.line.number, "**/"+r.line.body)
		}
		all = append(all, f)
	}
	return all
}

// wanted tells whether an entry may be one that the build needs: git tracks it, or
// there is nobody to ask, and a tool did not leave it there.
func (e *evidence) wanted(d entry) bool {
	switch {
	case e.Artifact != nil && e.Artifact(d.id):
		return e.Git != nil && e.Git.Tracked(d.path)
	case e.Git != nil:
		return e.Git.Tracked(d.path) || !e.Git.Ignored(d.path, e.Inventory.Mode(d.id).IsDir())
	default:
		return !isArtifactName(base(d.path))
	}
}

// kept says what becomes of entries that slip through.
func (e *evidence) kept(bytes int64, deep []entry) string {
	verb := "is"
	if len(deep) > 1 {
		verb = "are"
	}
	if bytes > 0 {
		return fmt.Sprintf("%s sent (%s)", verb, e.Builder.Shown(bytes))
	}
	return verb + " sent"
}

// depthSeverity is a warning where what slips through is surely not wanted.
func (e *evidence) depthSeverity(r *rule, deep []entry) finding.Severity {
	if r.exception {
		return finding.Info
	}
	for _, d := range deep {
		isDir := e.Inventory.Mode(d.id).IsDir()
		switch {
		case e.Git != nil && e.Git.Tracked(d.path):
		case e.Git != nil && e.Git.Ignored(d.path, isDir),
			e.Artifact != nil && e.Artifact(d.id),
			e.Git == nil && (r.matches == 0 || isArtifactName(r.text)):
			return finding.Warning
		}
	}
	return finding.Info
}

// entry is one entry of the context.
type entry struct {
	id   buildcontext.ID
	path string
}

// deeper returns what a rule without a slash would match below the root if it
// held at every depth: for a rule that ignores, what no rule decides about; for
// an exception, what a rule before it ignores.
func (e *evidence) deeper(r *rule) []entry {
	if !atRoot(r) || e.docker == nil {
		return nil
	}
	if deep, known := e.deep[r.Line]; known {
		return deep
	}
	var deep []entry
	leaves := isArtifactName(r.text)
	root := r.alone.Root()
	e.Inventory.Each(0, func(in buildcontext.DirID, id buildcontext.ID) bool {
		if in == 0 || !e.deeperMatch(r, root, id) {
			// A repository is sent whole or not at all: nobody means the logs in it.
			return !e.closed(id) && e.Inventory.Name(id) != ".git" && (leaves || !e.leftThere(in, id))
		}
		if d := (entry{id, e.Inventory.Path(in, id)}); !e.byDesign(r, d) {
			deep = append(deep, d)
		}
		return false
	})
	e.deep[r.Line] = deep
	return deep
}

// leftThere tells whether a directory is one that tools leave, or that git ignores:
// a name in it, such as README.md, is not what anybody meant.
func (e *evidence) leftThere(in buildcontext.DirID, id buildcontext.ID) bool {
	if !e.Inventory.Mode(id).IsDir() {
		return false
	}
	artifact := e.Artifact != nil && e.Artifact(id)
	if e.Git == nil {
		return artifact
	}
	path := e.Inventory.Path(in, id)
	return !e.Git.Tracked(path) && (artifact || e.Git.Ignored(path, true))
}

// byDesign tells whether something deeper is likely not meant by a rule: what is
// not sent anyway, and a directory or a file of that very name which git tracks.
// Who ignores the program "app" at the root means not the sources in "cmd/app".
func (e *evidence) byDesign(r *rule, d entry) bool {
	if r.exception {
		return e.Git != nil && isLiteral(r.text)
	}
	return !e.sent(d.id) || e.Git != nil && isLiteral(r.text) && e.Git.Tracked(d.path)
}

// deeperMatch decides about an entry below the root as if it lay there.
func (e *evidence) deeperMatch(r *rule, root *ignore.State, id buildcontext.ID) bool {
	if strings.HasSuffix(r.line.body, "/") && !e.Inventory.Mode(id).IsDir() {
		return false
	}
	by := e.docker.Rule(id)
	if r.exception {
		if e.docker.Eligible(id) || by < 0 || e.rules[by].exception || e.rules[by].Line > r.Line {
			return false
		}
	} else if !e.docker.Eligible(id) || by >= 0 {
		return false
	}
	d, err := r.alone.Entry(root, e.Inventory.Name(id))
	return err == nil && d.Ignored
}

// atRoot tells whether a rule holds at the root only and does not say so.
func atRoot(r *rule) bool {
	body := strings.TrimSuffix(r.line.body, "/")
	return r.alone != nil && r.text != "*" && r.text != "." && r.text != ".." && !strings.ContainsAny(body, "/") && !strings.Contains(r.text, "**")
}

// trailingSlash finds a slash at the end that does not keep a rule to
// directories.
func trailingSlash(e *evidence) []Finding {
	if e.docker == nil {
		return nil
	}
	var all []Finding
	for i := range e.rules {
		r := &e.rules[i]
		if r.exception || !strings.HasSuffix(r.line.body, "/") || r.alone == nil {
			continue
		}
		path, n := "", 0
		e.topmost(r, func(id buildcontext.ID, at string) {
			if !e.Inventory.Mode(id).IsRegular() || e.docker.Rule(id) != i || e.docker.Eligible(id) || e.ignoredBesides(i, at) {
				return
			}
			if n++; n == 1 {
				path = at
			}
		})
		if n == 0 {
			continue
		}
		f := e.at(r, finding.Warning)
		f.Column, f.Width = f.Column+f.Width-1, 1
		f.Path = path
		f.Message = fmt.Sprintf("the slash does not mean directories only: this ignores %s, too, such as %q", counted(n, "file", "files"), path)
		f.Repair = fmt.Sprintf("write %s/** for what lies in the directory, and no file of the name", strings.TrimRight(r.line.body, "/"))
		if strings.HasSuffix(r.text, "*") {
			f.Repair = "name the directories that are meant: Docker has no pattern for directories only"
		}
		all = append(all, f)
	}
	return all
}

// ignoredBesides tells whether another rule ignores a path, too.
func (e *evidence) ignoredBesides(i int, path string) bool {
	for j := range e.rules {
		if o := &e.rules[j]; j != i && !o.exception && o.alone != nil {
			if d, err := o.alone.Plain(path); err == nil && d.Ignored {
				return true
			}
		}
	}
	return false
}
