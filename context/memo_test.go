package buildcontext_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/treetest"
)

// keyed is a tree of files given as "path size" that knows which directories are
// alike, and notes which were read.
type keyed struct {
	*treetest.Tree
	files []string
	read  *visits
}

// visits are the directories that the goroutines of a scan read.
type visits struct {
	mu   sync.Mutex
	dirs []string
}

func (v *visits) add(dir string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.dirs = append(v.dirs, dir)
}

// once returns them sorted, each once.
func (v *visits) once() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	slices.Sort(v.dirs)
	return strings.Join(slices.Compact(v.dirs), " ")
}

func newKeyed(read *visits, files ...string) keyed {
	k := keyed{&treetest.Tree{}, files, read}
	for _, f := range files {
		var path string
		var size int64
		if _, err := fmt.Sscan(f, &path, &size); err != nil {
			panic(err)
		}
		k.File(path, size, "")
	}
	return k
}

func (k keyed) Key(dir string) (string, error) {
	var below []string
	for _, f := range k.files {
		if rest, ok := strings.CutPrefix(f, dir+"/"); ok || dir == "" {
			below = append(below, rest)
		}
	}
	return strings.Join(below, "\n"), nil
}

func (k keyed) ReadDir(dir string) ([]buildcontext.Stat, error) {
	k.read.add(dir)
	return k.Tree.ReadDir(dir)
}

func TestMemo(t *testing.T) {
	t.Parallel()
	var memo buildcontext.Memo
	first := []string{"a/b/x 1", "a/b/y.log 20", "a/z 300", "c/x 4000"}
	changed := []string{"a/b/x 2", "a/b/y.log 20", "a/z 300", "c/x 4000"}
	logs := ignore.Patterns("**/*.log")
	alike := []string{"k/x 1", "l/x 1"}
	// What comes behind c/x, at which the rule is tried, is not sent.
	stops := buildcontext.Request{Builder: buildcontext.Classic, Rules: ignore.Patterns("*", "!c/x", "b[z-a]", "!a/z", "!d/x")}
	for _, step := range []struct {
		name  string
		files []string
		req   buildcontext.Request
		read  string // the directories that are looked at
	}{
		{"all is new", first, buildcontext.Request{Rules: logs}, " a a/b c"},
		{"nothing changed", first, buildcontext.Request{Rules: logs}, ""},
		{"one directory changed", changed, buildcontext.Request{Rules: logs}, " a a/b"},
		{"back again", first, buildcontext.Request{Rules: logs}, ""},
		{"other rules", first, buildcontext.Request{}, " a a/b c"},
		{"other reads", first, buildcontext.Request{Include: []string{"a/b"}}, " a a/b c"},
		{"nothing is read", first, buildcontext.Request{Include: []string{}}, " a a/b c"},
		{"another builder", first, buildcontext.Request{Builder: buildcontext.Classic, Rules: logs}, " a a/b c"},
		{"two alike, and a rule for one", alike, buildcontext.Request{Rules: ignore.Patterns("k/x")}, " k l"},
		{"and a file beside them", append([]string{"a 1"}, alike...), buildcontext.Request{Rules: ignore.Patterns("k/x")}, ""},
		{"a rule without meaning ends the classic walk", []string{"a/z 1", "c/x 20", "d/x 300"}, stops, " a c d"},
		{"and then it does not", []string{"a/z 1", "c/y 20", "d/x 300"}, stops, " a c d"},
	} {
		read := &visits{}
		src := newKeyed(read, step.files...)
		got, err := memo.Measure(context.Background(), src, step.req)
		if looked := read.once(); looked != step.read {
			t.Errorf("%s: looked at %q, want %q", step.name, looked, step.read)
		}
		sel, selErr := buildcontext.Select(scan(t, src), step.req)
		if selErr != nil {
			t.Fatal(step.name, selErr)
		}
		if stopped := step.name == "a rule without meaning ends the classic walk"; (sel.Stopped != nil) != stopped {
			t.Errorf("%s: stopped by %v", step.name, sel.Stopped)
		}
		if err := sel.Complete(context.Background(), src); err != nil {
			t.Fatal(err)
		}
		want, wantErr := buildcontext.Measure(sel)
		if err != nil || wantErr != nil {
			t.Fatal(step.name, err, wantErr)
		}
		if got != want.Dirs[0] {
			t.Errorf("%s: %+v, want %+v", step.name, got, want.Dirs[0])
		}
	}
}
