package dockerfile

import (
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/shell"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// expand replaces the variables of a word and names the one, if any, that makes
// the answer a guess. A word that fails only because the base image may define a
// variable (${A:?}) is returned as it is, with refused set.
func expand(lex *shell.Lex, word string, env *environ) (s, guess string, refused bool, err error) {
	w := &watch{environ: env}
	s, _, err = lex.ProcessWord(word, w)
	if err != nil && w.guess != "" {
		again := &watch{environ: env, pretend: true}
		if _, _, err := lex.ProcessWord(word, again); err == nil {
			return word, w.guess, true, nil
		}
	}
	return s, w.guess, false, err
}

// expand is [expand] for a word of an instruction, with what it cannot know put
// down.
func (d *stageState) expand(at instructions.Command, lex *shell.Lex, word string) (s, guess string, err error) {
	s, guess, refused, err := expand(lex, word, d.state.env)
	if refused {
		d.unknown(KindBaseEnv, firstLine(at.Location()), "%s is refused unless the base image defines %s", word, guess)
	}
	return s, guess, err
}

// expansion is what the expansion of one instruction told beside the words.
type expansion struct {
	sources []string // as written: of COPY and ADD, or of the mounts of RUN
	guesses []string // of every word in turn
	at      int
}

// next returns the guess of the last of the next n words.
func (e *expansion) next(n int) string {
	e.at += n
	return e.guesses[e.at-1]
}

func (e *expansion) any() string {
	for _, g := range e.guesses {
		if g != "" {
			return g
		}
	}
	return ""
}

// expandCommand expands the words of an instruction in place. ARG is left to arg:
// its value may be overridden, and an error in it then does not count.
func (c *converter) expandCommand(d *stageState, ic instructions.Command) (*expansion, error) {
	e := &expansion{}
	if _, isArg := ic.(*instructions.ArgCommand); isArg {
		return e, nil
	}
	switch ic := ic.(type) {
	case *instructions.AddCommand:
		e.sources = slices.Clone(ic.SourcePaths)
	case *instructions.CopyCommand:
		e.sources = slices.Clone(ic.SourcePaths)
	case *instructions.RunCommand:
		e.sources = writtenMounts(ic)
	}
	if ex, ok := ic.(instructions.SupportsSingleWordExpansion); ok {
		err := ex.Expand(func(word string) (string, error) {
			s, guess, err := d.expand(ic, c.lex, word)
			e.guesses = append(e.guesses, guess)
			return s, err
		})
		if err != nil {
			return nil, err
		}
	}
	if ex, ok := ic.(instructions.SupportsSingleWordExpansionRaw); ok {
		err := ex.ExpandRaw(func(word string) (string, error) {
			lex := shell.NewLex('\\')
			lex.SkipProcessQuotes = true
			s, _, err := d.expand(ic, lex, word)
			return s, err
		})
		if err != nil {
			return nil, err
		}
	}
	return e, nil
}

// unlessBase returns what is wrong with the words of an instruction. Where the base
// image may define one of them, nobody knows whether it is wrong: that is put down.
func (d *stageState) unlessBase(cmd command, words *expansion, err error) error {
	guess := words.any()
	if err == nil || guess == "" {
		return err
	}
	d.unknown(KindBaseEnv, firstLine(cmd.Location()), "%s is refused unless the base image defines %s", strings.ToUpper(cmd.Name()), guess)
	return nil
}

func (d *stageState) guess(r buildcontext.Read, name string) {
	d.unknown(KindBaseEnv, r.Line, "%s of %s depends on %s, which the base image may define", r.Source, r.Keyword, name)
}
