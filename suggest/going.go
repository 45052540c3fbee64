package suggest

import (
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// going walks what goes with an artifact. Artifacts may hold most of a context,
// so that the exceptions are carried down the walk and no path is made.
type going struct {
	*keeper
	visit   func(id buildcontext.ID) bool
	root    *ignore.State // of the exceptions at the artifact; nil where there are none
	stopped bool
	// partial tells that exceptions may bring back something.
	partial bool
}

// start carries the exceptions to the artifact. It fails where one matches the
// artifact or a directory above it: then what lies below is no longer told apart
// by the state.
func (g *going) start(root string) bool {
	if len(g.exceptions) == 0 {
		return true
	}
	if g.anyException == nil {
		return false
	}
	g.root = g.anyException.PlainRoot()
	for name := range strings.SplitSeq(root, "/") {
		d, below, err := g.anyException.Enter(g.root, name)
		if err != nil || d.Ignored {
			return false
		}
		g.root = below
	}
	return true
}

func (g *going) entry(id buildcontext.ID, state *ignore.State) {
	if g.Selection.Eligible(id) {
		g.stopped = g.stopped || !g.visit(id)
	}
	sub, isDir := g.inv.Dir(id)
	if !isDir {
		return
	}
	first, count := g.inv.Entries(sub)
	for child := first; child < first+count && !g.stopped; child++ {
		below := state
		if state != nil {
			var d ignore.Decision
			var err error
			if _, isDir := g.inv.Dir(child); isDir {
				d, below, err = g.anyException.Enter(state, g.inv.Name(child))
			} else {
				d, err = g.anyException.Entry(state, g.inv.Name(child))
			}
			if err != nil || d.Ignored {
				g.partial = true
				continue // brought back, with all that lies below
			}
		}
		g.entry(child, below)
	}
}

// slowly asks about each path.
func (g *going) slowly(id buildcontext.ID, root string) {
	goes := func(id buildcontext.ID, path string) bool {
		switch {
		case g.stopped || !g.Selection.Eligible(id):
		case g.exceptedIn(path, root):
			g.partial = true
		default:
			g.stopped = !g.visit(id)
		}
		return !g.stopped
	}
	goes(id, root)
	if sub, ok := g.inv.Dir(id); ok {
		g.inv.Walk(sub, goes)
	}
}
