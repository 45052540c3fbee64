package plan

import (
	"cmp"
	"context"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/suggest"
)

// project measures the context as the safe suggestions would leave it.
func (res *Result) project(ctx context.Context) error {
	var safe []suggest.Suggestion
	for _, s := range res.Suggestions {
		if s.Confidence.Safe() {
			safe = append(safe, s.Suggestion)
		}
	}
	if safe == nil {
		return nil
	}
	sel, err := res.with(ctx, suggest.Patch(res.IgnoreFile.File, safe))
	if err != nil {
		return err
	}
	res.Fixed, err = buildcontext.Measure(sel)
	return err
}

// weigh measures what suggestions save, and lists them, the greatest saving first.
func (res *Result) weigh(ctx context.Context, proposed []suggest.Suggestion) error {
	res.Suggestions = nil
	if len(proposed) == 0 {
		return nil
	}
	res.savings = buildcontext.NewSavings(res.Selection, res.Measurement)
	for _, s := range proposed {
		saved, err := res.savedBy(ctx, s)
		if err != nil {
			return err
		}
		res.Suggestions = append(res.Suggestions, Suggestion{
			Suggestion: s, SavesBytes: saved.Bytes, SavesFiles: saved.Files, SavesWireBytes: saved.WireBytes,
		})
	}
	slices.SortStableFunc(res.Suggestions, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.SavesBytes, a.SavesBytes), cmp.Compare(b.Bytes, a.Bytes))
	})
	var safe, review []*Suggestion
	for i := range res.Suggestions {
		if s := &res.Suggestions[i]; s.Confidence.Safe() {
			safe = append(safe, s)
		} else {
			review = append(review, s)
		}
	}
	return res.marginal(ctx, safe, review, nil)
}

// savedBy measures what a suggestion saves on its own.
func (res *Result) savedBy(ctx context.Context, s suggest.Suggestion) (buildcontext.Saving, error) {
	if !s.Partial {
		return res.savings.Without(s.Paths)
	}
	// The exceptions decide what goes: the list with the line is tried.
	m, err := res.try(ctx, suggest.Patch(res.IgnoreFile.File, []suggest.Suggestion{s}))
	if err != nil {
		return buildcontext.Saving{}, err
	}
	return saving(res.Measurement, m), nil
}

// facts gathers what is known of the context and of the builds that use it.
func (res *Result) facts() suggest.Facts {
	if res.known != nil {
		facts := *res.known
		facts.Selection = res.Selection
		return facts
	}
	facts := suggest.Facts{
		Source:    res.Source,
		Selection: res.Selection,
		Accepted:  res.acceptsArtifact,
	}
	AddCommands(&facts, res.Instructions)
	for _, name := range []string{res.Dockerfile.Inside, res.IgnoreFile.Name, dockerignore} {
		if name != "" {
			facts.BuildFiles = append(facts.BuildFiles, name)
		}
	}
	for _, other := range res.otherDockerfiles() {
		facts.BuildFiles = append(facts.BuildFiles, other.Name())
		if !res.sharesIgnoreFile(other.Name()) {
			continue
		}
		res.others = append(res.others, other)
		AddCommands(&facts, other)
	}
	for _, read := range res.allReads() {
		facts.Reads = append(facts.Reads, read.Read)
	}
	res.askGit(&facts)
	res.known = &facts
	return facts
}

// otherDockerfiles reads the Dockerfiles that lie in the context besides the
// chosen one. Nobody knows which of them are built with this directory: what one
// of them names, and would find here, is kept for all of them.
func (res *Result) otherDockerfiles() []*dockerfile.File {
	var all []*dockerfile.File
	var look func(dir buildcontext.DirID)
	look = func(dir buildcontext.DirID) {
		first, count := res.Inventory.Entries(dir)
		for id := first; id < first+count; id++ {
			if !res.Inventory.Noted(id) {
				continue
			}
			if sub, ok := res.Inventory.Dir(id); ok {
				if _, artifact := res.artifacts[id]; !artifact {
					look(sub)
				}
				continue
			}
			if !isDockerfileName(res.Inventory.Name(id)) || !res.Inventory.Mode(id).IsRegular() {
				continue
			}
			path := res.Inventory.DirPath(dir) + res.Inventory.Name(id)
			if path == res.Dockerfile.Inside {
				continue
			}
			if file, err := readInside(res.Source, path); err == nil {
				if parsed, err := dockerfile.Parse(path, file.data); err == nil {
					all = append(all, parsed)
				}
			}
		}
	}
	look(0)
	return all
}

// sharesIgnoreFile tells whether another Dockerfile of the context is built with
// the same ignore file. For BuildKit and Podman one of its own comes first.
func (res *Result) sharesIgnoreFile(dockerfile string) bool {
	if res.IgnoreFile.Specific {
		return false
	}
	_, own := res.Inventory.Lookup(dockerfile + dockerignore)
	return !own || res.Builder == buildcontext.Classic
}

// isDockerfileName knows the names that people give to Dockerfiles.
func isDockerfileName(name string) bool {
	// It is asked about every entry of a context: few names begin or end like one.
	if len(name) < len(defaultDockerfile) || strings.IndexByte("DCd", name[0]) < 0 && name[len(name)-1] != 'e' ||
		!strings.Contains(name, "file") || strings.HasSuffix(name, dockerignore) {
		return false
	}
	for _, stem := range []string{defaultDockerfile, containerfile, strings.ToLower(defaultDockerfile)} {
		if name == stem || strings.HasPrefix(name, stem+".") || strings.HasSuffix(name, "."+stem) {
			return true
		}
	}
	return false
}

// secretSent is the id of the finding about a secret.
const secretSent = "secret-sent"

// secretFindings tells of secrets that are sent.
func (res *Result) secretFindings() []finding.Finding {
	var all []finding.Finding
	for _, s := range res.secrets {
		f := finding.Finding{
			ID: secretSent, Severity: finding.Error, Path: s.Path, File: s.Path, Line: s.Line,
			Message: s.Message + ", and it is sent",
			Repair:  "ignore the file; what the build needs of it, give with RUN --mount=type=secret",
		}
		if s.Redacted != "" {
			f.Message += ": " + s.Redacted
		}
		if reason, ok := res.accepter.accepts(s.Path, secretSent, s.Rule); ok {
			res.Accepted = append(res.Accepted, AcceptedFinding{f, reason})
			continue
		}
		all = append(all, f)
	}
	return all
}
