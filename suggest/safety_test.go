package suggest_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/treetest"
	"github.com/ctxsize/ctxsize/suggest"
)

// scenario is a context with all that is known of it.
type scenario struct {
	tree *treetest.Tree
	// ignore is the text of .dockerignore; nil where there is none.
	ignore     []byte
	tracked    func(path string) bool
	gitIgnored func(path string, dir bool) bool
	gitUnknown bool
	without    []string

	inv *buildcontext.Inventory // once it is scanned
}

// selection selects what a builder sends under the text of an ignore file.
func (s *scenario) selection(t *testing.T, builder buildcontext.Builder, text []byte) *buildcontext.Selection {
	t.Helper()
	if s.inv == nil {
		var err error
		if s.inv, err = buildcontext.Scan(context.Background(), s.tree, buildcontext.ScanOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	file := parse(t, text)
	sel, err := buildcontext.Select(s.inv, buildcontext.Request{Builder: builder, Rules: file.Rules()})
	if err != nil {
		t.Fatal(err)
	}
	return sel
}

func parse(t *testing.T, text []byte) *ignore.File {
	t.Helper()
	file, err := ignore.Parse(".dockerignore", text)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// facts reads the Dockerfiles of the tree.
func (s *scenario) facts(t *testing.T, sel *buildcontext.Selection) suggest.Facts {
	t.Helper()
	facts := suggest.Facts{
		Source: s.tree, Selection: sel, BuildFiles: []string{".dockerignore"},
		Tracked: s.tracked, GitIgnored: s.gitIgnored, GitUnknown: s.gitUnknown, Without: s.without,
	}
	for _, path := range s.tree.Paths() {
		name := path[strings.LastIndexByte(path, '/')+1:]
		if name != "Dockerfile" && !strings.HasPrefix(name, "Dockerfile.") {
			continue
		}
		file, err := dockerfile.Parse(path, s.tree.Content(path, 1<<20))
		if err != nil {
			continue // one that lies deep in somebody's tests
		}
		facts.BuildFiles = append(facts.BuildFiles, path)
		for _, target := range file.Targets() {
			result, err := file.Resolve(dockerfile.Options{Target: target})
			if err != nil {
				t.Fatal(err)
			}
			facts.Reads = append(facts.Reads, result.Context.Each...)
		}
		plan.AddCommands(&facts, file)
	}
	return facts
}

func propose(t *testing.T, facts suggest.Facts) []suggest.Suggestion {
	t.Helper()
	all, err := suggest.Propose(context.Background(), facts)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func safeOf(all []suggest.Suggestion) []suggest.Suggestion {
	return slices.DeleteFunc(slices.Clone(all), func(s suggest.Suggestion) bool { return !s.Confidence.Safe() })
}

func patch(t *testing.T, text []byte, suggestions []suggest.Suggestion) []byte {
	t.Helper()
	if text == nil {
		return suggest.Patch(nil, suggestions)
	}
	return suggest.Patch(parse(t, text), suggestions)
}

// check holds the promises of a proposal for one builder: what is patched loses
// the paths that were proposed and nothing else, keeps every byte of the person's,
// and leaves nothing to propose.
func (s *scenario) check(t *testing.T, builder buildcontext.Builder) []suggest.Suggestion {
	t.Helper()
	before := s.selection(t, builder, s.ignore)
	facts := s.facts(t, before)
	all := propose(t, facts)
	safe := safeOf(all)
	patched := patch(t, s.ignore, safe)
	if !isSubsequence(s.ignore, patched) {
		t.Errorf("%s: bytes of the person's are lost:\n%s\n---\n%s", builder, s.ignore, patched)
	}
	if again := patch(t, patched, safe); !bytes.Equal(patched, again) {
		t.Errorf("%s: patched twice:\n%s\n---\n%s", builder, patched, again)
	}
	s.checkEligible(t, builder, before, s.selection(t, builder, patched), safe, patched)
	afterFacts := s.facts(t, s.selection(t, builder, patched))
	if rest := safeOf(propose(t, afterFacts)); len(rest) > 0 {
		t.Errorf("%s: after the patch there is more to propose: %+v\n%s", builder, rest, patched)
	}
	return all
}

// checkEligible wants what is eligible after the patch to be what was eligible
// before, less the paths of the suggestions and what lies below; what an exception
// of a person's brought back stays.
func (s *scenario) checkEligible(t *testing.T, builder buildcontext.Builder, before, after *buildcontext.Selection, safe []suggest.Suggestion, patched []byte) {
	t.Helper()
	inv := before.Inventory()
	rules := before.Rules()
	inv.Walk(0, func(id buildcontext.ID, path string) bool {
		if !before.Eligible(id) {
			if after.Eligible(id) {
				t.Errorf("%s: %q comes back\n%s", builder, path, patched)
			}
			return true
		}
		root, goes := "", false
		for _, s := range safe {
			if i := slices.IndexFunc(s.Paths, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") }); i >= 0 {
				root, goes = s.Paths[i], true
			}
		}
		back := before.Rule(id) >= 0 && rules[before.Rule(id)].Exception()
		_, isDir := inv.Dir(id)
		switch {
		case goes && !back && after.Eligible(id) && !isDir && !excepted(t, rules, path, root):
			t.Errorf("%s: %q should be gone\n%s", builder, path, patched)
		case (!goes || back) && !after.Eligible(id) && (!isDir || !goes):
			t.Errorf("%s: %q is lost\n%s", builder, path, patched)
		case after.Eligible(id) && after.Emptied(id) && !before.Emptied(id):
			t.Errorf("%s: %q becomes empty\n%s", builder, path, patched)
		}
		return true
	})
}

// excepted tells whether an exception matches a path in an artifact, or a directory
// between the two.
func excepted(t *testing.T, rules []ignore.Rule, path, root string) bool {
	t.Helper()
	for _, r := range rules {
		if !r.Exception() {
			continue
		}
		m, err := ignore.Compile([]ignore.Rule{{Pattern: r.Pattern[1:]}})
		if err != nil {
			t.Fatal(err)
		}
		if d, _ := m.Plain(path); !d.Ignored {
			continue
		}
		if d, _ := m.Plain(root); !d.Ignored {
			return true
		}
	}
	return false
}

func isSubsequence(short, long []byte) bool {
	for _, c := range long {
		if len(short) > 0 && short[0] == c {
			short = short[1:]
		}
	}
	return len(short) == 0
}
