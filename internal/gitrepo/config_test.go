package gitrepo

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var configTexts = []string{
	"[core]\n\texcludesFile = ~/x y  # c\n\tbare\n  autocrlf = \"in;put\" ;z\n",
	"[Branch \"a.B\\\"c\\\\\\d\"]\n x = \"a\\tb\\\\c\\n\" d\\\n  e\n[include]\n path = foo\n[Sec.Sub]\n k=v\n",
	"\xef\xbb\xbf[core]\r\n\tbare = true\r\n x = a\r\n",
	"[core] bare = false\n[alias]\n\tx = \"!f() { echo \\\"a\\\"; }; f\"\n y = a\\b q\n",
	"[core]\n x = C:\\Users\\foo\n",
	"[a]\n k-1 = v\n e =\n[b \"x\"]\n[url \"https://x/\"]\n insteadOf = git@x:\n[lfs \"https://a/b\"] access=basic\n",
	"[core]\n\tx=1", "[core]\n\tx=\"a\n", "x=1\n", "[core\n", "[core \"a]\n", "[core] 1=2\n", "[core]x", "# c\n; d\n", "[]\nx=1\n",
	"[a]x=\\\n\n", "[a]x=1;\n", "[a]x= \"\" \n", "[a]x=b\"c\"d\n", "[a  \t\"b\"]x=1\n", "[a\"b\"]x=1\n", "[a.b\"c\"]\nx=1\n", "[a]x y\n", "[a]x\r\n", "[a]x=1\r", "[a]x=\\", "[-]x=1\n",
}

// FuzzConfig compares what is read from a configuration file with git.
func FuzzConfig(f *testing.F) {
	needGit(f)
	for _, text := range configTexts {
		f.Add(text)
	}
	path := filepath.Join(f.TempDir(), "config")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\x00") {
			t.Skip("git's own list cannot say a zero")
		}
		if strings.ContainsAny(text, "\t\v\f\r") {
			t.Skip("what git makes of these inside a value changed between its versions")
		}
		write(t, filepath.Dir(path), "config", strings.TrimPrefix(text, "->"))
		var got []string
		err := parseConfig([]byte(strings.TrimPrefix(text, "->")), func(key, value string) { got = append(got, key+"\n"+value) })
		out, gitErr := tryGit(filepath.Dir(path), "", "config", "--file", path, "--no-includes", "--list", "-z")
		if (err == nil) != (gitErr == nil) {
			t.Fatalf("%q: error %v, git's is %v", text, err, gitErr)
		}
		if err != nil {
			return
		}
		want := nulls(out)
		for i, setting := range want {
			if !strings.Contains(setting, "\n") {
				want[i] += "\ntrue" // a name without a value
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is read as %q, by git as %q", text, got, want)
		}
	})
}

func TestConfigLineEnds(t *testing.T) {
	t.Parallel()
	var got []string
	err := parseConfig([]byte("[a]\r\n\tx = 1 \r\n\ty\r\n"), func(key, value string) { got = append(got, key+"="+value) })
	if want := []string{"a.x=1", "a.y=true"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestConfigErrorNamesTheLine(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	write(t, dir, ".git/config", "[core]\n\tbare = false\n\t= 1\n")
	_, err := Open(dir)
	if err == nil || !strings.Contains(err.Error(), "line 3") || !strings.Contains(err.Error(), ".git/config") {
		t.Errorf("error is %v", err)
	}
}

func TestIncludes(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	write(t, dir, ".git/config", strings.Join([]string{
		"[core]\n\trepositoryformatversion = 0\n[t]\n\tv = first",
		"[include]\n\tpath = more\n\tpath = missing",
		"[includeIf \"gitdir:" + filepath.ToSlash(dir) + "/\"]\n\tpath = here",
		"[includeIf \"gitdir:nowhere/\"]\n\tpath = elsewhere",
		"[includeIf \"gitdir/i:" + strings.ToUpper(filepath.Base(dir)) + "/.GIT\"]\n\tpath = folded\n",
	}, "\n"),
		".git/more", "[t]\n\tv = more", ".git/here", "[t]\n\tv = here", ".git/elsewhere", "[t]\n\tv = elsewhere", ".git/folded", "[t]\n\tv = folded")
	want := nulls(strings.ReplaceAll(git(t, dir, "config", "--get-all", "t.v"), "\n", "\x00"))
	if got := mustOpen(t, dir).settings.all["t.v"]; !slices.Equal(got, want) || len(got) != 4 {
		t.Errorf("values are %q, git says %q", got, want)
	}
	write(t, dir, ".git/more", "[include]\n\tpath = more")
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "includes") {
		t.Errorf("a circle of includes: error is %v", err)
	}
}

func TestUserFiles(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	dir := newRepo(t)
	write(t, home, ".gitconfig", "[t]\n\tv = home\n[core]\n\texcludesFile = ~/mine\n", "mine", "by-home\n",
		".config/git/config", "[t]\n\tv = xdg\n", ".config/git/ignore", "by-xdg\n", "global", "[t]\n\tv = global\n", "system", "[t]\n\tv = system\n")
	check := func(want string, ignored ...string) {
		t.Helper()
		r := mustOpen(t, dir)
		if got, _ := r.settings.all.last("t.v"); got != want || strings.TrimSpace(git(t, dir, "config", "t.v")) != want {
			t.Errorf("t.v is %q, want %q", got, want)
		}
		for _, name := range []string{"by-home", "by-xdg"} {
			if r.Ignored(name, false) != slices.Contains(ignored, name) {
				t.Errorf("Ignored(%q) is %v", name, r.Ignored(name, false))
			}
		}
	}
	check("home", "by-home")
	t.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(home, "global"))
	check("global", "by-xdg")
	t.Setenv("GIT_CONFIG_SYSTEM", filepath.Join(home, "system"))
	check("global", "by-xdg") // GIT_CONFIG_NOSYSTEM is set
	t.Setenv("GIT_CONFIG_NOSYSTEM", "0")
	t.Setenv("GIT_CONFIG_GLOBAL", "/dev/null")
	check("system", "by-xdg")
}
