package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/lint"
	"github.com/ctxsize/ctxsize/internal/treetest"
)

// facts are those of a list and the files of a tree, whose names are divided by
// blanks. A name with a slash behind it is a directory.
func facts(t *testing.T, list, files string) lint.Facts {
	t.Helper()
	tree := &treetest.Tree{}
	tree.Text(".dockerignore", list)
	for name := range strings.FieldsSeq(files) {
		if dir, ok := strings.CutSuffix(name, "/"); ok {
			tree.Dir(dir)
		} else {
			tree.Text(name, "x")
		}
	}
	inv, err := buildcontext.Scan(t.Context(), tree, buildcontext.ScanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	file, err := ignore.Parse(".dockerignore", []byte(list))
	if err != nil {
		t.Fatal(err)
	}
	return lint.Facts{File: file, Inventory: inv}
}

// ids are the findings as "line:id", without those that are told where only
// somebody who thinks of git is surprised.
func ids(findings []lint.Finding) []string {
	all := []string{}
	for _, f := range findings {
		if f.ID != "exception-below" {
			all = append(all, fmt.Sprintf("%d:%s", f.Line, f.ID))
		}
	}
	return all
}

// TestCheck holds the rules to what they must find, and above all to what they
// must not.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, list, files string
		want              []string
	}{
		{"a name at the root only", "build\n", "build/a src/a", nil},
		{"a name below, none at the root", "sub\n", "dir/sub/a", []string{"1:root-only"}},
		{"a name at both", "sub\n", "sub/a dir/sub/a", []string{"1:root-only"}},
		{"the root is meant", "/sub\n", "sub/a dir/sub/a", nil},
		{"below, but ignored by another line", "sub\n**/sub\n", "sub/a dir/sub/a", []string{"1:shadowed-rule"}},
		{"below, but brought back by hand", "*\n!dir\n", "a dir/a", nil},
		{"a slash at the end: a file of the name below is none", "sub/\n", "sub/a dir/sub", nil},
		{"an exception below", "**/*.md\n!README.md\n", "README.md dir/README.md", []string{"2:root-only"}},
		{"an exception below that no line ignores", "*.md\n!README.md\n", "README.md dir/README.md", []string{"1:root-only"}},

		{"a slash and a directory", "sub/\n", "sub/a", nil},
		{"a slash and a file", "sub/\n", "sub", []string{"1:trailing-slash"}},
		{"a slash and a file that has a line of its own", "sub*/\nsub.json\n", "sub.json", []string{"2:shadowed-rule"}},
		{"a slash and stars", "*/\n", "sub/a b", []string{"1:trailing-slash"}},

		{"names that tools leave are written in advance", "node_modules\n**/*.pyc\n.env\ndist\nfrontend/node_modules\n", "frontend/a", nil},
		{"hidden names are written in advance", ".foo\nsub/.bar\n", "sub/a", nil},
		{"what has moved is dead", "services/old\n", "services/new/a", []string{"1:dead-rule"}},
		{"what lies in an ignored directory is not dead", "**/junk\nsub/junk/deep\n", "sub/junk/deep/a", []string{"2:shadowed-rule"}},
		{"in a directory that is gone", "old/a\nnew\nold/b/c\n", "new", []string{"1:dead-rule"}},
		{"hidden things in a directory", ".yarn/*\n!.yarn/sdks\n!.yarn/patches\n", ".yarn/patches/a .yarn/cache", nil},
		{"a dead rule with wildcards", "old/*.xyz\n", "src/a", []string{"1:dead-rule"}},

		{"twice", "a\nb\na\n", "a b", []string{"3:duplicate-rule"}},
		{"twice, with an exception between", "a\n!a/f\na/*\na\n", "a/f a/g", []string{"2:exception-early"}},
		{"twice, as Docker reads it", "a\n./a\n", "a", []string{"2:duplicate-rule"}},
		{"an exception twice", "*\n!a\n!a\n", "a b", []string{"3:duplicate-rule"}},

		{"below a directory that is ignored", "a\na/b\na/*.x\n", "a/b a/c.x", []string{"2:shadowed-rule", "3:shadowed-rule"}},
		{"the wider line stands behind", "a/b\na\n", "a/b", []string{"1:shadowed-rule"}},
		{"the same name at every depth", "x/tmp-dir\n**/tmp-dir\n", "x/tmp-dir/a", []string{"1:shadowed-rule"}},
		{"everything", "*\na\n", "a b", []string{"2:shadowed-rule"}},
		{"not by chance", "*.log\nlogs\n", "a.log logs/a", nil},
		{"an exception stands between", "a\n!a/b\na/b/c\n", "a/b/c a/b/d", nil},
		{"an exception that is covered by a slow one", "*\n!a/pom.xml\n!**/pom.xml\n", "a/pom.xml b", []string{}},
		{"an exception that is covered", "*\n!a\n!a/**\n", "a/b b", []string{"3:shadowed-rule"}},
		// The template of Rails: an exception does not hold below a directory that
		// no line ignores.
		{"an exception that another would cover, if its directory were ignored", "/storage/*\n!/storage/\n!/storage/.keep\n", "storage/a", []string{"2:exception-idle"}},
		{"an exception that takes all back", "/tmp/*\n/tmp/pids/*\n!/tmp/pids/\n!/tmp/pids/.keep\n", "tmp/a tmp/pids/1.pid", []string{"2:undone-rule", "4:shadowed-rule"}},
		{"an exception that takes a part back", "*\n!a\n", "a/b c", nil},
		{"an exception that takes nothing back", "a/x-*\n!a\n", "a/x-1 a/b", []string{"2:exception-idle"}},

		{"too early", "!a/b\na\n", "a/b", []string{"1:exception-early"}},
		{"too early for what is not there", "!a/b\na\n", "c", []string{"1:exception-early", "2:dead-rule"}},
		{"early and late", "a\n!a/b\n", "a/b a/c", nil},
		{"brought back, then a part of it ignored", "*\n!a\na/b\n", "a/b a/c", nil},
		{"nothing is ignored", "!a\n", "a b", []string{"1:exception-idle"}},
		{"nothing is ignored by any line", "!a\n!b/**\n!**/*.go\n", "a b/c d.go", []string{"1:exception-idle"}},
		{"nothing before it ignores it", "b\n!a\n", "a b", []string{"2:exception-idle"}},
		{"nothing is there to bring back", "*\n!old/place\n", "a", []string{"2:exception-idle"}},
		{"nothing there yet", "*\n!dist\n", "a", nil},

		{"pruning is off", "*\n!**/*.md\n", "a/b.md c/d", []string{"2:exception-lost", "2:exception-unpruned"}},
		{"pruning is on", "*\n!a/**\n!c/*\n", "a/b c/d e/f", nil},
		{"pruning is off, in vain for nothing", "*.log\n!**/*.md\n", "a.log b.md", []string{"2:exception-idle"}},

		{"a comment behind", "a # text\n", "a", []string{"1:inline-comment"}},
		{"a name with a blank and a sharp", "a # text\n", "", []string{"1:inline-comment"}},
		{"a sharp in a name", "a#b\n", "a#b", nil},
		{"a comment with blanks before", "\t# text\n", "a", []string{"1:indented-comment"}},
		{"a comment with slashes", "// text\n", "a", []string{"1:slash-comment"}},
		{"a comment with slashes, and everything", "// text\n*\n", "a", []string{"1:slash-comment"}},
		{"an exception behind a slash", "*\n/!a\n", "a b", []string{"2:cleaned-path"}},
		{"a byte that is no UTF-8", "\xff*\n", "a", []string{"1:dead-rule"}},
		{"two slashes before a name", "//a\n", "a", []string{"1:cleaned-path"}},

		{"another case", "Docs-Of-Ours\n", "docs-of-ours/a", []string{"1:wrong-case"}},
		{"another case, and the right one", "Notes.txt\nnotes.txt\n", "notes.txt", []string{"1:dead-rule"}},
		{"another case of an artifact's name", "build\n", "BUILD", nil},
		{"another case, but a file for a directory", "Extras/\n", "extras", []string{"1:dead-rule"}},

		{"braces", "*.{a,b}\n", "x.a", []string{"1:brace-expansion"}},
		{"braces in a name", "{a,b}.txt\n", "{a,b}.txt", []string{}},
		{"a path of Windows", `dir\sub` + "\n", "dir/sub/a", []string{"1:windows-path"}},
		{"an escaped dot", `a\.txt` + "\n", "a.txt", nil},
		{"an escaped class", `\[a\].txt` + "\n", "[a].txt", nil},
		{"a digit", `a\d.txt` + "\n", "a1.txt", []string{"1:escape-leak"}},
		{"a bar", "a|b*\n", "ax", []string{"1:operator-leak"}},
		{"a bar in a name", "a|b\n", "a|b", nil},
		{"a bar in a suffix", "**/a|b\n", "x/a|b", nil},
		{"a caret in a class", "[^a].txt\n", "b.txt", nil},
		{"braces that repeat", "a{2}*\n", "aab", []string{"1:operator-leak"}},
		{"a class with !", "[!a].txt\n", "a.txt", []string{"1:class-bang"}},
		{"a class and a slash", "a[^x]b\n", "a/b", []string{"1:class-slash"}},
		{"a class and no slash", "a[^x]b\n", "acb", nil},
		{"three stars", "a/***/b\n", "a/b", []string{"1:three-stars"}},
		{"a letter of two bytes", "?.txt\n", "é.txt", []string{"1:question-mark"}},

		{"outside", "../a\n", "a", []string{"1:never-matches"}},
		{"home", "~/a\n", "a", []string{"1:never-matches"}},
		{"a directory called ~", "~/a\n", "~/a", nil},
		{"the context", "/\n.\n!.\n", "a", []string{"1:never-matches", "2:never-matches", "3:never-matches"}},
		{"refused, and what is said of the rest", "[a-\n*.md\n*.md\n", "a.md", []string{"1:bad-pattern", "3:duplicate-rule"}},
		{"refused when tried", "[z-a]\n", "", []string{"1:bad-pattern"}},
		{"a tab", "a\tb\n", "x", []string{"1:control-character", "1:dead-rule"}},
		{"a tab before a comment", "a\t# b\n", "a", []string{"1:control-character"}},

		{"an ignore file below", "", "sub/.dockerignore sub/a", []string{"0:nested-file"}},
		{"an ignore file of another context", "", "sub/.dockerignore sub/Dockerfile", nil},
		{"a wrong name", "", ".Dockerignore", []string{"0:misnamed-file"}},
		{"the name of no Dockerfile", "", "x.dockerignore", []string{"0:orphan-file"}},
		{"a repository", "", ".git/HEAD", []string{"0:repository-sent"}},
		{"a repository that is brought back", "**/.git\n!.git/HEAD\n", ".git/HEAD .git/config", nil},
		{"repositories", "", ".git/HEAD sub/.git/HEAD", []string{"0:repository-sent"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.want == nil {
				tt.want = []string{}
			}
			if diff := cmp.Diff(tt.want, ids(lint.Check(facts(t, tt.list, tt.files)))); diff != "" {
				t.Errorf("%q on %q (-want +got):\n%s", tt.list, tt.files, diff)
			}
		})
	}
}

