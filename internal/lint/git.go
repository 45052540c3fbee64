package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// repositorySent finds repositories that are sent. Git's own rules never name
// them, so that an ignore file made of a .gitignore leaves them in.
func repositorySent(e *evidence) []Finding {
	if e.docker == nil || e.repositoryWanted() {
		return nil
	}
	var c crowd
	told := len(cacheBuster(e)) > 0
	e.Inventory.Walk(0, func(id buildcontext.ID, path string) bool {
		dir, isDir := e.Inventory.Dir(id)
		if !isDir || base(path) != ".git" {
			return !e.closed(id)
		}
		if e.sent(id) && !e.namedByBuild(path) && e.entriesIn(dir) > 0 && (!told || path != ".git") {
			c.add(e, entry{id, path})
		}
		return false
	})
	if c.n == 0 {
		return nil
	}
	f := e.onFile()
	f.Path, f.CostBytes = c.most.path, c.bytes
	f.Message = fmt.Sprintf("the repository %q is sent%s, and changes with every commit", c.most.path, e.weight(c))
	if c.n > 1 {
		f.Message = fmt.Sprintf("the repositories %q and %d more are sent%s, and change with every commit", c.most.path, c.n-1, e.weight(c))
	}
	f.Repair = "ignore **/.git, unless the build asks git for something"
	return []Finding{f}
}

// repositoryWanted tells whether the build asks git for something, or an exception
// says that the repository, or a part of it, is to be sent.
func (e *evidence) repositoryWanted() bool {
	return e.Git != nil && e.Git.NeedsRepository != "" || slices.ContainsFunc(e.rules, func(r rule) bool {
		return r.exception && strings.HasPrefix(r.text+"/", ".git/")
	})
}

// namedByBuild tells whether an instruction names a path, or something below it.
func (e *evidence) namedByBuild(path string) bool {
	if e.Build == nil {
		return false
	}
	for _, read := range e.Build.Named {
		asked := strings.TrimPrefix(read.Path, "/")
		if asked == path || strings.HasPrefix(asked, path+"/") {
			return true
		}
	}
	return false
}

// copied tells whether an instruction of the target reads a path, so that it is
// there while the build runs: the classic builder sends more than that.
func (e *evidence) copied(path string) bool {
	if e.Build == nil {
		return true
	}
	return slices.ContainsFunc(e.Build.Reads, func(r buildcontext.Read) bool {
		return r.Uses && (r.Path == "/" || r.Path == "/"+path) && !slices.Contains(r.Exclude, path)
	})
}

// entries that one finding stands for, the heaviest first.
type crowd struct {
	n     int
	bytes int64
	most  entry
	worst int64
}

func (c *crowd) add(e *evidence, at entry) {
	bytes := e.sentBytes(at.id)
	c.bytes += bytes
	if c.n++; c.n == 1 || bytes > c.worst {
		c.most, c.worst = at, bytes
	}
}

// sentOfGit adds up what is sent and git does not track: what its rules ignore,
// and what nobody has told it about. What an instruction names is left out, and
// so are the build files.
func (e *evidence) sentOfGit() (ignored, untracked crowd) {
	e.Inventory.Walk(0, func(id buildcontext.ID, path string) bool {
		_, isDir := e.Inventory.Dir(id)
		switch {
		case !e.sent(id) || base(path) == ".git":
			return false
		case e.Git.Tracked(path):
			return true
		case e.named(path) || base(path) == dockerignore || e.Build != nil && path == e.Build.Inside:
			return false
		case e.Git.Ignored(path, isDir):
			ignored.add(e, entry{id, path})
			return false
		case isDir:
			return true
		}
		untracked.add(e, entry{id, path})
		return false
	})
	return ignored, untracked
}

// named tells whether an instruction names a path, something below it, or a
// directory above it other than the root.
func (e *evidence) named(path string) bool {
	if e.namedByBuild(path) {
		return true
	}
	if e.Build == nil {
		return false
	}
	for _, read := range e.Build.Named {
		asked := strings.TrimPrefix(read.Path, "/")
		if asked != "" && strings.HasPrefix(path, asked+"/") {
			return true
		}
	}
	return false
}

// onFile makes a finding about the ignore file as a whole.
func (e *evidence) onFile() Finding {
	f := Finding{Finding: finding.Finding{Severity: finding.Info}}
	if e.File != nil {
		f.File = e.File.Name
	}
	return f
}

