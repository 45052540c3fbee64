package plan

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// find looks for what harms in silence and for what breaks the build.
func (res *Result) find() []finding.Finding {
	all := append([]finding.Finding{}, res.findings...)
	all = append(all, res.ignoreFileFindings()...)
	all = append(all, res.sourceFindings()...)
	all = append(all, res.emptiedFindings()...)
	all = append(all, res.scopeFindings()...)
	all = append(all, res.classicFindings()...)
	all = append(all, res.podmanFindings()...)
	all = append(all, res.secretFindings()...)
	finding.Sort(all)
	return all
}

// ignoreFileFindings tells of an ignore file that does not do what it seems to.
func (res *Result) ignoreFileFindings() []finding.Finding {
	f := res.IgnoreFile
	if f.unreadable != nil {
		return []finding.Finding{{
			ID: "ignore-file-unreadable", Severity: finding.Error, File: f.Name,
			Message: "BuildKit cannot open this file and takes it for empty: everything that it should keep back is sent",
			Repair:  "make it readable",
		}}
	}
	if f.File != nil {
		return nil
	}
	stat, err := res.Source.Lstat(dockerignore)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	why := "it cannot be read"
	switch {
	case err != nil:
	case stat.Mode.IsDir():
		why = "it is a directory"
	case stat.Mode&fs.ModeSymlink != 0:
		why = "it is a link that leads to no file inside the context"
		if res.Builder == buildcontext.Classic {
			why = "it is a link that leads nowhere"
		}
	}
	return []finding.Finding{{
		ID: "ignore-file-not-read", Severity: finding.Error, File: dockerignore,
		Message: "the builder does not read this ignore file, and says nothing: " + why,
		Repair:  "make it a plain file",
	}}
}

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
		if !ok || res.Selection.Eligible(id) {
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
		if res.isMade(f.Path) {
			f.Severity = finding.Info
			f.Message = fmt.Sprintf("%s needs %q, which git ignores, and the context does not hold it: the build fails until it is made", read.Keyword, read.Source)
			f.Repair = "make it before the build"
		}
	}
	return f, true
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

// emptiedFindings tells of files that arrive without their content.
func (res *Result) emptiedFindings() []finding.Finding {
	var all []finding.Finding
	if !res.Selection.AnyEmptied() {
		return nil
	}
	var matcher *ignore.Matcher
	res.Selection.EachSent(func(id buildcontext.ID, path string) {
		if !res.Selection.Emptied(id) || res.Inventory.Size(id) == 0 {
			return
		}
		f := finding.Finding{Severity: finding.Error, Path: path}
		if err := res.Inventory.Unread(id); err != nil {
			f.ID = "file-unreadable"
			f.Message = fmt.Sprintf("%q cannot be read: it becomes an empty file in the image, and no error is printed", path)
			f.Repair = "make it readable, or ignore it"
			all = append(all, f)
			return
		}
		f.ID, f.File = "file-emptied", res.IgnoreFile.Name
		f.Message = fmt.Sprintf("BuildKit announces %q and sends no content: it becomes an empty file in the image, and no error is printed", path)
		f.Repair = "ask for the file by a name without a leading ! or blank"
		if matcher == nil {
			matcher, _ = ignore.Compile(res.Rules()) // compiled before; it cannot fail now
		}
		if d, err := matcher.Plain(path); err == nil && d.Ignored {
			rule := matcher.Rules()[d.Rule]
			f.Line = rule.Line
			f.Message = fmt.Sprintf("%s ignores a directory again that an exception before it opened: BuildKit announces %q and sends no content; it becomes an empty file in the image", rule, path)
			f.Repair = fmt.Sprintf("remove line %d, or move it before the exception", rule.Line)
		}
		all = append(all, f)
	})
	return all
}

