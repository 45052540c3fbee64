package lint_test

import (
	"testing"

	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/lint"
)

func TestApply(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		edits      []lint.Edit
		want       string
		made       int
	}{
		{"nothing", "a\nb\n", nil, "a\nb\n", 0},
		{"a line", "a\nb\nc\n", []lint.Edit{lint.Replace(2, "x")}, "a\nx\nc\n", 1},
		{"several for one", "a\nb\n", []lint.Edit{lint.Replace(1, "x", "y")}, "x\ny\nb\n", 1},
		{"none", "a\nb\n", []lint.Edit{lint.Replace(1)}, "b\n", 1},
		{"other endings", "a\r\nb\r\n", []lint.Edit{lint.Replace(2, "x", "y")}, "a\r\nx\r\ny\r\n", 1},
		{"mixed endings", "a\r\nb\n", []lint.Edit{lint.Replace(1, "x")}, "x\r\nb\n", 1},
		{"no ending", "a\nb", []lint.Edit{lint.Replace(2, "x", "y")}, "a\nx\ny", 1},
		{"a BOM", "\ufeffa\nb\n", []lint.Edit{lint.Replace(1, "x")}, "\ufeffx\nb\n", 1},
		{"the line with the BOM goes", "\ufeffa\nb\n", []lint.Edit{lint.Replace(1)}, "\ufeffb\n", 1},
		{"the same line twice", "a\n", []lint.Edit{lint.Replace(1, "x"), lint.Replace(1, "y")}, "x\n", 1},
		{"two lines at once", "a\nb\nc\n", []lint.Edit{{{Line: 1}, {Line: 3, With: []string{"c", "a"}}}}, "b\nc\na\n", 1},
		{"a line that is not there", "a\n", []lint.Edit{lint.Replace(2, "x"), lint.Replace(0, "x")}, "a\n", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file, err := ignore.Parse(".dockerignore", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			text, made := lint.Apply(file, tt.edits)
			if string(text) != tt.want || made != tt.made {
				t.Errorf("%q and %d, want %q and %d", text, made, tt.want, tt.made)
			}
		})
	}
}
