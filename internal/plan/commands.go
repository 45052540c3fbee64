package plan

import (
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
			facts.Uses = append(facts.Uses, suggest.Use{Run: run(file, in), Makers: makers(file, in.Index, in.Index)})
		case "ENV":
			// Later stages may be made of this one, and make what it speaks of.
			last := instructions[len(instructions)-1].Index
			facts.Uses = append(facts.Uses, suggest.Use{Run: run(file, in), Makers: makers(file, in.Index, last)})
		}
	}
}

// makers returns what runs in the stages from first to last, and in those that they
// are made of.
func makers(file *dockerfile.File, first, last int) []suggest.Run {
	var all []suggest.Run
	for stage := first; stage <= last; stage++ {
		for _, maker := range file.Makers(stage) {
			all = append(all, run(file, maker))
		}
	}
	return all
}

func run(file *dockerfile.File, in dockerfile.Instruction) suggest.Run {
	return suggest.Run{File: file.Name(), Line: in.Line, Text: in.Text + "\n" + in.Body}
}
