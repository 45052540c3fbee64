package plan

import (
	"context"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/suggest"
)

func classify(ctx context.Context, r *Run, inv *buildcontext.Inventory) (map[buildcontext.ID]suggest.Artifact, error) {
	return suggest.Classify(ctx, r.Source, inv)
}
