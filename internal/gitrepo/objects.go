package gitrepo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/go-git/go-git/v5/plumbing/format/packfile"
)

var errNoObject = errors.New("the object is missing")

// objects is the object database of a repository: its packs and loose objects, and
// those of the repositories that it borrows from. It is safe for concurrent use.
// Ids are raw bytes; what is read is shared and must not be changed.
type objects struct {
	dirs  []string // of the repository itself first
	packs []*pack
	// replaced are the objects that others stand for (git replace).
	replaced map[string]string
	recent   atomic.Pointer[pack] // where the last object was found
	cache    baseCache
}

// openObjects opens packs, which takes a while if there are many, and finds the
// directories of loose objects.
func (r *Repo) openObjects() (*objects, error) {
	o := &objects{}
	if err := o.addDir(filepath.Join(r.commonDir, "objects"), 0); err != nil {
		return nil, err
	}
	for _, dir := range o.dirs {
		if err := o.addPacks(filepath.Join(dir, "pack"), r.idSize); err != nil {
			return nil, err
		}
	}
	var err error
	o.replaced, err = r.replacements()
	return o, err
}

// addDir adds a directory of objects and those that it borrows from. One that is
// gone has no objects. (git/git, object-file.c, link_alt_odb_entries)
func (o *objects) addDir(dir string, depth int) error {
	const deepest = 5
	dir = filepath.Clean(dir)
	if slices.Contains(o.dirs, dir) {
		return nil
	}
	o.dirs = append(o.dirs, dir)
	data, err := readFile(filepath.Join(dir, "info", "alternates"), 1<<20)
	if errors.Is(err, fs.ErrNotExist) || depth == deepest {
		return nil
	}
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '"' {
			if text, err := strconv.Unquote(line); err == nil {
				line = text
			}
		}
		if !filepath.IsAbs(line) {
			line = filepath.Join(dir, line)
		}
		if err := o.addDir(line, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (o *objects) addPacks(dir string, idSize int) error {
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".idx") {
			continue
		}
		p, err := openPack(filepath.Join(dir, f.Name()), idSize)
		if errors.Is(err, fs.ErrNotExist) {
			continue // git is putting packs together, or was stopped at it
		}
		if err != nil {
			return fmt.Errorf("git's pack %w", err)
		}
		o.packs = append(o.packs, p)
	}
	return nil
}

// find returns the pack that has an object, and where.
func (o *objects) find(id string) (*pack, int64, bool) {
	recent := o.recent.Load()
	if recent != nil {
		if offset, ok := recent.find(id); ok {
			return recent, offset, true
		}
	}
	for _, p := range o.packs {
		if p == recent {
			continue
		}
		if offset, ok := p.find(id); ok {
			o.recent.Store(p)
			return p, offset, true
		}
	}
	return nil, 0, false
}

// stored returns the object that is there for an id.
func (o *objects) stored(id string) string {
	for range 5 {
		other, ok := o.replaced[id]
		if !ok {
			break
		}
		id = other
	}
	return id
}

// size returns the size of an object in bytes without reading its content. The
// error is errNoObject where it is missing.
func (o *objects) size(id string) (int64, error) {
	id = o.stored(id)
	if p, offset, ok := o.find(id); ok {
		return p.size(offset)
	}
	for _, dir := range o.dirs {
		size, err := looseSize(loosePath(dir, id))
		if !errors.Is(err, fs.ErrNotExist) {
			return size, err
		}
	}
	return 0, errNoObject
}

// read returns the content of an object. The error is errNoObject where it is
// missing.
func (o *objects) read(id string) (kind, []byte, error) {
	id = o.stored(id)
	if p, offset, ok := o.find(id); ok {
		return o.unpack(p, offset)
	}
	for _, dir := range o.dirs {
		k, data, err := looseObject(loosePath(dir, id))
		if !errors.Is(err, fs.ErrNotExist) {
			return k, data, err
		}
	}
	return 0, nil, errNoObject
}

// readKind reads an object that should be of a kind.
func (o *objects) readKind(id string, want kind) ([]byte, error) {
	k, data, err := o.read(id)
	if err == nil && k != want {
		err = errDamaged
	}
	return data, err
}

// longestChain is more deltas on deltas than git makes (pack.depth).
const longestChain = 1 << 13

// unpack reads an object of a pack: what it is a delta of, and then the deltas.
func (o *objects) unpack(p *pack, offset int64) (kind, []byte, error) {
	type step struct {
		offset int64
		delta  []byte
	}
	var steps []step
	base, ok := o.cache.get(baseKey{p, offset})
	for !ok {
		h, err := p.header(offset)
		if err != nil {
			return 0, nil, err
		}
		data, err := inflate(p.data.from(h.data), h.size)
		if errors.Is(err, errDamaged) {
			err = p.damaged(offset)
		}
		if err != nil {
			return 0, nil, err
		}
		if h.kind < kindOfsDelta {
			base = content{h.kind, data}
			o.cache.put(baseKey{p, offset}, base)
			break
		}
		steps = append(steps, step{offset, data})
		offset = h.base
		if h.kind == kindRefDelta {
			if offset, ok = p.find(h.baseID); !ok {
				return 0, nil, fmt.Errorf("%q: %w: a delta of %x, which is not in the pack", p.data.path, errDamaged, h.baseID)
			}
		}
		if len(steps) == longestChain {
			return 0, nil, fmt.Errorf("%q: %w: deltas in a circle", p.data.path, errDamaged)
		}
		base, ok = o.cache.get(baseKey{p, offset})
	}
	for _, s := range slices.Backward(steps) {
		data, err := packfile.PatchDelta(base.data, s.delta)
		if err != nil {
			return 0, nil, p.damaged(s.offset)
		}
		base.data = data
		o.cache.put(baseKey{p, s.offset}, base)
	}
	return base.kind, base.data, nil
}

// withPrefix returns the ids that begin with some digits in hexadecimal, four or
// more.
func (o *objects) withPrefix(digits string) ([]string, error) {
	found := map[string]bool{}
	for _, p := range o.packs {
		p.withPrefix(digits, found)
	}
	for _, dir := range o.dirs {
		if err := looseWithPrefix(dir, digits, found); err != nil {
			return nil, err
		}
	}
	ids := make([]string, 0, len(found))
	for id := range found {
		ids = append(ids, id)
	}
	return ids, nil
}
