package suggest

import (
	"bytes"
	"testing"

	"github.com/ctxsize/ctxsize/ignore"
)

// FuzzPatch wants a patch of any file to keep its bytes in order, to leave the
// rules that were there as they were, and to change nothing the second time.
func FuzzPatch(f *testing.F) {
	for _, file := range []string{"", "a", "a\n!b\n", "\ufeff!a\r\n# b\r\n", "*\n!src\n!src/x.log", comment + "\n.git\n", "\n\n", "a\r", "[b-a]\n"} {
		f.Add([]byte(file), "**/*.log", "src/x.log")
		f.Add([]byte(file), "a/b", "a/b")
	}
	f.Fuzz(func(t *testing.T, text []byte, pattern, path string) {
		file, err := ignore.Parse("", text)
		if err != nil {
			t.Skip()
		}
		if _, err := ignore.Compile(file.Rules()); err != nil {
			t.Skip()
		}
		suggestions := []Suggestion{{Pattern: pattern, Class: Log, Paths: []string{path}}}
		if m, ok := compile(pattern); !ok || !catches(m, path) {
			t.Skip()
		}
		patched := Patch(file, suggestions)
		rest := text
		for _, c := range patched {
			if len(rest) > 0 && rest[0] == c {
				rest = rest[1:]
			}
		}
		if len(rest) > 0 {
			t.Fatalf("%q became %q", text, patched)
		}
		again, err := ignore.Parse("", patched)
		if err != nil {
			t.Fatal(err)
		}
		var old []string
		for _, r := range again.Rules() {
			if len(old) < len(file.Rules()) && r.Pattern == file.Rules()[len(old)].Pattern {
				old = append(old, r.Pattern)
			}
		}
		if len(old) < len(file.Rules()) {
			t.Fatalf("rules of %q have another meaning in %q", text, patched)
		}
		m, err := ignore.Compile(again.Rules())
		if err != nil {
			t.Fatal(err)
		}
		if !walkIgnores(m, path) && len(again.Rules()) > len(file.Rules()) {
			t.Skip() // a person's exception behind it is stronger
		}
		if second := Patch(again, suggestions); !bytes.Equal(patched, second) {
			t.Fatalf("%q, patched twice: %q", patched, second)
		}
	})
}

// FuzzDetect wants no text to stop the search for secrets, and no secret to be
// printed whole.
func FuzzDetect(f *testing.F) {
	for _, text := range []string{"A=b", "export K=\"v\"", "//r/:_authToken=x", "machine x password y", "https://a:b@c", "<password>x</password>", "a: [", "=", "\"", "-----BEGIN PRIVATE KEY-----"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		lines := bytes.Count(text, []byte("\n")) + 1
		for _, r := range secretRules {
			if h, ok := r.find(text); ok && (h.line < 0 || h.line > lines || h.what == "") {
				t.Errorf("%s: %+v", r.ID, h)
			}
		}
	})
}

// FuzzGitPattern wants every line of a .gitignore file to become a pattern that a
// builder can read, or to be refused with a reason.
func FuzzGitPattern(f *testing.F) {
	for _, line := range []string{"a", "/a/", "!a", `\#`, "[a", "[!a]", "a**b", "**/", "*", "a\tb", `x\ `, "[]-]", "[[:x:]]", "[b-a]"} {
		f.Add(line, "", "")
		f.Add(line, "dir/[x]", "")
		f.Add(line, "", "app/web")
	}
	f.Fuzz(func(t *testing.T, line, dir, below string) {
		p, why := readGitPattern(line, dir, below)
		if why != "" && p.text != "" && p.last == "" {
			t.Errorf("%q is refused (%s) and translated to %q", line, why, p.text)
		}
		if p.text == "" {
			return
		}
		if m, ok := compile(p.text); ok {
			catches(m, "some/path")
		}
	})
}
