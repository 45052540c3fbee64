package suggest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/gitrepo"
	"github.com/ctxsize/ctxsize/internal/treetest"
	"github.com/ctxsize/ctxsize/suggest"
)

const fromGitignore = "# From .gitignore\n"

// translate makes an ignore file of the .gitignore files of a tree.
func (s *scenario) translate(t *testing.T, elsewhere ...suggest.Gitignore) *suggest.Rewrite {
	t.Helper()
	facts := s.facts(t, s.selection(t, buildcontext.BuildKit, s.ignore))
	rewrite, err := suggest.FromGitignore(context.Background(), facts, parse(t, s.ignore), elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	return rewrite
}

// compare tells what the text of a rewrite would lose and let through.
func (s *scenario) compare(t *testing.T, rewrite *suggest.Rewrite) (lost, back []string) {
	t.Helper()
	facts := s.facts(t, s.selection(t, buildcontext.BuildKit, s.ignore))
	lost, back, err := rewrite.Compare(facts, rewrite.Text)
	if err != nil {
		t.Fatal(err)
	}
	return lost, back
}

func TestFromGitignoreLine(t *testing.T) {
	t.Parallel()
	tests := []struct{ dir, line, want string }{
		{"", "node_modules", "**/node_modules"},
		{"", "node_modules/", "**/node_modules"},
		{"", "/node_modules", "node_modules"},
		{"", "*.log", "**/*.log"},
		{"", "doc/*.txt", "doc/*.txt"},
		{"", "doc/frotz/", "doc/frotz"},
		{"", "**/foo", "**/foo"},
		{"", "**/foo/bar", "**/foo/bar"},
		{"", "abc/**", "abc/**"},
		{"", "a/**/b", "a/**/b"},
		{"", "*", "*"},
		{"", "foo**bar", "**/foo*bar"},
		{"", "!keep", "!**/keep"},
		{"", "!/keep", "!keep"},
		{"", `\#x`, `**/#x`},
		{"", `/\#x`, `/#x`},
		{"", `\!x`, `**/\!x`},
		{"", "x  ", "**/x"},
		{"", `x\ `, "**/x[ ]"},
		{"", "/ x", "[ ]x"},
		{"", "x\r", "**/x"},
		{"", "# comment", ""},
		{"", "", ""},
		{"", "/", ""},
		{"", "a//b", ""},
		{"", "../a", ""},
		{"", "[!a]x", "**/[^a/]x"},
		{"", "[a-z]x", "**/[a-z]x"},
		{"", "[]a]x", `**/[\]a]x`},
		{"", "[a-]x", `**/[a\-]x`},
		{"", "[[:space:]]x", "**/[[:space:]]x"},
		{"", "[a", ""},
		{"", `a\`, ""},
		{"", `\d`, "**/d"},
		{"", `\*`, `**/\*`},
		{"", "a{b,c}", `**/a\{b,c\}`},
		{"", "a|b", `**/a\|b`},
		{"web", "dist", "web/**/dist"},
		{"web", "/dist", "web/dist"},
		{"web", "!a.txt", "!web/**/a.txt"},
		{"web", "*", "web/**/*"},
		{"a[b]", "x", `a\[b\]/**/x`},
		{"", "a\tb", ""},
	}
	for _, tt := range tests {
		t.Run(tt.dir+":"+tt.line, func(t *testing.T) {
			t.Parallel()
			tree := &treetest.Tree{}
			tree.Text("some/file", "")
			tree.Text(strings.TrimPrefix(tt.dir+"/.gitignore", "/"), tt.line+"\n")
			s := &scenario{tree: tree}
			rewrite := s.translate(t)
			got := ""
			if rewrite != nil {
				got = strings.TrimPrefix(string(rewrite.Text), fromGitignore)
			}
			want := tt.want
			if want != "" {
				want += "\n"
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestFromGitignore(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, tree, want string
		elsewhere        []suggest.Gitignore
		notes            []string
	}{
		{
			name: "nested files, the deeper ones behind",
			tree: "-- .gitignore --\n*.log\ndist\n-- web/.gitignore --\n/build\n!important.log\n-- web/src/.gitignore --\n*.tmp\n",
			want: fromGitignore + "**/*.log\n**/dist\nweb/build\n!web/**/important.log\nweb/src/**/*.tmp\n",
		},
		{
			name:  "only directories are meant, and a file is called so",
			tree:  "-- .gitignore --\nbuild/\ntarget/\n-- scripts/build --\n#!/bin/sh\n-- build/x --\n",
			want:  fromGitignore + "**/build/**\n**/target\n",
			notes: nil,
		},
		{
			name:  "what an instruction names comes back",
			tree:  "-- .gitignore --\ndist\ntarget/\n-- dist/app.js --\n-- target/app.jar --\n-- Dockerfile --\nFROM x\nCOPY dist /d\nCOPY target/*.jar /\n",
			want:  fromGitignore + "**/dist\n**/target\n!dist\n!target\n",
			notes: []string{"dist: brought back: an instruction of the Dockerfile names it", "target: brought back: an instruction of the Dockerfile names it"},
		},
		{
			name:  "what is ignored by its own name comes back by it",
			tree:  "-- .gitignore --\n/data/seed.db\n/target/app.jar\n-- data/seed.db --\n-- target/app.jar --\n-- Dockerfile --\nFROM x\nCOPY data /d\nCOPY data/seed.db /s\nCOPY target/*.jar /\n",
			want:  fromGitignore + "data/seed.db\ntarget/app.jar\n!data/seed.db\n!target/app.jar\n",
			notes: []string{"data/seed.db: brought back: an instruction of the Dockerfile names it", "target/app.jar: brought back: an instruction of the Dockerfile names it"},
		},
		{
			name: "the rules of a person stand behind",
			tree: "-- .gitignore --\n*.log\n-- .dockerignore --\n!keep.log\n-- keep.log --\n",
			want: fromGitignore + "**/*.log\n\n!keep.log\n",
		},
		{
			name: "a directory comes back, and what lies in it does not",
			tree: "-- .gitignore --\n/tmp/*\n!/tmp/.keep\n*.log\n/tmp/pids/*\n!/tmp/pids/\n!/tmp/pids/.keep\n-- tmp/.keep --\n-- tmp/pids/.keep --\n-- tmp/pids/server.pid --\n",
			want: fromGitignore + "tmp/*\n!tmp/.keep\n!tmp/pids\n**/*.log\ntmp/pids/*\n!tmp/pids/.keep\n",
		},
		{
			name: "nothing to say",
			tree: "-- .gitignore --\n# nothing\n",
		},
		{
			name:  "left out, with a reason",
			tree:  "-- .gitignore --\n[a\nb\n",
			want:  fromGitignore + "**/b\n",
			notes: []string{".gitignore:1: left out: git takes it to match nothing"},
		},
		{
			name: "files that lie elsewhere",
			tree: "-- .gitignore --\nx\n",
			elsewhere: []suggest.Gitignore{
				{Name: "excludes", Text: []byte("*~\n")},
				{Name: "../.gitignore", Below: "app", Text: []byte("/app/dist\n/lib\n*.bak\napp/**/gen\n*/tmp\n")},
			},
			want: fromGitignore + "**/*~\ndist\n**/*.bak\n**/gen\ntmp\n**/x\n",
		},
		{
			name:      "a file above that ignores the context",
			tree:      "-- .gitignore --\nx\n",
			elsewhere: []suggest.Gitignore{{Name: "../.gitignore", Below: "app", Text: []byte("/app\n")}},
			want:      fromGitignore + "**/x\n",
			notes:     []string{"../.gitignore:1: left out: it ignores the whole context"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tree, _ := treetest.Parse(t, tt.tree)
			s := &scenario{tree: tree, ignore: tree.Content(".dockerignore", 1<<10)}
			rewrite := s.translate(t, tt.elsewhere...)
			if rewrite == nil {
				if tt.want != "" {
					t.Error("nothing")
				}
				return
			}
			if diff := cmp.Diff(tt.want, string(rewrite.Text)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			var notes []string
			for _, n := range rewrite.Notes {
				where := n.Path
				if n.File != "" {
					where = fmt.Sprintf("%s:%d", n.File, n.Line)
				}
				notes = append(notes, where+": "+n.Message)
			}
			if diff := cmp.Diff(tt.notes, notes); diff != "" {
				t.Errorf("notes: -want +got:\n%s", diff)
			}
			if lost, back := s.compare(t, rewrite); len(lost)+len(back) > 0 {
				t.Errorf("lost %q, back %q", lost, back)
			}
			s.ignore = rewrite.Text
			if again := s.translate(t, tt.elsewhere...); string(again.Text) != string(rewrite.Text) {
				t.Errorf("the second time changes something:\n%s\n---\n%s", rewrite.Text, again.Text)
			}
		})
	}
}

// TestFromGitignoreIsGit wants Docker to ignore, under what was translated, what
// git ignores, in repositories that nobody thought of: never more, and less only
// where the rules bring something back.
func TestFromGitignoreIsGit(t *testing.T) {
	t.Parallel()
	ignored, exact := 0, 0
	for seed := range 80 {
		r := rand.New(rand.NewPCG(uint64(seed), 3))
		s, _ := randomScenario(r)
		s.ignore, s.tracked = nil, nil
		s.tree.Text("Dockerfile", "FROM scratch\n")
		s.tree.Text(".dockerignore", "")
		paths := s.tree.Paths()
		exceptions := false
		for range 1 + r.IntN(2) {
			dir := ""
			if path := pick(r, paths); r.IntN(2) == 0 && strings.Contains(path, "/") {
				dir = path[:strings.LastIndexByte(path, '/')+1]
			}
			if strings.HasPrefix(dir, ".git/") {
				continue
			}
			var lines []string
			for range 1 + r.IntN(4) {
				line := randomGitLine(r, pick(r, paths))
				exceptions = exceptions || strings.HasPrefix(line, "!")
				lines = append(lines, line)
			}
			s.tree.Text(dir+".gitignore", strings.Join(lines, "\n")+"\n")
		}
		for _, f := range []string{".git/HEAD", ".git/config"} {
			s.tree.Text(f, map[string]string{".git/HEAD": "ref: refs/heads/main\n", ".git/config": "[core]\n\tbare = false\n"}[f])
		}
		s.tree.Dir(".git/objects")
		s.tree.Dir(".git/refs")
		root := t.TempDir()
		if err := s.tree.Write(root); err != nil {
			t.Skip(err) // a file system that knows no such names
		}
		repo, err := gitrepo.Open(root)
		if err != nil {
			t.Fatal(err)
		}
		s.gitIgnored = repo.Ignored
		rewrite := s.translate(t)
		if rewrite == nil {
			continue
		}
		if lost, _ := s.compare(t, rewrite); len(lost) > 0 {
			continue
		}
		after := s.selection(t, buildcontext.BuildKit, rewrite.Text)
		missed := 0
		s.inv.Walk(0, func(id buildcontext.ID, path string) bool {
			if _, isDir := s.inv.Dir(id); isDir {
				return path != ".git" && !foreignDir(path)
			}
			byGit := repo.Ignored(path, false)
			switch {
			case byGit:
				ignored++
				if after.Eligible(id) {
					missed++
				}
			case !after.Eligible(id):
				t.Errorf("%q is lost", path)
			}
			return true
		})
		if missed == 0 {
			exact++
		} else if !exceptions && len(rewrite.Notes) == 0 {
			t.Errorf("%d paths are missed, and nobody says so", missed)
		}
		if t.Failed() {
			for _, path := range s.tree.Paths() {
				if strings.HasSuffix(path, ".gitignore") {
					t.Logf("%s:\n%s", path, s.tree.Content(path, 1<<10))
				}
			}
			t.Fatalf("seed %d:\n%s\n%+v\n%s", seed, rewrite.Text, rewrite.Notes, strings.Join(s.tree.Paths(), "\n"))
		}
	}
	if ignored < 250 || exact < 40 {
		t.Errorf("%d paths were ignored, %d repositories said exactly: the repositories are no test", ignored, exact)
	}
}

// foreignDir tells whether a .gitignore file below counts for nobody here.
func foreignDir(path string) bool {
	return slices.Contains([]string{"node_modules", "vendor", ".venv", "target", ".next", ".yarn", ".terraform"}, path[strings.LastIndexByte(path, '/')+1:])
}

func randomGitLine(r *rand.Rand, path string) string {
	base := path[strings.LastIndexByte(path, '/')+1:]
	dir := strings.TrimSuffix(path, "/"+base)
	dir = dir[strings.LastIndexByte(dir, '/')+1:]
	line := pick(r, []string{base, dir, dir + "/", "/" + path, path, "*.log", "/*.md", "**/" + base, dir + "/**", "a*", "[!a-m]*", "*~", "# x", "", "?.py", dir + "/*"})
	if !utf8.ValidString(line) || strings.ContainsAny(line, "\t\\") || strings.TrimSpace(line) != line {
		return "*.bak"
	}
	if r.IntN(5) == 0 && line != "" && line[0] != '#' {
		line = "!" + line
	}
	return line
}

// TestFromGitignoreKeepsWhatGitTracks wants files that git tracks in spite of its
// rules to come back, and the rules to be given up where they are too many.
func TestFromGitignoreKeepsWhatGitTracks(t *testing.T) {
	t.Parallel()
	tree, _ := treetest.Parse(t, "-- .gitignore --\ndist\n-- dist/.gitkeep --\n-- dist/app.js --\n")
	s := &scenario{
		tree:       tree,
		tracked:    func(path string) bool { return path == "dist/.gitkeep" || path == "dist" || path == ".gitignore" },
		gitIgnored: func(path string, _ bool) bool { return lies(path, []string{"dist"}) },
	}
	rewrite := s.translate(t)
	if diff := cmp.Diff(fromGitignore+"**/dist\n!dist/.gitkeep\n", string(rewrite.Text)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for i := range 60 {
		tree.Text(fmt.Sprintf("dist/tracked-%d", i), "")
	}
	s.inv, s.tracked = nil, func(string) bool { return true }
	if lost, _ := s.compare(t, s.translate(t)); len(lost) < 60 {
		t.Errorf("too many tracked files are ignored, and only %d are told to be lost", len(lost))
	}
}
