package suggest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/suggest"
)

const ours = "# Added by ctxsize: what the build does not need\n"

func suggestion(class suggest.Class, pattern string, paths ...string) suggest.Suggestion {
	return suggest.Suggestion{ID: "x", Pattern: pattern, Class: class, Confidence: suggest.Safe, Paths: paths}
}

func TestPatch(t *testing.T) {
	t.Parallel()
	modules := suggestion(suggest.Dependencies, "**/node_modules", "node_modules", "web/node_modules")
	git := suggestion(suggest.VCS, ".git", ".git")
	logs := suggestion(suggest.Log, "**/*.log", "a.log", "b/c.log")
	tests := []struct {
		name        string
		file        string
		suggestions []suggest.Suggestion
		want        string
	}{
		{"new file, in the order of classes", "", []suggest.Suggestion{logs, modules, git}, ours + ".git\n**/node_modules\n**/*.log\n"},
		{"nothing to add", "a\n\n# b", nil, "a\n\n# b"},
		{"at the end", "# mine\n*.md\n", []suggest.Suggestion{git}, "# mine\n*.md\n\n" + ours + ".git\n"},
		{"a missing final newline stays missing", "*.md", []suggest.Suggestion{git, modules}, "*.md\n\n" + ours + ".git\n**/node_modules"},
		{"trailing blank lines stay", "*.md\n\n\n", []suggest.Suggestion{git}, "*.md\n\n\n" + ours + ".git\n"},
		{"CRLF", "*.md\r\n!README.md\r\n", []suggest.Suggestion{git}, "*.md\r\n!README.md\r\n\r\n" + strings.ReplaceAll(ours, "\n", "\r\n") + ".git\r\n"},
		{"one CRLF line without an end", "*.md\r\n*.txt", []suggest.Suggestion{git}, "*.md\r\n*.txt\r\n\r\n" + strings.ReplaceAll(ours, "\n", "\r\n") + ".git"},
		{"a BOM stays the first", "\ufeff!.git/x\n", []suggest.Suggestion{git}, "\ufeff" + ours + ".git\n\n!.git/x\n"},
		{"a BOM alone", "\ufeff", []suggest.Suggestion{git}, "\ufeff" + ours + ".git\n"},
		{"before the exception that it could undo", "*.md\n!keep.log\n*.txt\n", []suggest.Suggestion{logs}, "*.md\n\n" + ours + "**/*.log\n\n!keep.log\n*.txt\n"},
		{"before the comment of that exception", "*.md\n# wanted\n!keep.log\n", []suggest.Suggestion{logs}, "*.md\n\n" + ours + "**/*.log\n\n# wanted\n!keep.log\n"},
		{"each where it belongs", "*.md\n!keep.log\n", []suggest.Suggestion{logs, modules}, "*.md\n\n" + ours + "**/*.log\n\n!keep.log\n\n" + ours + "**/node_modules\n"},
		{"behind an exception that opened the directory", "*\n!src\n", []suggest.Suggestion{suggestion(suggest.Cache, "src/__pycache__", "src/__pycache__")}, "*\n!src\n\n" + ours + "src/__pycache__\n"},
		{"an earlier group grows", "a\n\n" + ours + ".git\n", []suggest.Suggestion{modules}, "a\n\n" + ours + ".git\n**/node_modules\n"},
		{"an earlier group grows before blank lines", ours + ".git\n\n\n", []suggest.Suggestion{modules}, ours + ".git\n**/node_modules\n\n\n"},
		{"an earlier group that a person went on with", ours + "**/*.log\n!keep.log\n", []suggest.Suggestion{git}, ours + "**/*.log\n!keep.log\n.git\n"},
		{"what is ignored already", "node_modules\n**/node_modules\n", []suggest.Suggestion{modules}, "node_modules\n**/node_modules\n"},
		{"root-only is not enough", "node_modules\n", []suggest.Suggestion{modules}, "node_modules\n\n" + ours + "**/node_modules\n"},
		{"what another suggestion says already", "", []suggest.Suggestion{suggestion(suggest.Log, "b/c.log", "b/c.log"), logs}, ours + "**/*.log\n"},
		{"a pattern that no line can say", "", []suggest.Suggestion{suggestion(suggest.Log, "a\tb", "a\tb"), git}, ours + ".git\n"},
		{"a name that looks like a comment", "", []suggest.Suggestion{suggestion(suggest.Log, "/#a.log", "#a.log")}, ours + "/#a.log\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file, err := ignore.Parse(".dockerignore", []byte(tt.file))
			if err != nil {
				t.Fatal(err)
			}
			got := suggest.Patch(file, tt.suggestions)
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			again, err := ignore.Parse(".dockerignore", got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(got), string(suggest.Patch(again, tt.suggestions))); diff != "" && !strings.Contains(tt.name, "no line can say") {
				t.Errorf("the second time changes something: -first +second:\n%s", diff)
			}
		})
	}
	if got := string(suggest.Patch(nil, []suggest.Suggestion{git})); got != ours+".git\n" {
		t.Errorf("without a file: %q", got)
	}
}
