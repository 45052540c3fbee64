package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

var _ buildcontext.Source = (*Tree)(nil)

// listing walks a source and says of every entry what it is, how large, and how
// its content begins.
func listing(tb testing.TB, src buildcontext.Source, contents bool) map[string]string {
	tb.Helper()
	all := map[string]string{}
	var walk func(dir string)
	walk = func(dir string) {
		stats, err := src.ReadDir(dir)
		if err != nil {
			tb.Fatal(err)
		}
		if !slices.IsSortedFunc(stats, func(a, b buildcontext.Stat) int { return strings.Compare(a.Name, b.Name) }) {
			tb.Errorf("%q is not sorted", dir)
		}
		for _, s := range stats {
			path := strings.TrimPrefix(dir+"/"+s.Name, "/")
			if path == ".git" {
				continue
			}
			one, err := src.Lstat(path)
			if err != nil || one.Mode != s.Mode || !s.Mode.IsDir() && one.Size != s.Size {
				tb.Errorf("Lstat(%q) is %+v, %v; ReadDir has %+v", path, one, err, s)
			}
			all[path] = describe(tb, src, path, s, contents)
			if s.Mode.IsDir() {
				walk(path)
			}
		}
	}
	walk("")
	return all
}

func describe(tb testing.TB, src buildcontext.Source, path string, s buildcontext.Stat, contents bool) string {
	tb.Helper()
	switch {
	case s.Mode.IsDir():
		return "dir"
	case s.Mode&fs.ModeSymlink != 0:
		target, err := src.Readlink(path)
		if err != nil || int64(len(target)) != s.Size {
			tb.Errorf("Readlink(%q) is %q, %v, for %d bytes", path, target, err, s.Size)
		}
		return fmt.Sprintf("link %d", s.Size)
	}
	text := fmt.Sprintf("file %d", s.Size)
	if s.Mode&0o100 != 0 {
		text = fmt.Sprintf("program %d", s.Size)
	}
	if !contents {
		return text
	}
	f, err := src.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	data, err := io.ReadAll(f)
	if err != nil || int64(len(data)) != s.Size {
		tb.Errorf("%q has %d bytes, %v, and should have %d", path, len(data), err, s.Size)
	}
	return text + " " + string(data)
}

// lsTree is the listing of git ls-tree.
func lsTree(tb testing.TB, context, rev string) map[string]string {
	tb.Helper()
	all := map[string]string{}
	for _, line := range nulls(git(tb, context, "ls-tree", "-r", "-t", "-l", "-z", rev)) {
		what, path, _ := strings.Cut(line, "\t")
		part := strings.Fields(what)
		switch part[0] {
		case "040000", "160000":
			all[path] = "dir"
		case "120000":
			all[path] = "link " + part[3]
		case "100755":
			all[path] = "program " + part[3]
		default:
			all[path] = "file " + part[3]
		}
	}
	return all
}

func mustAt(tb testing.TB, context, rev string) *Tree {
	tb.Helper()
	tree, err := mustOpen(tb, context).At(rev)
	if err != nil {
		tb.Fatal(err)
	}
	return tree
}

// checkLsTree compares the sizes of a context at a revision with git's.
func checkLsTree(tb testing.TB, context, rev string) {
	tb.Helper()
	compare(tb, listing(tb, mustAt(tb, context, rev), false), lsTree(tb, context, rev))
}

func compare(tb testing.TB, got, want map[string]string) {
	tb.Helper()
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if got[path] != want[path] {
			tb.Errorf("%q is %.90q, want %.90q", path, got[path], want[path])
		}
	}
	for path := range got {
		if _, ok := want[path]; !ok {
			tb.Errorf("%q should not be there", path)
		}
	}
}

// checkCheckout compares a context at a revision with a real checkout, content
// and all.
func checkCheckout(tb testing.TB, dir, below, rev string) {
	tb.Helper()
	work := filepath.Join(tb.TempDir(), "checkout")
	git(tb, dir, "worktree", "add", "-q", "--detach", work, rev)
	compareCheckout(tb, dir, work, below, rev)
	git(tb, dir, "worktree", "remove", "--force", work)
}

func compareCheckout(tb testing.TB, dir, work, below, rev string) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Join(dir, below), 0o755); err != nil {
		tb.Fatal(err)
	}
	tree := mustAt(tb, filepath.Join(dir, below), rev)
	compare(tb, listing(tb, tree, true), listing(tb, directory(tb, filepath.Join(work, below)), true))
}

