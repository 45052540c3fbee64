package gitrepo

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

const benchFiles = 100_000

// newLarge makes a repository of 100,000 files in 10,000 directories whose last
// commits changed a part of them.
func newLarge(b *testing.B) string {
	b.Helper()
	dir := newRepo(b)
	random := rand.New(rand.NewPCG(1, 2))
	files := make([]file, benchFiles)
	for i := range files {
		files[i].path = fmt.Sprintf("packages/p%02d/src/m%03d/file%05d.ts", i%100, i/1000, i)
		files[i].content = strings.Repeat(fmt.Sprintf("export const x%d = %d;\n", i, random.IntN(1000)), 1+random.IntN(40))
	}
	commits := [][]file{files}
	for range 5 {
		var changed []file
		for range benchFiles / 20 {
			f := files[random.IntN(len(files))]
			f.content += fmt.Sprintf("// %d\n", random.IntN(1000))
			changed = append(changed, f)
		}
		commits = append(commits, changed)
	}
	importCommits(b, dir, commits...)
	git(b, dir, "repack", "-adq")
	git(b, dir, "read-tree", "main")
	return dir
}

// contest runs one task done in several ways, ours first, and says of each other
// how many times our time it takes. Each must find as many as want.
func contest(b *testing.B, want int, ways ...way) {
	b.Helper()
	var ours time.Duration
	for i, w := range ways {
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if n := w.count(b); n != want {
					b.Fatalf("%d found, want %d", n, want)
				}
			}
			each := b.Elapsed() / time.Duration(b.N)
			if i == 0 {
				ours = each
			} else if ours > 0 {
				b.ReportMetric(float64(each)/float64(ours), "times-ours")
			}
		})
	}
}

// way is one way to do a task; it returns how many files or commits it found.
type way struct {
	name  string
	count func(tb testing.TB) int
}

func BenchmarkTracked(b *testing.B) {
	dir := newLarge(b)
	contest(b, benchFiles, way{"ctxsize", func(tb testing.TB) int {
		tb.Helper()
		tracked, err := mustOpen(tb, dir).Tracked()
		if err != nil {
			tb.Fatal(err)
		}
		return tracked.Len()
	}}, way{"git ls-files", func(tb testing.TB) int {
		tb.Helper()
		return strings.Count(git(tb, dir, "ls-files", "-z"), "\x00")
	}}, way{"go-git", func(tb testing.TB) int {
		tb.Helper()
		return goGitIndex(tb, dir)
	}})
}

func BenchmarkSizesAtRevision(b *testing.B) {
	dir := newLarge(b)
	contest(b, benchFiles, way{"ctxsize", func(tb testing.TB) int {
		tb.Helper()
		inv, err := buildcontext.Scan(context.Background(), mustAt(tb, dir, "main"), buildcontext.ScanOptions{})
		if err != nil {
			tb.Fatal(err)
		}
		files := 0
		inv.Walk(0, func(id buildcontext.ID, _ string) bool {
			if inv.Mode(id).IsRegular() {
				files++
			}
			return true
		})
		return files
	}}, way{"git ls-tree", func(tb testing.TB) int {
		tb.Helper()
		return strings.Count(git(tb, dir, "ls-tree", "-r", "-l", "-z", "main"), "\x00")
	}}, way{"go-git", func(tb testing.TB) int {
		tb.Helper()
		return goGitSizes(tb, dir)
	}})
}

