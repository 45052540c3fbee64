package plan

import (
	"bytes"
	"context"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// Verdict is what one builder makes of one path.
type Verdict struct {
	Builder buildcontext.Builder
	// Kept tells that the ignore file keeps the path, or something below it.
	Kept bool
	// Emptied tells that it is sent without its content.
	Emptied bool
	// Refused is why the builder does not build at all; nil where it does.
	Refused error
	// File is the ignore file that the builder reads; "" for none.
	File string
}

// same tells whether two builders do the same.
func (v Verdict) same(o Verdict) bool {
	return v.Kept == o.Kept && v.Emptied == o.Emptied && (v.Refused == nil) == (o.Refused == nil)
}

// otherBuilder is the run that another builder would make of the command line.
type otherBuilder struct {
	builder buildcontext.Builder
	run     *Run
	rules   []ignore.Rule
	refused error
}

type otherBuilders []otherBuilder

// otherBuilders prepares the run for the other builders. Those that read another
// ignore file are left out where rules are tried.
func (r *Run) otherBuilders(tried Tried) otherBuilders {
	var all otherBuilders
	for _, b := range []buildcontext.Builder{buildcontext.Classic, buildcontext.BuildKit, buildcontext.Podman} {
		if b == r.Builder {
			continue
		}
		o := r.Options
		o.Builder = b
		if b != buildcontext.Podman {
			o.IgnoreFile = ""
		}
		if o.File == "-" {
			o.Stdin = bytes.NewReader(r.Dockerfile.Data)
		}
		other := otherBuilder{builder: b}
		if other.run, other.refused = Prepare(o); other.refused == nil {
			if len(tried.Patterns) > 0 && other.run.IgnoreFile.Path != r.IgnoreFile.Path {
				continue
			}
			other.rules, other.refused = other.run.withTried(tried)
		}
		all = append(all, other)
	}
	return all
}

// verdicts returns what each builder makes of a path that was explained, where
// they do not agree about the context as a whole.
func (all otherBuilders) verdicts(ctx context.Context, r *Run, rules []ignore.Rule, e *Explanation) ([]Verdict, error) {
	own := otherBuilder{builder: r.Builder, run: r, rules: rules}.verdict(e)
	verdicts := []Verdict{own}
	agree := true
	for _, o := range all {
		v := o.verdict(e)
		agree = agree && v.same(own)
		verdicts = append(verdicts, v)
	}
	if agree {
		return nil, ctx.Err()
	}
	return verdicts, ctx.Err()
}

func (o otherBuilder) verdict(e *Explanation) Verdict {
	v := Verdict{Builder: o.builder, Refused: o.refused}
	if o.refused != nil {
		return v
	}
	v.File = o.run.IgnoreFile.Name
	request := buildcontext.Request{Builder: o.builder, Rules: o.rules}
	if o.builder == buildcontext.Podman {
		request.Include = []string{"/"}
	}
	sel, err := buildcontext.Select(e.inventory, request)
	if err != nil {
		v.Refused = err
		return v
	}
	v.Kept, v.Emptied = keptBelow(sel, e.id), sel.Emptied(e.id)
	return v
}

// keptBelow tells whether an entry is kept, or something below it.
func keptBelow(sel *buildcontext.Selection, id buildcontext.ID) bool {
	kept := sel.Eligible(id)
	if dir, ok := sel.Inventory().Dir(id); ok && !kept {
		sel.Inventory().Walk(dir, func(id buildcontext.ID, _ string) bool {
			kept = kept || sel.Eligible(id)
			return !kept
		})
	}
	return kept
}
