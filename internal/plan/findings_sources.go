package plan

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// sourceFindings tells of sources of COPY and ADD that the build will not find.
func (res *Result) sourceFindings() []finding.Finding {
	if res.Build == nil {
		return nil
	}
	type instruction struct{ stage, text string }
	var all []finding.Finding
	of := map[int]instruction{} // of findings about a pattern that matches nothing
	found := map[instruction]bool{}
	for _, read := range res.Build.Context.Each {
		if !read.Uses || res.isGuess(read) {
			continue
		}
		i := instruction{read.Stage, read.Text}
		var f finding.Finding
		harms := false
		if read.Path != "/" {
			f, harms = res.sourceFinding(read)
		}
		if !harms {
			found[i] = true
			continue
		}
		if f.ID == sourceUnmatched {
			of[len(all)] = i
		}
		all = append(all, f)
	}
	// COPY package.json yarn.lock* / is how people write that a file may be
	// missing: nothing is wrong as long as the instruction copies something.
	kept := all[:0]
	for n, f := range all {
		if i, ok := of[n]; !ok || !found[i] {
			kept = append(kept, f)
		}
	}
	return kept
}

// sourceUnmatched is the id of the finding about a pattern that matches nothing.
const sourceUnmatched = "copy-source-unmatched"

func (res *Result) sourceFinding(read buildcontext.Read) (finding.Finding, bool) {
	f := finding.Finding{Severity: finding.Error, Path: strings.TrimPrefix(read.Path, "/"), File: res.Dockerfile.Name, Line: read.Line}
	paths := res.named(read)
	var ignored []string
	exists := false
	for _, path := range paths {
		at, _, err := resolveInside(res.Source, path)
		if err != nil {
			continue
		}
		exists = true
		id, ok := res.nearest(at)
		if linkID, isThere := res.nearest(path); isThere && !res.Selection.Eligible(linkID) {
			id, ok, at = linkID, true, path
		}
		if !ok || res.anyEligible(id) {
			return f, false
		}
		ignored = append(ignored, at)
	}
	switch {
	case len(ignored) > 0:
		if read.Wildcard && res.Builder == buildcontext.BuildKit {
			f.Severity = finding.Warning // it copies nothing, and the build goes on
		}
		id, _ := res.nearest(ignored[0])
		f.ID = "copy-source-ignored"
		f.Message = fmt.Sprintf("%s needs %q, and the ignore file keeps it back", read.Keyword, read.Source)
		f.Repair = "take the path out of the ignore file, or out of the Dockerfile"
		if rule := res.Selection.Rule(id); rule >= 0 {
			r := res.Selection.Rules()[rule]
			f.Message = fmt.Sprintf("%s needs %q, and %s keeps it back", read.Keyword, read.Source, r)
			f.Repair = fmt.Sprintf("add a line behind %s:%d: !%s", r.File, r.Line, ignored[0])
		}
	case read.Wildcard && !exists:
		f.ID, f.Severity = sourceUnmatched, finding.Warning
		f.Message = fmt.Sprintf("%s %q matches nothing in the context", read.Keyword, read.Source)
		f.Repair = "mend the pattern, or remove it"
		if res.Builder == buildcontext.Classic {
			f.Severity = finding.Error
		}
	default:
		f.ID = "copy-source-missing"
		f.Message = fmt.Sprintf("%s needs %q, and the context does not hold it: the build will fail", read.Keyword, read.Source)
		f.Repair = "create it, or mend the path: it is relative to the context, not to the Dockerfile"
		if above := res.contextAbove(f.Path); above != "" {
			f.Repair = fmt.Sprintf("it lies in %s: build with that as the context", above)
		}
		if res.isMade(f.Path) {
			f.Severity = finding.Info
			f.Message = fmt.Sprintf("%s needs %q, which git ignores, and the context does not hold it: the build fails until it is made", read.Keyword, read.Source)
			f.Repair = "make it before the build"
		}
	}
	return f, true
}

// anyEligible tells whether an entry, or anything in it, is eligible. The classic
// client sends what is brought back in a directory, and not the directory.
func (res *Result) anyEligible(id buildcontext.ID) bool {
	if res.Selection.Eligible(id) {
		return true
	}
	dir, ok := res.Inventory.Dir(id)
	if !ok {
		return false
	}
	found := false
	res.Inventory.Walk(dir, func(id buildcontext.ID, _ string) bool {
		found = found || res.Selection.Eligible(id)
		return !found
	})
	return found
}

// contextAbove returns the directory above the context, but within its repository,
// that holds a source which the context does not hold; "" where there is none.
func (res *Result) contextAbove(source string) string {
	there := func(dir, name string) bool {
		_, err := machine{}.lstat(filepath.Join(dir, filepath.FromSlash(name)))
		return err == nil
	}
	if _, ok := res.files.(machine); !ok {
		return ""
	}
	dir := res.Root
	for !there(dir, ".git") && filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
		if !there(dir, source) {
			continue
		}
		if rel, err := filepath.Rel(res.Dir, dir); err == nil {
			dir = rel
		}
		return filepath.ToSlash(dir)
	}
	return ""
}

// isGuess tells whether a source depends on a variable that the base image may
// define.
func (res *Result) isGuess(read buildcontext.Read) bool {
	return strings.Contains(read.Source, "$") && slices.ContainsFunc(res.Build.Unknown, func(u dockerfile.Unknown) bool {
		return u.Kind == dockerfile.KindBaseEnv && u.Line == read.Line
	})
}

// isMade tells whether git ignores a path or a directory above it: then something
// makes it.
func (res *Result) isMade(path string) bool {
	if res.gitIgnored == nil {
		return false
	}
	for at := range len(path) {
		if path[at] == '/' && res.gitIgnored(path[:at], true) {
			return true
		}
	}
	return res.gitIgnored(path, false) || res.gitIgnored(path, true)
}

// nearest finds the entry at a path, or the directory above it that was not read
// because everything in it is ignored.
func (res *Result) nearest(path string) (buildcontext.ID, bool) {
	inv := res.Inventory
	for end := 0; end <= len(path); end++ {
		if end < len(path) && path[end] != '/' {
			continue
		}
		id, ok := inv.Lookup(path[:end])
		if !ok || end == len(path) {
			return id, ok
		}
		if dir, isDir := inv.Dir(id); isDir && inv.Pruned(dir) {
			return id, true
		}
	}
	return 0, false
}
