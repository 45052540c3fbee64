package dockerfile

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// Makers returns the instructions that may have made what a stage holds besides
// what it copies of the context, in order: the RUN lines of the stage, of the
// stages that it begins from, copies from or mounts, and of theirs; and the COPY
// lines there that take from another image or context. The stage is numbered as
// in [Instruction]. A stage that begins from a variable may begin from any before
// it.
func (f *File) Makers(stage int) []Instruction {
	if stage < 0 || stage >= len(f.origins) {
		return nil
	}
	seen := map[int]bool{}
	var visit func(stage int)
	visit = func(stage int) {
		if seen[stage] {
			return
		}
		seen[stage] = true
		for _, origin := range f.origins[stage] {
			visit(origin)
		}
	}
	visit(stage)
	var all []Instruction
	for i, in := range f.instructions {
		if seen[in.Index] && (in.Keyword == "RUN" || f.foreign[i]) {
			all = append(all, in)
		}
	}
	return all
}

// mountFrom finds where the mounts of a RUN come from.
var mountFrom = regexp.MustCompile(`--mount=\S*\bfrom=([^,\s]+)`)

// originsOf returns the stages that the last of some stages is made of, and the
// numbers of those of its instructions that copy from what is no stage.
func originsOf(stages []instructions.Stage) (origins []int, foreign []int) {
	last := len(stages) - 1
	number := func(name string, numbered bool) int {
		if n, err := strconv.Atoi(name); err == nil && numbered && n >= 0 && n < last {
			return n
		}
		// Of stages with one name the last counts.
		for i, s := range slices.Backward(stages[:last]) {
			if s.Name != "" && strings.EqualFold(s.Name, name) {
				return i
			}
		}
		return -1
	}
	if base := stages[last].BaseName; strings.Contains(base, "$") {
		for i := range last {
			origins = append(origins, i)
		}
	} else if n := number(base, false); n >= 0 {
		origins = append(origins, n)
	}
	for i, c := range stages[last].Commands {
		switch c := c.(type) {
		case *instructions.CopyCommand:
			if c.From == "" {
				continue
			}
			if n := number(c.From, true); n >= 0 {
				origins = append(origins, n)
			} else {
				foreign = append(foreign, i)
			}
		case *instructions.RunCommand:
			for _, m := range mountFrom.FindAllStringSubmatch(commandText(c), -1) {
				if n := number(m[1], true); n >= 0 {
					origins = append(origins, n)
				}
			}
		}
	}
	return origins, foreign
}
