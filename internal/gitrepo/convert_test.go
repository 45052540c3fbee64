package gitrepo

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lineEnds are contents on which conversions differ.
var lineEnds = map[string]string{
	"lf": "a\nb\n", "crlf": "a\r\nb\r\n", "mixed": "a\r\nb\n", "cr": "a\rb\n", "only-cr": "a\rb", "none": "abc", "empty": "", "bare": "\n",
	"nul": "a\x00b\nc\n", "other": "\x01\x02\n", "some-other": strings.Repeat("text\n", 40) + "\x01\n", "dos-end": "a\n\x1a", "dos": "a\n\x1ab\n", "tab": "\t\f\b\x1b\n",
	"del": "\x7f\n", "ident": "$Id$\nx $Id: abc $ y\n", "ident-foreign": "$Id: a b $\n$Id: x\n$Id:$ $Id$\n", "ident-cut": "$Id\n$Id: x", "ident-dollars": "$$Id$$Id:\n$$Id: a$\n$Idx$\n",
	"ident-ends": "$$", "ident-space": "$Id: a b$\n", "ident-long": "$Id:a b$ $Id: a $\n$Id:  $ $Id: a\tb$ $Id:\t $\n", "binary-edge": strings.Repeat("a", 140) + "\x01\x02\n",
	"latin": "\xe4\xf6\n", "crcrlf": "a\r\r\nb\n",
}

// conversionFiles are all contents under two names, and those that tell most apart
// under more.
func conversionFiles() []file {
	var files []file
	for _, name := range slices.Sorted(maps.Keys(lineEnds)) {
		files = append(files, file{path: name + ".txt", content: lineEnds[name]}, file{path: "d/e/" + name, content: lineEnds[name]})
		switch name {
		case "lf", "mixed", "nul", "ident":
			files = append(files, file{path: "d/" + name + ".bin", content: lineEnds[name]}, file{path: "d/A/" + name + ".TXT", content: lineEnds[name]})
		}
	}
	return append(files, file{path: "d/e/link.txt", content: "a\nb", mode: "120000"}, file{path: "run.txt", content: "#!\n", mode: "100755"})
}

func TestConversionCases(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, config, top, below, info string }{
		{name: "nothing"},
		{name: "autocrlf", config: "[core]\nautocrlf = true\n"},
		{name: "autocrlf input", config: "[core]\nautocrlf = input\n", top: "*.txt text\n"},
		{name: "text auto", top: "* text=auto\n"},
		{name: "text auto with CR LF", config: "[core]\neol = crlf\n", top: "* text=auto\n"},
		{name: "eol", top: "*.txt eol=crlf\n*.bin eol=lf\n"},
		{name: "eol and auto", top: "* text=auto eol=crlf\n"},
		{name: "eol and autocrlf", config: "[core]\nautocrlf = true\n", top: "*.txt eol=crlf\n"},
		{name: "unset", config: "[core]\nautocrlf = true\n", top: "*.txt -text\n*.bin binary\n"},
		{name: "unspecified", config: "[core]\nautocrlf = true\n", top: "* -text\n*.txt !text\n"},
		{name: "the old name", top: "*.txt crlf\n*.bin -crlf\nd/e/* crlf=input\n", config: "[core]\neol = crlf\n"},
		{name: "text input", config: "[core]\neol = crlf\nautocrlf = true\n", top: "* text=input\n"},
		{name: "odd values", top: "* text=maybe eol=cr\n", config: "[core]\nautocrlf = true\n"},
		{name: "nearer wins", top: "* eol=crlf\n", below: "* eol=lf\n/e/lf eol=crlf\n"},
		{name: "info wins", top: "* eol=lf\n", info: "*.txt eol=crlf\n"},
		{name: "ident", top: "* ident\n"},
		{name: "ident and text auto", top: "* ident text=auto\n"},
		{name: "ident and eol", top: "* ident eol=crlf\n*.bin -ident\n"},
		{name: "macros", top: "[attr]dos text eol=crlf\n*.txt dos\n[attr]dos2 dos\nd/e/* dos2\n*.bin dos -text\n"},
		{name: "a macro below the top does not count", below: "[attr]dos eol=crlf\n* dos\n"},
		{name: "macros in info", info: "[attr]dos eol=crlf\n", below: "* dos\n"},
		{name: "case", config: "[core]\nignoreCase = true\n", top: "*.txt eol=crlf\nD/a/* eol=lf\n"},
		{name: "a filter that has no program", top: "* filter=none eol=crlf\n"},
		{name: "a filter that changes nothing on checkout", config: "[filter \"x\"]\nclean = false\n", top: "* filter=x\n"},
		{name: "lines that do not count", top: "!*.txt eol=crlf\n# x\n\n *.bin eol=crlf =x\n*.txt eol=crlf -\n[attr] eol=crlf\n" + "*.txt" + strings.Repeat(" ", 2048) + "eol=crlf\n"},
		{name: "line ends and quotes", top: "\"*.t\\170t\" eol=crlf\r\n\t*.bin\teol=crlf\t\r\n\"*.x eol=crlf\n"},
		{name: "a byte order mark is part of a pattern in the repository", top: "\ufeff*.txt eol=crlf\n", info: "\ufeff*.bin eol=crlf\n"},
		{name: "directories", top: "d/ eol=crlf\nd eol=crlf\nd/** eol=crlf\n"},
		{name: "anchored", top: "/*.txt eol=crlf\nd/*/lf eol=crlf\n", below: "/*.bin eol=crlf\n**/lf.TXT eol=crlf\n"},
		{name: "an encoding that is UTF-8", top: "* working-tree-encoding=utf-8 eol=crlf\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := newRepo(t)
			checkConversion(t, dir, "main", c.config, c.top, c.below, c.info)
		})
	}
}

