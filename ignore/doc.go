// Package ignore reads ignore files and matches paths against their rules as
// Docker's builders do. It is the bottom of the program: it imports nothing of
// ours, and nothing else imports github.com/moby/patternmatcher, whose verdicts
// this package reproduces.
//
// Start with [Parse], which keeps every byte of the file, then [Compile] the
// rules and carry a [State] down a walk with [Matcher.Enter].
//
// Three evaluators exist, because Docker has three and they differ:
//
//   - the tree walk, [Matcher.Entry] and [Matcher.Enter], decides what is sent
//     (patternmatcher: PatternMatcher.MatchesUsingParentResults);
//   - [Matcher.Plain] decides which files BuildKit opens and what the classic
//     client checks (patternmatcher: PatternMatcher.MatchesOrParentMatches);
//   - [Matcher.Old] decides what the classic client rescues (patternmatcher:
//     Matches, deprecated).
//
// Paths are relative to the context, separated by slashes, compared byte by
// byte. They need not be UTF-8.
package ignore