// scopeFindings tells of what widens a request to the whole context, and of what
// cannot be known without the base images.
func (res *Result) scopeFindings() []finding.Finding {
	if res.Build == nil || res.Builder != buildcontext.BuildKit {
		return nil
	}
	var all []finding.Finding
	reads := res.Build.Context
	if reads.Used && reads.Whole {
		var widens []buildcontext.Read
		narrow := 0
		for _, r := range reads.Each {
			switch {
			case r.Path != "/":
				narrow++
			case r.Mount == "tmpfs":
				widens = append(widens, r)
			default:
				// COPY . asks for everything, and so does a bind mount without a source,
				// which is how people mount the whole context.
				return append(all, res.unknownFindings()...)
			}
		}
		for _, r := range widens {
			all = append(all, finding.Finding{
				ID: "scope-widened", Severity: finding.Warning, File: res.Dockerfile.Name, Line: r.Line,
				Message: fmt.Sprintf("this tmpfs mount has no source and so asks for the whole context, where %d other reads ask for paths", narrow),
				Repair:  "give the mount a source that exists and is small (source=Dockerfile), or use a cache mount",
			})
		}
	}
	return append(all, res.unknownFindings()...)
}

func (res *Result) unknownFindings() []finding.Finding {
	var all []finding.Finding
	for _, u := range res.Build.Unknown {
		all = append(all, finding.Finding{
			ID: string(u.Kind), Severity: finding.Info, File: res.Dockerfile.Name, Line: u.Line,
			Message: u.Message,
			Repair:  "compare with the number that docker build prints",
		})
	}
	return all
}

// classicFindings tells of what the classic client does and does not say.
func (res *Result) classicFindings() []finding.Finding {
	if res.Builder != buildcontext.Classic {
		return nil
	}
	var all []finding.Finding
	if res.Measurement.Wire.Alternative != 0 {
		all = append(all, finding.Finding{
			ID: "one-of-two-numbers", Severity: finding.Info, File: res.Dockerfile.Name,
			Message: fmt.Sprintf("the Dockerfile lies outside a context without %s: the classic client adds both in random order, and prints %s or, more rarely, %s",
				dockerignore, res.Builder.Shown(res.Measurement.Wire.Bytes), res.Builder.Shown(res.Measurement.Wire.Alternative)),
			Repair: "put the Dockerfile or a " + dockerignore + " into the context",
		})
	}
	if res.Compress {
		all = append(all, finding.Finding{
			ID: "compressed", Severity: finding.Info,
			Message: "with --compress the client prints the compressed size, which cannot be known without reading every file: the number is that of the tar before",
			Repair:  "measure without --compress",
		})
	}
	if rule, ok := errors.AsType[*ignore.RuleError](res.Selection.Stopped); ok {
		all = append(all, finding.Finding{
			ID: "walk-stopped", Severity: finding.Error, File: rule.Rule.File, Line: rule.Rule.Line,
			Message: fmt.Sprintf("%q is no pattern: the classic client stops sending where it first tries it, and leaves out the rest without an error", rule.Rule.Pattern),
			Repair:  "mend or remove the line",
		})
	}
	return append(all, res.lostExceptions()...)
}

// lostExceptions compares with what BuildKit would keep: the classic client does
// not look for exceptions with wildcards below an ignored directory.
func (res *Result) lostExceptions() []finding.Finding {
	matcher, err := ignore.Compile(res.Rules())
	if err != nil || len(matcher.PruningSwitchedOff()) == 0 {
		return nil
	}
	other, err := buildcontext.Select(res.Inventory, buildcontext.Request{Builder: buildcontext.BuildKit, Rules: res.Rules()})
	if err != nil {
		return nil
	}
	lost := map[int]int{}
	example := map[int]string{}
	other.EachSent(func(id buildcontext.ID, path string) {
		rule := other.Rule(id)
		if rule < 0 || res.Selection.Eligible(id) || res.Inventory.Mode(id).IsDir() || !other.Rules()[rule].Exception() {
			return
		}
		if lost[rule]++; lost[rule] == 1 {
			example[rule] = path
		}
	})
	var all []finding.Finding
	for i, r := range other.Rules() {
		if lost[i] == 0 {
			continue
		}
		all = append(all, finding.Finding{
			ID: "exception-lost", Severity: finding.Warning, Path: example[i], File: r.File, Line: r.Line,
			Message: fmt.Sprintf("the classic builder does not see that %s brings back %d files, such as %q: it looks for an exception below an ignored directory only where its text begins with the directory", r.Pattern, lost[i], example[i]),
			Repair:  "name the directories in the exception, without wildcards, or build with BuildKit",
		})
	}
	return all
}