// TestGit holds the rules to what git knows.
func TestGit(t *testing.T) {
	t.Parallel()
	git := func(tracked, ignored string) *lint.Git {
		below := func(path string) bool {
			return slices.ContainsFunc(strings.Fields(tracked), func(t string) bool { return t == path || strings.HasPrefix(t, path+"/") })
		}
		return &lint.Git{
			Tracked: below,
			Ignored: func(path string, _ bool) bool { return slices.Contains(strings.Fields(ignored), path) },
		}
	}
	dirty := git("a b", "")
	dirty.NeedsRepository = "pyproject.toml has setuptools_scm, which reads the repository"
	for _, tt := range []struct {
		name, list, files string
		git               *lint.Git
		want              []string
	}{
		{"deeper and tracked is meant", "sub\n", "sub/a dir/sub/a", git("dir/sub/a sub/a", ""), nil},
		{"a program at the root, its sources deeper", "app\n", "cmd/app/main.go", git("cmd/app/main.go", ""), nil},
		{"deeper, tracked, with a wildcard", "*.md\n", "a.md dir/b.md", git("a.md dir/b.md", ""), []string{"1:root-only info false"}},
		{"deeper, in a repository, which is sent whole or not", "logs\n", "logs/a .git/HEAD .git/logs/HEAD", git("", "logs"), []string{"0:repository-sent info false"}},
		{"a repository that lies deeper", ".git\n", "a .git/HEAD sub/.git/HEAD", git("a", ""), []string{"0:repository-sent info false", "1:root-only info false"}},
		{"what a build makes at the root", "app_worker\n", "a", git("a", ""), nil},
		{"what was in a directory that is gone", "old/app_worker\n", "a", git("a", ""), []string{"1:dead-rule info false"}},
		{"deeper and ignored is junk", "sub\n", "dir/sub/a dir/b", git("dir/b", "dir/sub"), []string{"0:sent-ignored info false", "1:root-only warning true"}},
		{"deeper, in what git ignores, by a class", "*.py[cod]\n", "a dir/b.pyc", git("a", "dir dir/b.pyc"), []string{"0:sent-ignored info false", "1:root-only warning true"}},
		{"deeper, what people read, and nobody to ask", "*.md\n", "a.md dir/b.md", nil, []string{"1:root-only info false"}},
		{"deeper, in what git ignores", "*.md\n", "a.md dir/b.md", git("a.md", "dir"), []string{"0:sent-ignored info false"}},
		{"deeper, in what git ignores, and tools leave it", "*.pyc\n", "a dir/b.pyc", git("a", "dir dir/b.pyc"), []string{"0:sent-ignored info false", "1:root-only warning true"}},
		{"ignored by git, too, in a directory that is not there", "gen/cfg\n", "a", git("a", "gen/cfg/x"), nil},
		{"what is brought back, and git ignores", "tmp/*\ntmp/pids/*\n!tmp/pids\n", "tmp/a tmp/pids/1", git("", "tmp/a tmp/pids/1"), []string{"0:sent-ignored info false", "2:undone-rule warning false"}},
		{"ignored by git, too: written in advance", "foo\n", "a", git("a", "foo"), nil},
		{"untracked", "", "a b", git("a", ""), []string{"0:sent-untracked info false"}},
		{"the ignore file itself is no news", "", "a", git("a", ""), nil},
		{"nobody asks whether the tree is dirty", "b\n", "a b .git/HEAD", git("a b", ""), []string{"0:repository-sent info false"}},
		{"somebody does", "b\n", "a b .git/HEAD", dirty, []string{"1:tracked-ignored warning false"}},
		{"no repository in the context", "b\n.git\n", "a b .git/HEAD", git("a b", ""), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := facts(t, tt.list, tt.files)
			f.Git = tt.git
			var got []string
			for _, found := range lint.Check(f) {
				got = append(got, fmt.Sprintf("%d:%s %s %t", found.Line, found.ID, found.Severity, found.Certain()))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
