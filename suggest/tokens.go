package suggest

import (
	"bytes"
	"regexp"
)

// What services give to their tokens so that they can be found.

// forms are those that services give to their tokens, so that they can be found:
// what a token begins with, and what follows.
var forms = []struct{ begin, rest string }{
	{"AKIA", `[A-Z2-7]{16}\b`},
	{"ASIA", `[A-Z2-7]{16}\b`},
	{"ghp_", `[A-Za-z0-9]{36,}`},
	{"gho_", `[A-Za-z0-9]{36,}`},
	{"ghu_", `[A-Za-z0-9]{36,}`},
	{"ghs_", `[A-Za-z0-9]{36,}`},
	{"ghr_", `[A-Za-z0-9]{36,}`},
	{"github_pat_", `[A-Za-z0-9_]{60,}`},
	{"glpat-", `[A-Za-z0-9_\-]{20,}`},
	{"xoxa-", `[A-Za-z0-9\-]{20,}`},
	{"xoxb-", `[A-Za-z0-9\-]{20,}`},
	{"xoxp-", `[A-Za-z0-9\-]{20,}`},
	{"sk_live_", `[A-Za-z0-9]{20,}`},
	{"rk_live_", `[A-Za-z0-9]{20,}`},
	{"sk-ant-", `[A-Za-z0-9_\-]{24,}`},
	{"sk-proj-", `[A-Za-z0-9_\-]{24,}`},
	{"npm_", `[A-Za-z0-9]{36}\b`},
	{"pypi-AgEI", `[A-Za-z0-9_\-]{40,}`},
	{"SG.", `[A-Za-z0-9_\-]{22}\.[A-Za-z0-9_\-]{40,}`},
	{browserKey, `[A-Za-z0-9_\-]{35}\b`},
	{"hvs.", `[A-Za-z0-9_\-]{24,}`},
	{"dop_v1_", `[a-f0-9]{64}\b`},
	{"dckr_pat_", `[A-Za-z0-9_\-]{20,}`},
}

// tokens has for each form its regular expression.
var tokens = func() []*regexp.Regexp {
	all := make([]*regexp.Regexp, len(forms))
	for i, f := range forms {
		all[i] = regexp.MustCompile(`\b` + regexp.QuoteMeta(f.begin) + f.rest)
	}
	return all
}()

// notToken is what examples have in the place of a token.
var notToken = regexp.MustCompile(`(?i)example|xxxx|1234567890|abcdef|0000`)

// browserKey begins a key of Google's, which is public where a browser uses it: the
// settings of a Firebase application, and what a bundler puts into its output.
const browserKey = "AIza"

var inBrowser = regexp.MustCompile(`(?i)firebase|authDomain|maps|(^|[^a-z])(next_public|vite|react_app|nuxt_public|public|expo_public|gatsby)_`)

// lineAt returns the line that holds a place of a text.
func lineAt(text []byte, at int) []byte {
	start := bytes.LastIndexByte(text[:at], '\n') + 1
	line, _, _ := bytes.Cut(text[start:], []byte("\n"))
	return line
}

// knownToken looks for what a token begins with first: a regular expression costs
// a hundred times as much.
func knownToken(text []byte) (hit, bool) {
	for i, f := range forms {
		if !bytes.Contains(text, []byte(f.begin)) {
			continue
		}
		for _, at := range tokens[i].FindAllIndex(text, -1) {
			if !notToken.Match(text[at[0]:at[1]]) && (f.begin != browserKey || !inBrowser.Match(lineAt(text, at[0]))) {
				return hit{lineOf(text, at[0]), "token that is written out", f.begin + "***"}, true
			}
		}
	}
	return hit{}, false
}
