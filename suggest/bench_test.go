package suggest_test

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/suggest"
)

// plain is a source of a million files that no rule knows, in ten thousand
// directories.
type plain struct{ inDir int }

func (p plain) ReadDir(dir string) ([]buildcontext.Stat, error) {
	var stats []buildcontext.Stat
	switch strings.Count(dir, "/") {
	case 0:
		for i := range 100 {
			name := fmt.Sprintf("package-%02d", i)
			if dir != "" {
				name = fmt.Sprintf("module_%02d", i)
			}
			stats = append(stats, buildcontext.Stat{Name: name, Mode: fs.ModeDir | 0o755, Seconds: 1_700_000_000})
		}
	case 1:
		ends := []string{"ts", "js", "py", "json", "md", "d.ts", "test.js", "map", "go", "css"}
		for i := range p.inDir {
			stats = append(stats, buildcontext.Stat{Name: fmt.Sprintf("component_%03d.%s", i, ends[i%len(ends)]), Mode: 0o644, Size: 1234, Seconds: 1_700_000_000})
		}
	}
	return stats, nil
}

func (plain) Lstat(path string) (buildcontext.Stat, error) {
	return buildcontext.Stat{Name: path[strings.LastIndexByte(path, '/')+1:], Mode: fs.ModeDir | 0o755, Seconds: 1_700_000_000}, nil
}

func (plain) Readlink(string) (string, error)             { return "", fs.ErrInvalid }
func (plain) Open(string) (io.ReadCloser, error)          { return io.NopCloser(strings.NewReader("{}")), nil }
func (plain) Xattrs(string) ([]buildcontext.Xattr, error) { return nil, nil }
func (plain) Readable(string) error                       { return nil }

// BenchmarkEntries says what an entry costs that no rule knows, and for the file
// names that a rule for secrets knows, one that is opened.
func BenchmarkEntries(b *testing.B) {
	src := plain{inDir: 100}
	inv, err := buildcontext.Scan(context.Background(), src, buildcontext.ScanOptions{})
	if err != nil {
		b.Fatal(err)
	}
	sel, err := buildcontext.Select(inv, buildcontext.Request{})
	if err != nil {
		b.Fatal(err)
	}
	if inv.Len() < 1_000_000 {
		b.Fatalf("only %d entries", inv.Len())
	}
	facts := suggest.Facts{Source: src, Selection: sel}
	run := func(name string, do func() (int, error)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if n, err := do(); err != nil || n != 0 {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(inv.Len()), "ns/entry")
		})
	}
	run("propose", func() (int, error) {
		all, err := suggest.Propose(context.Background(), facts)
		return len(all), err
	})
	run("classify", func() (int, error) {
		all, err := suggest.Classify(context.Background(), src, inv)
		return len(all), err
	})
	run("secrets", func() (int, error) {
		all, err := suggest.Secrets(context.Background(), facts)
		return len(all), err
	})
}

// What the scan asks about every entry. One name of ten has its own answer.
func BenchmarkKnows(b *testing.B) {
	names := strings.Fields("src-1a2b-0.js lib2 parser-00ff-12.d.ts index.test.js README.md core-9f9f-3.json package.json node_modules page-abcd-4.css __init__.py main.go.map")
	for i := 0; b.Loop(); i++ {
		suggest.Knows("src", names[i%len(names)])
	}
}