func directory(tb testing.TB, path string) buildcontext.Source {
	tb.Helper()
	src, err := buildcontext.OpenDirectory(path)
	if err != nil {
		tb.Fatal(err)
	}
	return src
}

// history is commits that change a few files of many, so that packs have long
// chains of deltas.
func history(commits int) [][]file {
	random := rand.New(rand.NewPCG(3, 4))
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(strconv.Itoa(random.IntN(1000)) + "\n")
		}
		return b.String()
	}
	var all []file
	for i := range 60 {
		all = append(all, file{path: fmt.Sprintf("d%d/e%d/f%d", i%3, i%5, i), content: text(random.IntN(400))})
	}
	all = append(all, file{path: "a.b", content: "1"}, file{path: "a/x", content: "2"}, file{path: "a-b", content: ""},
		file{path: "run", content: "#!/bin/sh\n", mode: "100755"}, file{path: "link", content: "a/x", mode: "120000"},
		file{path: "b/ü\n\xff", content: "odd"}, file{path: "large", content: text(60_000)})
	history := [][]file{slices.Clone(all)}
	for range commits - 1 {
		var changed []file
		for range 1 + random.IntN(4) {
			f := &all[random.IntN(60)]
			at := random.IntN(len(f.content) + 1)
			f.content = f.content[:at] + text(3) + f.content[at:]
			changed = append(changed, *f)
		}
		history = append(history, changed)
	}
	return history
}

func TestTreeAgreesWithGit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		store [][]string // commands of git that store the objects in some way
	}{
		{"one pack", [][]string{{"repack", "-adfq", "--depth=50", "--window=20"}}},
		{"as they were imported", nil},
		{"loose", [][]string{{"unpack"}}},
		{"deltas by id", [][]string{{"-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq"}}},
		{"the old index of packs", [][]string{{"-c", "pack.indexVersion=1", "repack", "-adfq"}}},
		{"far offsets", [][]string{{"repack", "-adfq"}, {"far"}}},
		{"many packs", [][]string{{"unpack"}, {"packs"}}},
		{"many packs under one index", [][]string{{"unpack"}, {"packs"}, {"multi-pack-index", "write"}}},
		{"a commit graph and bitmaps", [][]string{{"repack", "-adbq"}, {"commit-graph", "write", "--reachable"}}},
	} {
		for _, format := range []string{"sha1", "sha256"} {
			t.Run(c.name+" "+format, func(t *testing.T) {
				t.Parallel()
				w := work{t, newRepo(t, "--object-format="+format)}
				importCommits(t, w.dir, history(30)...)
				for _, command := range c.store {
					store(w, command)
				}
				for _, rev := range []string{"main", "main~7", "main~29", "main^{tree}"} {
					checkLsTree(t, w.dir, rev)
				}
				checkCheckout(t, w.dir, "", "main~3")
				checkCheckout(t, w.dir, "d1/e2", "main~3")
			})
		}
	}
}

// store runs a command of git, or one of those that need more than one.
func store(w work, command []string) {
	w.Helper()
	packs, err := filepath.Glob(filepath.Join(w.dir, ".git/objects/pack/*.pack"))
	if err != nil {
		w.Fatal(err)
	}
	switch command[0] {
	case "unpack":
		for _, pack := range packs {
			data, err := os.ReadFile(pack)
			if err != nil {
				w.Fatal(err)
			}
			remove(w, "", pack, strings.TrimSuffix(pack, ".pack")+".idx")
			gitInput(w, w.dir, string(data), "unpack-objects", "-q")
		}
	case "far":
		for _, pack := range packs {
			index := strings.TrimSuffix(pack, ".pack") + ".idx"
			remove(w, "", index)
			w.git("index-pack", "--index-version=2,0x100", "-o", index, pack)
		}
	case "packs":
		for _, rev := range []string{"main~20", "main~10", "main"} {
			w.git("branch", "-f", "part", rev)
			gitInput(w, w.dir, "part\n", "pack-objects", "-q", "--revs", "--incremental", ".git/objects/pack/pack")
			w.git("prune-packed", "-q")
		}
	default:
		w.git(command...)
	}
}

