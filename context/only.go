package buildcontext

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// ScanOnly reads what a scoped transfer of literal paths can reach: the paths,
// what lies below them, and the directories above. With a path that the client
// would treat as a pattern, or with none, it reads everything.
func ScanOnly(ctx context.Context, src Source, paths []string) (*Inventory, error) {
	for _, p := range paths {
		if p != strings.TrimSpace(p) || strings.ContainsAny(p, `*?[]\`) || strings.HasPrefix(p, "!") {
			return Scan(ctx, src, ScanOptions{})
		}
	}
	if len(paths) == 0 {
		return Scan(ctx, src, ScanOptions{})
	}
	return Scan(ctx, Only(src, paths...), ScanOptions{})
}

// Only returns a source in which nothing lies but some paths, what is below them
// and what leads to them.
func Only(src Source, paths ...string) Source { return only{Source: src, paths: paths} }

type only struct {
	Source
	paths []string
}

// ReadDir implements [Source].
func (o only) ReadDir(dir string) ([]Stat, error) {
	prefix := dir + "/"
	if dir == "" {
		prefix = ""
	}
	names := map[string]bool{}
	for _, p := range o.paths {
		if dir == p || strings.HasPrefix(dir, p+"/") {
			return o.Source.ReadDir(dir)
		}
		if rest, ok := strings.CutPrefix(p, prefix); ok {
			name, _, _ := strings.Cut(rest, "/")
			names[name] = true
		}
	}
	var stats []Stat
	for _, name := range slices.Sorted(maps.Keys(names)) {
		stat, err := o.Lstat(prefix + name)
		if ignoreMissing(err) != nil {
			return nil, err
		}
		if err == nil {
			stats = append(stats, stat)
		}
	}
	return stats, nil
}
