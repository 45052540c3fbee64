package lint

import "github.com/ctxsize/ctxsize/internal/finding"

// rules is a function, because the rules ask one another.
func rules() []Rule {
	return []Rule{
		// What stops a build, or empties files.
		{ID: "bad-pattern", Severity: finding.Error, Title: "a pattern that Docker refuses", find: badPattern},
		{ID: "control-character", Severity: finding.Error, Title: "a pattern with a control character, which BuildKit refuses", find: controlCharacter},
		{ID: "line-too-long", Severity: finding.Error, Title: "a line that is longer than Docker reads"},
		{ID: "file-emptied", Severity: finding.Error, Title: "files that BuildKit sends without their content"},

		{ID: "dockerfile-refused", Severity: finding.Error, Title: "a Dockerfile that the builder refuses"},
		{ID: "argument-missing", Severity: finding.Info, Title: "a build argument that FROM needs and nobody gives"},
		{ID: "copy-source-refused", Severity: finding.Error, Title: "a source that BuildKit refuses to ask for"},
		{ID: "context-refused", Severity: finding.Error, Title: "an entry of the context at which the builder stops"},

		// Lines that do nothing.
		{ID: "never-matches", Severity: finding.Warning, Title: "a pattern that can match no path", find: neverMatches},
		{ID: "dead-rule", Severity: finding.Info, Title: "a rule that matches nothing in this context", find: deadRule},
		{ID: "duplicate-rule", Severity: finding.Warning, Title: "a rule that stands there twice", find: duplicateRule},
		{ID: "shadowed-rule", Severity: finding.Info, Title: "a rule of which another says all", find: shadowedRule},
		{ID: "undone-rule", Severity: finding.Warning, Title: "a rule that an exception takes back whole", find: undoneRule},

		// Exceptions.
		{ID: "exception-early", Severity: finding.Warning, Title: "an exception before the rule that it is for", find: exceptionEarly},
		{ID: "exception-idle", Severity: finding.Warning, Title: "an exception that brings nothing back", find: exceptionIdle},
		{ID: "exception-below", Severity: finding.Info, Title: "an exception that works for Docker and not for git", find: exceptionBelow},
		{ID: "exception-unpruned", Severity: finding.Warning, Title: "an exception that makes BuildKit look at all that is ignored", find: exceptionUnpruned, docker: true},
		{ID: "exception-lost", Severity: finding.Warning, Title: "an exception that the classic builder does not see", find: exceptionLost, docker: true},

		// Habits from elsewhere.
		{ID: "root-only", Severity: finding.Warning, Title: "a name that also exists deeper, where it does not hold", find: rootOnly},
		{ID: "trailing-slash", Severity: finding.Warning, Title: "a slash at the end that does not mean directories only", find: trailingSlash},
		{ID: "inline-comment", Severity: finding.Warning, Title: "a comment behind a pattern", find: inlineComment},
		{ID: "indented-comment", Severity: finding.Warning, Title: "a comment that does not begin in the first column", find: indentedComment},
		{ID: "slash-comment", Severity: finding.Warning, Title: "a comment that begins with //", find: slashComment},
		{ID: "wrong-case", Severity: finding.Warning, Title: "a name in another case than on disk", find: wrongCase},
		{ID: "brace-expansion", Severity: finding.Warning, Title: "braces, which are not expanded", find: braceExpansion},
		{ID: "windows-path", Severity: finding.Warning, Title: "a path divided by backslashes", find: windowsPath},
		{ID: "cleaned-path", Severity: finding.Info, Title: "a path that Docker reads otherwise than it is written", find: cleanedPath},
		{ID: "surrounding-blanks", Severity: finding.Info, Title: "blanks around a pattern", find: surroundingBlanks},

		// Operators.
		{ID: "operator-leak", Severity: finding.Error, Title: "a character of a name that works as an operator", find: operatorLeak, docker: true},
		{ID: "escape-leak", Severity: finding.Error, Title: "an escape that only a regular expression knows", find: escapeLeak},
		{ID: "class-bang", Severity: finding.Warning, Title: "a class negated with !", find: classBang},
		{ID: "class-slash", Severity: finding.Warning, Title: "a class that matches a slash", find: classSlash},
		{ID: "three-stars", Severity: finding.Warning, Title: "three stars, which are one name more than two", find: threeStars},
		{ID: "question-mark", Severity: finding.Info, Title: "a question mark that matches several bytes", find: questionMark},

		// The file itself.
		{ID: "ignore-file-not-read", Severity: finding.Error, Title: "an ignore file that the builder does not read"},
		{ID: "ignore-file-unreadable", Severity: finding.Error, Title: "an ignore file that BuildKit takes for empty"},
		{ID: "misnamed-file", Severity: finding.Error, Title: "an ignore file with a name that nobody reads", find: misnamedFile},
		{ID: "nested-file", Severity: finding.Warning, Title: "an ignore file below the root of the context", find: nestedFile},
		{ID: "orphan-file", Severity: finding.Warning, Title: "an ignore file of a Dockerfile that is not there", find: orphanFile},
		{ID: "foreign-file", Severity: finding.Warning, Title: "an ignore file that only Podman reads", find: foreignFile},
		{ID: "replaced-file", Severity: finding.Info, Title: "a .dockerignore that another file replaces", find: replacedFile},
		{ID: "linked-file", Severity: finding.Warning, Title: "an ignore file that is a link to different places", find: linkedFile},
		{ID: "podman-differs", Severity: finding.Warning, Title: "a rule that Podman reads otherwise than Docker"},

		// What the Dockerfile copies.
		{ID: "copy-source-ignored", Severity: finding.Error, Title: "a source that the ignore file keeps back"},
		{ID: "copy-source-missing", Severity: finding.Error, Title: "a source that the context does not hold"},
		{ID: "copy-source-unmatched", Severity: finding.Error, Title: "a source with wildcards that matches nothing"},
		{ID: "source-as-pattern", Severity: finding.Error, Title: "a source that BuildKit takes for another", find: sourceAsPattern},
		{ID: "source-outside", Severity: finding.Error, Title: "a source that leads out of the context", find: sourceOutside},
		{ID: "scope-widened", Severity: finding.Warning, Title: "a mount that asks for the whole context"},
		{ID: "whole-copied", Severity: finding.Info, Title: "a copy of the whole context where a few paths would do", find: wholeCopied},
		{ID: "add-for-copy", Severity: finding.Info, Title: "an ADD that does what COPY does", find: addForCopy},
		{ID: "cache-buster", Severity: finding.Info, Title: "a repository that is copied before something costly", find: cacheBuster},
		{ID: "socket-sent", Severity: finding.Info, Title: "a socket, of which builders make different things", find: socketSent},
		{ID: "repository-sent", Severity: finding.Info, Title: "a .git directory that is sent", find: repositorySent},

		// Suppressions.
		{ID: UnusedID, Severity: finding.Warning, Title: "a comment that suppresses nothing"},

		// What git thinks of it.
		{ID: "sent-ignored", Severity: finding.Info, Title: "what is sent and git ignores", find: sentIgnored},
		{ID: "sent-untracked", Severity: finding.Info, Title: "what is sent and git does not track", find: sentUntracked},
		{ID: "tracked-ignored", Severity: finding.Warning, Title: "what git tracks and the repository is sent without", find: trackedIgnored},
	}
}
