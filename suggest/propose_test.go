package suggest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/treetest"
	"github.com/ctxsize/ctxsize/suggest"
)

// patchedName is the file of an archive that holds the expected ignore file.
const patchedName = "want.dockerignore"

// TestPropose reads the trees of testdata/propose. Besides the directives of
// treetest, the comment of an archive has lines
//
//	tracked PATH...       what git tracks, but for what it ignores; without one
//	                      there is no repository
//	gitignored PATH...    what git ignores
//	gitunknown            there is a repository that cannot be read
//	without ID...         what a person wants to stay
//	safe ID PATTERN       and
//	review ID PATTERN     what is expected, in any order
func TestPropose(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/propose/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no trees", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			testPropose(t, file, txtar.Parse(data))
		})
	}
}

func testPropose(t *testing.T, file string, archive *txtar.Archive) {
	t.Helper()
	s, want, wantPatched := readScenario(t, archive)
	var got []string
	for _, builder := range []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic, buildcontext.Podman} {
		all := s.check(t, builder)
		if builder != buildcontext.BuildKit {
			continue
		}
		for _, suggestion := range all {
			got = append(got, fmt.Sprintf("%s %s %s", suggestion.Confidence, suggestion.ID, suggestion.Pattern))
		}
		slices.Sort(got)
		patched := string(patch(t, s.ignore, safeOf(all)))
		if *suggest.Update {
			writeScenario(t, file, archive, got, patched)
			continue
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("suggestions: -want +got:\n%s", diff)
		}
		if wantPatched != "" && wantPatched != patched {
			t.Errorf("patched: -want +got:\n%s", cmp.Diff(wantPatched, patched))
		}
	}
}

func readScenario(t *testing.T, archive *txtar.Archive) (s *scenario, want []string, patched string) {
	t.Helper()
	rest := *archive
	rest.Files = nil
	for _, f := range archive.Files {
		if f.Name == patchedName {
			patched = string(f.Data)
			continue
		}
		rest.Files = append(rest.Files, f)
	}
	s = &scenario{}
	var lines []string
	s.tree, lines = treetest.Parse(t, string(txtar.Format(&rest)))
	s.ignore = s.tree.Content(".dockerignore", 1<<20)
	var tracked, ignored []string
	for _, line := range lines {
		words := strings.Fields(line)
		switch words[0] {
		case "tracked":
			tracked = append(tracked, words[1:]...)
			s.tracked = func(path string) bool {
				return (lies(path, tracked) || above(path, tracked)) && !lies(path, ignored)
			}
		case "gitignored":
			ignored = append(ignored, words[1:]...)
			s.gitIgnored = func(path string, _ bool) bool { return lies(path, ignored) }
		case "gitunknown":
			s.gitUnknown = true
		case "without":
			s.without = words[1:]
		case "safe", "review":
			want = append(want, line)
		default:
			t.Fatalf("cannot read the line %q", line)
		}
	}
	return s, want, patched
}

// lies tells whether path is one of some paths or lies below one.
func lies(path string, paths []string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

// above tells whether one of some paths lies below path.
func above(path string, paths []string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(p, path+"/") })
}

// writeScenario puts what was got in the place of what was expected.
func writeScenario(t *testing.T, file string, archive *txtar.Archive, got []string, patched string) {
	t.Helper()
	var comment strings.Builder
	for line := range strings.Lines(string(archive.Comment)) {
		if !strings.HasPrefix(line, "safe ") && !strings.HasPrefix(line, "review ") {
			comment.WriteString(line)
		}
	}
	out := *archive
	out.Comment = []byte(strings.TrimRight(comment.String(), "\n") + "\n")
	for _, line := range got {
		out.Comment = append(out.Comment, line+"\n"...)
	}
	out.Files = slices.Clone(archive.Files)
	for i := range out.Files {
		if out.Files[i].Name == patchedName {
			out.Files[i].Data = []byte(patched)
		}
	}
	if err := os.WriteFile(file, txtar.Format(&out), 0o644); err != nil {
		t.Fatal(err)
	}
}