func TestTreeScans(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	importCommits(t, dir, history(3)...)
	inv, err := buildcontext.Scan(context.Background(), mustAt(t, dir, "main"), buildcontext.ScanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := lsTree(t, dir, "main")
	count := 0
	inv.Walk(0, func(id buildcontext.ID, path string) bool {
		count++
		if size := inv.Size(id); want[path] != "dir" && !strings.HasSuffix(want[path], fmt.Sprintf(" %d", size)) {
			t.Errorf("%q has %d bytes, git says %q", path, size, want[path])
		}
		return true
	})
	if count != len(want) {
		t.Errorf("%d entries, git has %d", count, len(want))
	}
}

func TestTreeBorrowedObjects(t *testing.T) {
	t.Parallel()
	origin := newRepo(t)
	importCommits(t, origin, history(5)...)
	first, second := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	git(t, origin, "clone", "-q", "--shared", origin, first)
	git(t, first, "clone", "-q", "--shared", first, second)
	commit(t, second, "own", "x")
	write(t, second, ".git/objects/info/alternates", "# borrowed\n"+`"`+first+`/.git/objects"`+"\n/no/such/directory\n../../gone\n")
	checkLsTree(t, second, "HEAD")
	checkLsTree(t, second, "origin/main~2")
}

func TestTreeReplacedObjects(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	importCommits(t, dir, history(5)...)
	git(t, dir, "replace", strings.TrimSpace(git(t, dir, "rev-parse", "main:d0/e0/f0")), strings.TrimSpace(git(t, dir, "rev-parse", "main:large")))
	git(t, dir, "replace", "main~1", "main~3")
	checkLsTree(t, dir, "main")
	checkLsTree(t, dir, "main~2")
	git(t, dir, "pack-refs", "--all")
	checkLsTree(t, dir, "main~2")
}

func TestTreeSubmodule(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	id := strings.Repeat("12", 20)
	importCommits(t, dir, []file{{path: "a", content: "1"}, {path: "lib/sub", content: id, mode: "160000"}, {path: "other", content: id, mode: "160000"}})
	tree := mustAt(t, dir, "main")
	compare(t, listing(t, tree, false), lsTree(t, dir, "main"))
	if got, want := tree.Notes(), []Note{{Kind: Submodule, Path: "lib/sub"}, {Kind: Submodule, Path: "other"}}; !slices.Equal(got, want) {
		t.Errorf("notes are %v, want %v", got, want)
	}
	if err := os.Mkdir(filepath.Join(dir, "lib"), 0o755); err != nil {
		t.Fatal(err)
	}
	tree = mustAt(t, filepath.Join(dir, "lib"), "main")
	listing(t, tree, false)
	if got, want := tree.Notes(), []Note{{Kind: Submodule, Path: "sub"}}; !slices.Equal(got, want) {
		t.Errorf("notes are %v, want %v", got, want)
	}
}

func TestTreeErrors(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	importCommits(t, dir, []file{{path: "d/a", content: "1"}, {path: "file", content: "2"}, {path: "link", content: "d", mode: "120000"}})
	tree := mustAt(t, dir, "main")
	for _, path := range []string{"missing", "d/missing", "file/x", "d/a/b", "missing/x"} {
		if _, err := tree.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Lstat(%q): error is %v", path, err)
		}
	}
	for path, open := range map[string]func(string) error{
		"d":    func(p string) error { _, err := tree.Open(p); return err },
		"link": func(p string) error { _, err := tree.Open(p); return err },
		"file": func(p string) error { _, err := tree.Readlink(p); return err },
		"d/a":  func(p string) error { _, err := tree.ReadDir(p); return err },
	} {
		if open(path) == nil {
			t.Errorf("%q: no error", path)
		}
	}
	if tree.Err() != nil {
		t.Errorf("Err is %v after questions that have answers", tree.Err())
	}
	for _, name := range []string{"new", "file", "link"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := mustOpen(t, filepath.Join(dir, name)).At("main"); !errors.Is(err, ErrNoContext) {
			t.Errorf("the context %q: error is %v", name, err)
		}
	}
}

