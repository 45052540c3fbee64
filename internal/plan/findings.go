package plan

import (
	"errors"
	"fmt"
	"io/fs"

	buildcontext "github.com/ctxsize/ctxsize/context"
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
