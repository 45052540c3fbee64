package conformance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"github.com/ctxsize/ctxsize/conformance/cases"
	"github.com/ctxsize/ctxsize/conformance/program"
)

// TestLint wants a finding about a difference, on a line that has to do with it,
// wherever Docker keeps another file than git does with the same list, or BuildKit
// another than the classic builder, or the same without its content. It needs git,
// and root's rights for the trees.
func TestLint(t *testing.T) {
	needRoot(t)
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	ctxsize := buildProgram(t)
	for _, c := range recorded(t) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			h := linted{t: t, ctxsize: ctxsize, Planted: plant(t, &c)}
			h.file = h.ignoreFile(program.BuildKit)
			named := func(g guilt) func(program.Finding) bool {
				return func(f program.Finding) bool { return h.named(g, f) }
			}
			for _, other := range []string{"git", program.Classic} {
				apart := h.apart(other)
				if len(apart) == 0 {
					continue
				}
				findings := h.lint()
				guilty := h.guilty(other, apart)
				if !slices.ContainsFunc(findings, named(guilty)) {
					t.Errorf("BuildKit and %s part over %q, because of %+v, and lint finds %v\n%q", other, apart, guilty, findings, h.text(h.file))
				}
			}
		})
	}
}

// linted is a planted case whose ignore file may be changed.
type linted struct {
	t       *testing.T
	ctxsize *program.Program
	*cases.Planted
	// file is the ignore file that BuildKit reads, "" where it reads none.
	file string
}

func (h *linted) lint() []program.Finding {
	h.t.Helper()
	findings, err := h.ctxsize.Lint(h.t.Context(), program.BuildKit, h.Planted)
	if err != nil {
		h.t.Fatal(err)
	}
	return findings
}

// ignoreFile is the path of the ignore file that a builder reads. One that
// refuses is taken to read the one that has the right name.
func (h *linted) ignoreFile(builder string) string {
	h.t.Helper()
	name, ok, err := h.ctxsize.IgnoreFile(h.t.Context(), builder, h.Planted)
	switch {
	case err != nil:
		h.t.Fatal(err)
	case !ok:
		name = ".dockerignore"
		specific := h.DockerfilePath + name
		if _, err := os.Stat(filepath.Join(h.Context, specific)); err == nil && builder == program.BuildKit {
			name = specific
		}
	case name == "":
		return ""
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(h.Context, name)
	}
	if info, err := os.Stat(name); err != nil || info.IsDir() {
		return ""
	}
	return name
}

func (h *linted) text(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(data)
}

// keeps returns what somebody keeps: git with BuildKit's list as its own, or a
// builder. Of who refuses, ok is false.
func (h *linted) keeps(who string) (kept map[string]bool, ok bool) {
	h.t.Helper()
	if who != "git" {
		kept, ok, err := h.ctxsize.Eligible(h.t.Context(), who, h.Planted)
		if err != nil {
			h.t.Fatal(err)
		}
		return kept, ok
	}
	repo := h.t.TempDir()
	run := func(args ...string) string {
		cmd := exec.CommandContext(h.t.Context(), "git", append([]string{"--git-dir", repo, "-c", "core.ignoreCase=false"}, args...)...)
		cmd.Dir = h.Context
		cmd.Env = append(os.Environ(), "GIT_WORK_TREE="+h.Context, "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		out, err := cmd.Output()
		if err != nil {
			h.t.Fatalf("git %q: %v", args, err)
		}
		return string(out)
	}
	run("init", "-q")
	args := []string{"ls-files", "-o", "-z"}
	if h.file != "" {
		args = append(args, "--exclude-from="+h.file)
	}
	kept = map[string]bool{}
	for path := range strings.SplitSeq(strings.TrimSuffix(run(args...), "\x00"), "\x00") {
		kept[path] = true
	}
	return kept, true
}

// apart returns the files of the case that BuildKit and another make different
// things of. The build files count for nothing: the classic client rescues them,
// and git knows no such files. What is neither a file nor a link is nothing for
// git.
func (h *linted) apart(other string) []string {
	h.t.Helper()
	ours, ok := h.keeps(program.BuildKit)
	theirs, otherOk := h.keeps(other)
	switch {
	case !ok && !otherOk:
		return nil
	case ok != otherOk:
		return []string{theBuild}
	}
	var all []string
	for _, f := range h.Files {
		path := string(f.Path)
		if f.Type == "dir" || strings.HasPrefix(path, "../") || filepath.Base(path) == ".dockerignore" || path == h.DockerfilePath {
			continue
		}
		if other == "git" && !slices.Contains([]string{"file", "symlink", "sparse", "hardlink"}, f.Type) {
			continue
		}
		if ours[path] != theirs[path] || other == program.Classic && ours[path] && h.emptied(&f) {
			all = append(all, path)
		}
	}
	return all
}

// emptied tells whether BuildKit's client refuses to open a file that it has
// announced. (tonistiigi/fsutil, filter.go, filterFS.Open)
func (h *linted) emptied(f *cases.File) bool {
	h.t.Helper()
	if !slices.Contains([]string{"file", "sparse"}, f.Type) {
		return false
	}
	patterns, err := ignorefile.ReadAll(strings.NewReader(h.text(h.file)))
	if err != nil {
		return false
	}
	refused, err := patternmatcher.MatchesOrParentMatches(string(f.Path), patterns)
	return err == nil && refused
}

// theBuild stands for all files where only one of two refuses.
const theBuild = "the build"

// guilt is what a finding may name.
type guilt struct {
	lines map[int]bool
	// file tells that no line is guilty, but the file as a whole: another one is
	// read, or none.
	file bool
	// dockerfile tells that it is the Dockerfile for which the build is refused.
	dockerfile bool
}

// beside are the rules that tell nothing of a difference.
var beside = []string{"dead-rule", "duplicate-rule", "shadowed-rule", "exception-idle", "exception-unpruned", "sent-ignored", "sent-untracked"}

// named tells whether a finding is about a difference, and names what is guilty of
// it.
func (h *linted) named(g guilt, f program.Finding) bool {
	inIgnoreFile := f.File == "" || strings.HasSuffix(f.File, ".dockerignore")
	switch {
	case slices.Contains(beside, f.ID):
		return false
	case inIgnoreFile:
		return g.lines[f.Line] || g.file && f.Line == 0
	default:
		return g.dockerfile && filepath.Base(f.File) == filepath.Base(h.DockerfilePath)
	}
}

// guilty returns the lines without which the two would part less, or otherwise.
func (h *linted) guilty(other string, apart []string) guilt {
	h.t.Helper()
	g := guilt{lines: map[int]bool{}, file: other != "git" && h.ignoreFile(other) != h.file}
	text := h.text(h.file)
	lines := strings.SplitAfter(text, "\n")
	for i := range lines {
		if strings.TrimSpace(lines[i]) == "" || h.file == "" {
			continue
		}
		h.write(strings.Join(slices.Delete(slices.Clone(lines), i, i+1), ""))
		if fmt.Sprint(h.apart(other)) != fmt.Sprint(apart) {
			g.lines[i+1] = true
		}
	}
	h.write(text)
	if len(g.lines) == 0 {
		g.dockerfile = apart[0] == theBuild
		g.file = g.file || !g.dockerfile || h.file == ""
	}
	return g
}

func (h *linted) write(text string) {
	h.t.Helper()
	if h.file == "" {
		return
	}
	if err := os.WriteFile(h.file, []byte(text), 0o644); err != nil {
		h.t.Fatal(err)
	}
}