// checkConversion compares a tree under some attributes with its checkout.
func checkConversion(t *testing.T, dir, branch, config, top, below, info string) {
	t.Helper()
	files := append(conversionFiles(), file{path: ".gitattributes", content: top})
	if below != "" {
		files = append(files, file{path: "d/.gitattributes", content: below})
	}
	importCommits(t, dir, append([]file{{}}, files...))
	text := git(t, dir, "config", "core.repositoryformatversion")
	write(t, dir, ".git/config", "[core]\nrepositoryformatversion = "+text+config, ".git/info/attributes", info)
	work := filepath.Join(t.TempDir(), "checkout")
	git(t, dir, "worktree", "add", "-q", "--detach", work, branch)
	compareCheckout(t, dir, work, "", branch)
	compareCheckout(t, dir, work, "d", branch)
	git(t, dir, "worktree", "remove", "--force", work)
}

// TestConversionAgreesWithGit draws attributes and settings.
func TestConversionAgreesWithGit(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	patterns := []string{"*", "*.txt", "*.bin", "d/*", "d/e/*", "**/lf*", "/lf.txt", "e/*", "[a-m]*", "d/**", "*.TXT"}
	states := []string{"text", "-text", "!text", "text=auto", "text=input", "crlf", "-crlf", "crlf=input", "eol=lf", "eol=crlf", "!eol", "-eol", "binary", "-binary", "ident", "-ident", "m", "n", "!m"}
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(5, seed))
		pick := func(from []string) string { return from[random.IntN(len(from))] }
		attributes := func() string {
			var text strings.Builder
			if random.IntN(3) == 0 {
				fmt.Fprintf(&text, "[attr]m %s\n[attr]n %s %s\n", pick(states), pick(states), pick(states))
			}
			for range random.IntN(5) {
				text.WriteString(pick(patterns))
				for range 1 + random.IntN(3) {
					text.WriteString(" " + pick(states))
				}
				text.WriteString("\n")
			}
			return text.String()
		}
		config := pick([]string{"", "autocrlf = true\n", "autocrlf = input\n", "autocrlf = false\n"}) + pick([]string{"", "eol = crlf\n", "eol = lf\n", "eol = native\n"}) + pick([]string{"", "ignoreCase = true\n"})
		top, below, info := attributes(), attributes(), attributes()
		checkConversion(t, dir, "main", config, top, below, info)
		if t.Failed() {
			t.Fatalf("seed %d: settings %q, top %q, below %q, info %q", seed, config, top, below, info)
		}
	}
}

func TestUserAttributes(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	dir := newRepo(t)
	write(t, home, ".config/git/attributes", "*.txt eol=crlf\n", "mine", "*.bin eol=crlf\n")
	checkConversion(t, dir, "main", "", "", "", "")
	checkConversion(t, dir, "main", "attributesFile = ~/mine\n", "", "", "")
}

