package suggest

import (
	"context"
	"io/fs"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

func isLinkMode(mode fs.FileMode) bool { return mode&fs.ModeSymlink != 0 }

// Artifact is one root of what a tool left: a directory with all that lies below
// it, or a file.
type Artifact struct {
	Rule  string
	Class Class
	// Committed tells that it is meant to be tracked ([Rule.Committed]).
	Committed bool
}

// Classify returns the artifacts of an inventory by their roots, whether or not
// they are ignored, read or tracked. What lies below one is not told apart.
func Classify(ctx context.Context, src buildcontext.Source, inv *buildcontext.Inventory) (map[buildcontext.ID]Artifact, error) {
	artifacts := map[buildcontext.ID]Artifact{}
	everything := func(buildcontext.ID) bool { return true }
	f := finder{
		ctx:    ctx,
		reader: newReader(inv, src, everything),
		judge:  func(*candidate, buildcontext.DirID, bool) {},
		found: func(id buildcontext.ID, _ string, all []candidate) bool {
			best := mostCautious(all)
			if best == nil {
				return true
			}
			artifacts[id] = Artifact{Rule: best.rule.ID, Class: best.rule.Class, Committed: best.rule.Committed}
			return false
		},
	}
	return artifacts, f.walk(0, false, nil)
}

// mostCautious returns the proved candidate whose rule is the least sure: where
// two tools may have made a directory, the one whose output is wanted decides.
func mostCautious(all []candidate) *candidate {
	var best *candidate
	for i := range all {
		if c := &all[i]; c.proved && (best == nil || c.rule.Level < best.rule.Level) {
			best = c
		}
	}
	return best
}
