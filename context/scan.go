package buildcontext

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"slices"
	"strings"
)

// ScanOptions says how a source is scanned. The zero value is useful.
type ScanOptions struct {
	// Progress, where set, is called now and then with the number of entries
	// seen so far, from the goroutine that scans.
	Progress func(entries int)
}

// Scan reads every entry of a source. A directory that cannot be read is kept as
// such ([Inventory.Unread]), and so is a file; the builders differ in what they make of it. The error
// is the root's, or the context's when that is cancelled.
func Scan(ctx context.Context, src Source, opts ScanOptions) (*Inventory, error) {
	s := scanner{src: src, opts: opts, inv: &Inventory{rare: map[ID]*rare{}}}
	s.inv.dirs = append(s.inv.dirs, directory{})
	if err := s.read(ctx, 0, ""); err != nil {
		return nil, err
	}
	return s.inv, nil
}

type scanner struct {
	src  Source
	opts ScanOptions
	inv  *Inventory
}

func (s *scanner) read(ctx context.Context, dir DirID, path string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	stats, err := s.src.ReadDir(path)
	if err != nil {
		if dir == 0 {
			return err
		}
		if !errors.Is(err, fs.ErrNotExist) {
			s.inv.setUnread(s.inv.dirs[dir].entry, err)
		}
		return nil
	}
	first, err := s.inv.add(dir, stats)
	if err != nil {
		return err
	}
	if s.opts.Progress != nil {
		s.opts.Progress(s.inv.Len())
	}
	if path != "" {
		path += "/"
	}
	for i, stat := range stats {
		id := first + ID(i)
		if stat.Private {
			if err := s.src.Readable(path + stat.Name); err != nil {
				s.inv.setUnread(id, err)
			}
		}
		if sub, ok := s.inv.Dir(id); ok {
			if err := s.read(ctx, sub, path+stat.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// add appends the entries of a directory, side by side.
func (inv *Inventory) add(dir DirID, stats []Stat) (first ID, err error) {
	if len(inv.entries)+len(stats) >= math.MaxUint32 || len(inv.names)+256*len(stats) >= math.MaxUint32 {
		return 0, fmt.Errorf("the directory holds more than ctxsize can count: %d entries", len(inv.entries))
	}
	first = ID(len(inv.entries))
	inv.dirs[dir].first, inv.dirs[dir].count = first, ID(len(stats))
	for i, s := range stats {
		if len(s.Name) > 255 {
			return 0, fmt.Errorf("the name %q is longer than 255 bytes", s.Name)
		}
		e := entry{name: uint32(len(inv.names)), mode: s.Mode}
		inv.names = append(append(inv.names, byte(len(s.Name))), s.Name...)
		id := first + ID(i)
		if s.Mode.IsDir() {
			e.ref = uint32(len(inv.dirs))
			inv.dirs = append(inv.dirs, directory{entry: id, parent: dir})
		} else {
			e.ref = uint32(min(s.Size, sizeIsRare))
		}
		inv.entries = append(inv.entries, e)
		inv.addRare(id, s)
	}
	return first, nil
}

// addRare puts what is not ordinary about an entry into the side table.
func (inv *Inventory) addRare(id ID, s Stat) {
	if !s.Mode.IsDir() && s.Size >= sizeIsRare {
		inv.needMore(id).size = s.Size
	}
	if s.Seconds < firstOrdinary || s.Seconds > lastOrdinary {
		r := inv.needMore(id)
		r.oddTime, r.seconds, r.nanoseconds = true, s.Seconds, s.Nanoseconds
	}
	if !s.Mode.IsDir() && s.Links > 1 {
		inv.needMore(id).inode = s.Inode
	}
	if s.Mode&fs.ModeDevice != 0 {
		r := inv.needMore(id)
		r.major, r.minor = s.Major, s.Minor
	}
}

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
