package plan

import (
	"slices"

	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/suggest"
)

// AddCommands adds to facts what a Dockerfile runs, and what it says of the container.
// The file may be nil.
func AddCommands(facts *suggest.Facts, file *dockerfile.File) {
	if file == nil {
		return
	}
	instructions := file.Instructions()
	for _, in := range instructions {
		switch in.Keyword {
		case "RUN":
			facts.Runs = append(facts.Runs, run(file, in))
		case "ENTRYPOINT", "CMD", "HEALTHCHECK":
			facts.Uses = append(facts.Uses, suggest.Use{Run: run(file, in), Makers: func() []suggest.Run {
				return runs(file, file.Makers(in.Index))
			}})
		case "ENV":
			// Later stages may be made of this one, and make what it speaks of.
			facts.Uses = append(facts.Uses, suggest.Use{Run: run(file, in), Makers: func() []suggest.Run {
				later := slices.DeleteFunc(slices.Clone(instructions), func(other dockerfile.Instruction) bool {
					return other.Index <= in.Index || other.Keyword != "RUN" && other.Keyword != "COPY"
				})
				return runs(file, append(file.Makers(in.Index), later...))
			}})
		}
	}
}

func runs(file *dockerfile.File, instructions []dockerfile.Instruction) []suggest.Run {
	all := make([]suggest.Run, len(instructions))
	for i, in := range instructions {
		all[i] = run(file, in)
	}
	return all
}

func run(file *dockerfile.File, in dockerfile.Instruction) suggest.Run {
	return suggest.Run{File: file.Name(), Line: in.Line, Text: in.Text + "\n" + in.Body}
}
