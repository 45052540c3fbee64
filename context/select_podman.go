package buildcontext

import (
	"io/fs"
	"strings"

	"github.com/ctxsize/ctxsize/ignore"
)

// selectPodman decides what COPY and ADD bring into the image under Podman and
// Buildah, which send nothing: they copy from the directory. An excluded
// directory is entered where the text of an exception begins with it.
// (containers/buildah, copier/copier.go, copierHandlerGet)
func (s *Selection) selectPodman(matcher *ignore.PodmanMatcher) error {
	s.rules = matcher.Rules()
	w := podmanWalk{Selection: s, matcher: matcher}
	if err := w.directory(0, ""); err != nil {
		return err
	}
	for _, asked := range s.Include {
		if asked == "/" {
			w.take(0)
			continue
		}
		for _, path := range s.inv.Glob(strings.TrimPrefix(asked, "/")) {
			w.follow(path)
		}
	}
	return nil
}

type podmanWalk struct {
	*Selection
	matcher *ignore.PodmanMatcher
}

// directory decides what is eligible.
func (w *podmanWalk) directory(dir DirID, prefix string) error {
	first, count := w.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		path := prefix + w.inv.Name(id)
		d, err := w.matcher.Match(path)
		if err != nil {
			return &RefusalError{Path: path, Err: err}
		}
		w.setRule(id, int32(d.Rule))
		if !d.Ignored {
			w.marks[id] |= eligible
		}
		sub, isDir := w.inv.Dir(id)
		switch {
		case !isDir:
		case d.Ignored && !w.matcher.Enters(path):
			w.ignoreBelow(sub, int32(d.Rule))
		case w.inv.Pruned(sub):
			return errPruned
		default:
			if err := w.inv.Unread(id); err != nil {
				return &RefusalError{Path: path, Err: err}
			}
			if err := w.directory(sub, path+"/"); err != nil {
				return err
			}
		}
	}
	return nil
}

// follow takes what a source names.
func (w *podmanWalk) follow(path string) {
	id, ok := w.inv.Lookup(path)
	if !ok {
		return
	}
	w.takeEntry(id)
	if dir, ok := w.inv.Dir(id); ok {
		w.take(dir)
	}
}

// take marks what is eligible below a directory as copied, and the directories
// that come into being with it. It tells whether there is any.
func (w *podmanWalk) take(dir DirID) bool {
	first, count := w.inv.Entries(dir)
	anything := false
	for id := first; id < first+count; id++ {
		taken := w.takeEntry(id)
		if sub, ok := w.inv.Dir(id); ok && w.take(sub) {
			if !taken {
				w.marks[id] |= carried
			}
			w.marks[id] |= sent
			taken = true
		}
		anything = anything || taken
	}
	return anything
}

func (w *podmanWalk) takeEntry(id ID) bool {
	if !w.Eligible(id) || w.inv.Mode(id)&fs.ModeSocket != 0 {
		return false
	}
	w.marks[id] |= sent
	return true
}
