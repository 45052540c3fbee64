package ignore

import (
	"strings"
	"testing"
)

// TestDecompose shows which patterns are fast, and which are left to moby because
// they mean something that does not fall apart at the slashes, or because what
// they mean is up to a regular expression. That the former mean what moby makes of
// them is checked by TestTraps.
func TestDecompose(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"node_modules", ".git", "a/b/c", "a|b", "a^{2}", "\xff", "\ufeffa", // compared as they are
		"*.md", "**/*.log", "**/node_modules", "dist/**", "dist**", "**", "**foo", "**foo/bar", "**/.env*", "*/*/x",
		"**/*.py[cod]", "[Bb]in", "[!a]", "[a-z0-9_.]x", `\*.md`, `a\[1\]*`, "*.{js,ts}", "{a}*", "a(1)*", "$x?", "x+*",
		"?a**", "**/*cache*/**", "a/**/b", "**/a/**/b*", "***", "**/**", "é?", "*日*", "a {x}**", "**a|b",
	} {
		if _, ok := decompose(text); !ok {
			t.Errorf("%q is left to moby", text)
		}
	}
	for _, text := range []string{
		"a|b*", "^a*", "a{2}*", "[^a]", "[[:alpha:]]", "[+--]", "[b-a]", `[\]]`, "a]", `\d*`, `a\/b`,
		"a**b", "*a**/b", "\x00*", "\ufeff*", "\ufffd*", "\xff*", strings.Repeat("*/", 80) + "x",
	} {
		if _, ok := decompose(text); ok {
			t.Errorf("%q is taken apart", text)
		}
	}
}
