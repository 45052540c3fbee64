package suggest_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/suggest"
)

// TestAllowlist reads the trees of testdata/allow.
func TestAllowlist(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/allow/*.txtar")
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
			archive := txtar.Parse(data)
			s, _, want := readScenario(t, archive)
			got := s.checkAllowlist(t)
			if *suggest.Update {
				writeScenario(t, file, archive, nil, got)
			} else if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// checkAllowlist holds the promises of an allowlist and returns its text, "" where
// there is none.
func (s *scenario) checkAllowlist(t *testing.T) string {
	t.Helper()
	before := s.selection(t, buildcontext.BuildKit, s.ignore)
	facts := s.facts(t, before)
	gone := safeOf(propose(t, facts))
	text, lost, back := allowlist(t, facts, s.ignore, gone)
	if text == nil {
		return ""
	}
	if len(lost)+len(back) > 0 && strings.ContainsAny(string(s.ignore), "!*") {
		return "" // what a person wrote makes it impossible: refused
	}
	if len(lost) > 0 {
		t.Errorf("lost: %q\n%s", lost, text)
	}
	if !isSubsequence(s.ignore, text) {
		t.Errorf("bytes of the person's are lost:\n%s\n---\n%s", s.ignore, text)
	}
	after := s.facts(t, s.selection(t, buildcontext.BuildKit, text))
	if again, _, _ := allowlist(t, after, text, safeOf(propose(t, after))); string(again) != string(text) {
		t.Errorf("the second time changes something:\n%s\n---\n%s", text, again)
	}
	var named []string
	for _, read := range facts.Reads {
		named = append(named, strings.Trim(read.Path, "/"))
	}
	for _, builder := range []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic} {
		before, after := s.selection(t, builder, s.ignore), s.selection(t, builder, text)
		for _, read := range facts.Reads {
			paths := []string{strings.Trim(read.Path, "/")}
			if read.Wildcard {
				paths = s.inv.Glob(paths[0])
			}
			s.inv.Walk(0, func(id buildcontext.ID, path string) bool {
				_, isDir := s.inv.Dir(id)
				junk := false
				for _, g := range gone {
					junk = junk || lies(path, g.Paths)
				}
				if !isDir && !junk && lies(path, paths) && before.Eligible(id) && !after.Eligible(id) {
					t.Errorf("%s: %q is needed by %s, and lost\n%s", builder, path, read.Text, text)
				}
				return true
			})
		}
		s.inv.Walk(0, func(id buildcontext.ID, path string) bool {
			if _, isDir := s.inv.Dir(id); !isDir && after.Eligible(id) && !before.Eligible(id) && !lies(path, named) {
				t.Errorf("%s: %q comes back\n%s", builder, path, text)
			}
			return true
		})
	}
	return string(text)
}

// allowlist makes an allowlist and follows suggestions; it returns no text where
// there can be none.
func allowlist(t *testing.T, facts suggest.Facts, old []byte, follow []suggest.Suggestion) (text []byte, lost, back []string) {
	t.Helper()
	rewrite, err := suggest.Allowlist(facts, parse(t, old))
	if err != nil {
		t.Fatal(err)
	}
	if rewrite == nil {
		return nil, nil, nil
	}
	text = suggest.Patch(parse(t, rewrite.Text), follow)
	if lost, back, err = rewrite.Compare(facts, text); err != nil {
		t.Fatal(err)
	}
	return text, lost, back
}

// TestRandomAllowlists makes allowlists for builds that nobody thought of.
func TestRandomAllowlists(t *testing.T) {
	t.Parallel()
	written := 0
	for seed := range 300 {
		r := rand.New(rand.NewPCG(uint64(seed), 2))
		s, _ := randomScenario(r)
		text := strings.ReplaceAll(string(s.tree.Content("Dockerfile", 1<<20)), "COPY . .\n", "")
		s.tree.Text("Dockerfile", text)
		if m, err := ignore.Compile(parse(t, s.ignore).Rules()); err != nil || m.MayFail() || m.MayEmpty() {
			continue
		}
		if s.checkAllowlist(t) != "" {
			written++
		}
		if t.Failed() {
			t.Fatalf("seed %d:\n%s--- .dockerignore\n%q\n--- tree\n%s", seed, text, s.ignore, strings.Join(s.tree.Paths(), "\n"))
		}
	}
	if written < 100 {
		t.Errorf("only %d allowlists: the builds are no test", written)
	}
}

// TestAllowlistNotes wants a person to be told what will need care.
func TestAllowlistNotes(t *testing.T) {
	t.Parallel()
	archive := txtar.Parse([]byte(`
filesize 1 package.json
filesize 1 secret
-- .dockerignore --
secret
-- Dockerfile --
FROM x
COPY package*.json ./
COPY secret ./
`))
	s, _, _ := readScenario(t, archive)
	facts := s.facts(t, s.selection(t, buildcontext.BuildKit, s.ignore))
	rewrite, err := suggest.Allowlist(facts, parse(t, s.ignore))
	if err != nil {
		t.Fatal(err)
	}
	want := []suggest.Note{
		{Line: 2, Pattern: "package*.json", Message: "the files that the source matches now are listed: a new one needs a line of its own"},
		{File: ".dockerignore", Line: 1, Pattern: "secret", Path: "secret", Message: "this rule keeps back what an instruction names: the build fails, with the allowlist as without"},
	}
	if diff := cmp.Diff(want, rewrite.Notes); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
