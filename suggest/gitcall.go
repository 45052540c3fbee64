package suggest

import (
	"regexp"
	"strings"
)

// Which commands ask git about the repository of the context.

// continued finds where a line goes on in the next one, and comments between the
// two: a word of a list of packages begins no command.
var continued = regexp.MustCompile(`\\[ \t]*\r?\n(?:\s*#.*\n)*`)

// runOptions finds the options of a RUN instruction.
var runOptions = regexp.MustCompile(`(?i)^(\s*RUN)(?:\s+--[a-z]\S*)+`)

// command is what may stand before the first word of a command: the beginning of
// a line, an operator, a substitution, a quote, or a word that runs a command.
const command = `(?m)(?:^\s*@?|[;&|(\[{!,"'` + "`" + `]\s*|(?:\b(?:then|do|else|if|elif|while|until|sudo|exec|time|xargs|env)(?:\s+-\S+)*|(?:^|\s)RUN|\w=\S*)\s+)`

// gitCall finds git where a command begins, and its first word that is no option.
var gitCall = regexp.MustCompile(command + `(?:/usr/bin/)?git["']?[\s,]+((?:-\S+\s+(?:[^-\s]\S*\s+)??)*)["']?([a-z-]+)`)

// gitRead finds a command that reads files of the repository.
var gitRead = regexp.MustCompile(`\b(?:cat|cp|head|tail|cut|grep|sed|awk|mv|test|ls|stat|find|source|\[)[^;&|\n]*?[\s"'=/]\.git(?:/|["'\s]|$)`)

// search finds a search for files by name. One for .git wants it to be gone, mostly, or
// leaves it out.
var search = regexp.MustCompile(`\bfind\s+(?:[^.\s;&|()-]\S*\s+|\./?\s+)*-[^;&|()\n]*`)

var goreleaser = regexp.MustCompile(command + `goreleaser\b`)

// readsRepository are git's commands that fail outside of a repository, or find
// nothing there. Others work anywhere, or are words of another command: "apt-get
// install a=1 git curl".
var readsRepository = func() map[string]bool {
	subs := map[string]bool{}
	for _, sub := range words("add am annotate archive bisect blame branch bundle cat-file check-ignore checkout cherry cherry-pick " +
		"clean commit describe diff diff-files diff-index diff-tree fetch for-each-ref format-patch fsck gc grep log ls-files ls-tree merge " +
		"merge-base mv name-rev notes pull push rebase reflog remote reset restore rev-list rev-parse revert rm shortlog show show-ref " +
		"sparse-checkout stash status submodule switch symbolic-ref tag update-index update-ref whatchanged worktree write-tree") {
		subs[sub] = true
	}
	return subs
}()

// needsRepository returns what the first command does that needs the repository
// of the context, or "". Behind a clone or an init in the same text it has
// another.
func needsRepository(text string) string {
	text = continued.ReplaceAllString(runOptions.ReplaceAllString(text, "$1"), " ")
	for _, m := range gitCall.FindAllStringSubmatch(text, -1) {
		switch sub := m[2]; {
		case sub == "clone" || sub == "init":
			return ""
		case sub == "config" && !strings.Contains(text, "--global") && !strings.Contains(text, "--system"):
			return "calls git config"
		case readsRepository[sub]:
			return "calls git " + sub
		}
	}
	if gitRead.MatchString(search.ReplaceAllString(text, " ")) {
		return "reads .git"
	}
	if goreleaser.MatchString(text) {
		return "calls goreleaser, which asks git for the version"
	}
	return ""
}

// script finds what a command runs from the context: ./x, or the argument of a
// shell or an interpreter.
var script = regexp.MustCompile(`(?:^|[\s;&|("'/])(?:\./|(?:(?:ba|da|z|k)?sh|python[\d.]*|node|bun|tsx|ruby|perl|php)\s+(?:-\w+\s+)*(?:\./)?)([\w./-]+)`)

func scriptsOf(text string) []string {
	var paths []string
	for _, m := range script.FindAllStringSubmatch(text, -1) {
		paths = append(paths, strings.Trim(m[1], "/"))
	}
	return paths
}
