package lint

import (
	"fmt"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// repositorySent finds repositories that are sent. Git's own rules never name
// them, so that an ignore file made of a .gitignore leaves them in.
func repositorySent(e *evidence) []Finding {
	if e.docker == nil {
		return nil
	}
	var all []Finding
	e.Inventory.Walk(0, func(id buildcontext.ID, path string) bool {
		dir, isDir := e.Inventory.Dir(id)
		if !isDir || base(path) != ".git" {
			return !e.closed(id)
		}
		if !e.sent(id) || e.namedByBuild(path) || e.entriesIn(dir) == 0 {
			return false
		}
		f := Finding{Finding: finding.Finding{Severity: finding.Info, Path: path}, CostBytes: e.sentBytes(id)}
		if e.File != nil {
			f.File = e.File.Name
		}
		f.Message = fmt.Sprintf("the repository %q is sent (%s), and changes with every commit", path, e.Builder.Shown(f.CostBytes))
		f.Repair = "ignore **/.git, unless the build asks git for something"
		if e.Git != nil && e.Git.NeedsRepository != "" {
			return false
		}
		all = append(all, f)
		return false
	})
	return all
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
