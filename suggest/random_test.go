package suggest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/treetest"
	"github.com/ctxsize/ctxsize/suggest"
)

// Names that rules know, names that are only alike, and names that patterns find
// hard.
var (
	dirNames = strings.Fields("node_modules dist build target bin obj .venv env vendor logs coverage .git .next __pycache__ .idea .vscode src app web packages core tmp .terraform charts data .yarn cache uploads") // and some of people
	names    = strings.Fields("a.log app.log keep.log .env .env.example .DS_Store x.py x.pyc a.o a.c a.db server.key ca.pem package.json Cargo.toml pom.xml go.mod pyvenv.cfg CACHEDIR.TAG HEAD index.js README.md README a~ core.1 main.tf a.tfstate .gitignore modules.txt autoload.php composer.json workspace.xml lcov.info next.config.js a.csproj notes.bak PG_VERSION .keep .gitkeep")
	oddNames = []string{"#x.log", "!x.log", "a b", "[x]", "c++", "a{1}|b", "star*", "é", "x\ty", "\xff", " lead", "trail ", `back\slash`, "^a", "$b"}
	heads    = []string{"", "", "SQLite format 3\x00", "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00", "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN CERTIFICATE-----\n", "Signature: 8a477f597d28d172789f06886806bc55\n", "gitdir: x\n"}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// randomScenario makes up a context, a Dockerfile and an ignore file.
func randomScenario(r *rand.Rand) (*scenario, string) {
	s := &scenario{tree: &treetest.Tree{}}
	fill(r, s.tree, "", 3)
	paths := s.tree.Paths()
	somePath := func() string {
		path := pick(r, paths)
		for r.IntN(2) == 0 && strings.Contains(path, "/") {
			path = path[:strings.LastIndexByte(path, '/')]
		}
		return path
	}
	for range r.IntN(4) {
		if len(paths) > 0 {
			link := somePath() + "-link"
			s.tree.Symlink(link, somePath())
		}
	}
	lines := []string{"FROM scratch", "COPY . ."}
	for range r.IntN(3) {
		source := somePath()
		if !utf8.ValidString(source) || strings.ContainsAny(source, " \t\"'\\$[]#*") {
			continue
		}
		switch r.IntN(4) {
		case 0:
			lines = append(lines, "COPY "+strings.ToValidUTF8(wildcard(r, source), "x")+" /x/")
		case 1:
			lines = append(lines, "RUN cat "+source)
		default:
			lines = append(lines, "COPY "+source+" /x/")
		}
	}
	dockerfile := strings.Join(lines, "\n") + "\n"
	s.tree.Text("Dockerfile", dockerfile)
	if r.IntN(2) == 0 {
		var rules []string
		for range r.IntN(6) {
			rules = append(rules, randomRule(r, somePath()))
		}
		end := pick(r, []string{"\n", "\r\n"})
		text := pick(r, []string{"", "", "\ufeff"}) + strings.Join(rules, end) + pick(r, []string{"", end, end + end})
		s.ignore = []byte(text)
		s.tree.Text(".dockerignore", text)
	}
	if r.IntN(2) == 0 {
		tracked := map[string]bool{}
		for _, path := range paths {
			for dir := path; r.IntN(2) == 0; {
				tracked[dir] = true
				slash := strings.LastIndexByte(dir, '/')
				if slash < 0 {
					break
				}
				dir = dir[:slash]
			}
		}
		s.tracked = func(path string) bool { return tracked[path] }
		s.gitIgnored = func(path string, _ bool) bool { return !tracked[path] && len(path)%3 > 0 }
	}
	return s, fmt.Sprintf("%s--- .dockerignore\n%q\n--- tree\n%s", dockerfile, s.ignore, strings.Join(s.tree.Paths(), "\n"))
}

func fill(r *rand.Rand, tree *treetest.Tree, prefix string, depth int) {
	for range 1 + r.IntN(5) {
		name := pick(r, names)
		if r.IntN(10) == 0 {
			name = pick(r, oddNames)
		}
		tree.File(prefix+name, int64(r.IntN(3000)), pick(r, heads))
	}
	if depth == 0 {
		return
	}
	for range r.IntN(5) {
		name := pick(r, dirNames)
		if r.IntN(12) == 0 {
			name = pick(r, oddNames) + "d"
		}
		tree.Dir(prefix + name)
		fill(r, tree, prefix+name+"/", depth-1)
	}
}

// wildcard puts a star into one component of a path.
func wildcard(r *rand.Rand, path string) string {
	parts := strings.Split(path, "/")
	i := r.IntN(len(parts))
	parts[i] = pick(r, []string{"*", parts[i][:1] + "*", "*" + parts[i][len(parts[i])-1:]})
	return strings.Join(parts, "/")
}

func randomRule(r *rand.Rand, path string) string {
	base := path[strings.LastIndexByte(path, '/')+1:]
	rule := pick(r, []string{path, "**/" + base, wildcard(r, path), "*", "*.log", "**/*.md", path + "/**", "# a comment", "", "/" + path, "**/README*"})
	if !utf8.ValidString(rule) || strings.ContainsAny(rule, "[\\\t\r\n") || strings.HasPrefix(rule, "!") {
		return "*.md"
	}
	if r.IntN(3) == 0 && rule != "" && rule[0] != '#' {
		rule = "!" + rule
	}
	return rule
}

// TestRandomTrees holds the promises of [suggest.Propose] and [suggest.Patch] on
// trees that nobody thought of.
func TestRandomTrees(t *testing.T) {
	t.Parallel()
	n := 400
	if testing.Short() {
		n = 50
	}
	// In these a pattern is given up with paths that can be said once the rest is
	// written.
	seeds := []int{789, 1186, 2618, 3174, 3991}
	for seed := range n {
		seeds = append(seeds, seed)
	}
	safe, contents := 0, 0
	for _, seed := range seeds {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		s, about := randomScenario(r)
		if _, err := ignore.Compile(parse(t, s.ignore).Rules()); err != nil {
			continue
		}
		for _, builder := range []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic, buildcontext.Podman} {
			inv, err := buildcontext.Scan(context.Background(), s.tree, buildcontext.ScanOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := buildcontext.Select(inv, buildcontext.Request{Builder: builder, Rules: parse(t, s.ignore).Rules()}); err != nil {
				continue // this builder refuses the ignore file
			}
			all := s.check(t, builder)
			s.checkReads(t, builder, all)
			safe += len(safeOf(all))
			for _, suggestion := range safeOf(all) {
				if suggestion.ID == "kept-directories" {
					contents++
				}
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, about)
		}
	}
	if safe < n || contents < n/20 {
		t.Errorf("only %d safe suggestions in %d trees, %d of them for contents: the trees are no test", safe, n, contents)
	}
}

// checkReads wants what an instruction names to be eligible still, and no safe
// pattern to catch anything that is not proved.
func (s *scenario) checkReads(t *testing.T, builder buildcontext.Builder, all []suggest.Suggestion) {
	t.Helper()
	safe := safeOf(all)
	before := s.selection(t, builder, s.ignore)
	patched := patch(t, s.ignore, safe)
	after := s.selection(t, builder, patched)
	inv := before.Inventory()
	for _, read := range s.facts(t, before).Reads {
		paths := []string{strings.Trim(read.Path, "/")}
		if read.Wildcard {
			paths = inv.Glob(paths[0])
		}
		for _, path := range paths {
			if id, ok := inv.Lookup(path); ok && before.Eligible(id) && !after.Eligible(id) {
				t.Errorf("%s: %q is named by %s, and lost\n%s", builder, path, read.Text, patched)
			}
		}
	}
	rules := before.Rules()
	for _, suggestion := range safe {
		m, err := ignore.Compile(parse(t, []byte(suggestion.Pattern+"\n")).Rules())
		if err != nil {
			t.Fatal(err)
		}
		inv.Walk(0, func(id buildcontext.ID, path string) bool {
			if d, _ := m.Plain(path); !before.Eligible(id) || !d.Ignored {
				return true
			}
			if rule := before.Rule(id); rule >= 0 && rules[rule].Exception() {
				return true // an exception stands behind it
			}
			proved := slices.ContainsFunc(safe, func(other suggest.Suggestion) bool { return lies(path, other.Paths) })
			if !proved && after.Eligible(id) {
				return true // so is it where nothing is brought back by name
			}
			if !proved {
				t.Errorf("%s: %s catches %q, which is not proved", builder, suggestion.Pattern, path)
			}
			return true
		})
	}
}
