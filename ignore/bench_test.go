package ignore_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/moby/patternmatcher"

	"github.com/ctxsize/ctxsize/ignore"
)

// entry is one entry of a tree, in the order of a walk: a directory stands before
// what it holds.
type entry struct {
	name  string
	depth int // 0 in the root
	dir   bool
}

// makeTree makes up about so many entries like those of a workspace of three
// applications: nearly all of it is node_modules.
func makeTree(size int) []entry {
	t := &treeMaker{r: rand.New(rand.NewPCG(3, 4))}
	for _, name := range []string{".dockerignore", ".git/HEAD", ".github/ci.yml", "Dockerfile", "LICENSE", "README.md"} {
		dir, file, nested := strings.Cut(name, "/")
		t.add(dir, 0, nested)
		if nested {
			t.add(file, 1, false)
		}
	}
	t.add("apps", 0, true)
	for i, app := range []string{"admin", "docs", "web"} {
		t.add(app, 1, true)
		t.modules(2, size*(i+1)/4)
		t.add("package.json", 2, false)
		t.add("src", 2, true)
		t.source(3, 40)
	}
	t.modules(0, size)
	t.add("package.json", 0, false)
	return t.entries
}

type treeMaker struct {
	r       *rand.Rand
	entries []entry
}

func (t *treeMaker) add(name string, depth int, dir bool) {
	t.entries = append(t.entries, entry{strings.Clone(name), depth, dir})
}

var words = strings.Fields(`abort add api array async auth base batch buffer build bundle cache call chain check child
	client clone code collect color common compile config context core create css data date debug deep default define
	diff dom each emit encode error event export factory fetch file filter find flat format from get handler hash helper
	html http icon image index init inner input internal is iterator json key lang lazy legacy length list loader locale
	lock log main make map match memory merge message method mixin mock model module node number object observe option
	package parse path plugin polyfill private process promise proxy query queue range react read reduce regexp register
	remove render request resolve result route runtime schema scope script select server set shared shim sort source
	stack state static store stream string style symbol sync tag task template test theme time token transform tree type
	unicode update url use util validate value vector version view watch web wrap write zone`)

func (t *treeMaker) word() string {
	word := words[t.r.IntN(len(words))]
	switch t.r.IntN(4) {
	case 0:
		return word + "-" + words[t.r.IntN(len(words))]
	case 1:
		return word + strings.ToUpper(word[:1]) + words[t.r.IntN(len(words))]
	}
	return word
}

// some returns so many different words in order.
func (t *treeMaker) some(n int) []string {
	var some []string
	for range n {
		some = append(some, t.word())
	}
	slices.Sort(some)
	return slices.Compact(some)
}

// modules adds a node_modules with packages until the tree has so many entries.
func (t *treeMaker) modules(depth, until int) {
	t.add("node_modules", depth, true)
	t.add(".package-lock.json", depth+1, false)
	for i := 0; len(t.entries) < until; i++ {
		name := t.word() + "-" + strconv.Itoa(i)
		if i%5 == 0 {
			t.add("@"+name, depth+1, true)
			t.module(name, depth+2, 0)
		} else {
			t.module(name, depth+1, 0)
		}
	}
}

func (t *treeMaker) module(name string, depth, nested int) {
	t.add(name, depth, true)
	for _, name := range []string{"CHANGELOG.md", "LICENSE", "README.md"} {
		t.add(name, depth+1, false)
	}
	for _, dir := range []string{"dist", "esm", "lib", "src", "test", "types"} {
		if t.r.IntN(2) == 0 {
			t.add(dir, depth+1, true)
			t.source(depth+2, 1+t.r.IntN(12))
		}
	}
	t.add("index.d.ts", depth+1, false)
	t.add("index.js", depth+1, false)
	if nested < 2 && t.r.IntN(8) == 0 {
		t.add("node_modules", depth+1, true)
		for _, name := range t.some(3) {
			t.module(name, depth+2, nested+1)
		}
	}
	t.add("package.json", depth+1, false)
}

// source adds files, and now and then a directory with more.
func (t *treeMaker) source(depth, n int) {
	for _, name := range t.some(n) {
		switch t.r.IntN(16) {
		case 0:
			if depth < 9 {
				t.add(name, depth, true)
				t.source(depth+1, 1+t.r.IntN(16))
			}
		case 1, 2, 3:
			t.add(name+".d.ts", depth, false)
		case 4, 5:
			t.add(name+".js", depth, false)
			t.add(name+".js.map", depth, false)
		case 6:
			t.add(name+".test.js", depth, false)
		case 7:
			t.add(name+".json", depth, false)
		case 8:
			t.add(name+".mjs", depth, false)
		default:
			t.add(name+".js", depth, false)
		}
	}
}

// walk decides about every entry and returns how many are ignored.
func walk(m *ignore.Matcher, tree []entry) (ignored int, err error) {
	var states [32]*ignore.State
	states[0] = m.Root()
	for i := range tree {
		e := &tree[i]
		var d ignore.Decision
		if e.dir {
			d, states[e.depth+1], err = m.Enter(states[e.depth], e.name)
		} else {
			d, err = m.Entry(states[e.depth], e.name)
		}
		if err != nil {
			return 0, err
		}
		if d.Ignored {
			ignored++
		}
	}
	return ignored, nil
}

// walkMoby is walk with moby's matcher.
func walkMoby(m *patternmatcher.PatternMatcher, tree []entry) (ignored int, err error) {
	var infos [32]patternmatcher.MatchInfo
	var prefixes [32]string
	for i := range tree {
		e := &tree[i]
		path := prefixes[e.depth] + e.name
		verdict, info, err := m.MatchesUsingParentResults(path, infos[e.depth])
		if err != nil {
			return 0, err
		}
		if e.dir {
			infos[e.depth+1], prefixes[e.depth+1] = info, path+"/"
		}
		if verdict {
			ignored++
		}
	}
	return ignored, nil
}

// BenchmarkMatcher decides about every entry of a tree of 400,000, and moby about
// one of 4,000 made in the same way; it reports nanoseconds per path for both, and
// how many times faster we are. It fails if we and moby disagree on the smaller.
//
//	go test -run=^$ -bench=Matcher ./ignore
func BenchmarkMatcher(b *testing.B) {
	tree, small := makeTree(400_000), makeTree(4_000)
	for _, name := range benchLists {
		rules := benchRules(b, name)
		b.Run(fmt.Sprintf("rules=%d", len(rules)), func(b *testing.B) {
			m := benchMatcher(b, name)
			ours, err := walk(m, small)
			if err != nil {
				b.Fatal(err)
			}
			pm, err := patternmatcher.New(patternsOf(rules))
			if err != nil {
				b.Fatal(err)
			}
			start := time.Now()
			theirs, err := walkMoby(pm, small)
			moby := float64(time.Since(start).Nanoseconds()) / float64(len(small))
			if err != nil || theirs != ours {
				b.Fatalf("moby ignores %d, we %d: %v", theirs, ours, err)
			}

			if _, err := walk(m, tree); err != nil { // a walk that makes the states
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := walk(m, tree); err != nil {
					b.Fatal(err)
				}
			}
			path := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(len(tree))
			b.ReportMetric(path, "ns/path")
			b.ReportMetric(moby, "moby-ns/path")
			b.ReportMetric(moby/path, "times-faster")
		})
	}
}
