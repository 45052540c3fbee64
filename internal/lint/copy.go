package lint

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// onInstruction makes a finding about an instruction of the Dockerfile.
func (e *evidence) onInstruction(number int, severity finding.Severity) Finding {
	f := Finding{Finding: finding.Finding{Severity: severity, File: e.Build.File, Line: number, Column: 1}}
	if number <= len(e.Build.Lines) {
		f.Excerpt = e.Build.Lines[number-1]
		f.Width = len([]rune(f.Excerpt))
	}
	return f
}

// reads are those of COPY and ADD of the target.
func (e *evidence) reads() []buildcontext.Read {
	if e.Build == nil {
		return nil
	}
	var all []buildcontext.Read
	for _, r := range e.Build.Reads {
		if r.Uses && (r.Keyword == "COPY" || r.Keyword == "ADD") {
			all = append(all, r)
		}
	}
	return all
}

// sourceAsPattern finds sources that BuildKit's client takes for something else:
// the request is read as an ignore file is.
func sourceAsPattern(e *evidence) []Finding {
	var all []Finding
	for _, r := range e.reads() {
		asked := strings.TrimPrefix(r.Path, "/")
		f := e.onInstruction(r.Line, finding.Error)
		f.Path = asked
		if e.Builder != buildcontext.BuildKit {
			f.Severity = finding.Info
		}
		switch {
		case strings.HasPrefix(asked, "!"):
			f.Message = fmt.Sprintf("BuildKit takes the ! of %q for an exception, and asks for nothing", r.Source)
			f.Repair = "write ? for the first character"
		case asked != strings.TrimSpace(asked):
			f.Message = fmt.Sprintf("BuildKit takes away the blanks around %q, and asks for another file", r.Source)
			f.Repair = "write ? for the blank"
		default:
			continue
		}
		all = append(all, f)
	}
	return all
}

// sourceOutside finds sources that lead out of the context, where BuildKit stops
// at its root and the classic builder refuses.
func sourceOutside(e *evidence) []Finding {
	var all []Finding
	for _, r := range e.reads() {
		if clean := path.Clean(strings.TrimLeft(r.Source, "/")); clean != ".." && !strings.HasPrefix(clean, "../") {
			continue
		}
		f := e.onInstruction(r.Line, finding.Warning)
		f.Path = strings.TrimPrefix(r.Path, "/")
		f.Message = fmt.Sprintf("nothing outside the context can be copied: BuildKit takes %q for %q, and the classic builder refuses", r.Source, r.Path)
		f.Repair = "build with a directory further up as the context, or name the other one with --build-context"
		if e.Builder == buildcontext.Classic {
			f.Severity = finding.Error
		}
		all = append(all, f)
	}
	return all
}

// addForCopy finds ADD instructions that do what COPY does: nothing is fetched, and
// nothing unpacked.
func addForCopy(e *evidence) []Finding {
	if e.docker == nil {
		return nil
	}
	var all []Finding
	lines := map[int]bool{}
	for _, r := range e.reads() {
		if r.Keyword != "ADD" || lines[r.Line] || !onlyPlainFlags(r.Text) || strings.Contains(r.Text, "://") || strings.Contains(r.Text, "git@") {
			continue
		}
		lines[r.Line] = true
		if !e.copiesPlainly(r.Line) {
			continue
		}
		f := e.onInstruction(r.Line, finding.Info)
		f.Message = "ADD fetches and unpacks, and here there is nothing to fetch or to unpack: COPY does the same, and no more"
		f.Repair = "write COPY"
		all = append(all, f)
	}
	return all
}

// onlyPlainFlags tells whether an instruction has only flags that COPY has, too.
func onlyPlainFlags(text string) bool {
	for _, word := range strings.Fields(text)[1:] {
		if !strings.HasPrefix(word, "--") {
			return true
		}
		name, _, _ := strings.Cut(word, "=")
		if !slices.Contains([]string{"--chown", "--chmod", "--link", "--exclude"}, name) {
			return false
		}
	}
	return true
}

