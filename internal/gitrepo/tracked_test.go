package gitrepo

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// checkTracked compares the tracked paths of a context with git's.
func checkTracked(t *testing.T, context string) *Tracked {
	t.Helper()
	tracked, err := mustOpen(t, context).Tracked()
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Compact(nulls(git(t, context, "ls-files", "-z")))
	links := map[string]bool{}
	for _, line := range nulls(git(t, context, "ls-files", "-s", "-z")) {
		if _, path, ok := strings.Cut(line, "\t"); ok && strings.HasPrefix(line, "160000 ") {
			links[path] = true
		}
	}
	for i := range tracked.entries.len() {
		if name := string(tracked.entries.name(i)); links[name] != (tracked.entries.special[i].mode == modeGitlink) {
			t.Errorf("%q is a submodule: %v", name, links[name])
		}
	}
	if got := tracked.entries.all(); !slices.Equal(got, want) {
		t.Fatalf("tracked are %q, git says %q", got, want)
	}
	for _, path := range want {
		if !tracked.Has(path) || !tracked.Below(path) {
			t.Errorf("%q: Has %v, Below %v", path, tracked.Has(path), tracked.Below(path))
		}
		for dir := filepath.Dir(path); dir != "."; dir = filepath.Dir(dir) {
			if !tracked.Below(dir) || tracked.Has(dir) {
				t.Errorf("%q: Has %v, Below %v", dir, tracked.Has(dir), tracked.Below(dir))
			}
		}
		for _, other := range []string{path + "x", path + "/x", path + "-", path[:len(path)-1]} {
			if !slices.Contains(want, other) && tracked.Has(other) {
				t.Errorf("%q is tracked", other)
			}
		}
	}
	return tracked
}

func (l *entryList) all() []string {
	var names []string
	for i := range l.len() {
		names = append(names, string(l.name(i)))
	}
	return names
}

// traps are names whose order or encoding is easily got wrong.
var traps = []string{
	"a/b/x", "1", "a/b-c", "2", "a/b.c", "3", "a/b/c/d", "4", "a-b", "5", "a.b", "6", "ab", "7", "b/with space", "8",
	"b/ü", "9", "b/\xff", "10", "b/new\nline", "11", "Z", "12", "link", "->a/b/x", "c/.gitignore", "*.o\n", "zz/deep/er/est", "13",
}

func TestTrackedAgreesWithGit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		make func(w work)
	}{
		{"version 2", func(w work) { w.git("update-index", "--index-version", "2") }},
		{"version 3", func(w work) { w.write("a/new", ""); w.git("add", "-N", "a/new") }},
		{"version 4", func(w work) { w.git("update-index", "--index-version", "4") }},
		{"version 4 with intent to add", func(w work) {
			w.write("a/new", "")
			w.git("add", "-N", "a/new")
			w.git("update-index", "--index-version", "4")
		}},
		{"staged and removed", func(w work) {
			w.write("a/new", "", "untracked", "")
			w.git("add", "a/new")
			w.git("rm", "-q", "--cached", "a/b-c", "b/ü")
		}},
		{"assume unchanged", func(w work) {
			w.git("update-index", "--assume-unchanged", "ab")
			w.git("update-index", "--skip-worktree", "a-b")
		}},
		{"untracked cache and file system monitor", func(w work) {
			w.git("update-index", "--force-untracked-cache")
			w.git("status")
			w.git("update-index", "--fsmonitor-valid", "ab")
		}},
		{"split", func(w work) { w.git("update-index", "--split-index") }},
		{"split and changed", split},
		{"split in version 4", func(w work) {
			w.git("update-index", "--index-version", "4")
			split(w)
		}},
		{"split and conflict", func(w work) {
			w.git("update-index", "--split-index")
			conflict(w)
		}},
		{"conflict", conflict},
		{"a long name", func(w work) {
			long := strings.Repeat("long/", 1000)
			id := strings.TrimSpace(w.git("rev-parse", "HEAD:ab"))
			for _, name := range []string{long[:4094] + "x", long[:4095] + "x", long[:4096] + "x"} {
				w.git("update-index", "--add", "--cacheinfo", "100644,"+id+","+name)
			}
		}},
		{"a file in place of a directory", func(w work) {
			w.git("rm", "-rq", "a")
			w.write("a", "file")
			w.git("add", "a")
		}},
		{"nothing", func(w work) { w.git("rm", "-rqf", "--cached", ".") }},
	} {
		for _, format := range []string{"sha1", "sha256"} {
			t.Run(c.name+" "+format, func(t *testing.T) {
				t.Parallel()
				dir := newRepo(t, "--object-format="+format)
				commit(t, dir, traps...)
				c.make(work{t, dir})
				tracked := checkTracked(t, dir)
				if n := len(slices.Compact(nulls(git(t, dir, "ls-files", "-z")))); tracked.Len() != n {
					t.Errorf("Len is %d, want %d", tracked.Len(), n)
				}
				if err := os.MkdirAll(filepath.Join(dir, "a/b"), 0o755); err == nil {
					checkTracked(t, filepath.Join(dir, "a"))
					checkTracked(t, filepath.Join(dir, "a/b"))
				}
				if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
					t.Fatal(err)
				}
				if checkTracked(t, filepath.Join(dir, "empty")).Below("") {
					t.Error("something is tracked in an empty directory")
				}
			})
		}
	}
}

