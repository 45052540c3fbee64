package buildcontext

import (
	"context"
	"io/fs"
)

// Complete fetches from the source what a measurement needs of the entries that
// are sent and that the scan has not read: extended attributes and the targets
// of links. It must run before [Measure]. It is safe for concurrent use with
// other selections of the same inventory.
func (s *Selection) Complete(ctx context.Context, src Source) error {
	s.inv.mu.Lock()
	defer s.inv.mu.Unlock()
	var failed error
	s.EachSent(func(id ID, path string) {
		if failed == nil && s.inv.entries[id].mode&hasFetched == 0 {
			failed = s.inv.fetch(src, id, path)
		}
		if failed == nil {
			failed = ctx.Err()
		}
	})
	if failed != nil {
		return failed
	}
	s.completed = true
	return nil
}

func (inv *Inventory) fetch(src Source, id ID, path string) error {
	xattrs, err := src.Xattrs(path)
	if err != nil {
		return &RefusalError{Path: path, Err: err}
	}
	if len(xattrs) > 0 {
		inv.needMore(id).xattrs = xattrs
	}
	if inv.Mode(id)&fs.ModeSymlink != 0 {
		target, err := src.Readlink(path)
		if err != nil {
			return &RefusalError{Path: path, Err: err}
		}
		inv.needMore(id).target = target
	}
	inv.entries[id].mode |= hasFetched
	return nil
}
