package lint_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ctxsize/ctxsize/internal/lint"
)

// TestLikely makes the repairs that a person must ask for.
func TestLikely(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, list, files, id, want string
	}{
		{"an early exception moves", "!keep.md\n*.md\ndocs\n", "keep.md a.md docs/x", "exception-early", "*.md\n!keep.md\ndocs\n"},
		{"behind the exceptions that stand there", "!a\n*\n!b\n", "a b c", "exception-early", "*\n!b\n!a\n"},
		{"to the end of a file without an end", "!a\n*", "a b c", "exception-early", "*\n!a"},
		{"a dead rule goes", "# ours\nold/thing.txt\nb\n", "a b", "dead-rule", "# ours\nb\n"},
		{"outside the context", "../x\nb\n", "a b", "never-matches", "b\n"},
		{"an exception of nothing", "b\n!a\n", "a b", "exception-idle", "b\n"},
		{"of what may come yet", "b\n!c.txt\n", "a b", "exception-idle", ""},
		{"of all that is sent", "!a\n", "a b", "exception-idle", ""},
		{"wildcards are spelled out", "*\n!**/x.md\n", "a/x.md b/c/x.md d/e", "exception-unpruned", "*\n!a/x.md\n!b/c/x.md\n"},
		{"not where they bring nothing back", "*\n!**/x.md\n", "d/e", "exception-unpruned", ""},
		{"nor where they bring too much back", "*\n!**/*.md\n", "a1.md a2.md a3.md a4.md a5.md a6.md a7.md a8.md a9.md b1.md b2.md b3.md b4.md d/e", "exception-unpruned", ""},
		{"for the classic builder, too", "docs\n!d*/x.md\n", "docs/x.md docs/y.md a", "exception-lost", "docs\n!docs/x.md\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			given := facts(t, tt.list, tt.files)
			got := ""
			for _, f := range lint.Check(given) {
				if f.ID != tt.id || f.Edit == nil {
					continue
				}
				if f.Certain() {
					t.Errorf("nobody need ask for it: %+v", f)
				}
				text, _ := lint.Apply(given.File, []lint.Edit{f.Edit})
				got = string(text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s\n%v", diff, ids(lint.Check(given)))
			}
		})
	}
}
