package plan

import (
	"context"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/lint"
)

// Repair is a repair of what the ignore file holds, and what it changes.
type Repair struct {
	// Finding is what lint found.
	lint.Finding
	// Saves is what the repair spares on its own, Marginal what it spares on top of
	// those before it. They are negative where more is sent than before; both are
	// zero where nobody measured (lint --fix).
	Saves, Marginal buildcontext.Saving
}

// Repair prepares the change that follows every finding whose repair is certain. It
// is measured nowhere, and nothing is lost with it.
func (l *Lint) Repair(ctx context.Context) (*Fix, error) {
	if l.IgnoreText == "-" || l.result == nil {
		return nil, usage("name a context or a file", "what comes from standard input cannot be repaired")
	}
	f := &Fix{Result: l.result, Basis: Repaired, File: l.IgnoreFileName()}
	if l.facts.File == nil {
		return f, nil
	}
	var err error
	if f.Target, err = l.fixTarget(); err != nil {
		return nil, err
	}
	done, err := l.mend(ctx, false)
	if err != nil {
		return nil, err
	}
	f.Old = l.facts.File.Bytes()
	f.New = f.Old
	for _, d := range done {
		f.Repairs = append(f.Repairs, Repair{Finding: d.Finding})
		f.New = d.after.Bytes()
	}
	return f, nil
}

// repair makes every repair of the ignore file of a result, those that a person must
// ask for, too, and measures what each saves. It returns the text after them and
// what they save together.
func (f *Fix) repair(ctx context.Context, on *Result) (text []byte, saved buildcontext.Saving, err error) {
	if on.IgnoreFile.File == nil {
		return nil, saved, nil
	}
	l, err := on.lint()
	if err != nil {
		return nil, saved, err
	}
	done, err := l.mend(ctx, true)
	if err != nil {
		return nil, saved, err
	}
	text = on.IgnoreFile.File.Bytes()
	last := on.Measurement
	for i, d := range done {
		after, err := f.try(ctx, d.after.Bytes())
		if err != nil {
			return nil, saved, err
		}
		r := Repair{Finding: d.Finding, Marginal: saving(last, after)}
		r.Saves = r.Marginal // where it came to light by what was repaired before
		if d.alone != d.after || i == 0 {
			alone, err := f.try(ctx, d.alone.Bytes())
			if err != nil {
				return nil, saved, err
			}
			r.Saves = saving(on.Measurement, alone)
		}
		f.Repairs = append(f.Repairs, r)
		text, last = d.after.Bytes(), after
	}
	return text, saving(on.Measurement, last), nil
}

// lint is what lint knows of a context that was measured.
func (res *Result) lint() (*Lint, error) {
	l := &Lint{Run: res.Run, result: res}
	var err error
	if l.facts.File, err = ignore.Parse(l.IgnoreFile.Name, l.IgnoreFile.File.Bytes()); err != nil {
		return nil, err
	}
	l.know(res)
	l.facts.Builder, l.facts.Selection = res.Builder, res.Selection
	l.askOthers()
	l.Findings, l.Suppressed = l.settle(l.facts.File, lint.Check(l.facts), false)
	return l, nil
}
