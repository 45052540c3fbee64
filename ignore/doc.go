// Package ignore reads ignore files and matches paths against their rules as
// Docker's builders do. It is the bottom of the program: it imports nothing of
// ours, and nothing else imports github.com/moby/patternmatcher, whose verdicts
// this package reproduces.
//
// Start with [Parse], which keeps every byte of the file, then [Compile] the
// rules and carry a [State] down a walk with [Matcher.Enter].
//
// # Three evaluators
//
// Docker has three, and they differ:
//
//   - the tree walk, from [Matcher.Root], decides what is sent
//     (patternmatcher: PatternMatcher.MatchesUsingParentResults);
//   - the plain evaluator, [Matcher.Plain] or a walk from [Matcher.PlainRoot],
//     decides which files BuildKit opens and what the classic client checks
//     (patternmatcher: PatternMatcher.MatchesOrParentMatches);
//   - [Matcher.Old] decides what the classic client rescues (patternmatcher:
//     Matches, deprecated).
//
// Paths are relative to the context, separated by slashes, compared byte by
// byte. They need not be UTF-8.
//
// # How a walk is decided
//
// moby runs a regular expression for each rule and each path. Here a name is
// looked at once, and most names cost four lookups in tables, however many the
// rules are and however deep the path:
//
//   - A pattern is taken apart into segments, one per component (segments.go).
//     Each is a test of one name (glob.go), and says whether directories may lie
//     before it. A pattern whose meaning does not fall apart at the slashes, such as
//     "a|b*", "[^x]y" or "a**b", is left to moby: its own compiled pattern is asked
//     about the whole path, wherever the rule can still change a verdict.
//   - The segments of all rules are the nodes of one automaton, which reads a path
//     name by name (machine.go). Where it stands in a directory is two sets: the
//     nodes that the names there are compared with, and the rules that are
//     remembered as matched above. That is a [State] (state.go).
//   - An index finds the nodes whose test a name passes, by four of its bytes
//     (index.go). If there is none, which is the rule, the verdict and the state
//     below are those that the state holds ready. Otherwise the rules that match are
//     gone through in order as moby does it (core.fold).
//   - What can no longer change a verdict, nor which rule gets the credit for it,
//     is taken out of a state (forget.go). That leaves little to test below an
//     ignored directory; it tells a scan, by [State.Certain], that it need not even
//     read one; and it makes states equal, so that a tree has a handful of them,
//     which are kept and shared (intern.go).
//
// A [Matcher] and its states may be used by any number of goroutines: a state
// never changes once it is made, except that it remembers, in an atomic pointer,
// the state below a usual name; and the table of known states is behind a lock
// that only a name which passes a test asks for. The table is bounded, so that no
// list and no tree can make it large.
//
// The reference that all this is tested against is moby itself, on lists and
// names made of what is known to go wrong (traps_test.go); what those tests are
// worth is tested by breaking the matcher (mutation_test.go).
package ignore
