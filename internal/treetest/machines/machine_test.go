package machines_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/internal/gitrepo"
	"github.com/ctxsize/ctxsize/internal/treetest/machines"
)

// TestMachinesAreReal wants the repositories to be such that git's index can be
// read, the Dockerfiles to be such that they can be built, and every path that one
// names to be there.
func TestMachinesAreReal(t *testing.T) {
	t.Parallel()
	for _, m := range machines.All(1) {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := m.Tree.Write(dir); err != nil {
				t.Fatal(err)
			}
			if want := m.Tracked(); want != nil {
				repo, err := gitrepo.Open(dir)
				if err != nil {
					t.Fatal(err)
				}
				tracked, err := repo.Tracked()
				if err != nil {
					t.Fatal(err)
				}
				for _, path := range m.Tree.Paths() {
					if got := tracked.Has(path); got != want(path) {
						t.Errorf("%s: tracked: %v", path, got)
					}
				}
			}
			for _, text := range []string{m.Offline(), string(m.Tree.Content("Dockerfile", 1<<20))} {
				file, err := dockerfile.Parse("Dockerfile", []byte(text))
				if err != nil {
					t.Fatal(err)
				}
				result, err := file.Resolve(dockerfile.Options{})
				if err != nil {
					t.Fatal(err)
				}
				for _, read := range result.Context.Each {
					if path := strings.Trim(read.Path, "/"); path != "" && !read.Wildcard {
						if _, err := m.Tree.Lstat(path); err != nil {
							t.Errorf("%s names what is not there", read.Text)
						}
					}
				}
			}
			for _, root := range slices.Concat(m.Goes, m.May, m.Stays) {
				if _, err := m.Tree.Lstat(root); err != nil {
					t.Errorf("nothing lies at %s", root)
				}
			}
		})
	}
}

// TestSameSeed wants a seed to make the same machines, and another seed others.
func TestSameSeed(t *testing.T) {
	t.Parallel()
	paths := func(seed uint64) [][]string {
		var all [][]string
		for _, m := range machines.All(seed) {
			all = append(all, m.Tree.Paths())
		}
		return all
	}
	if diff := cmp.Diff(paths(1), paths(1)); diff != "" {
		t.Errorf("-first +second:\n%s", diff)
	}
	if cmp.Equal(paths(1), paths(2)) {
		t.Error("another seed makes no other machines")
	}
}
