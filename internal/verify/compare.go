package verify

import (
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// stream is a transfer that was seen.
type stream struct {
	kind, name string
	bytes      int64
}

// compareTransfers pairs what was predicted with what was sent. Transfers of one
// source happen in no certain order: those that are equal are paired first.
func compareTransfers(predicted []plan.Transfer, alternative int64, sent []stream) []Transfer {
	var all []Transfer
	rest := slices.Clone(sent)
	take := func(i int, fits func(stream) bool) bool {
		at := slices.IndexFunc(rest, func(s stream) bool {
			return s.kind == all[i].Kind && familiar(s.name) == familiar(all[i].Name) && fits(s)
		})
		if at < 0 {
			return false
		}
		all[i].Sent = rest[at].bytes
		rest = slices.Delete(rest, at, at+1)
		return true
	}
	for _, p := range predicted {
		t := Transfer{Kind: p.Kind, Name: p.Name, Predicted: p.WireBytes, Status: NotSent}
		if p.Kind == "context" && p.Name == "context" {
			t.Alternative = alternative
		}
		all = append(all, t)
	}
	for i := range all {
		if take(i, func(s stream) bool {
			return s.bytes == all[i].Predicted || all[i].Alternative != 0 && s.bytes == all[i].Alternative
		}) {
			all[i].Status = Equal
		}
	}
	for i := range all {
		if all[i].Status == NotSent && take(i, func(stream) bool { return true }) {
			all[i].Status = Differs
		}
	}
	for _, s := range rest {
		all = append(all, Transfer{Kind: s.kind, Name: s.name, Sent: s.bytes, Status: NotPredicted})
	}
	return all
}

// entry is one entry of a context; the path of a directory ends in a slash.
type entry struct {
	path string
	// size is the number of bytes of content that follow, -1 where that is not
	// to be compared.
	size int64
}

// predictedEntries lists what is to be sent, in order.
func predictedEntries(sel *buildcontext.Selection) []entry {
	var all []entry
	inv := sel.Inventory()
	sel.EachSent(func(id buildcontext.ID, path string) {
		e := entry{path: path, size: -1}
		switch mode := inv.Mode(id); {
		case mode.IsDir():
			e.path += "/"
		case mode.IsRegular():
			e.size = inv.Size(id)
		}
		all = append(all, e)
	})
	return all
}

// compareLists compares what was to be sent with what was sent, and their order
// where that is certain.
func compareLists(predicted, sent []entry, ordered bool) *List {
	l := &List{Predicted: len(predicted), Sent: len(sent)}
	want, got := byPath(predicted), byPath(sent)
	for _, p := range predicted {
		s, ok := got[p.path]
		switch {
		case !ok:
			l.NotSent = append(l.NotSent, p.path)
		case p.size >= 0 && s >= 0 && p.size != s:
			l.Resized = append(l.Resized, Sized{Path: p.path, Predicted: p.size, Sent: s})
		}
	}
	for _, s := range sent {
		if _, ok := want[s.path]; !ok {
			l.NotPredicted = append(l.NotPredicted, s.path)
		}
	}
	l.Reordered = ordered && len(l.NotSent) == 0 && len(l.NotPredicted) == 0 &&
		!slices.EqualFunc(predicted, sent, func(a, b entry) bool { return a.path == b.path })
	return l
}

func byPath(entries []entry) map[string]int64 {
	sizes := make(map[string]int64, len(entries))
	for _, e := range entries {
		sizes[e.path] = e.size
	}
	return sizes
}
