package plan

import (
	"fmt"
	"strings"

	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/suggest"
)

// allowlist makes an allowlist, where the builds name what they need.
func (f *Fix) allowlist() (*suggest.Rewrite, error) {
	if f.Instructions == nil {
		return nil, usage("name the Dockerfile with -f", "an allowlist is made of what a Dockerfile reads, and none can be read")
	}
	facts := f.facts()
	reads := f.allReads()
	for _, read := range reads {
		if suggest.ReadsWhole(read.Read) {
			return nil, f.readsAll(fmt.Sprintf("%s:%d reads the whole context: %s", read.file, read.Line, read.Text), read.file)
		}
	}
	if err := f.guesses(reads); err != nil {
		return nil, err
	}
	rewrite, err := suggest.Allowlist(facts, f.IgnoreFile.File)
	if err != nil {
		return nil, err
	}
	if rewrite == nil {
		return nil, f.readsAll("an instruction follows a link to the whole context", "")
	}
	for i, note := range rewrite.Notes {
		for _, read := range reads {
			if note.File == "" && read.Line == note.Line && read.Source == note.Pattern {
				rewrite.Notes[i].File = read.file
			}
		}
	}
	f.note(rewrite.Notes, func(n suggest.Note) bool { return n.Path != "" })
	return rewrite, nil
}

// readsAll refuses an allowlist: what of the context a build needs, nobody knows.
func (f *Fix) readsAll(reason, file string) error {
	hint := "copy what is needed by name, or let ctxsize fix ignore what is not"
	if file != "" && file != f.Dockerfile.Name {
		hint = fmt.Sprintf("an ignore file of its own (%s%s) takes that one out of it", file, dockerignore)
	}
	return &RefusedError{Reason: "no allowlist: " + reason, Hint: hint}
}

// guesses notes where a Dockerfile alone does not tell what is read. An allowlist
// would keep that back. It refuses a target of which nobody knows what it reads.
func (f *Fix) guesses(reads []namedRead) error {
	type place struct {
		file string
		line int
	}
	noted, explained := map[finding.Finding]bool{}, map[place]bool{}
	for _, n := range f.Notes {
		noted[n], explained[place{n.File, n.Line}] = true, true
	}
	note := func(severity finding.Severity, file string, line int, message string) {
		n := finding.Finding{ID: f.Basis.String(), Severity: severity, File: file, Line: line, Message: message}
		if !noted[n] {
			f.Notes = append(f.Notes, n)
		}
		noted[n], explained[place{file, line}] = true, true
	}
	for _, file := range append([]*dockerfile.File{f.Instructions}, f.others...) {
		all := file.ResolveAll(f.buildOptions())
		if all.Err != nil {
			return &RefusedError{
				Reason: fmt.Sprintf("no allowlist: what a target reads is not known: %v", all.Err),
				Hint:   "give what it needs with --build-arg, or give " + file.Name() + " an ignore file of its own",
			}
		}
		for _, u := range all.Unknown {
			// Any base image may have ONBUILD lines; those that have some say so.
			if u.Kind != dockerfile.KindBaseOnbuild || strings.Contains(u.Message, "onbuild") {
				note(finding.Warning, file.Name(), u.Line, u.Message+": if it reads more, the allowlist keeps that back")
			}
		}
	}
	for _, read := range reads {
		if strings.Contains(read.Source, "$") && !explained[place{read.file, read.Line}] {
			note(finding.Info, read.file, read.Line, read.Source+": with other build arguments it may read what the allowlist keeps back")
		}
	}
	return nil
}
