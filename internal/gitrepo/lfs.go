package gitrepo

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// longestPointer is the most bytes of a pointer of Git LFS.
// (git-lfs/git-lfs, lfs/pointer.go, blobSizeCutoff)
const longestPointer = 1024

// lfsSize returns the size of the file that a pointer stands for.
// (git-lfs/git-lfs, docs/spec.md)
func lfsSize(pointer []byte) (int64, bool) {
	if len(pointer) > longestPointer {
		return 0, false
	}
	size, version, oid := int64(-1), false, false
	for line := range strings.Lines(string(pointer)) {
		key, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		switch key {
		case "version":
			version = strings.HasPrefix(value, "https://git-lfs.github.com/spec/") || strings.HasPrefix(value, "https://hawser.github.com/spec/") || strings.HasPrefix(value, "http://git-media.io/v/")
		case "oid":
			oid = strings.HasPrefix(value, "sha256:")
		case "size":
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return 0, false
			}
			size = n
		}
	}
	return size, version && oid && size >= 0
}

// leavesPointers tells whether a checkout on this machine leaves the pointer of a
// file where it is: Git LFS is told to, or the file of the work tree is one.
func (r *Repo) leavesPointers(path string) bool {
	if isTrue(os.Getenv("GIT_LFS_SKIP_SMUDGE")) {
		return true
	}
	for _, key := range []string{"filter.lfs.process", "filter.lfs.smudge"} {
		if program, ok := r.settings.all.last(key); ok && program != "" {
			if strings.Contains(program, "--skip") {
				return true
			}
			break
		}
	}
	if r.top == "" {
		return false
	}
	full := filepath.Join(r.top, filepath.FromSlash(path))
	if info, err := os.Lstat(full); err != nil || !info.Mode().IsRegular() {
		return false
	}
	data, err := readFile(full, longestPointer)
	if err != nil {
		return false
	}
	_, ok := lfsSize(data)
	return ok
}