// BenchmarkHistory sums the files of 1,000 commits of a repository with 10,000
// files, reading what did not change once. Git only lists the names that changed.
func BenchmarkHistory(b *testing.B) {
	const commits = 1000
	dir := newRepo(b)
	random := rand.New(rand.NewPCG(6, 7))
	files := make([]file, benchFiles/10)
	for i := range files {
		files[i] = file{path: fmt.Sprintf("p%02d/src/m%03d/file%05d.ts", i%30, i/50, i), content: strings.Repeat("x\n", random.IntN(400))}
	}
	history := [][]file{files}
	for range commits - 1 {
		f := &files[random.IntN(len(files))]
		history = append(history, []file{{path: f.path, content: f.content + strings.Repeat("y\n", random.IntN(40))}})
	}
	importCommits(b, dir, history...)
	git(b, dir, "repack", "-adq")
	contest(b, commits, way{"ctxsize", func(tb testing.TB) int {
		tb.Helper()
		r := mustOpen(tb, dir)
		sums := map[string]int64{}
		n := 0
		for c, err := range r.FirstParents("main") {
			if err != nil {
				tb.Fatal(err)
			}
			tree, err := r.At(c.ID)
			if err != nil {
				tb.Fatal(err)
			}
			if sumOf(tb, tree, "", sums) == 0 {
				tb.Fatal("nothing there")
			}
			n++
		}
		return n
	}}, way{"git log", func(tb testing.TB) int {
		tb.Helper()
		return strings.Count(git(tb, dir, "log", "--first-parent", "--raw", "--format=tformat:commit", "main"), "commit\n")
	}})
}

// sumOf adds up the sizes below a directory that was not met before.
func sumOf(tb testing.TB, tree *Tree, dir string, sums map[string]int64) int64 {
	tb.Helper()
	key, err := tree.Key(dir)
	if err != nil {
		tb.Fatal(err)
	}
	if sum, ok := sums[key]; ok {
		return sum
	}
	stats, err := tree.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	var sum int64
	for _, s := range stats {
		if s.Mode.IsDir() {
			sum += sumOf(tb, tree, strings.TrimPrefix(dir+"/"+s.Name, "/"), sums)
		}
		sum += s.Size
	}
	sums[key] = sum
	return sum
}

// goGitIndex decodes the index as go-git's storage does.
func goGitIndex(tb testing.TB, dir string) int {
	tb.Helper()
	f, err := os.Open(filepath.Join(dir, ".git/index"))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	var decoded index.Index
	if err := index.NewDecoder(bufio.NewReader(f)).Decode(&decoded); err != nil {
		tb.Fatal(err)
	}
	return len(decoded.Entries)
}

// goGitSizes asks go-git's pack for the trees and the size of each file at the
// branch main. What is round it, its storage and its tree walker, adds to that.
func goGitSizes(tb testing.TB, dir string) int {
	tb.Helper()
	check := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	names, err := filepath.Glob(filepath.Join(dir, ".git/objects/pack/*.idx"))
	check(err)
	data, err := os.ReadFile(names[0])
	check(err)
	ids := idxfile.NewMemoryIndex()
	check(idxfile.NewDecoder(bytes.NewReader(data)).Decode(ids))
	f, err := os.Open(strings.TrimSuffix(names[0], ".idx") + ".pack")
	check(err)
	defer f.Close() //nolint:errcheck // it was only read
	pack := packfile.NewPackfileWithCache(ids, nil, unlocked{f}, cache.NewObjectLRUDefault(), 0)

	r := mustOpen(tb, dir)
	id, err := r.resolve("main^{tree}")
	check(err)
	files := 0
	var walk func(id string)
	walk = func(id string) {
		object, err := pack.Get(plumbing.Hash([]byte(id)))
		check(err)
		reader, err := object.Reader()
		check(err)
		data, err := io.ReadAll(reader)
		check(err)
		entries, err := parseTree(data, 20)
		check(err)
		for _, e := range entries {
			if e.mode&modeKind == modeDir {
				walk(e.id)
				continue
			}
			offset, err := ids.FindOffset(plumbing.Hash([]byte(e.id)))
			check(err)
			_, err = pack.GetSizeByOffset(offset)
			check(err)
			files++
		}
	}
	walk(id)
	return files
}

// unlocked is a file as go-git wants one.
type unlocked struct{ *os.File }

func (unlocked) Lock() error   { return nil }
func (unlocked) Unlock() error { return nil }
