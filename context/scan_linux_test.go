package buildcontext

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// trapsOfSystem adds what only this system has, as far as we may.
func trapsOfSystem(t *testing.T, root string) {
	t.Helper()
	in := func(path string) string { return filepath.Join(root, path) }
	check(t, unix.Mkfifo(in("pipe"), 0o640))
	check(t, os.WriteFile(in("not \xff utf-8"), nil, 0o644))
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	check(t, err)
	check(t, unix.Close(fd))
	if err := unix.Mknod(in("device"), unix.S_IFCHR|0o600, int(unix.Mkdev(300, 70000))); err != nil && !errors.Is(err, unix.EPERM) {
		t.Fatal(err)
	}
	check(t, unix.Mknod(in("socket"), unix.S_IFSOCK|0o600, 0))
	for i, path := range []string{"a", "a/1", "flat/dir/in", "empty"} {
		value := []byte(strings.Repeat("v", i*1000))
		if err := unix.Setxattr(in(path), "user.some", value, 0); err != nil && !errors.Is(err, unix.ENOTSUP) {
			t.Fatal(err)
		}
		_ = unix.Setxattr(in(path), "user.other", []byte(path), 0)
	}
	if err := os.Mkdir(in("locked"), 0o700); err == nil {
		check(t, os.WriteFile(in("locked/x"), nil, 0))
		check(t, os.WriteFile(in("locked/y"), nil, 0o044))
	}
}

// Where the kernel lacks listxattrat, attributes are asked for by path.
func TestXattrsByPath(t *testing.T) {
	t.Parallel()
	d := traps(t)
	want := dump(t, scanWith(t, portable{d}, 1, everything))
	r := fastest(t, d).(*linuxReaders)
	r.attributesAt = false
	same(t, "by path", dump(t, scanWith(t, r, 2, everything)), want)
}

// The two ways to look at an entry tell the same.
func TestStatsAgree(t *testing.T) {
	t.Parallel()
	d := traps(t)
	readers := fastest(t, d).(*linuxReaders)
	defer readers.close()
	inv := scanWith(t, portable{d}, 1, everything)
	r := readers.reader().(*linuxReader)
	root := handle{paths: inv}
	check(t, r.open(&root, nil, ""))
	defer r.close(&root)
	root.slow = false
	seen := 0
	inv.Walk(0, func(_ ID, path string) bool {
		var quick, full Stat
		check(t, r.stat(&root, path, &quick))
		check(t, r.statFull(&root, path, &full))
		if quick != full {
			t.Errorf("%q: %+v, want %+v", path, quick, full)
		}
		seen++
		return true
	})
	if err := r.stat(&root, "not there", new(Stat)); !errors.Is(err, os.ErrNotExist) || seen < 3*pieceSize {
		t.Errorf("%d entries; one that is not there: %v", seen, err)
	}
}

// A file system on which calls wait is read by more goroutines, to the same result.
func TestSlowFileSystem(t *testing.T) {
	t.Parallel()
	d := traps(t)
	want := dump(t, scanWith(t, portable{d}, 1, everything))
	r := fastest(t, d).(*linuxReaders)
	r.root.slow = true
	for device := range r.slow {
		r.slow[device] = true
	}
	same(t, "slow", dump(t, scanWith(t, r, 2, everything)), want)
	// What is found out about a directory holds below it.
	r = fastest(t, d).(*linuxReaders)
	for device := range r.slow {
		r.slow[device] = true
	}
	scanWith(t, tricky{readers: r, opening: func(path string, slow bool) {
		if path != "" && !slow {
			t.Errorf("%q is opened as if no call could wait", path)
		}
	}}, 2, everything)
}

// Paths longer than the kernel takes are read to their end, and refused to a
// builder that would have to name them.
func TestLongPaths(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	d := open(t, root)
	name := strings.Repeat("d", 200)
	const depth = 45
	fd, err := unix.Open(root, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	check(t, err)
	for range depth {
		check(t, unix.Mkdirat(fd, name, 0o755))
		next, err := unix.Openat(fd, name, unix.O_RDONLY|unix.O_DIRECTORY, 0)
		check(t, err)
		check(t, unix.Close(fd))
		fd = next
	}
	file, err := unix.Openat(fd, "file", unix.O_CREAT|unix.O_WRONLY, 0o644)
	check(t, err)
	check(t, unix.Close(file))
	check(t, unix.Fsetxattr(fd, "user.deep", []byte("x"), 0))
	check(t, unix.Close(fd))

	r := fastest(t, d).(*linuxReaders)
	for _, at := range []bool{r.attributesAt, false} {
		r := fastest(t, d).(*linuxReaders)
		r.attributesAt = at
		inv := scanWith(t, r, 2, everything)
		if inv.Len() != depth+1 {
			t.Errorf("%d entries, want %d", inv.Len(), depth+1)
		}
		deep := 0
		inv.Walk(0, func(id ID, _ string) bool {
			deep += len(inv.xattrs(id, inv.entry(id)))
			return true
		})
		if deep != 1 {
			t.Errorf("listxattrat %v: %d attributes, want 1", at, deep)
		}
		var refusal *RefusalError
		if _, err := Select(inv, Request{}); !errors.As(err, &refusal) || !errors.Is(err, errNameTooLong) {
			t.Errorf("a path too long for the builder: %v", err)
		}
	}
	r.close()
}

// A scan opens few files at once and closes all of them, also where it is cancelled:
// directories stay open for those below them, but not all of a deep tree.
func TestDescriptors(t *testing.T) {
	d := traps(t)
	deep := t.TempDir()
	const depth = 2 * maxKept
	for dir := deep; len(dir) < len(deep)+2*depth; dir += "/a" {
		for _, name := range []string{"a", "b"} {
			check(t, os.Mkdir(filepath.Join(dir, name), 0o755))
		}
	}
	count := func() int {
		files, err := os.ReadDir("/proc/self/fd")
		check(t, err)
		return len(files)
	}
	before, most := count(), 0
	scanWith(t, fastest(t, d), 4, ScanOptions{Progress: func(int) { most = max(most, count()) }})
	if most > before+16 {
		t.Errorf("%d files were open at once", most-before)
	}
	most = 0
	inv := scanWith(t, fastest(t, open(t, deep)), 1, ScanOptions{Progress: func(int) { most = max(most, count()) }})
	if inv.Len() != 2*depth {
		t.Errorf("%d entries, want %d", inv.Len(), 2*depth)
	}
	if most < before+maxKept/2 || most > before+maxKept+16 {
		t.Errorf("%d files were open at once, want about %d", most-before, maxKept)
	}
	for _, root := range []*Directory{d, open(t, deep)} {
		for after := range 40 {
			ctx, cancel := context.WithCancel(context.Background())
			opened := 0
			opening := func(string, bool) {
				if opened++; opened > after {
					cancel()
				}
			}
			_, _ = scan(ctx, tricky{readers: fastest(t, root), opening: opening}, 1, ScanOptions{})
			cancel()
		}
	}
	if after := count(); after != before {
		t.Errorf("%d files are open, were %d", after, before)
	}
}
