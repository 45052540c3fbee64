package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// standIns are what a build argument that nobody gave stands for, one after the
// other: a part of the name of an image, and a digest.
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
	_, _, err := l.resolve()
	for _, value := range standIns {
		l.BuildArgs = given
		var wanted []finding.Finding
		again := err
		for {
			at, ok := errors.AsType[*dockerfile.Error](again)
			if !ok || len(at.Args) == 0 {
				break
			}
			wanted = append(wanted, argumentMissing(l.Dockerfile.Name, at))
			for _, name := range at.Args {
				l.BuildArgs = append(slices.Clip(l.BuildArgs), name+"="+value)
			}
			_, _, again = l.resolve()
		}
		if again == nil {
			for _, f := range wanted {
				l.add(f)
			}
			return
		}
	}
	l.BuildArgs = given
}

func argumentMissing(name string, at *dockerfile.Error) finding.Finding {
	return finding.Finding{
		ID: "argument-missing", Severity: finding.Info, File: name, Line: at.Line,
		Message: fmt.Sprintf("the builder refuses the Dockerfile unless the build gives %s: %v", strings.Join(at.Args, " and "), at.Err),
		Repair:  dockerfileHint(at),
	}
}
