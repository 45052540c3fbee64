package plan

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/spell"
	"github.com/ctxsize/ctxsize/suggest"
)

// Forbidden is one thing that must not be sent. Make it with [ParseForbidden].
type Forbidden struct {
	// Text is how it is written: secrets, gitignored, a class, pattern:P or
	// lint:LEVEL.
	Text string

	class   suggest.Class
	pattern string
	level   finding.Severity
	kind    forbiddenKind
}

type forbiddenKind uint8

const (
	forbiddenSecrets forbiddenKind = iota
	forbiddenGitIgnored
	forbiddenClass
	forbiddenPattern
	forbiddenLint
)

// ForbiddenWords are the words that [ParseForbidden] knows, the classes last.
func ForbiddenWords() []string {
	all := []string{"secrets", "gitignored", "pattern:P", "lint:error", "lint:warning", "lint:info"}
	for _, c := range suggest.Classes() {
		all = append(all, string(c))
	}
	return all
}

// ParseForbidden reads what must not be sent.
func ParseForbidden(text string) (Forbidden, error) {
	f := Forbidden{Text: text}
	before, after, _ := strings.Cut(text, ":")
	switch {
	case text == "secrets":
		return f, nil
	case text == "gitignored":
		f.kind = forbiddenGitIgnored
		return f, nil
	case slices.Contains(suggest.Classes(), suggest.Class(text)):
		f.kind, f.class = forbiddenClass, suggest.Class(text)
		return f, nil
	case before == "pattern" && after != "":
		f.kind, f.pattern = forbiddenPattern, after
		return f, nil
	case before == "lint":
		f.kind = forbiddenLint
		for _, s := range []finding.Severity{finding.Error, finding.Warning, finding.Info} {
			if s.String() == after {
				f.level = s
				return f, nil
			}
		}
	}
	hint := "it is one of " + strings.Join(ForbiddenWords(), ", ")
	if near := spell.Nearest(text, ForbiddenWords()); near != "" {
		hint = "did you mean " + near + "?"
	}
	return f, usage(hint, "%q is nothing that can be forbidden", text)
}

// Secrets tells whether secrets must be looked for.
func (f Forbidden) Secrets() bool { return f.kind == forbiddenSecrets }

// Whole tells whether a scan must not leave out what is ignored: it may hold what
// proves an artifact.
func (f Forbidden) Whole() bool { return f.kind == forbiddenClass }

// Lint returns the severity from which findings of lint are forbidden.
func (f Forbidden) Lint() (finding.Severity, bool) { return f.level, f.kind == forbiddenLint }

// Offence is something that is sent and must not be.
type Offence struct {
	Path string
	// Bytes and Files are what is sent of it.
	Bytes int64
	Files int
	// Note says what it is; "" where the path says it all.
	Note string
	// File and Line are where that stands, "" and 0 for nowhere.
	File string
	Line int
}

// Forbidden returns what is sent and must not be, the heaviest first; findings of
// lint are not among it. A [UsageError] means that it cannot be known.
func (res *Result) Forbidden(f Forbidden) ([]Offence, error) {
	var all []Offence
	var err error
	switch f.kind {
	case forbiddenSecrets:
		return res.forbiddenSecrets(), nil
	case forbiddenGitIgnored:
		all, err = res.forbiddenByGit()
	case forbiddenPattern:
		all, err = res.forbiddenByPattern(f.pattern)
	case forbiddenClass:
		all = res.forbiddenByClass(f.class)
	case forbiddenLint:
	}
	slices.SortStableFunc(all, func(a, b Offence) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return all, err
}

// forbiddenSecrets returns the secrets that nobody has accepted.
func (res *Result) forbiddenSecrets() []Offence {
	var all []Offence
	for _, f := range res.Findings {
		if f.ID == secretSent {
			all = append(all, Offence{Path: f.Path, Note: f.Message, File: f.File, Line: f.Line, Files: 1})
		}
	}
	return all
}

// forbiddenByGit returns what git ignores and does not track.
func (res *Result) forbiddenByGit() ([]Offence, error) {
	var facts suggest.Facts
	res.askGit(&facts)
	if facts.Tracked == nil {
		return nil, usage("check it out with git, or take gitignored out of what is forbidden",
			"what git ignores is not known: the context is in no git repository that can be read")
	}
	return res.sentRoots(func(id buildcontext.ID, at string) string {
		_, isDir := res.Inventory.Dir(id)
		if path.Base(at) != ".git" && !facts.Tracked(at) && facts.GitIgnored(at, isDir) {
			return "git ignores it"
		}
		return ""
	}), nil
}

// forbiddenByClass returns the artifacts of a class. The build files are none, nor
// is what belongs to the source, such as .gitignore: who forbids vcs means the
// repository.
func (res *Result) forbiddenByClass(class suggest.Class) []Offence {
	return res.sentRoots(func(id buildcontext.ID, path string) string {
		a, ok := res.artifacts[id]
		if !ok || a.Class != class || a.Committed || path == res.Dockerfile.Inside || path == res.IgnoreFile.Name {
			return ""
		}
		return a.Rule
	})
}

// forbiddenByPattern returns what a line at the end of the ignore file would keep
// back.
func (res *Result) forbiddenByPattern(pattern string) ([]Offence, error) {
	rule, err := res.readPattern(pattern)
	if err != nil {
		return nil, err
	}
	if rule.Exception() {
		return nil, usage("leave out the !", "an exception forbids nothing: %q", pattern)
	}
	rules := append(slices.Clone(res.Rules()), rule)
	without, err := buildcontext.Select(res.Inventory, res.ContextRequest(rules))
	if err != nil {
		return nil, fmt.Errorf("the pattern %q: %w", pattern, wrapRefusal(err))
	}
	return res.sentRoots(func(id buildcontext.ID, _ string) string {
		if res.Selection.Eligible(id) && !without.Eligible(id) {
			return "it matches " + pattern
		}
		return ""
	}), nil
}

// sentRoots returns the entries that are sent, or hold something that is, and that
// why has an answer for; what lies below one is not asked about.
func (res *Result) sentRoots(why func(id buildcontext.ID, path string) string) []Offence {
	var all []Offence
	res.Inventory.Walk(0, func(id buildcontext.ID, path string) bool {
		sub, isDir := res.Inventory.Dir(id)
		sent := res.Selection.Sent(id)
		if !sent && !isDir {
			return true
		}
		note := why(id, path)
		if note == "" {
			return true
		}
		o := Offence{Path: path, Note: note}
		switch {
		case isDir:
			share := res.Measurement.Dirs[sub]
			o.Bytes, o.Files = share.SentBytes, share.SentFiles
		case res.Inventory.Mode(id).IsRegular():
			o.Files = 1
			if !res.Selection.Emptied(id) {
				o.Bytes = res.Inventory.Size(id)
			}
		}
		if sent || o.Files > 0 {
			all = append(all, o)
		}
		return false
	})
	return all
}