// A stand-in for git-lfs: its smudge makes as many bytes as the pointer says.
const smudge = `[filter "lfs"]
	smudge = "size=$(sed -n 's/^size //p'); head -c $size /dev/zero"
`

func pointer(size int) string {
	return fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize %d\n", 0, size)
}

func TestTreeLFS(t *testing.T) {
	dir := newRepo(t)
	importCommits(t, dir, []file{
		{path: ".gitattributes", content: "*.bin filter=lfs diff=lfs merge=lfs -text\n"},
		{path: "d/large.bin", content: pointer(123_456)},
		{path: "small.bin", content: pointer(7)},
		{path: "pointer.txt", content: pointer(99)},
	})
	sizes := func() string {
		all := listing(t, mustAt(t, dir, "main"), false)
		return all["d/large.bin"] + ", " + all["small.bin"] + ", " + all["pointer.txt"]
	}
	p := len(pointer(123_456))
	left := fmt.Sprintf("file %d, file %d, file %d", p, len(pointer(7)), len(pointer(99)))
	kept := fmt.Sprintf("file 123456, file 7, file %d", len(pointer(99)))
	if got := sizes(); got != left {
		t.Errorf("without Git LFS: %s, want %s", got, left)
	}
	config := git(t, dir, "config", "--list")
	write(t, dir, ".git/config", "[core]\nrepositoryformatversion = 0\n"+smudge)
	if got := sizes(); got != kept {
		t.Errorf("with Git LFS: %s, want %s; %s", got, kept, config)
	}
	checkLFSCheckout(t, dir)
	tree := mustAt(t, dir, "main")
	listing(t, tree, false)
	if got, want := tree.Notes(), []Note{{LFS, "d/large.bin", ""}, {LFS, "small.bin", ""}}; !slices.Equal(got, want) {
		t.Errorf("notes are %v, want %v", got, want)
	}
	if _, err := tree.Open("small.bin"); err == nil {
		t.Error("a file that Git LFS keeps was opened")
	}
	// In a work tree whose files are pointers, they are at other revisions too.
	write(t, dir, "d/large.bin", pointer(200))
	if got, want := sizes(), fmt.Sprintf("file %d, file 7, file %d", p, len(pointer(99))); got != want {
		t.Errorf("with a pointer in the work tree: %s, want %s", got, want)
	}
	t.Setenv("GIT_LFS_SKIP_SMUDGE", "1")
	if got := sizes(); got != left {
		t.Errorf("with GIT_LFS_SKIP_SMUDGE: %s, want %s", got, left)
	}
}

func checkLFSCheckout(t *testing.T, dir string) {
	t.Helper()
	work := filepath.Join(t.TempDir(), "checkout")
	git(t, dir, "worktree", "add", "-q", "--detach", work, "main")
	compare(t, listing(t, mustAt(t, dir, "main"), false), listing(t, directory(t, work), false))
}

func TestTreeFilters(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	importCommits(t, dir, []file{{path: ".gitattributes", content: "*.x filter=crypt\n*.u working-tree-encoding=UTF-16\n"}, {path: "a.x", content: "123"}, {path: "b.u", content: "12"}})
	git(t, dir, "config", "filter.crypt.smudge", "cat")
	tree := mustAt(t, dir, "main")
	compare(t, listing(t, tree, false), lsTree(t, dir, "main"))
	if got, want := tree.Notes(), []Note{{Filtered, "a.x", "crypt"}, {Encoded, "b.u", "UTF-16"}}; !slices.Equal(got, want) {
		t.Errorf("notes are %v, want %v", got, want)
	}
	for _, name := range []string{"a.x", "b.u"} {
		if _, err := tree.Open(name); err == nil {
			t.Errorf("%q was opened", name)
		}
	}
}

func TestLFSPointer(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		pointer(0): 0, pointer(5): 5, "": -1, "size 5\n": -1, pointer(5) + strings.Repeat("x", 1024): -1,
		"version https://git-lfs.github.com/spec/v1\nsize 5\n":                   -1,
		"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize -5\n":   -1,
		"version https://example.org/v1\noid sha256:00\nsize 5\n":                -1,
		"version https://git-lfs.github.com/spec/v1\r\noid sha256:0\r\nsize 8\r": 8,
	} {
		size, ok := lfsSize([]byte(text))
		if ok != (want >= 0) || ok && size != want {
			t.Errorf("%q: %d, %v, want %d", text, size, ok, want)
		}
	}
}
