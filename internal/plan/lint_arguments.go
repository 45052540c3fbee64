package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// standIns are what a build argument that nobody gave stands for: a part of the
// name of an image, or a digest.
var standIns = []string{"stand-in", strings.Repeat("0", 64)}

// giveArguments makes it a finding that a FROM needs build arguments which are not
// given, and gives it some of its own making: which image a stage begins with
// makes no difference to what it copies. Where that does not help, the Dockerfile
// is refused as it would be without.
func (l *Lint) giveArguments() {
	if l.Dockerfile.Missing {
		return
	}
	given := l.BuildArgs
	var wanted []finding.Finding
	_, _, err := l.resolve()
	for err != nil {
		at, ok := errors.AsType[*dockerfile.Error](err)
		if !ok || len(at.Args) == 0 {
			l.BuildArgs = given
			return
		}
		wanted = append(wanted, l.argumentMissing(at))
		err = l.standIn(at)
	}
	for _, f := range wanted {
		l.add(f)
	}
}

// standIn gives the arguments that a FROM needs, and returns what is refused then.
func (l *Lint) standIn(from *dockerfile.Error) error {
	given := slices.Clip(l.BuildArgs)
	var err error
	for _, value := range standIns {
		l.BuildArgs = given
		for _, name := range from.Args {
			l.BuildArgs = append(l.BuildArgs, name+"="+value)
		}
		_, _, err = l.resolve()
		if at, ok := errors.AsType[*dockerfile.Error](err); !ok || at.Line != from.Line {
			break
		}
	}
	return err
}

func (l *Lint) argumentMissing(at *dockerfile.Error) finding.Finding {
	return finding.Finding{
		ID: "argument-missing", Severity: finding.Info, File: l.Dockerfile.Name, Line: at.Line,
		Message: fmt.Sprintf("the builder refuses the Dockerfile unless the build gives %s: %v", strings.Join(at.Args, " and "), at.Err),
		Repair:  l.dockerfileHint(at),
	}
}
