package buildcontext_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// tree makes a directory of lines such as "dir/", "file 12", "link -> target" and
// "second = first" (a hard link), and opens it.
func tree(t *testing.T, lines ...string) *buildcontext.Directory {
	t.Helper()
	root := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range lines {
		if name, target, ok := strings.Cut(line, " -> "); ok {
			must(os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755))
			must(os.Symlink(target, filepath.Join(root, name)))
			continue
		}
		if name, first, ok := strings.Cut(line, " = "); ok {
			must(os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755))
			must(os.Link(filepath.Join(root, first), filepath.Join(root, name)))
			continue
		}
		name, size, _ := strings.Cut(line, " ")
		full := filepath.Join(root, name)
		if strings.HasSuffix(name, "/") {
			must(os.MkdirAll(full, 0o755))
			continue
		}
		must(os.MkdirAll(filepath.Dir(full), 0o755))
		n := 0
		for _, d := range size {
			n = n*10 + int(d-'0')
		}
		must(os.WriteFile(full, make([]byte, n), 0o644))
		must(os.Chtimes(full, time.Unix(1700000000, 0), time.Unix(1700000000, 0)))
	}
	src, err := buildcontext.OpenDirectory(root)
	must(err)
	return src
}

func scan(t *testing.T, src buildcontext.Source) *buildcontext.Inventory {
	t.Helper()
	inv, err := buildcontext.Scan(context.Background(), src, buildcontext.ScanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func selected(t *testing.T, inv *buildcontext.Inventory, src buildcontext.Source, req buildcontext.Request) *buildcontext.Selection {
	t.Helper()
	sel, err := buildcontext.Select(inv, req)
	if err != nil {
		t.Fatal(err)
	}
	if err := sel.Complete(context.Background(), src); err != nil {
		t.Fatal(err)
	}
	return sel
}

func measured(t *testing.T, sel *buildcontext.Selection) *buildcontext.Measurement {
	t.Helper()
	m, err := buildcontext.Measure(sel)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// sent lists what is sent; directories end in a slash.
func sent(sel *buildcontext.Selection) string {
	var names []string
	sel.EachSent(func(id buildcontext.ID, path string) {
		if sel.Inventory().Mode(id).IsDir() {
			path += "/"
		}
		names = append(names, path)
	})
	return strings.Join(names, " ")
}

func rules(lines ...string) []ignore.Rule { return ignore.Patterns(lines...) }

func TestMeasure(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		tree     []string
		req      buildcontext.Request
		wantSent string
		wantWire int64
		wantWarm int64
	}{
		// semantics: one 10-byte file a.txt of mode 0644 is 42 bytes.
		{"worked example", []string{"a.txt 10"}, buildcontext.Request{}, "a.txt", 42, 26},
		{"nothing", nil, buildcontext.Request{}, "", 2, 2},
		{"nothing asked for", []string{"a 1"}, buildcontext.Request{Include: []string{}}, "", 2, 2},
		{
			"directories above what is sent",
			[]string{"d/e/f 1", "d/g 1", "x 1"},
			buildcontext.Request{Include: []string{"d/e/f"}},
			"d/ d/e/ d/e/f", 2 + 21 + 23 + 24 + 11, 2 + 21 + 23 + 24,
		},
		{
			"an empty tar", nil,
			buildcontext.Request{Builder: buildcontext.Classic},
			"", 1024, 1024,
		},
		{
			"a tar pads to blocks",
			[]string{"a 513"},
			buildcontext.Request{Builder: buildcontext.Classic},
			"a", 512 + 1024 + 1024, 512 + 1024 + 1024,
		},
		{
			"classic enters a directory for an exception and leaves it out",
			[]string{"d/a 1", "d/b 1", ".dockerignore 3", "Dockerfile 3"},
			buildcontext.Request{Builder: buildcontext.Classic, Rules: rules("*", "!d/a"), Dockerfile: "Dockerfile"},
			".dockerignore Dockerfile d/a", 3*1024 + 1024, 3*1024 + 1024,
		},
		{
			"BuildKit sends the directory as well",
			[]string{"d/a 1", "d/b 1", ".dockerignore 3", "Dockerfile 3"},
			buildcontext.Request{Rules: rules("*", "!d/a")},
			"d/ d/a", 2 + 21 + 22 + 11, 2 + 21 + 22,
		},
		{
			"the second name of a file carries nothing",
			[]string{"a 100", "b = a"},
			buildcontext.Request{},
			"a b", 2 + 20 + 106 + 23, 2 + 20 + 23,
		},
		{
			"the next name takes the place of an ignored first",
			[]string{"a 100", "b = a"},
			buildcontext.Request{Rules: rules("a")},
			"b", 2 + 20 + 106, 2 + 20,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			src := tree(t, tt.tree...)
			for _, dir := range []string{"d", "d/e"} {
				_ = os.Chtimes(filepath.Join(src.Root(), dir), time.Unix(1700000000, 0), time.Unix(1700000000, 0))
			}
			sel := selected(t, scan(t, src), src, tt.req)
			m := measured(t, sel)
			if got := sent(sel); got != tt.wantSent {
				t.Errorf("sent %q, want %q", got, tt.wantSent)
			}
			if m.Wire.Bytes != tt.wantWire || m.Wire.Warm != tt.wantWarm {
				t.Errorf("wire %d, warm %d; want %d, %d", m.Wire.Bytes, m.Wire.Warm, tt.wantWire, tt.wantWarm)
			}
		})
	}
}

func TestMeasureRefusesTheIncomplete(t *testing.T) {
	t.Parallel()
	src := tree(t, "a 1")
	sel, err := buildcontext.Select(scan(t, src), buildcontext.Request{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := buildcontext.Measure(sel); err == nil {
		t.Error("measured what was not completed")
	}
}

// An overlay must measure like the tree that it stands for.
func TestWithFile(t *testing.T) {
	t.Parallel()
	base := []string{"b/x 5", "b/y/z 70000", "c 3", "l -> c", "m = c", "a/"}
	for _, path := range []string{".dockerignore", "zz", "bb", "b/a", "b/y/zz", "c", "l", "b/x"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			const size = 33000
			src := tree(t, base...)
			var lines []string
			for _, l := range base {
				if name, _, _ := strings.Cut(l, " "); name != path {
					lines = append(lines, l)
				}
			}
			if path == "c" {
				lines = slices.Insert(lines, len(lines)-1, "m 3")
				lines = slices.DeleteFunc(lines, func(l string) bool { return l == "m = c" })
			}
			written := tree(t, append(lines, path+" 33000")...)
			for _, builder := range []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic} {
				req := buildcontext.Request{Builder: builder, Rules: rules("b/y", "!b/y/zz")}
				inv := scan(t, src)
				got := selected(t, inv.WithFile(path, size), src, req)
				want := selected(t, scan(t, written), written, req)
				if sent(got) != sent(want) {
					t.Errorf("%v: sent %q, want %q", builder, sent(got), sent(want))
				}
				if path == "c" {
					continue // m keeps its link count in the one tree and not in the other
				}
				g, w := measured(t, got), measured(t, want)
				if g.Wire != w.Wire || g.Sent != w.Sent || g.OnDisk != w.OnDisk {
					t.Errorf("%v: %+v, want %+v", builder, g, w)
				}
				if before := measured(t, selected(t, inv, src, req)); before.OnDisk == g.OnDisk {
					t.Errorf("%v: the overlay changed nothing", builder)
				}
			}
		})
	}
}

