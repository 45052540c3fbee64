package lint

import (
	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/ignore"
)

// Facts are what the rules look at. Only File is needed; a rule whose facts are
// missing finds nothing.
type Facts struct {
	// File is the ignore file as Docker reads it; nil where there is none.
	File *ignore.File
	// Builder is who builds. What only another builder does is told as such.
	Builder buildcontext.Builder

	// Inventory is the context; nil where only the text is known.
	Inventory *buildcontext.Inventory
	// Memory, where set, is what was found out about the same inventory before.
	Memory *Memory
	// Selection is what the builder sends of the context; nil where it refuses to.
	// Then what Docker keeps counts as sent.
	Selection *buildcontext.Selection
	// Artifact tells whether an entry is the root of what a tool left there.
	Artifact func(id buildcontext.ID) bool
	// Head returns the first bytes of a regular file, nil of what cannot be read.
	Head func(path string) []byte

	// Git is what git knows; nil where there is no repository.
	Git *Git
	// Build is the Dockerfile and what it reads; nil where there is none.
	Build *Build
	// Places are the ignore files that were found; the zero value where nobody
	// looked.
	Places Places
}

// Git is what git knows of a context.
type Git struct {
	// Tracked tells whether git tracks the path or anything below it.
	Tracked func(path string) bool
	// Ignored tells whether git's rules ignore the path.
	Ignored func(path string, dir bool) bool
	// NeedsRepository tells why the build reads the repository; "" where nothing
	// says that it does.
	NeedsRepository string
}

// Build is one Dockerfile with what its target reads.
type Build struct {
	// File is what findings call the Dockerfile.
	File string
	// Inside is its path in the context; "" where it lies outside.
	Inside string
	// Lines are those of the Dockerfile, without endings.
	Lines        []string
	Instructions []dockerfile.Instruction
	// Reads are those of the target.
	Reads []buildcontext.Read
	// Target is the stage that is built, Used the stages that it needs, by index,
	// and Bases the names of those that another one begins with.
	Target string
	Used   map[int]bool
	Bases  map[string]bool
	// Named are the paths that the Dockerfiles which use the context name, of any
	// target.
	Named []buildcontext.Read
}

// Places are the ignore files and Dockerfiles of a context and of the directory
// of its Dockerfile.
type Places struct {
	// Looked tells that the directory was looked at.
	Looked bool
	// Specific is the name of the ignore file in use where it belongs to the
	// Dockerfile; "" where it does not.
	Specific string
	// Beside are the names in the directory of the Dockerfile where that is not
	// the context, with what findings put in front of them.
	Beside       []string
	BesidePrefix string
	// Plain is the .dockerignore of the context as the classic client reads it;
	// nil where there is none, or where it is File.
	Plain *ignore.File
	// OtherClassic tells that the classic client reads another text, or none, for
	// the .dockerignore of the context than BuildKit does, because it is a link.
	OtherClassic bool
}
