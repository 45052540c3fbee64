package plan

import (
	"context"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// List selects what is sent without measuring it. A scan that prunes lists less
// of what is ignored.
func (r *Run) List(ctx context.Context, opts buildcontext.ScanOptions) (*buildcontext.Selection, error) {
	inv, err := r.Scan(ctx, opts)
	if err != nil {
		return nil, err
	}
	sel, err := buildcontext.Select(inv, r.ContextRequest(r.Rules()))
	return sel, wrapRefusal(err)
}