// split splits the index and changes it in every way that a split index records.
func split(w work) {
	w.Helper()
	w.git("config", "splitIndex.maxPercentChange", "100")
	id := strings.TrimSpace(w.git("rev-parse", "HEAD"))
	w.git("update-index", "--add", "--cacheinfo", "160000,"+id+",sub")
	w.git("update-index", "--split-index")
	w.git("update-index", "--cacheinfo", "160000,"+strings.Repeat("1", len(id))+",sub")
	w.git("rm", "-q", "--cached", "a/b-c", "zz/deep/er/est")
	w.write("a/b/x", "changed", "ab", "changed", "a/new", "", "0", "")
	w.git("add", "a/b/x", "ab", "a/new", "0")
	if out := w.git("rev-parse", "--shared-index-path"); out == "" {
		w.Fatal("the index is not split")
	}
}

func conflict(w work) {
	w.Helper()
	w.git("checkout", "-q", "-b", "other")
	commit(w, w.dir, "ab", "other", "only-here", "x")
	w.git("checkout", "-q", "main")
	commit(w, w.dir, "ab", "main")
	if _, err := tryGit(w.dir, "", "merge", "other"); err == nil {
		w.Fatal("no conflict")
	}
	if out := w.git("ls-files", "-u"); out == "" {
		w.Fatal("no conflict in the index")
	}
}

func TestTrackedBeforeTheFirstCommit(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	write(t, dir, "a", "")
	if checkTracked(t, dir).Below("") {
		t.Error("something is tracked without an index")
	}
	git(t, dir, "add", "a")
	if !checkTracked(t, dir).Has("a") {
		t.Error("what was added is not tracked")
	}
}

func TestTrackedWithoutIndex(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	commit(t, dir, "a", "")
	git(t, dir, "pack-refs", "--all")
	if err := os.Remove(filepath.Join(dir, ".git/index")); err != nil {
		t.Fatal(err)
	}
	if _, err := mustOpen(t, dir).Tracked(); !errors.Is(err, errIndexMissing) {
		t.Errorf("error is %v", err)
	}
}

func TestTrackedSparseIndex(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	commit(t, dir, "in/a", "1", "out/b", "2", "out/deep/c", "3", "out2/d", "4", "top", "5", "far/away/e", "6")
	git(t, dir, "sparse-checkout", "set", "--cone", "--sparse-index", "in")
	if out := git(t, dir, "ls-files", "--sparse"); !strings.Contains(out, "out/\n") {
		t.Fatalf("the index is not sparse: %s", out)
	}
	write(t, dir, "out/deep/keep", "", "in/new", "")
	tracked := checkSparse(t, dir)
	for path, want := range map[string]bool{
		"in/a": true, "in/new": false, "top": true, "out/b": true, "out/deep/c": true, "far/away/e": true, "out2/d": true, "in": false, "out3": false,
		"out/deep/keep": false, "out/deep": false, "out/b/x": false, "far/away": false,
	} {
		if tracked.Has(path) != want {
			t.Errorf("Has(%q) is %v", path, !want)
		}
	}
	for path, want := range map[string]bool{
		"in": true, "out": true, "out/deep": true, "far": true, "far/away": true, "new": false, "ou": false, "out/deep/keep": false, "out/new": false,
	} {
		if tracked.Below(path) != want {
			t.Errorf("Below(%q) is %v", path, !want)
		}
	}
	// The context may lie inside what the index holds as one entry.
	if tracked := checkSparse(t, filepath.Join(dir, "out/deep")); !tracked.Has("c") || tracked.Has("keep") || !tracked.Below("") {
		t.Error("out/deep/c is not tracked in its own directory")
	}
}

func checkSparse(t *testing.T, context string) *Tracked {
	t.Helper()
	tracked, err := mustOpen(t, context).Tracked()
	if err != nil {
		t.Fatal(err)
	}
	return tracked
}

