package spell_test

import (
	"testing"

	"github.com/ctxsize/ctxsize/internal/spell"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	words := []string{"check", "fix", "history", "ls", "top", "max-size", "max-files", "nox"}
	for word, want := range map[string]string{
		"chek": "check", "check": "check", "hsitory": "history", "max-sise": "max-size", "lss": "ls",
		// Two letters of three or four are another word.
		"foo": "", "nope": "", "l": "", "": "", "srv": "", "frobnicate": "",
	} {
		if got := spell.Nearest(word, words); got != want {
			t.Errorf("Nearest(%q) is %q, want %q", word, got, want)
		}
	}
}
