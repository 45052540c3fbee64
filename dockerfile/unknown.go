package dockerfile

import "fmt"

// Kind says what an [Unknown] is about.
type Kind string

// The kinds of what a Dockerfile alone does not tell.
const (
	// KindBaseEnv is a source, or a mount, that uses a variable which the
	// environment of the base image may define.
	KindBaseEnv Kind = "base-env"
	// KindBaseOnbuild is a base image; its ONBUILD lines, if it has any, run in
	// the stage and may copy from the context. Few images have some. It is not
	// told where the whole context is sent, and no other is named.
	KindBaseOnbuild Kind = "base-onbuild"
	// KindBaseWorkdir is a mount that the builder refuses if the working directory
	// of the base image is the root.
	KindBaseWorkdir Kind = "base-workdir"
	// KindSyntax is a front end other than docker/dockerfile 1, which may read
	// the file by other rules.
	KindSyntax Kind = "syntax"
	// KindCheck is a build whose lint warnings are errors (check=error=true).
	// Those warnings that this package does not compute may stop the build
	// before anything is sent.
	KindCheck Kind = "check"
	// KindEntitlement is an instruction that the builder refuses, before anything
	// is sent, unless the build is allowed to (--allow).
	KindEntitlement Kind = "entitlement"
	// KindEpoch is a SOURCE_DATE_EPOCH that is to be taken from a source.
	KindEpoch Kind = "epoch"
)

// Unknown is one thing that a Dockerfile alone does not tell and that could
// change what is sent.
type Unknown struct {
	Kind Kind
	// Line is the line of the instruction, from 1; 0 where it is none.
	Line int
	// Stage is the stage as in [Stage.Name], if there is one.
	Stage string
	// Message is a sentence for the user, in lower case and without a full stop.
	Message string
}

func (u Unknown) isEnv() bool { return u.Kind == KindBaseEnv }

func (u Unknown) isOnbuild() bool { return u.Kind == KindBaseOnbuild }

// unknown puts down what concerns the whole file.
func (c *converter) unknown(kind Kind, line int, format string, args ...any) {
	c.unknowns = append(c.unknowns, Unknown{Kind: kind, Line: line, Message: fmt.Sprintf(format, args...)})
}

func (d *stageState) unknown(kind Kind, line int, format string, args ...any) {
	d.unknowns = append(d.unknowns, Unknown{Kind: kind, Line: line, Stage: d.label, Message: fmt.Sprintf(format, args...)})
}