// copiesPlainly tells whether every source of the ADD in a line is there and is no
// archive.
func (e *evidence) copiesPlainly(number int) bool {
	for _, r := range e.reads() {
		if r.Line != number {
			continue
		}
		asked := strings.TrimPrefix(r.Path, "/")
		if asked == "" {
			continue // the context is a directory
		}
		paths := []string{asked}
		if r.Wildcard {
			paths = e.Inventory.Glob(asked)
		}
		if len(paths) == 0 {
			return false
		}
		for _, p := range paths {
			id, ok := e.Inventory.Lookup(p)
			switch mode := e.Inventory.Mode(id); {
			case !ok:
				return false
			case mode.IsDir():
			case !mode.IsRegular() || e.Head == nil || isArchive(e.Head(p)):
				return false
			}
		}
	}
	return true
}

// archives are how the files begin that ADD unpacks: compressed ones, and tar.
// (containerd/containerd, archive/compression; BuildKit's solver/llbsolver/file)
var archives = [][]byte{
	{0x1f, 0x8b}, []byte("BZh"), {0xfd, '7', 'z', 'X', 'Z', 0}, {0x28, 0xb5, 0x2f, 0xfd}, {0x5d, 0, 0},
}

func isArchive(head []byte) bool {
	for _, magic := range archives {
		if bytes.HasPrefix(head, magic) {
			return true
		}
	}
	const at = 257 // where a tar says what it is
	return len(head) >= at+5 && string(head[at:at+5]) == "ustar"
}

// costly are commands that take long enough for somebody to wait for them.
var costly = regexp.MustCompile(`\b(npm (ci|i|install|run)|yarn( install)?|pnpm (i|install)|bun install|pip3? install|uv (sync|pip)|poetry install|` +
	`apt(-get)? |apk add|dnf |yum |go (build|install|mod download)|cargo (build|install|fetch)|mvn |mvnw |gradle |gradlew |bundle install|` +
	`composer install|dotnet (restore|build|publish)|mix (deps\.get|compile)|make\b|cmake |sbt |bazel )`)

// cacheBuster finds a repository that is copied before something costly is run:
// each commit, fetch and checkout changes it.
func cacheBuster(e *evidence) []Finding {
	git, ok := e.repository()
	if !ok {
		return nil
	}
	var all []Finding
	stages := map[string]bool{}
	for _, r := range e.reads() {
		if r.Path != "/" || stages[r.Stage] || len(r.Exclude) > 0 {
			continue
		}
		run := e.costlyAfter(r)
		if run == 0 {
			continue
		}
		stages[r.Stage] = true
		f := e.onInstruction(r.Line, finding.Info)
		f.Path = git.path
		f.CostBytes = e.sentBytes(git.id)
		f.Message = fmt.Sprintf("this copies %q, which every commit changes, and so line %d runs again each time", git.path, run)
		f.Repair = fmt.Sprintf("ignore %s, or copy what line %d needs before it, and the rest behind it", git.path, run)
		all = append(all, f)
	}
	return all
}

// repository returns the repository at the root of the context, where it is sent
// and nothing asks git for anything.
func (e *evidence) repository() (entry, bool) {
	if e.docker == nil || e.Build == nil || e.repositoryWanted() {
		return entry{}, false
	}
	id, ok := e.Inventory.Child(0, ".git")
	if !ok || !e.sent(id) || e.namedByBuild(".git") {
		return entry{}, false
	}
	return entry{id, ".git"}, true
}

// costlyAfter returns the line of the first costly RUN behind a read in its stage,
// or 0.
func (e *evidence) costlyAfter(r buildcontext.Read) int {
	for _, in := range e.Build.Instructions {
		if in.Keyword == "RUN" && in.Line > r.Line && in.Stage == r.Stage && costly.MatchString(in.Text+"\n"+in.Body) {
			return in.Line
		}
	}
	return 0
}
