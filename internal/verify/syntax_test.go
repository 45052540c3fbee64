package verify

import "testing"

func TestWithoutSyntax(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, syntax, text, want string }{
		{"first", "docker/dockerfile:1", "# syntax=docker/dockerfile:1\nFROM a\n", "FROM a\n"},
		{"other directives stay directives", "x/y", "# escape=`\r\n#Syntax = x/y\r\n# check=skip=all\r\nFROM a\r\n", "# escape=`\r\n# check=skip=all\r\nFROM a\r\n"},
		{"last line", "x/y", "# syntax=x/y", ""},
		{"none", "x/y", "FROM a\n", "FROM a\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := string(withoutSyntax([]byte(tt.text), tt.syntax)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
