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
				if n, err := w.count(); err != nil || n != want {
					b.Fatalf("%d found, want %d; error %v", n, want, err)
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
	count func() (int, error)
}

func BenchmarkTracked(b *testing.B) {
	dir := newLarge(b)
	contest(b, benchFiles, way{"ctxsize", func() (int, error) {
		r, err := Open(dir)
		if err != nil {
			return 0, err
		}
		tracked, err := r.Tracked()
		if err != nil {
			return 0, err
		}
		return tracked.Len(), nil
	}}, way{"git ls-files", func() (int, error) {
		out, err := tryGit(dir, "", "ls-files", "-z")
		return strings.Count(out, "\x00"), err
	}}, way{"go-git", func() (int, error) { return goGitIndex(dir) }})
}

func BenchmarkSizesAtRevision(b *testing.B) {
	dir := newLarge(b)
	contest(b, benchFiles, way{"ctxsize", func() (int, error) {
		r, err := Open(dir)
		if err != nil {
			return 0, err
		}
		tree, err := r.At("main")
		if err != nil {
			return 0, err
		}
		inv, err := buildcontext.Scan(context.Background(), tree, buildcontext.ScanOptions{})
		if err != nil {
			return 0, err
		}
		files := 0
		inv.Walk(0, func(id buildcontext.ID, _ string) bool {
			if inv.Mode(id).IsRegular() {
				files++
			}
			return true
		})
		return files, tree.Err()
	}}, way{"git ls-tree", func() (int, error) {
		out, err := tryGit(dir, "", "ls-tree", "-r", "-l", "-z", "main")
		return strings.Count(out, "\x00"), err
	}}, way{"go-git", func() (int, error) { return goGitSizes(dir) }})
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
	contest(b, commits, way{"ctxsize", func() (int, error) {
		r, err := Open(dir)
		if err != nil {
			return 0, err
		}
		sums := map[string]int64{}
		n := 0
		for c, err := range r.FirstParents("main") {
			if err != nil {
				return n, err
			}
			tree, err := r.At(c.ID)
			if err != nil {
				return n, err
			}
			if sum, err := sumOf(tree, "", sums); err != nil || sum == 0 {
				return n, err
			}
			n++
		}
		return n, nil
	}}, way{"git log", func() (int, error) {
		out, err := tryGit(dir, "", "log", "--first-parent", "--raw", "--format=tformat:commit", "main")
		return strings.Count(out, "commit\n"), err
	}})
}

// sumOf adds up the sizes below a directory that was not met before.
func sumOf(tree *Tree, dir string, sums map[string]int64) (int64, error) {
	key, err := tree.Key(dir)
	if err != nil {
		return 0, err
	}
	if sum, ok := sums[key]; ok {
		return sum, nil
	}
	stats, err := tree.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, s := range stats {
		if s.Mode.IsDir() {
			below, err := sumOf(tree, strings.TrimPrefix(dir+"/"+s.Name, "/"), sums)
			if err != nil {
				return 0, err
			}
			sum += below
		}
		sum += s.Size
	}
	sums[key] = sum
	return sum, nil
}

// goGitIndex decodes the index as go-git's storage does.
func goGitIndex(dir string) (int, error) {
	f, err := os.Open(filepath.Join(dir, ".git/index"))
	if err != nil {
		return 0, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	var decoded index.Index
	err = index.NewDecoder(bufio.NewReader(f)).Decode(&decoded)
	return len(decoded.Entries), err
}

// goGitSizes asks go-git's pack for the trees and the size of each file at the
// branch main. What is round it, its storage and its tree walker, adds to that.
func goGitSizes(dir string) (int, error) {
	names, err := filepath.Glob(filepath.Join(dir, ".git/objects/pack/*.idx"))
	if err != nil || len(names) != 1 {
		return 0, fmt.Errorf("%d packs, %w", len(names), err)
	}
	data, err := os.ReadFile(names[0])
	if err != nil {
		return 0, err
	}
	ids := idxfile.NewMemoryIndex()
	if err := idxfile.NewDecoder(bytes.NewReader(data)).Decode(ids); err != nil {
		return 0, err
	}
	f, err := os.Open(strings.TrimSuffix(names[0], ".idx") + ".pack")
	if err != nil {
		return 0, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	g := goGitPack{ids, packfile.NewPackfileWithCache(ids, nil, unlocked{f}, cache.NewObjectLRUDefault(), 0)}

	r, err := Open(dir)
	if err != nil {
		return 0, err
	}
	id, err := r.resolve("main^{tree}")
	if err != nil {
		return 0, err
	}
	return g.count(id)
}

type goGitPack struct {
	ids  *idxfile.MemoryIndex
	pack *packfile.Packfile
}

// count asks for the sizes below a tree.
func (g goGitPack) count(id string) (files int, err error) {
	object, err := g.pack.Get(plumbing.Hash([]byte(id)))
	if err != nil {
		return 0, err
	}
	reader, err := object.Reader()
	if err != nil {
		return 0, err
	}
	data, err := io.ReadAll(reader)
	if err != nil {
		return 0, err
	}
	entries, err := parseTree(data, 20)
	for _, e := range entries {
		n := 1
		if e.mode&modeKind == modeDir {
			n, err = g.count(e.id)
		} else {
			var offset int64
			if offset, err = g.ids.FindOffset(plumbing.Hash([]byte(e.id))); err == nil {
				_, err = g.pack.GetSizeByOffset(offset)
			}
		}
		if err != nil {
			break
		}
		files += n
	}
	return files, err
}

// unlocked is a file as go-git wants one.
type unlocked struct{ *os.File }

func (unlocked) Lock() error   { return nil }
func (unlocked) Unlock() error { return nil }
