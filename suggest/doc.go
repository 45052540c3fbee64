// Package suggest knows what a build context need not hold: the catalogue of
// what tools leave in a directory, how each is proved, and how the ignore file
// is changed so that a builder does not send it.
//
// Start with [Propose], hand what a person wants to [Patch], and measure before
// anything is written. [Classify] says what lies in a directory whether or not
// it may go, [Secrets] what is sent and must not be. [Allowlist] and
// [FromGitignore] write an ignore file from what the instructions read, and from
// git's.
//
// A [Rule] is data and one pure function of what lies around an entry. One
// engine (find.go) runs all of them; what a build needs (keep.go), what becomes of what
// is proved (judge.go) and which patterns say exactly that (cover.go) know nothing of
// any rule.
//
// False positives cost more than misses. What is proposed as [Safe] is proved by
// its marker, its header, or a name that leaves no doubt; no instruction reads it
// by name; git does not track it, the metadata of editors, operating systems and
// version control aside; no exception of the ignore file brought it back. A
// pattern never ignores more than was proved: where `**/name` would, narrower
// patterns take its place.
package suggest
