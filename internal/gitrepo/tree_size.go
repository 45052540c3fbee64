package gitrepo

import (
	"encoding/hex"
	"io/fs"
	"path"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// checkoutTime stands for the time at which a file is checked out.
const checkoutTime = 1 << 30

// stat returns an entry as a checkout would have it.
func (t *Tree) stat(dir string, e treeEntry, attributes *attributeFile) (buildcontext.Stat, error) {
	s := buildcontext.Stat{Name: e.name, Mode: t.mode(e), Seconds: checkoutTime, Links: 1}
	if e.mode&modeKind == modeGitlink {
		t.note(Submodule, path.Join(dir, e.name), "")
	}
	if s.Mode.IsDir() {
		return s, nil
	}
	size, err := t.objects.size(e.id)
	if err != nil {
		return s, t.atPath(path.Join(dir, e.name), e.id, err)
	}
	s.Size = size
	if t.mayConvert(e, attributes) {
		s.Size, err = t.converted(path.Join(dir, e.name), e, attributes, size)
	}
	return s, err
}

func (t *Tree) mode(e treeEntry) fs.FileMode {
	switch e.mode & modeKind {
	case modeDir, modeGitlink:
		return fs.ModeDir | 0o755
	case modeLink:
		if links, ok := t.repo.settings.all.last("core.symlinks"); !ok || isTrue(links) {
			return fs.ModeSymlink | 0o777
		}
		return 0o644
	}
	if e.mode&0o100 != 0 {
		return 0o755
	}
	return 0o644
}

// converted returns the size that a file of some size has once it is checked out.
func (t *Tree) converted(full string, e treeEntry, attributes *attributeFile, size int64) (int64, error) {
	c := t.conversion(full, e, attributes)
	if c.encoding != "" {
		t.note(Encoded, full, c.encoding)
	}
	if c.filter != "" {
		return t.filtered(full, e, c, size)
	}
	if c.none() || size == 0 {
		return size, nil
	}
	data, err := t.object(full, e.id, kindBlob)
	if err != nil {
		return 0, err
	}
	return int64(len(c.convert(data, hex.EncodeToString([]byte(e.id))))), nil
}

// filtered returns the size of a file that a program changes. Only that of Git LFS
// is known without running it.
func (t *Tree) filtered(full string, e treeEntry, c conversion, size int64) (int64, error) {
	if c.filter != "lfs" {
		t.note(Filtered, full, c.filter)
		return size, nil
	}
	if size > longestPointer {
		return size, nil
	}
	data, err := t.object(full, e.id, kindBlob)
	if err != nil {
		return 0, err
	}
	kept, ok := lfsSize(data)
	if !ok || t.repo.leavesPointers(full) {
		return size, nil
	}
	t.note(LFS, full, "")
	return kept, nil
}

// mayConvert tells whether anything may change a file when it is checked out.
func (t *Tree) mayConvert(e treeEntry, attributes *attributeFile) bool {
	return e.mode&modeKind == modeFile && (t.converts || attributes.converts)
}

func (t *Tree) conversion(full string, e treeEntry, attributes *attributeFile) conversion {
	if !t.mayConvert(e, attributes) {
		return conversion{}
	}
	return t.repo.conversionOf(attributesOf(full, t.fold, t.first, attributes))
}
