package suggest

import (
	"bufio"
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/treetest"
)

// example is a tree with a path that a rule is asked about.
type example struct {
	tree *treetest.Tree
	path string
}

// examples reads testdata/catalogue.txt: for each rule what it knows, and what it
// does not.
func examples(t *testing.T) map[string][2]example {
	t.Helper()
	f, err := os.Open("testdata/catalogue.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	all := map[string][2]example{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, both, ok := strings.Cut(line, ": ")
		is, not, two := strings.Cut(both, " !! ")
		if !ok || !two {
			t.Fatalf("cannot read the line %q", line)
		}
		if _, twice := all[id]; twice {
			t.Errorf("%s has two lines", id)
		}
		all[id] = [2]example{readExample(t, is), readExample(t, not)}
	}
	return all
}

func readExample(t *testing.T, text string) example {
	t.Helper()
	entries, path, ok := strings.Cut(text, " => ")
	if !ok {
		t.Fatalf("cannot read %q", text)
	}
	tree := &treetest.Tree{}
	for e := range strings.FieldsSeq(entries) {
		if link, target, ok := strings.Cut(e, "->"); ok {
			tree.Symlink(link, target)
		} else if name, head, ok := strings.Cut(e, "="); ok {
			text, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.Trim(head, "'"), `"`, `\"`) + `"`)
			if err != nil {
				t.Fatalf("%s: %v", e, err)
			}
			tree.Text(name, text)
		} else if name, size, ok := strings.Cut(e, "#"); ok {
			n, err := strconv.ParseInt(size, 10, 64)
			if err != nil {
				t.Fatalf("%s: %v", e, err)
			}
			tree.File(name, n, "")
		} else if dir, ok := strings.CutSuffix(e, "/"); ok {
			tree.Dir(dir)
		} else {
			tree.Text(e, "x")
		}
	}
	return example{tree, path}
}

// proves tells whether a rule of the catalogue takes the path of an example for
// its artifact.
func proves(t *testing.T, id string, e example) bool {
	t.Helper()
	inv, err := buildcontext.Scan(context.Background(), e.tree, buildcontext.ScanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := inv.Lookup(e.path); !ok {
		t.Fatalf("%s: the example has no %q", id, e.path)
	}
	proved := false
	f := finder{
		ctx:      context.Background(),
		reader:   newReader(inv, e.tree, func(buildcontext.ID) bool { return true }),
		judge:    func(*candidate, buildcontext.DirID, bool) {},
		contents: true,
		found: func(_ buildcontext.ID, path string, all []candidate) bool {
			proved = proved || path == e.path && slices.ContainsFunc(all, func(c candidate) bool { return c.proved && c.rule.ID == id })
			return true
		},
	}
	if err := f.walk(0, false, nil); err != nil {
		t.Fatal(err)
	}
	return proved
}

// TestEveryRule wants every rule of the catalogue to know one artifact and to
// leave alone what only looks like one.
func TestEveryRule(t *testing.T) {
	t.Parallel()
	all := examples(t)
	for _, r := range catalogue {
		e, ok := all[r.ID]
		if !ok {
			t.Errorf("%s has no line in testdata/catalogue.txt", r.ID)
			continue
		}
		delete(all, r.ID)
		if !proves(t, r.ID, e[0]) {
			t.Errorf("%s does not know %s", r.ID, e[0].path)
		}
		if proves(t, r.ID, e[1]) {
			t.Errorf("%s takes %s for its artifact", r.ID, e[1].path)
		}
	}
	for id := range all {
		t.Errorf("there is no rule %s", id)
	}
}

// TestCatalogueIsSound checks what the engine takes for granted of the data.
func TestCatalogueIsSound(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range catalogue {
		if seen[r.ID] {
			t.Errorf("two rules are called %s", r.ID)
		}
		seen[r.ID] = true
		if r.Title == "" || r.Class == "" || !slices.Contains(classOrder, r.Class) || r.proof.holds == nil || r.proof.says == "" || len(r.Names) == 0 {
			t.Errorf("%s lacks something: %+v", r.ID, r)
		}
		if strings.Trim(r.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("%s is no id", r.ID)
		}
		for _, name := range r.Names {
			if (name == "*") != (r.mark != "") {
				t.Errorf("%s: a rule about any name has a mark, and no other", r.ID)
			}
			n := newNamed(r, name)
			if _, ok := compile("**/" + n.pattern()); !ok {
				t.Errorf("%s: no line can say **/%s", r.ID, n.pattern())
			}
			if strings.Contains(strings.Join(n.above, ""), "*") || strings.Count(name, "*") > 2 {
				t.Errorf("%s: %s has stars that the index does not know", r.ID, name)
			}
		}
	}
}
