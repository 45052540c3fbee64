package buildcontext

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// FollowPaths turns the paths that a build asks for into the patterns that the
// client includes: a link adds itself and what it points to, inside the context.
// Nil means the whole context. The links are those of the source, whether or not
// the ignore file keeps them. (tonistiigi/fsutil, followlinks.go, FollowLinks)
func FollowPaths(src Source, paths []string) ([]string, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	f := follower{src: src, resolved: map[string]bool{}}
	for _, p := range paths {
		if err := f.follow(p); err != nil {
			return nil, fmt.Errorf("cannot follow the links of %q: %w", p, err)
		}
	}
	all := make([]string, 0, len(f.resolved))
	for p := range f.resolved {
		all = append(all, p)
	}
	slices.Sort(all)
	return withoutNested(all), nil
}

type follower struct {
	src      Source
	resolved map[string]bool
}

// follow walks down the components of a path and branches at every link.
func (f *follower) follow(p string) error {
	// Below "." a leading slash goes away, and ".." stays where it is.
	rest := path.Join(".", p)
	current := "."
	for {
		var component string
		component, rest, _ = strings.Cut(rest, "/")
		current = path.Join(current, component)
		targets, err := f.targets(current, true)
		if err != nil {
			return err
		}
		if (rest == "" || targets != nil) && f.resolved[current] {
			return nil
		}
		if targets != nil {
			f.resolved[current] = true
			for _, t := range targets {
				if err := f.follow(path.Join(t, rest)); err != nil {
					return err
				}
			}
			return nil
		}
		if rest == "" {
			f.resolved[current] = true
			return nil
		}
	}
}

// targets returns where the link at p points to, from the root of the context;
// nil where there is no link. A last component with wildcards stands for every
// entry of its directory that it matches.
func (f *follower) targets(p string, wildcards bool) ([]string, error) {
	dir, base := path.Split(p)
	dir = strings.TrimSuffix(dir, "/")
	if wildcards && hasWildcards(base) {
		entries, err := f.src.ReadDir(dir)
		if err != nil {
			return nil, ignoreMissing(err)
		}
		var all []string
		for _, e := range entries {
			if ok, _ := filepath.Match(base, e.Name); !ok {
				continue
			}
			targets, err := f.targets(path.Join(dir, e.Name), false)
			if err != nil {
				return nil, err
			}
			all = append(all, targets...)
		}
		return all, nil
	}
	if p == "." || p == "/" {
		return nil, nil
	}
	stat, err := f.src.Lstat(p)
	if err != nil {
		return nil, ignoreMissing(err)
	}
	if stat.Mode&fs.ModeSymlink == 0 {
		return nil, nil
	}
	target, err := f.src.Readlink(p)
	if err != nil {
		return nil, ignoreMissing(err)
	}
	if target = path.Clean(target); path.IsAbs(target) {
		return []string{target}, nil
	}
	return []string{path.Join("/", path.Join(dir, target))}, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	return err
}

// hasWildcards tells whether a component is compared with what lies beside it.
// (tonistiigi/fsutil, followlinks.go, containsWildcards)
func hasWildcards(name string) bool {
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '\\':
			i++
		case '*', '?', '[':
			return true
		}
	}
	return false
}

// withoutNested drops the paths below other paths from a sorted list; the root
// makes it nil. (tonistiigi/fsutil, followlinks.go, dedupePaths)
func withoutNested(sorted []string) []string {
	out := make([]string, 0, len(sorted))
	last := ""
	for _, p := range sorted {
		if p == "." {
			return nil
		}
		if strings.HasPrefix(p, last+"/") {
			continue
		}
		out = append(out, p)
		last = p
	}
	return out
}
