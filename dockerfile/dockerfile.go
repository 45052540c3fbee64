package dockerfile

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	keywords "github.com/moby/buildkit/frontend/dockerfile/command"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/util/suggest"
)

// MaxSize is the size in bytes from which BuildKit refuses to read a Dockerfile
// (frontend/dockerui/readfile.go : maxFileSize).
const MaxSize = 16 << 20

// Error is a reason for which BuildKit refuses the Dockerfile before it asks for
// the context. Every error of this package is one.
type Error struct {
	// File is the name that was given to [Parse].
	File string
	// Line is the line of the instruction, from 1; 0 where there is none to
	// name, as for a target that does not exist.
	Line int
	// Err is the reason, in BuildKit's words.
	Err error
	// Args are the build arguments of which other values may mend it: those that
	// a FROM takes its image from, and that the options do not give.
	Args []string
}

func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err)
	}
	return e.File + ": " + e.Err.Error()
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// File is a parsed Dockerfile. It never changes, so it may be used from several
// goroutines at once.
type File struct {
	name         string
	data         []byte
	ast          *parser.Result
	syntax       string
	syntaxLine   int
	targets      []string
	instructions []Instruction
	origins      []origins    // by stage
	foreign      map[int]bool // the instructions that copy from what is no stage
}

// Instruction is one instruction of one stage, as written.
type Instruction struct {
	// Keyword is the instruction in capitals: "RUN", "COPY", "ONBUILD", ….
	Keyword string
	// Text is the whole instruction with its continuation lines joined.
	Text string
	// Body is the text of the here-documents of a RUN, else empty.
	Body string
	// Line and EndLine are its first and last line, from 1.
	Line, EndLine int
	// Stage is the name of the stage, or its number from 0 where it has none.
	Stage string
	// Index is the number of the stage, from 0.
	Index int
}

// Parse reads a Dockerfile. The name is used in errors only. It fails with an
// [*Error] on what BuildKit refuses without looking at target and arguments: an
// empty file, an instruction it does not know, a flag or an argument in no valid
// form, in any stage.
//
// A Dockerfile whose syntax directive names a front end that is not Docker's own
// is read as a Dockerfile all the same; see [File.Syntax].
func Parse(name string, data []byte) (*File, error) {
	f := &File{name: name, data: data, foreign: map[int]bool{}}
	if len(data) == 0 {
		return nil, f.fail(errors.New("the Dockerfile cannot be empty"))
	}
	if len(data) > MaxSize {
		return nil, f.fail(fmt.Errorf("the Dockerfile exceeds the maximum of %d bytes", MaxSize))
	}
	if _, cmdline, at, ok := parser.DetectSyntax(data); ok {
		f.syntax = cmdline
		f.syntaxLine = firstLine(at)
	}
	ast, err := parser.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, f.refuse(err)
	}
	f.ast = ast
	stages, _, err := f.parseStages(linter.New(&linter.Config{}))
	if err != nil {
		return nil, f.refuse(err)
	}
	last := map[string]int{} // by name, of the stages so far
	for i, s := range stages {
		origins, foreign := originsOf(s, i, last)
		f.origins = append(f.origins, origins)
		for _, at := range foreign {
			f.foreign[len(f.instructions)+at] = true
		}
		if s.Name != "" {
			if _, ok := last[s.Name]; !ok {
				f.targets = append(f.targets, s.Name)
			}
			last[s.Name] = i
		} else if i == len(stages)-1 {
			f.targets = append(f.targets, "")
		}
		for _, c := range s.Commands {
			f.instructions = append(f.instructions, newInstruction(c, stageLabel(s.Name, i), i))
		}
	}
	return f, nil
}

// parseStages builds the instructions anew: dispatching changes them in place,
// so that no two resolutions may share them. The linter must not be nil: a
// "check" comment above an instruction makes a nil one panic
// (linter.go : WithMergedConfig).
func (f *File) parseStages(lint *linter.Linter) ([]instructions.Stage, []instructions.ArgCommand, error) {
	stages, args, err := instructions.Parse(f.ast.AST, lint)
	if err != nil {
		return nil, nil, err
	}
	if len(stages) == 0 {
		return nil, nil, errors.New("dockerfile contains no stages to build")
	}
	return stages, args, nil
}