func TestTrackedInSubmodules(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	inner, sub := newRepo(t), newRepo(t)
	commit(t, inner, "deep", "")
	commit(t, sub, "lib/file", "", "README", "")
	add := func(dir, url, path string) {
		git(t, dir, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, path)
	}
	add(sub, inner, "inner")
	commit(t, sub)
	commit(t, dir, "own", "")
	add(dir, sub, "vendor/sub")
	commit(t, dir)
	checkTracked(t, dir)
	git(t, dir, "-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init", "--recursive")
	write(t, dir, "vendor/sub/new", "")

	tracked, err := mustOpen(t, dir).Tracked()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range nulls(git(t, dir, "ls-files", "-z", "--recurse-submodules")) {
		if !tracked.Has(path) {
			t.Errorf("%q is not tracked", path)
		}
	}
	for path, want := range map[string]bool{
		"vendor": true, "vendor/sub": true, "vendor/sub/lib": true, "vendor/sub/new": false, "vendor/sub/inner": true,
		"vendor/sub/inner/deep": true, "vendor/sub/inner/other": false,
	} {
		if tracked.Below(path) != want {
			t.Errorf("Below(%q) is %v", path, !want)
		}
	}
	checkTracked(t, filepath.Join(dir, "vendor/sub/lib"))

	// A damaged submodule is an error, not one that tracks nothing.
	if err := os.WriteFile(filepath.Join(dir, ".git/modules/vendor/sub/index"), []byte("DIRC"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := mustOpen(t, dir).Tracked(); !errors.Is(err, errDamaged) || !strings.Contains(err.Error(), "vendor/sub") {
		t.Errorf("error is %v", err)
	}
}

func TestTrackedDamagedIndex(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	commit(t, dir, traps...)
	git(t, dir, "update-index", "--split-index")
	path := filepath.Join(dir, ".git/index")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "damaged"},
		{"short", whole[:20], "damaged"},
		{"cut off", whole[:len(whole)-1], "checksum"},
		{"a bit", slices.Concat(whole[:15], []byte{whole[15] ^ 1}, whole[16:]), "checksum"},
		{"signature", resum(slices.Concat([]byte("DIRK"), whole[4:])), "damaged"},
		{"version", resum(slices.Concat(whole[:7], []byte{9}, whole[8:])), "version 9"},
		{"more entries than bytes", resum(slices.Concat(whole[:8], []byte{0xff, 0xff}, whole[10:])), "damaged"},
		{"an extension that must be known", resum(replaced(whole, "link", "lino")), `"lino"`},
	} {
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := mustOpen(t, dir).Tracked(); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "index") {
			t.Errorf("%s: error is %v", c.name, err)
		}
	}
	// index.skipHash leaves zeros for the checksum.
	if err := os.WriteFile(path, append(slices.Clone(whole[:len(whole)-20]), make([]byte, 20)...), 0o600); err != nil {
		t.Fatal(err)
	}
	checkTracked(t, dir)
	shared, err := filepath.Glob(filepath.Join(dir, ".git/sharedindex.*"))
	if err != nil || len(shared) != 1 {
		t.Fatal(shared, err)
	}
	if err := os.Remove(shared[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := mustOpen(t, dir).Tracked(); err == nil || !strings.Contains(err.Error(), "shared index") {
		t.Errorf("without the shared index: error is %v", err)
	}
}

func replaced(data []byte, from, to string) []byte {
	return []byte(strings.Replace(string(data), from, to, 1))
}

// resum gives an index the checksum that its content has.
func resum(data []byte) []byte {
	h := newHash(20)
	h.Write(data[:len(data)-20])
	return h.Sum(slices.Clone(data[:len(data)-20]))
}

func FuzzIndex(f *testing.F) {
	needGit(f)
	dir := newRepo(f)
	commit(f, dir, traps...)
	for _, version := range []string{"2", "4"} {
		git(f, dir, "update-index", "--index-version", version)
		data, err := os.ReadFile(filepath.Join(dir, ".git/index"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	link := binary.BigEndian.AppendUint64(nil, 0)
	f.Add(append([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x00link\x00\x00\x00\x1c"), append(make([]byte, 40), link...)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 32 {
			t.Skip()
		}
		path := filepath.Join(t.TempDir(), "index")
		if err := os.WriteFile(path, resum(data), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := readIndexFile(path, 20)
		if err != nil {
			return
		}
		list, err := file.list(filepath.Dir(path), "")
		if err != nil {
			return
		}
		if names := list.all(); !slices.IsSorted(names) || slices.Contains(names, "") {
			t.Errorf("names are %q", names)
		}
	})
}

func FuzzBitmap(f *testing.F) {
	f.Add([]byte{0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0}, 3)
	f.Fuzz(func(t *testing.T, data []byte, limit int) {
		if limit < 0 || limit > 1<<20 {
			t.Skip()
		}
		b, rest, err := readBitmap(data, limit)
		if err == nil && (len(rest) >= len(data) || len(b) > limit/64+1+len(data)/8) {
			t.Errorf("%d words and %d bytes behind, from %d", len(b), len(rest), len(data))
		}
	})
}