// sentIgnored finds what git ignores and the ignore file does not: the likeliest
// junk.
func sentIgnored(e *evidence) []Finding {
	if e.docker == nil || e.Git == nil {
		return nil
	}
	c, _ := e.sentOfGit()
	if c.n == 0 {
		return nil
	}
	f := e.onFile()
	f.Path, f.CostBytes = c.most.path, c.bytes
	f.Message = fmt.Sprintf("%q is sent, and git ignores it%s", c.most.path, e.weight(c))
	if c.n > 1 {
		f.Message = fmt.Sprintf("%q and %d more are sent, and git ignores them%s", c.most.path, c.n-1, e.weight(c))
	}
	f.Repair = "ignore what the build does not need: ctxsize fix says what is proved"
	return []Finding{f}
}

// sentUntracked finds what git has never been told about.
func sentUntracked(e *evidence) []Finding {
	if e.docker == nil || e.Git == nil {
		return nil
	}
	_, c := e.sentOfGit()
	if c.n == 0 {
		return nil
	}
	f := e.onFile()
	f.Path, f.CostBytes = c.most.path, c.bytes
	f.Message = fmt.Sprintf("%q is sent, and git does not track it%s: others build without it", c.most.path, e.weight(c))
	if c.n > 1 {
		f.Message = fmt.Sprintf("%q and %d more are sent, and git does not track them%s: others build without them", c.most.path, c.n-1, e.weight(c))
	}
	f.Repair = "add it to git, or ignore it"
	return []Finding{f}
}

// weight says what a crowd weighs, in parentheses; nothing where that is nothing.
func (e *evidence) weight(c crowd) string {
	if c.bytes == 0 {
		return ""
	}
	return fmt.Sprintf(" (%s)", e.Builder.Shown(c.bytes))
}

// trackedIgnored finds tracked files that the ignore file keeps back while the
// repository is sent: to git in the build they are deleted, and a version that it
// makes up is dirty.
func trackedIgnored(e *evidence) []Finding {
	if e.docker == nil || e.Git == nil {
		return nil
	}
	id, ok := e.Inventory.Child(0, ".git")
	if !ok || !e.sent(id) || !e.copied(".git") {
		return nil
	}
	who, severity := e.looksAtTree()
	if who == "" {
		return nil
	}
	n, first, rule := 0, "", -1
	e.Inventory.Walk(0, func(id buildcontext.ID, path string) bool {
		switch {
		case !e.Git.Tracked(path):
			return false
		case e.docker.Eligible(id) || e.Inventory.Mode(id).IsDir():
			return true
		}
		if n++; n == 1 {
			first, rule = path, e.docker.Rule(id)
		}
		return true
	})
	if n == 0 {
		return nil
	}
	f := e.onFile()
	if rule >= 0 {
		f = e.at(&e.rules[rule], finding.Info)
	}
	f.Severity, f.Path = severity, first
	f.Message = fmt.Sprintf("the repository is sent without %s that git tracks, such as %q: to git in the build they are deleted, and the version is dirty (%s)", counted(n, "file", "files"), first, who)
	f.Repair = "keep these files, or ignore .git, too"
	return []Finding{f}
}

// dirtyTools are what asks git whether the work tree is as it was committed.
var dirtyTools = regexp.MustCompile(`setuptools[_-]scm|hatch-vcs|versioneer|versioningit|dunamai|(poetry|uv)-dynamic-versioning|` +
	`--dirty|--broken|git (status|diff|update-index)|MinVer|GitVersion|Nerdbank|jgitver`)

// goBuild is Go's own command, which stamps what it builds.
var goBuild = regexp.MustCompile(`\bgo (build|install)\b`)

// looksAtTree returns who in the build asks git about the work tree, and how much
// it matters; "" where nobody is known to.
func (e *evidence) looksAtTree() (who string, severity finding.Severity) {
	if dirtyTools.MatchString(e.Git.NeedsRepository) {
		return e.Git.NeedsRepository, finding.Warning
	}
	if e.Build == nil {
		return "", finding.Info
	}
	for _, in := range e.Build.Instructions {
		text := in.Text + "\n" + in.Body
		switch {
		case in.Keyword != "RUN":
		case dirtyTools.MatchString(text):
			return fmt.Sprintf("%s:%d asks for that", e.Build.File, in.Line), finding.Warning
		case goBuild.MatchString(text) && !strings.Contains(text, "-buildvcs=false") && who == "":
			who = fmt.Sprintf("%s:%d stamps it into the program", e.Build.File, in.Line)
		}
	}
	return who, finding.Info
}
