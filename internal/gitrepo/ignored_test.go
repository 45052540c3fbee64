package gitrepo

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ignoreTree are the names that patterns are tried on; a slash behind makes a
// directory.
var ignoreTree = []string{
	"a", "b", "ab", "A", "Ab", "a.log", "b.LOG", "a b", "a ", "#a", "!a", "é", "-", "]", "^", "a\\b", "*", "[a]", "\xff", "a\nb",
	"d/a", "d/b", "d/a.log", "d/A", "d/d/a", "d/d/b.log", "d/d/d/a", "d/d/d/e/b", "d/e/a", "d/e/A.log",
	"D/a", "e/d/a", "e/d/b", "e/a.log", "e/e/e/a", "ad/a", "ad/d/b", "da/a", "a.d/a.log", "d.a/b/a", "x/", "x/y/", "x/y/a/",
}

// ignoreFiles are where a case writes patterns, in the order of its arguments.
var ignoreFiles = []string{".gitignore", "d/.gitignore", "d/d/.gitignore", ".git/info/exclude", "global"}

// newIgnoreRepo makes the tree, with core.excludesFile set to the file "global".
func newIgnoreRepo(tb testing.TB) string {
	tb.Helper()
	dir := newRepo(tb)
	for _, name := range ignoreTree {
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
				tb.Fatal(err)
			}
			continue
		}
		write(tb, dir, name, "")
	}
	git(tb, dir, "config", "core.excludesFile", "global")
	return dir
}

// checkIgnored compares every path of the tree with git.
func checkIgnored(t *testing.T, dir string, fold bool, texts ...string) {
	t.Helper()
	config, err := os.ReadFile(filepath.Join(dir, ".git/config"))
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(config), "[core] ignoreCase")
	if fold {
		text += "[core] ignoreCase = true\n"
	}
	write(t, dir, ".git/config", text)
	for i, text := range texts {
		if text == "" {
			remove(t, dir, ignoreFiles[i])
			continue
		}
		write(t, dir, ignoreFiles[i], strings.TrimPrefix(text, "->"))
	}
	var paths []string
	isDir := map[string]bool{}
	for _, name := range ignoreTree {
		path := strings.TrimSuffix(name, "/")
		paths = append(paths, path)
		isDir[path] = path != name
		for parent := filepath.Dir(path); parent != "."; parent = filepath.Dir(parent) {
			paths = append(paths, parent)
			isDir[parent] = true
		}
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	out, err := tryGit(dir, strings.Join(paths, "\x00"), "check-ignore", "--no-index", "-z", "--stdin")
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) { // 1: none is ignored
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, path := range nulls(out) {
		want[path] = true
	}
	top, below := mustOpen(t, dir), mustOpen(t, filepath.Join(dir, "d"))
	for _, path := range paths {
		if got := top.Ignored(path, isDir[path]); got != want[path] {
			t.Errorf("Ignored(%q, %v) is %v; case %v, %q", path, isDir[path], got, fold, texts)
		}
		if rest, ok := strings.CutPrefix(path, "d/"); ok {
			if got := below.Ignored(rest, isDir[path]); got != want[path] {
				t.Errorf("Ignored(%q, %v) from d is %v; case %v, %q", rest, isDir[path], got, fold, texts)
			}
		}
	}
}

