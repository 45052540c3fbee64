package plan

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/suggest"
)

// Result is everything that is known of one measured context.
type Result struct {
	*Run
	Inventory   *buildcontext.Inventory
	Selection   *buildcontext.Selection
	Measurement *buildcontext.Measurement
	Transfers   []Transfer
	// Heavy is what weighs most, the most sent first.
	Heavy []Heavy
	// Findings are sorted, the worst first.
	Findings []finding.Finding
	// Accepted are the findings that the configuration accepts, in the same order.
	Accepted []AcceptedFinding
	// Suggestions are what would make the context smaller, the greatest saving
	// first.
	Suggestions []Suggestion
	// Fixed is the measurement after the safe suggestions are written; nil where
	// there are none.
	Fixed *buildcontext.Measurement

	artifacts map[buildcontext.ID]suggest.Artifact
	// others are the Dockerfiles in the context besides the chosen one.
	others  []*dockerfile.File
	secrets []suggest.Secret
	savings *buildcontext.Savings
	// gitIgnored tells whether git ignores a path; nil where nobody asked.
	gitIgnored func(path string, dir bool) bool
	// known are the facts that suggestions are made of, once they are gathered.
	known *suggest.Facts
}

// Heavy is a directory or a file that weighs much. What an artifact weighs is
// counted in its own item and not in that of a directory above it.
type Heavy struct {
	Path string
	// Type is "dir" or "file".
	Type string
	// Class is what an artifact is, "" for anything else.
	Class     string
	Bytes     int64
	Files     int
	SentBytes int64
	SentFiles int
}

// Suggestion is a suggestion with what its paths weigh: of the files that are
// sent, and of what the builder receives.
type Suggestion struct {
	suggest.Suggestion
	SavesBytes     int64
	SavesFiles     int
	SavesWireBytes int64
	// Marginal is what it saves on top of others: a safe one of the safe ones listed
	// before it, so that they add up; one to review, of all that are safe. In a [Fix]
	// those that it follows take the place of the safe ones.
	Marginal buildcontext.Saving
}

// MeasureOptions says what a measurement is wanted for. The zero value leaves
// out what costs extra.
type MeasureOptions struct {
	// Progress, where set, is called now and then with the number of entries seen.
	Progress func(entries int)
	// Prune leaves unread what is ignored for sure: what is on disk and ignored is
	// then not known.
	Prune bool
	// Suggest looks for suggestions and measures what they save, and for secrets.
	Suggest bool
	// Secrets looks for secrets alone.
	Secrets bool
	// Depth is how many levels of directories [Result.Heavy] tells apart.
	Depth int
}

// Scan reads the context, and of what is sent all that a measurement needs.
func (r *Run) Scan(ctx context.Context, opts buildcontext.ScanOptions) (*buildcontext.Inventory, error) {
	req := r.ContextRequest(r.Rules())
	opts.For = &req
	return buildcontext.Scan(ctx, r.Source, opts)
}

// Measure scans the context and measures it. An error that is a [UsageError]
// means that the builder would refuse.
func (r *Run) Measure(ctx context.Context, opts MeasureOptions) (*Result, error) {
	inv, err := r.Scan(ctx, buildcontext.ScanOptions{Progress: opts.Progress, Fetch: true, Prune: opts.Prune})
	if err != nil {
		return nil, err
	}
	sel, err := r.Select(ctx, inv, r.Rules())
	if err != nil {
		return nil, err
	}
	res := &Result{Run: r, Inventory: inv, Selection: sel}
	// These look at the same entries and not at each other.
	var g errgroup.Group
	g.Go(func() error {
		m, err := buildcontext.Measure(sel)
		res.Measurement = m
		return wrapRefusal(err)
	})
	g.Go(func() (err error) {
		res.artifacts, err = suggest.Classify(ctx, r.Source, inv)
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if res.Transfers, err = r.transfers(ctx, res.Measurement); err != nil {
		return nil, err
	}
	switch {
	case opts.Suggest:
		err = res.suggest(ctx)
	case opts.Secrets:
		res.secrets, err = suggest.Secrets(ctx, res.facts())
	}
	if err != nil {
		return nil, err
	}
	res.Heavy = res.heavy(opts.Depth)
	res.Findings, res.Accepted = res.settle(res.find(), opts)
	return res, nil
}

// ContextWire returns the bytes that the builder prints of the context's own
// transfer; 0 where there is none.
func (res *Result) ContextWire() int64 {
	for _, t := range res.Transfers {
		if t.Kind == "context" && t.Name == "context" {
			return t.WireBytes
		}
	}
	return 0
}

// heavy lists the artifacts, and beside them every directory down to a depth and
// the files beside those, without the artifacts in them.
func (res *Result) heavy(depth int) []Heavy {
	h := heavies{Result: res, depth: max(depth, 1)}
	h.directory(0, 0, nil)
	slices.SortStableFunc(h.list, func(a, b Heavy) int {
		return cmp.Or(
			cmp.Compare(b.SentBytes, a.SentBytes),
			cmp.Compare(b.Bytes, a.Bytes),
			cmp.Compare(b.SentFiles, a.SentFiles),
			cmp.Compare(b.Files, a.Files),
			cmp.Compare(a.Path, b.Path),
		)
	})
	return h.list
}

type heavies struct {
	*Result
	depth int
	list  []Heavy
}

// directory adds what lies in a directory to the list, or to the item of the
// directory above that is listed.
func (h *heavies) directory(dir buildcontext.DirID, depth int, into *Heavy) {
	path := func(id buildcontext.ID) string { return h.Inventory.DirPath(dir) + h.Inventory.Name(id) }
	first, count := h.Inventory.Entries(dir)
	for id := first; id < first+count; id++ {
		sub, isDir := h.Inventory.Dir(id)
		a, artifact := h.artifacts[id]
		switch {
		case artifact && isDir:
			share := h.Measurement.Dirs[sub]
			h.list = append(h.list, Heavy{
				Path: path(id), Type: "dir", Class: string(a.Class),
				Bytes: share.Bytes, SentBytes: share.SentBytes, Files: share.Files, SentFiles: share.SentFiles,
			})
		case isDir && depth < h.depth:
			item := Heavy{Path: path(id), Type: "dir"}
			h.directory(sub, depth+1, &item)
			if item.Files > 0 {
				h.list = append(h.list, item)
			}
		case isDir:
			h.directory(sub, depth+1, into)
		case !h.Inventory.Mode(id).IsRegular():
		case artifact || into == nil:
			item := Heavy{Path: path(id), Type: "file", Class: string(a.Class)}
			h.file(id, &item)
			h.list = append(h.list, item)
		default:
			h.file(id, into)
		}
	}
}

func (h *heavies) file(id buildcontext.ID, into *Heavy) {
	size := h.Inventory.Size(id)
	into.Bytes += size
	into.Files++
	if h.Selection.Sent(id) {
		into.SentFiles++
		if !h.Selection.Emptied(id) {
			into.SentBytes += size
		}
	}
}
