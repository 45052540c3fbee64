package lint_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/lint"
)

// FuzzCheck holds the findings about any text to what they promise: they name a
// place in the file, an edit changes the lines that it names and no other, and
// one that keeps what is sent keeps it, for both builders.
func FuzzCheck(f *testing.F) {
	for _, text := range []string{
		"a\n!a/f\na\n", "*\n!**/f\n!d\n", "d/***/f\n[!a]\n\\d.x\n", "{f,g}.x\nd\\g\n// d\n  # x\n", "./d/\nd/g\nF\n", "a # b\n\ta\t# b",
		"**/f\nf\nd/*\n!d/g\n", "# ctxsize:ignore dead-rule x\nq\n", "~/f\n../f\n/\n", "a|b*\n^d*\nf{1}*\n", "[z-a]\n!\n\xff*\n",
	} {
		f.Add(text)
	}
	files := "f d/f d/g d/e/f a/f b.x 1.x D/q dist/app.js"
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 400 || strings.Count(text, "\n") > 12 {
			t.Skip("more of the same")
		}
		given := facts(t, text, files)
		for _, found := range lint.Check(given) {
			if found.ID == "" || found.Message == "" || found.Repair == "" {
				t.Errorf("%q: an empty finding: %+v", text, found)
			}
			if found.File != given.File.Name || found.Line == 0 {
				continue
			}
			written := given.File.Lines[found.Line-1].Text
			if found.Column < 1 || found.Column+found.Width-1 > utf8.RuneCountInString(written) {
				t.Errorf("%q: column %d and %d more are not in %q: %+v", text, found.Column, found.Width, written, found)
			}
			if found.Edit != nil {
				checkEdit(t, given, found)
			}
		}
	})
}

func checkEdit(t *testing.T, given lint.Facts, found lint.Finding) {
	t.Helper()
	after, made := lint.Apply(given.File, []lint.Edit{found.Edit})
	if made != 1 {
		t.Fatalf("%q: the edit is not made: %+v", given.File.Bytes(), found)
	}
	file, err := ignore.Parse(given.File.Name, after)
	if err != nil {
		t.Fatal(err)
	}
	named := map[int]bool{}
	for _, c := range found.Edit {
		named[c.Line] = true
	}
	for i, l := range given.File.Lines {
		if !named[i+1] && !strings.Contains(string(after), l.Text) {
			t.Errorf("%q: the edit changes line %d: %q", given.File.Bytes(), i+1, after)
		}
	}
	if !found.Keeps {
		return
	}
	for _, b := range []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic} {
		was, err := buildcontext.Select(given.Inventory, buildcontext.Request{Builder: b, Rules: given.File.Rules()})
		if err != nil {
			continue // what is refused has no verdict to keep
		}
		is, err := buildcontext.Select(given.Inventory, buildcontext.Request{Builder: b, Rules: file.Rules()})
		if err != nil || !lint.Equal(was, is) {
			t.Errorf("%s: %q becomes %q (%v), and that is not the same: %+v", b, given.File.Bytes(), after, err, found)
		}
	}
}
