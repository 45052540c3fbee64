package dockerfile

import (
	"regexp"
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
	seen := make([]bool, len(f.origins))
	below := 0 // those before this one are seen, or in the queue
	for queue := []int{stage}; len(queue) > 0; {
		stage := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if seen[stage] {
			continue
		}
		seen[stage] = true
		queue = append(queue, f.origins[stage].stages...)
		if f.origins[stage].any {
			for ; below < stage; below++ {
				queue = append(queue, below)
			}
		}
	}
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

// origins are the stages that a stage is made of.
type origins struct {
	stages []int
	any    bool // it begins from a variable: any before it
}

// originsOf returns what a stage is made of, and the numbers of those of its
// instructions that copy from what is no stage. Of stages with one name the last
// before it counts.
func originsOf(stage instructions.Stage, index int, last map[string]int) (o origins, foreign []int) {
	add := func(name string, numbered bool) bool {
		if n, err := strconv.Atoi(name); err == nil && numbered && n >= 0 && n < index {
			o.stages = append(o.stages, n)
			return true
		}
		n, ok := last[strings.ToLower(name)]
		if ok {
			o.stages = append(o.stages, n)
		}
		return ok
	}
	if o.any = strings.Contains(stage.BaseName, "$"); !o.any {
		add(stage.BaseName, false)
	}
	for i, c := range stage.Commands {
		switch c := c.(type) {
		case *instructions.CopyCommand:
			if c.From != "" && !add(c.From, true) {
				foreign = append(foreign, i)
			}
		case *instructions.RunCommand:
			for _, m := range mountFrom.FindAllStringSubmatch(commandText(c), -1) {
				add(m[1], true)
			}
		}
	}
	return o, foreign
}