// Trees that git would not check out are no contexts.
func TestTreeHostileNames(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	importCommits(t, dir, []file{{path: "a", content: "1"}})
	blob := strings.TrimSpace(git(t, dir, "rev-parse", "main:a"))
	raw := mustOpen(t, dir).rawID(blob)
	for _, name := range []string{"..", ".", ".git", ".GIT", "a/b", ""} {
		id := strings.TrimSpace(gitInput(t, dir, "100644 "+name+"\x00"+raw, "hash-object", "-t", "tree", "-w", "--literally", "--stdin"))
		tree, err := mustOpen(t, dir).At(id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tree.ReadDir(""); !errors.Is(err, errDamaged) || !errors.Is(tree.Err(), errDamaged) {
			t.Errorf("%q: error is %v", name, err)
		}
	}
	twice := "100644 a\x00" + raw + "40000 a\x00" + raw
	id := strings.TrimSpace(gitInput(t, dir, twice, "hash-object", "-t", "tree", "-w", "--literally", "--stdin"))
	if _, err := mustAt(t, dir, id).ReadDir(""); !errors.Is(err, errDamaged) {
		t.Errorf("a name twice: error is %v", err)
	}
}

func TestTreeMissingObjects(t *testing.T) {
	t.Parallel()
	origin := newRepo(t)
	importCommits(t, origin, history(6)...)
	git(t, origin, "config", "uploadpack.allowFilter", "true")
	clone := func(args ...string) string {
		dir := filepath.Join(t.TempDir(), "clone")
		git(t, origin, append(append([]string{"clone", "-q"}, args...), "file://"+origin, dir)...)
		return dir
	}
	t.Run("partial", func(t *testing.T) {
		t.Parallel()
		dir := clone("--filter=blob:none")
		checkLsTree(t, dir, "HEAD")
		tree := mustAt(t, dir, "HEAD~5")
		_, err := buildcontext.Scan(context.Background(), tree, buildcontext.ScanOptions{})
		if err == nil {
			err = tree.Err()
		}
		if err == nil || !strings.Contains(err.Error(), "partial") || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("partial without trees", func(t *testing.T) {
		t.Parallel()
		dir := clone("--filter=tree:0", "--no-checkout")
		if _, err := mustOpen(t, dir).At("HEAD"); err == nil || !strings.Contains(err.Error(), "partial") {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("shallow", func(t *testing.T) {
		t.Parallel()
		dir := clone("--depth=2")
		checkLsTree(t, dir, "HEAD~1")
		for _, rev := range []string{"HEAD~2", "HEAD~5", "HEAD~1^2", "v1"} {
			if _, err := mustOpen(t, dir).At(rev); !errors.Is(err, ErrRevision) || !strings.Contains(err.Error(), "shallow") {
				t.Errorf("%s: error is %v", rev, err)
			}
		}
		old := strings.TrimSpace(git(t, origin, "rev-parse", "main~4"))
		if _, err := mustOpen(t, dir).At(old); err == nil || !strings.Contains(err.Error(), "shallow") {
			t.Errorf("an id: error is %v", err)
		}
	})
	t.Run("bare", func(t *testing.T) {
		t.Parallel()
		dir := clone("--bare")
		checkLsTree(t, dir, "main~2")
	})
	t.Run("lost", func(t *testing.T) {
		t.Parallel()
		dir := clone()
		store(work{t, dir}, []string{"unpack"})
		blob := strings.TrimSpace(git(t, dir, "rev-parse", "HEAD:d1/e1/f1"))
		remove(t, dir, ".git/objects/"+blob[:2]+"/"+blob[2:])
		tree := mustAt(t, dir, "HEAD")
		_, err := tree.ReadDir("d1/e1")
		if !errors.Is(err, errNoObject) || !strings.Contains(err.Error(), "d1/e1/f1") || !strings.Contains(err.Error(), blob) || tree.Err() == nil {
			t.Errorf("error is %v", err)
		}
	})
}

func TestTreeKey(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	importCommits(t, dir,
		[]file{{path: "a/x", content: "1\n"}, {path: "b/x", content: "1\n"}},
		[]file{{path: "b/x", content: "2\n"}},
		[]file{{path: ".gitattributes", content: "*.png diff=png\n"}},
		[]file{{path: ".gitattributes", content: "* eol=crlf\n"}},
		[]file{{path: ".gitattributes", content: "* eol=lf\n"}})
	key := func(rev, dir2 string) string {
		key, err := mustAt(t, dir, rev).Key(dir2)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	for _, c := range []struct {
		dir, a, b string
		same      bool
	}{
		{"a", "main~4", "main~3", true},
		{"b", "main~4", "main~3", false},
		{"", "main~4", "main~3", false},
		{"a", "main~3", "main~2", true}, // the attributes convert nothing
		{"a", "main~2", "main~1", false},
		{"a", "main~1", "main", false},
	} {
		if same := key(c.a, c.dir) == key(c.b, c.dir); same != c.same {
			t.Errorf("%q has the same key at %s and %s: %v", c.dir, c.a, c.b, same)
		}
	}
	if _, err := mustAt(t, dir, "main").Key("a/x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the key of a file: error is %v", err)
	}
}
