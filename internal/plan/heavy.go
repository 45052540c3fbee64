package plan

import (
	"cmp"
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/suggest"
)

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

// mostHeavy is how many items are kept at least. They share what is sent among
// them, so that one behind the thousandth has less than a thousandth of it.
const mostHeavy = 1000

// heavy lists the artifacts, and beside them every directory down to a depth and
// the files beside those, without the artifacts in them: the heaviest most of them,
// or mostHeavy where that is more.
func (res *Result) heavy(depth, most int) []Heavy {
	h := heavies{Result: res, depth: max(depth, 1), most: max(most, mostHeavy)}
	h.directory(0, 0, nil)
	h.cut()
	list := make([]Heavy, len(h.list))
	for i, item := range h.list {
		list[i] = Heavy{
			Path: h.path(item), Type: "file", Class: string(item.class),
			Bytes: item.Bytes, SentBytes: item.SentBytes, Files: item.Files, SentFiles: item.SentFiles,
		}
		if h.Inventory.Mode(item.id).IsDir() {
			list[i].Type = "dir"
		}
	}
	return list
}

// heavies keeps the heaviest items.
type heavies struct {
	*Result
	depth, most int
	list        []weighed // up to twice as many as are wanted
	// enough tells that the first of list are as many as are wanted, the heaviest
	// first, and heavier than all that were not kept.
	enough bool
}

// weighed is an item without its path, which is made only where it is needed: a
// flat directory has an item for each of its files.
type weighed struct {
	buildcontext.Share
	id    buildcontext.ID
	dir   buildcontext.DirID // that holds it
	class suggest.Class
}

// directory adds what lies in a directory to the list, or to the share of the
// directory above that is listed. Where nothing below a directory is noted no
// artifact is, and its share is known.
func (h *heavies) directory(dir buildcontext.DirID, depth int, into *buildcontext.Share) {
	first, count := h.Inventory.Entries(dir)
	for id := first; id < first+count; id++ {
		sub, isDir := h.Inventory.Dir(id)
		item := weighed{id: id, dir: dir}
		var a suggest.Artifact
		noted, artifact := h.Inventory.Noted(id), false
		if noted { // as every artifact is
			a, artifact = h.artifacts[id]
		}
		switch {
		case artifact:
			item.class = a.Class
			if isDir || h.Inventory.Mode(id).IsRegular() {
				item.Share = h.Measurement.Share(id)
				h.add(item)
			}
		case isDir && depth < h.depth:
			h.directory(sub, depth+1, &item.Share)
			if item.Files > 0 {
				h.add(item)
			}
		case isDir && noted:
			h.directory(sub, depth+1, into)
		case into != nil:
			into.Add(h.Measurement.Share(id))
		case h.Inventory.Mode(id).IsRegular():
			item.Share = h.Measurement.Share(id)
			h.add(item)
		}
	}
}

// add keeps an item, unless there are enough that are heavier.
func (h *heavies) add(item weighed) {
	if h.enough && h.compare(item, h.list[h.most-1]) >= 0 {
		return
	}
	if h.list = append(h.list, item); len(h.list) == 2*h.most {
		h.cut()
	}
}

// cut keeps the heaviest, the heaviest first.
func (h *heavies) cut() {
	slices.SortFunc(h.list, h.compare)
	h.list = h.list[:min(len(h.list), h.most)]
	h.enough = len(h.list) == h.most
}

// compare puts what is heavier first.
func (h *heavies) compare(a, b weighed) int {
	if by := cmp.Or(
		cmp.Compare(b.SentBytes, a.SentBytes),
		cmp.Compare(b.Bytes, a.Bytes),
		cmp.Compare(b.SentFiles, a.SentFiles),
		cmp.Compare(b.Files, a.Files),
	); by != 0 {
		return by
	}
	if a.dir == b.dir {
		return cmp.Compare(a.id, b.id)
	}
	return cmp.Compare(h.path(a), h.path(b))
}

func (h *heavies) path(item weighed) string {
	return h.Inventory.Path(item.dir, item.id)
}
