package suggest

import (
	"regexp"
	"slices"
)

// Class says what an artifact is. The words are those of the JSON output.
type Class string

// The classes, in the order in which [Patch] writes their rules.
const (
	VCS          Class = "vcs"
	Dependencies Class = "dependencies"
	BuildOutput  Class = "build-output"
	Cache        Class = "cache"
	TestOutput   Class = "test-output"
	Log          Class = "log"
	Database     Class = "database"
	Credentials  Class = "secret"
	Editor       Class = "editor"
	OS           Class = "os"
	CI           Class = "ci"
	Crash        Class = "crash"
	Temporary    Class = "temporary"
	Archive      Class = "archive"
	Model        Class = "model"
	Media        Class = "media"
	Documents    Class = "documents"
)

var classOrder = []Class{
	VCS, Dependencies, BuildOutput, Cache, TestOutput, Log, Database, Credentials,
	Editor, OS, CI, Crash, Temporary, Archive, Model, Media, Documents,
}

// Classes returns every class, in that order.
func Classes() []Class { return slices.Clone(classOrder) }

// volatile tells whether artifacts of the class change between builds.
func (c Class) volatile() bool {
	switch c {
	case VCS, Cache, TestOutput, Log, Database, Temporary:
		return true
	default:
		return false
	}
}

// Level is how far a rule may go once its proof holds.
type Level uint8

const (
	// Recognized artifacts are never proposed: they are wanted as
	// often as not.
	Recognized Level = iota
	// Ask artifacts are proposed for review, and only where git does not track
	// them (see [Rule.Committed]).
	Ask
	// Sure artifacts are proposed as safe; where git tracks them, for review.
	Sure
)

// String returns the word of docs/rules.md.
func (l Level) String() string {
	switch l {
	case Sure:
		return "safe"
	case Ask:
		return "review"
	default:
		return "never"
	}
}

// kind says what sort of entry a rule is about.
type kind uint8

const (
	dirs  kind = iota // a directory, or a link in its place
	files             // a regular file
	both              // either
	links             // a link
)

// Rule is one artifact that tools leave in a directory: data, and a pure
// function that proves it.
type Rule struct {
	// ID is stable: people write it behind --include and --exclude.
	ID string
	// Title names the artifact for people.
	Title string
	Class Class
	Level Level
	// Names are what it is called: a name with at most one "*", or several
	// components, all but the last without one.
	Names []string
	// Again is what makes it again; "" where nothing needs to.
	Again string
	// Risk is what may go wrong when it is ignored; "" for nothing known.
	Risk string
	// Committed artifacts are meant to be tracked, so that tracking speaks
	// neither for nor against them.
	Committed bool
	// Closed directories belong to a tool: what lies in one that stays is not
	// looked at, for a part of it missing is worse than all of it.
	Closed bool
	// Contents rules are about all that lies in a directory of the name and does not
	// begin with a dot. The directory stays: the application does not make it, or git
	// tracks what keeps it.
	Contents bool
	// Ignored rules are about what only git can tell from source: they are safe where
	// it ignores the artifact.
	Ignored bool
	// Remade makes an Ask rule safe: the artifact is what a build on the host leaves,
	// and each Dockerfile has a RUN line in which Remade finds the same build.
	Remade *regexp.Regexp
	// Exact rules are written as the paths that were found and never wider:
	// another file of such a name may be anything.
	Exact bool
	// AtRoot rules have a name that other things have, too, or belong to the root:
	// a single one is written as it was found, and only several with "**/".
	AtRoot bool

	kind  kind
	proof proof
	// mark is what lies in directories of any name that the rule is about.
	mark string
}

// Proof says what it takes to prove the artifact, in Markdown.
func (r *Rule) Proof() string { return r.proof.says }

// Rules returns the catalogue, in a stable order.
func Rules() []Rule {
	out := make([]Rule, len(catalogue))
	for i, r := range catalogue {
		out[i] = *r
	}
	return out
}

// Known tells whether the catalogue has a rule with this id.
func Known(id string) bool {
	for _, r := range catalogue {
		if r.ID == id {
			return true
		}
	}
	return false
}
