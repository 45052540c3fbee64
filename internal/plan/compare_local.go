package plan

import (
	"cmp"
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/gitrepo"
)

// LocalPath is what is sent now and lies in no revision.
type LocalPath struct {
	// Path is relative to the context; that of a directory ends in a slash.
	Path string
	// Bytes and Files are those that are sent.
	Bytes int64
	Files int
}

// local finds what is sent and is in no revision.
func (res *Result) local(present *gitrepo.Present) (buildcontext.Saving, []LocalPath, error) {
	var found []LocalPath
	var paths []string
	res.Inventory.Walk(0, func(id buildcontext.ID, path string) bool {
		sub, isDir := res.Inventory.Dir(id)
		switch {
		case isDir && res.Measurement.Dirs[sub].SentFiles == 0:
			return false
		case !isDir && !res.Selection.Sent(id):
			return false
		case present.Has(path, isDir) && (!isDir || !present.Submodule(path)):
			return true
		}
		here := LocalPath{Path: path, Files: 1}
		if isDir {
			share := res.Measurement.Dirs[sub]
			here = LocalPath{Path: path + "/", Bytes: share.SentBytes, Files: share.SentFiles}
		} else if !res.Selection.Emptied(id) {
			here.Bytes = res.Inventory.Size(id)
		}
		found, paths = append(found, here), append(paths, path)
		return false
	})
	if found == nil {
		return buildcontext.Saving{}, nil, nil
	}
	slices.SortStableFunc(found, func(a, b LocalPath) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(b.Files, a.Files))
	})
	saved, err := buildcontext.NewSavings(res.Selection, res.Measurement).Without(paths)
	return saved, found, err
}