func TestFollowPaths(t *testing.T) {
	t.Parallel()
	src := tree(t, "t 1", "l -> t", "d/a 1", "ld -> d", "d/up -> ../t", "abs -> /d", "loop -> loop", "out -> ../../x",
		"w1/f 1", "w2 -> d", "root -> .", "chain -> ld/up")
	tests := []struct {
		name string
		ask  []string
		want []string // nil: everything
	}{
		{"plain", []string{"/t"}, []string{"t"}},
		{"link", []string{"/l"}, []string{"l", "t"}},
		{"through a link", []string{"/ld/a"}, []string{"d/a", "ld"}},
		{"absolute target", []string{"/abs/a"}, []string{"abs", "d/a"}},
		{"chain", []string{"/chain"}, []string{"chain", "d/up", "ld", "t"}},
		{"loop", []string{"/loop"}, []string{"loop"}},
		{"leaves the context", []string{"/out"}, []string{"out", "x"}},
		{"missing", []string{"/nope/x"}, []string{"nope/x"}},
		{"wildcard with a link among the matches", []string{"/w*/f"}, []string{"d/f", "w*"}},
		{"wildcard without", []string{"/w1/*"}, []string{"w1/*"}},
		{"root", []string{"/root"}, nil},
		{"nested paths are dropped", []string{"/d", "/d/a"}, []string{"d"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := buildcontext.FollowPaths(src, tt.ask)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, tt.want) || (got == nil) != (tt.want == nil) {
				t.Errorf("FollowPaths(%q) = %q, want %q", tt.ask, got, tt.want)
			}
		})
	}
}

func TestScanOnlyEqualsScan(t *testing.T) {
	t.Parallel()
	src := tree(t, "Dockerfile 10", "a/b/c 5", "a/b/d/e 6", "a/x 1", "l -> a/b", "z 1")
	for _, include := range [][]string{{"Dockerfile"}, {"a/b"}, {"a/b/d", "z"}, {"nope/x", "l"}, {"Dockerfile/x"}, {"*"}, {" a"}} {
		req := buildcontext.Request{Include: include}
		only, err := buildcontext.ScanOnly(context.Background(), src, include)
		if err != nil {
			t.Fatal(err)
		}
		got, want := selected(t, only, src, req), selected(t, scan(t, src), src, req)
		if sent(got) != sent(want) || measured(t, got).Wire != measured(t, want).Wire {
			t.Errorf("%q: sent %q, want %q", include, sent(got), sent(want))
		}
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		bytes             int64
		classic, buildkit string
	}{
		{0, "0B", "0B"},
		{999, "999B", "999B"},
		{5120, "5.12kB", "5.12kB"},
		{16900, "16.9kB", "16.90kB"},
		{999999, "1000kB", "1000.00kB"},
		{1051136, "1.051MB", "1.05MB"},
		{17408, "17.41kB", "17.41kB"},
	}
	for _, tt := range tests {
		if got := buildcontext.Classic.Shown(tt.bytes); got != tt.classic {
			t.Errorf("classic shows %d as %s, want %s", tt.bytes, got, tt.classic)
		}
		if got := buildcontext.BuildKit.Shown(tt.bytes); got != tt.buildkit {
			t.Errorf("BuildKit shows %d as %s, want %s", tt.bytes, got, tt.buildkit)
		}
	}
}
