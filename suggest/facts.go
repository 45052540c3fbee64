package suggest

import (
	buildcontext "github.com/ctxsize/ctxsize/context"
)

// Facts are what is known of a context and of the builds that use it.
type Facts struct {
	// Source opens markers and headers. Only eligible files whose name makes
	// them candidates, and the manifests of the project, are opened, and little
	// of each is read.
	Source buildcontext.Source
	// Selection says what is eligible, and for [Secrets] what is sent. It need
	// not be completed.
	Selection *buildcontext.Selection
	// Reads are those of every stage and every target of every Dockerfile that
	// uses this context.
	Reads []buildcontext.Read
	// Runs are the RUN instructions of these Dockerfiles.
	Runs []Run
	// Uses are what these Dockerfiles say of the running container.
	Uses []Use
	// Tracked tells whether git tracks the path or anything below it; nil where
	// there is no repository.
	Tracked func(path string) bool
	// GitUnknown tells that there is a repository which could not be read: then
	// only caches, editor and version control metadata are safe.
	GitUnknown bool
	// GitIgnored tells whether git ignores the path; nil where nobody knows.
	GitIgnored func(path string, dir bool) bool
	// BuildFiles are the Dockerfiles and the ignore file, where they lie in the
	// context. They are never proposed.
	BuildFiles []string
	// Accepted tells whether a person wants the artifact at a path to stay; nil for
	// none.
	Accepted func(r *Rule, path string) bool
	// Without are the ids of rules whose artifacts a person wants to stay.
	Without []string
}

// Run is one instruction, mostly a RUN.
type Run struct {
	// File and Line say where it stands.
	File string
	Line int
	// Text is the instruction with its here-documents.
	Text string
}

// Use is an ENV, ENTRYPOINT, CMD or HEALTHCHECK instruction: it names what the
// container must hold, and reads nothing of the context.
type Use struct {
	Run
	// Makers returns the RUN instructions of the stages that the container is made of,
	// and their COPY instructions that take from other images. It is a function because
	// few are asked, and of a thousand stages each has those of all before it.
	Makers func() []Run
}