// Name returns the name that was given to [Parse].
func (f *File) Name() string { return f.name }

// Syntax returns the value of the syntax directive, such as
// "docker/dockerfile:1", or "" where there is none. BuildKit hands the file to
// the front end that the directive names.
func (f *File) Syntax() string { return f.syntax }

// Targets returns every value of [Options.Target] that selects a stage: the names
// of the stages, in order and in lower case, and "" at the end where the last
// stage, the default target, has no name.
func (f *File) Targets() []string { return slices.Clone(f.targets) }

// Instructions returns every instruction of every stage but FROM, in order,
// reachable or not.
func (f *File) Instructions() []Instruction { return slices.Clone(f.instructions) }

func newInstruction(c instructions.Command, stage string, index int) Instruction {
	in := Instruction{
		Keyword: strings.ToUpper(c.Name()),
		Text:    commandText(c),
		Stage:   stage,
		Index:   index,
	}
	in.Line, in.EndLine = lineRange(c.Location())
	if run, ok := c.(*instructions.RunCommand); ok {
		var body strings.Builder
		for _, file := range run.Files {
			body.WriteString(file.Data)
		}
		in.Body = body.String()
	}
	return in
}

func commandText(c instructions.Command) string {
	if s, ok := c.(fmt.Stringer); ok {
		return s.String()
	}
	return c.Name()
}

// stageLabel is how an instruction names its stage.
func stageLabel(name string, index int) string {
	if name != "" {
		return name
	}
	return strconv.Itoa(index)
}

func (f *File) fail(err error) *Error { return &Error{File: f.name, Err: err} }

// refuse turns an error of BuildKit's packages into one of ours. They put the
// line into a wrapper (parser/errors.go : LocationError), and the parser of
// instructions puts it into the text as well (instructions/parse.go :
// parseError); the innermost location is the instruction itself.
func (f *File) refuse(err error) *Error {
	e := &Error{File: f.name, Err: err}
	if at, ok := errors.AsType[*parser.LocationError](err); ok && len(at.Locations) > 0 {
		e.Line = firstLine(at.Locations[0])
	}
	if base, ok := errors.AsType[*baseError](err); ok {
		e.Args = base.args
	}
	if strings.HasPrefix(err.Error(), "dockerfile parse error on line ") {
		if inner := errors.Unwrap(err); inner != nil {
			e.Err = inner
		}
	}
	if unknown, ok := errors.AsType[*instructions.UnknownInstructionError](err); ok {
		// The parser asks in the order of a map, so its "did you mean" varies.
		var names []string
		for _, name := range slices.Sorted(maps.Keys(keywords.Commands)) {
			names = append(names, strings.ToUpper(name))
		}
		e.Err = suggest.WrapError(unknown, unknown.Instruction, names, false)
	}
	if f.syntax != "" && !officialSyntax(f.syntax) {
		e.Err = fmt.Errorf("%w (the front end %q of line %d may read it otherwise)", e.Err, f.syntax, f.syntaxLine)
	}
	return e
}

func firstLine(r []parser.Range) int {
	first, _ := lineRange(r)
	return first
}

// lineRange follows convert.go : rangeStartEnd.
func lineRange(r []parser.Range) (first, last int) {
	for i, at := range r {
		if i == 0 || at.Start.Line < first {
			first = at.Start.Line
		}
		last = max(last, at.End.Line)
	}
	return first, last
}

// officialSyntax tells whether the front end is Docker's own of version 1, whose
// rules this package follows.
func officialSyntax(cmdline string) bool {
	ref, _, _ := strings.Cut(strings.TrimSpace(cmdline), " ")
	ref, _, _ = strings.Cut(ref, "@")
	ref = strings.TrimPrefix(ref, "docker.io/")
	tag, ok := strings.CutPrefix(ref, "docker/dockerfile")
	if !ok {
		return false
	}
	switch tag {
	case "", ":latest", ":labs", ":1", ":1-labs":
		return true
	}
	return strings.HasPrefix(tag, ":1.")
}