// ignoreCases are worth naming; they seed the fuzz target as well.
var ignoreCases = []struct {
	name  string
	fold  bool
	texts [5]string
}{
	{"names", false, [5]string{"a\n*.log\n"}},
	{"anchored", false, [5]string{"/a\nd/a\n/e/d\n"}},
	{"directories alone", false, [5]string{"a/\nd/d/\nx/\n/e/\n"}},
	{"a star stops at a slash", false, [5]string{"d/*\n!d/d\n"}},
	{"a parent that is ignored keeps all", false, [5]string{"d\n!d/a\n!d/d/a\n"}},
	{"all but", false, [5]string{"/*\n!/d\n/d/*\n!/d/a\n"}},
	{"two stars", false, [5]string{"**/d/b.log\nd/**\n!d/**/a\ne/**/a\n"}},
	{"two stars need a way back", false, [5]string{"**/d/d/a\nd/**/d/**/b\n"}},
	{"two stars beside letters", false, [5]string{"d/a**\nd**\n**a\nd/**b\n"}},
	{"classes", false, [5]string{"[ab]\n[!a-z]\n[^d].log\n[[:upper:]]\n[]]\n[a\n[[:no:]]\n[[:alpha:]\n"}},
	{"escapes", false, [5]string{"\\a\n\\#a\n\\!a\na\\\\b\n\\*\n\\[a]\na\\ \nb\\\n"}},
	{"spaces, comments, line ends", false, [5]string{"a \n# b\n#a\n a.log\r\nab\r\n\r\n\n  \nb"}},
	{"a byte order mark", false, [5]string{"\ufeffa\nb\n"}},
	{"a zero", false, [5]string{"a\x00b\nb\x00\n"}},
	{"only marks", false, [5]string{"!\n/\n//\n!/\n*/\n"}},
	{"case", true, [5]string{"a\nD/\n*.log\n[A-B]b\n[[:upper:]]\n"}},
	{"case in directories", true, [5]string{"d/D/\nE/**/A\n"}},
	{"nearer files win", false, [5]string{"*.log\na\n", "!*.log\nb\n", "!a\n*.log\n"}},
	{"below a directory that is ignored nothing is read", false, [5]string{"d/\n", "!a\n"}},
	{"all files", false, [5]string{"!a\n", "", "", "a\nb\n!*.log\n", "*.log\nab\n!b\n"}},
	{"a class at the start, a range, a minus", false, [5]string{"[-a]\n[a-]\n[+--]\n[\\--\\]]\n[a-\\z]b\n[a-b-e]\n"}},
	{"two stars before a slash with a backslash", false, [5]string{"d/**\\/a\n/**\\/b\n"}},
	{"a base in a nested file", false, [5]string{"", "/a\nd/b*\n/d/d/\n", "/d/a\n**/b\n"}},
}

func TestIgnoredCases(t *testing.T) {
	dir := newIgnoreRepo(t)
	for _, c := range ignoreCases {
		t.Run(c.name, func(t *testing.T) { checkIgnored(t, dir, c.fold, c.texts[:]...) })
	}
}

// TestIgnoredAgreesWithGit draws patterns from pieces that mean something.
func TestIgnoredAgreesWithGit(t *testing.T) {
	t.Parallel()
	dir := newIgnoreRepo(t)
	pieces := []string{
		"a", "b", "d", "e", "A", "x", "y", ".log", ".", "*", "**", "?", "/", "/", "/", "/**/", "**/", "/**", "!", "[ab]", "[!a]", "[^a]", "[a-d]", "[A-Z]",
		"[[:alpha:]]", "[[:upper:]b]", "[", "]", "\\", "\\a", " ", "#", "\r", "-", "é", "\xff", "\x00",
	}
	for seed := range uint64(150) {
		random := rand.New(rand.NewPCG(1, seed))
		var texts []string
		for range ignoreFiles {
			var text strings.Builder
			for range random.IntN(4) {
				if random.IntN(3) == 0 {
					text.WriteString("!")
				}
				for range 1 + random.IntN(6) {
					text.WriteString(pieces[random.IntN(len(pieces))])
				}
				text.WriteString("\n")
			}
			texts = append(texts, text.String())
		}
		checkIgnored(t, dir, random.IntN(4) == 0, texts...)
		if t.Failed() {
			t.Fatal("seed", seed)
		}
	}
}

func FuzzIgnored(f *testing.F) {
	needGit(f)
	for _, c := range ignoreCases {
		f.Add(c.fold, c.texts[0], c.texts[1], c.texts[2], c.texts[3], c.texts[4])
	}
	dir := newIgnoreRepo(f)
	f.Fuzz(func(t *testing.T, fold bool, a, b, c, d, e string) {
		checkIgnored(t, dir, fold, a, b, c, d, e)
	})
}

