package treetest_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/treetest"
)

const archive = `
# what an archive cannot hold
filesize 1_000_000_000 data/db.sqlite 'SQLite format 3\x00'
symlink current -> data
hardlink data/second -> data/db.sqlite
mkdir empty
chmod 0600 key
reads /

-- key --
secret
-- ' a\tb' --
-- dir/file --
text
`

// TestMemoryIsDisk wants a tree to be the same in memory and on disk.
func TestMemoryIsDisk(t *testing.T) {
	t.Parallel()
	tree, rest := treetest.Parse(t, archive)
	if diff := cmp.Diff([]string{"reads /"}, rest); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	dir := t.TempDir()
	if err := tree.Write(dir); err != nil {
		t.Fatal(err)
	}
	disk, err := buildcontext.OpenDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(list(t, disk), list(t, tree)); diff != "" {
		t.Errorf("-disk +memory:\n%s", diff)
	}
	want := []string{" a\tb", "current", "data/db.sqlite", "data/second", "dir/file", "empty", "key"}
	if diff := cmp.Diff(want, tree.Paths()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := string(tree.Content("data/second", 17)); got != "SQLite format 3\x00\x00" {
		t.Errorf("the linked file holds %q", got)
	}
}

type line struct {
	Path   string
	Mode   string
	Size   int64
	Linked bool
	Target string
}

func list(t *testing.T, src buildcontext.Source) []line {
	t.Helper()
	inv, err := buildcontext.Scan(context.Background(), src, buildcontext.ScanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var lines []line
	inv.Walk(0, func(id buildcontext.ID, path string) bool {
		target, _ := src.Readlink(path)
		lines = append(lines, line{path, inv.Mode(id).String(), inv.Size(id), inv.Inode(id) != 0, target})
		return true
	})
	return lines
}
