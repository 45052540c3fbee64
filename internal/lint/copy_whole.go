package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// wholeCopied finds stages that copy the whole context only for others to take a
// few paths of it: where nothing is run in the stage, and only paths below what
// was copied are taken from it, these paths would do.
func wholeCopied(e *evidence) []Finding {
	if e.docker == nil {
		return nil
	}
	var all []Finding
	for _, r := range e.reads() {
		if r.Path != "/" || r.Keyword != "COPY" {
			continue
		}
		paths := e.takenFrom(r)
		if paths == nil {
			continue
		}
		f := e.onInstruction(r.Line, finding.Info)
		f.CostBytes = e.sentBeside(paths)
		if f.CostBytes == 0 {
			continue
		}
		f.Message = fmt.Sprintf("this copies the whole context, and only %s of it is used (%s more is sent for it)", strings.Join(paths, ", "), e.Builder.Shown(f.CostBytes))
		f.Repair = "copy " + strings.Join(paths, " ")
		all = append(all, f)
	}
	return all
}

// takenFrom returns the paths of the context that are taken from the stage of a
// read; nil where that cannot be told.
func (e *evidence) takenFrom(r buildcontext.Read) []string {
	to, ok := e.destination(r)
	if !ok {
		return nil
	}
	var paths []string
	for _, in := range e.Build.Instructions {
		if !e.Build.Used[in.Index] {
			continue
		}
		if in.Stage == r.Stage {
			if in.Keyword == "RUN" || in.Keyword == "ONBUILD" || (in.Keyword == "COPY" || in.Keyword == "ADD") && in.Line != r.Line {
				return nil
			}
			continue
		}
		words := strings.Fields(in.Text)
		if in.Keyword == "RUN" && strings.Contains(in.Text, "from="+r.Stage) {
			return nil
		}
		if in.Keyword != "COPY" || !slices.Contains(words, "--from="+r.Stage) {
			continue
		}
		sources := operands(words[1:])
		if len(sources) < 2 {
			return nil
		}
		for _, s := range sources[:len(sources)-1] {
			rel, below := strings.CutPrefix(path.Join("/", s), to)
			if rel = strings.Trim(rel, "/"); !below || rel == "" || strings.ContainsAny(s, "$*?[\\\"<") {
				return nil
			}
			paths = append(paths, rel)
		}
	}
	if e.Build.Bases[r.Stage] || e.Build.Target == r.Stage {
		return nil
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// destination returns the absolute directory that a read of the whole context is
// copied to.
func (e *evidence) destination(r buildcontext.Read) (string, bool) {
	words := operands(strings.Fields(r.Text)[1:])
	if len(words) != 2 || strings.ContainsAny(r.Text, "$[\"<") {
		return "", false
	}
	to := words[1]
	if !path.IsAbs(to) {
		dir, ok := workdir(e.Build.Instructions, r)
		if !ok {
			return "", false
		}
		to = path.Join(dir, to)
	}
	return strings.TrimSuffix(path.Clean(to), "/") + "/", true
}

// workdir returns the working directory at a read, where its stage says so itself.
func workdir(instructions []dockerfile.Instruction, r buildcontext.Read) (string, bool) {
	dir := ""
	for _, in := range instructions {
		if in.Stage != r.Stage || in.Line > r.Line || in.Keyword != "WORKDIR" {
			continue
		}
		words := strings.Fields(in.Text)
		if len(words) != 2 || strings.Contains(words[1], "$") {
			return "", false
		}
		if path.IsAbs(words[1]) {
			dir = words[1]
		} else if dir != "" {
			dir = path.Join(dir, words[1])
		}
	}
	return dir, dir != ""
}

// operands returns the words behind the flags.
func operands(words []string) []string {
	for len(words) > 0 && strings.HasPrefix(words[0], "--") {
		words = words[1:]
	}
	return words
}

// sentBeside is what is sent besides some paths.
func (e *evidence) sentBeside(paths []string) int64 {
	var sum int64
	first, count := e.Inventory.Entries(0)
	for id := first; id < first+count; id++ {
		sum += e.sentBytes(id)
	}
	for _, p := range paths {
		if id, ok := e.Inventory.Lookup(p); ok {
			sum -= e.sentBytes(id)
		}
	}
	return sum
}
