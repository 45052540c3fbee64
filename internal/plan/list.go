package plan

import (
	"context"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// List selects what is sent without measuring it.
func (r *Run) List(ctx context.Context, progress func(entries int)) (*buildcontext.Selection, error) {
	inv, err := r.Scan(ctx, buildcontext.ScanOptions{Progress: progress})
	if err != nil {
		return nil, err
	}
	sel, err := buildcontext.Select(inv, r.ContextRequest(r.Rules()))
	return sel, wrapRefusal(err)
}