func TestIgnoredElsewhere(t *testing.T) {
	t.Parallel()
	dir, sub := newRepo(t), newRepo(t)
	commit(t, sub, ".gitignore", "inner\n", "file", "")
	commit(t, dir, ".gitignore", "*.log\nvendor/skipped\n", "real", "linked\n", "d/.gitignore", "->../real")
	git(t, dir, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", sub, "vendor/sub")
	write(t, dir, "vendor/skipped/.git", "gitdir: nowhere\n")
	r := mustOpen(t, dir)
	for _, c := range []struct {
		path string
		dir  bool
		want bool
		why  string
	}{
		{"a.log", false, true, "a rule of the top"},
		{"vendor/sub", true, false, "a submodule is not ignored"},
		{"vendor/sub/a.log", false, false, "the rules of the repository around do not count in a submodule"},
		{"vendor/sub/x/inner", false, true, "its own do"},
		{"vendor/skipped/x", false, true, "nothing is read in a directory that is ignored"},
		{"d/linked", false, false, "git does not follow a linked .gitignore"},
	} {
		if r.Ignored(c.path, c.dir) != c.want {
			t.Errorf("Ignored(%q) is %v: %s", c.path, !c.want, c.why)
		}
	}
}

// The user's own file may be a link, as tools that keep settings make it; that of
// the repository may not.
func TestIgnoredLinks(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	write(t, dir, "real", "a\n", ".gitignore", "->real", "mine", "b\n", "link", "->mine")
	git(t, dir, "config", "core.excludesFile", "link")
	r := mustOpen(t, dir)
	for path, want := range map[string]bool{"a": false, "b": true} {
		if _, err := tryGit(dir, "", "check-ignore", "-q", path); r.Ignored(path, false) != want || (err == nil) != want {
			t.Errorf("Ignored(%q) is %v, git says %v", path, r.Ignored(path, false), err == nil)
		}
	}
}

func TestIgnoredInLinkedWorkTree(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	commit(t, dir, ".gitignore", "a\n")
	write(t, dir, ".git/info/exclude", "b\n")
	tree := filepath.Join(t.TempDir(), "linked")
	git(t, dir, "worktree", "add", "-q", tree)
	r := mustOpen(t, tree)
	for path, want := range map[string]bool{"a": true, "b": true, "c": false} {
		if r.Ignored(path, false) != want {
			t.Errorf("Ignored(%q) is %v", path, !want)
		}
	}
}

// TestAbove finds the files of rules above a directory of the work tree, and not
// those that are links or lie in it.
func TestAbove(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	for _, name := range []string{".gitignore", "a/.gitignore", "a/b/c/.gitignore", "rules"} {
		write(t, dir, name, "x\n")
	}
	if err := os.Symlink("../../rules", filepath.Join(dir, "a/b/.gitignore")); err != nil {
		t.Skip(err) // a system without links
	}
	repo, err := Open(filepath.Join(dir, "a/b/c"))
	if err != nil {
		t.Fatal(err)
	}
	top, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []Rules{
		{Path: filepath.Join(top, ".gitignore"), Below: "a/b/c"},
		{Path: filepath.Join(top, "a", ".gitignore"), Below: "b/c"},
	}
	if got := repo.Above(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if repo, err = Open(dir); err != nil {
		t.Fatal(err)
	}
	if got := repo.Above(); got != nil {
		t.Errorf("above the top: %v", got)
	}
}

func TestNothingInARepositoryIsIgnored(t *testing.T) {
	dir := newRepo(t)
	write(t, dir, ".gitignore", "logs\nHEAD\nb.git\n")
	write(t, dir, "sub/.git/logs/HEAD", "")
	write(t, dir, "b.git/logs", "")
	repo := mustOpen(t, dir)
	for path, want := range map[string]bool{
		".git/logs": false, ".git/logs/HEAD": false, "sub/.git/logs": false, "sub/.git/logs/HEAD": false,
		"logs": true, "sub/logs/x": true, "b.git/logs": true, ".gitx/logs": true,
	} {
		if got := repo.Ignored(path, false); got != want {
			t.Errorf("Ignored(%q) is %v", path, got)
		}
	}
}
