package suggest

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// keeper knows what a build needs and what a person asked for: the reads of its
// instructions, the build files, git's index, the exceptions of the ignore file.
type keeper struct {
	*Facts
	inv *buildcontext.Inventory
	// kept are the paths that something names, and the directories above them,
	// whether or not they exist; the value tells that the path itself is named.
	kept map[string]bool
	// wild are the sources with wildcards, by their components.
	wild [][]string

	exceptions []exception
	// anyException matches what one of them matches; nil where there are none.
	anyException *ignore.Matcher
	// unsayable are artifacts that no pattern can say.
	unsayable map[string]bool
	// needsGit returns why the build needs the repository, or "".
	needsGit func() string
}

// exception is one "!" line.
type exception struct {
	at   int // which of the rules
	rule ignore.Rule
	text string // without the "!" and slashes around
	wild bool
	m    *ignore.Matcher
}

func newKeeper(facts *Facts) (*keeper, error) {
	k := &keeper{Facts: facts, inv: facts.Selection.Inventory(), kept: map[string]bool{}, unsayable: map[string]bool{}}
	for _, path := range facts.BuildFiles {
		k.name(path)
	}
	for _, read := range facts.Reads {
		if err := k.read(read); err != nil {
			return nil, err
		}
	}
	k.exceptions = exceptionsOf(facts.Selection.Rules())
	var texts []string
	for _, e := range k.exceptions {
		texts = append(texts, e.text)
	}
	if m, err := ignore.Compile(ignore.Patterns(texts...)); err == nil {
		k.anyException = m
	}
	return k, nil
}

// read keeps what a read names. A link leads to more than is named: both stay.
func (k *keeper) read(read buildcontext.Read) error {
	source := strings.Trim(read.Path, "/")
	if source == "" {
		return nil
	}
	if !read.Wildcard {
		k.name(source)
	} else {
		k.wildcard(source)
	}
	if k.Source == nil {
		return nil
	}
	followed, err := buildcontext.FollowPaths(k.Source, []string{"/" + source})
	if errors.Is(err, fs.ErrPermission) {
		return nil // the build cannot follow it either
	}
	if err != nil {
		return err
	}
	for _, path := range followed {
		switch path = strings.Trim(path, "/"); {
		case path == source:
		case strings.ContainsAny(path, `*?[\`):
			k.wildcard(path)
		default:
			k.name(path)
		}
	}
	return nil
}

func (k *keeper) name(path string) {
	path = strings.Trim(path, "/")
	if path == "" || k.kept[path] {
		return
	}
	k.kept[path] = true
	k.above(path)
}

// above keeps the directories above a path.
func (k *keeper) above(path string) {
	for slash := strings.LastIndexByte(path, '/'); slash >= 0; slash = strings.LastIndexByte(path, '/') {
		path = path[:slash]
		if _, known := k.kept[path]; known {
			return
		}
		k.kept[path] = false
	}
}

// keeps tells whether something names the path or something below it.
func (k *keeper) keeps(path string) bool {
	_, ok := k.kept[path]
	return ok
}

// named returns the paths that something names, sorted.
func (k *keeper) named() []string {
	var paths []string
	for path, itself := range k.kept {
		if itself {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// wildcard keeps what the pattern matches now, and what leads to it.
func (k *keeper) wildcard(source string) {
	components := strings.Split(source, "/")
	k.wild = append(k.wild, components)
	for n := 1; n < len(components); n++ {
		for _, path := range k.inv.Glob(strings.Join(components[:n], "/")) {
			if !k.keeps(path) {
				k.kept[path] = false
			}
		}
	}
	for _, path := range k.inv.Glob(source) {
		k.name(path)
	}
}

// avoid returns the directories, each with a slash behind it, in which a source
// with wildcards may name something called like n.
func (k *keeper) avoid(n *named) []string {
	last := n.last()
	var dirs []string
	for _, components := range k.wild {
		fixed := ""
		literal := true
		for _, c := range components {
			if meet(c, last) {
				dirs = append(dirs, fixed)
				break
			}
			if literal = literal && !strings.ContainsAny(c, `*?[\`); literal {
				fixed += c + "/"
			}
		}
	}
	return dirs
}

func exceptionsOf(rules []ignore.Rule) []exception {
	var all []exception
	for i, r := range rules {
		text, ok := strings.CutPrefix(r.Pattern, "!")
		if !ok {
			continue
		}
		m, err := ignore.Compile(ignore.Patterns(text))
		if err != nil {
			continue // a list that does not compile selects nothing
		}
		all = append(all, exception{at: i, rule: r, text: strings.Trim(text, "/"), wild: strings.ContainsAny(text, `*?[]\`), m: m})
	}
	return all
}

// excepts tells whether an exception is about the path, or names something below
// it; whether or not anything before the exception ignores it.
func (k *keeper) excepts(path string) bool {
	for i := range k.exceptions {
		e := &k.exceptions[i]
		if matchesItself(e.m, path) || !e.wild && strings.HasPrefix(e.text, path+"/") {
			return true
		}
	}
	return false
}

// exceptedIn tells whether an exception matches a path in an artifact, or a
// directory of the artifact above it: what is put before the exception leaves it.
func (k *keeper) exceptedIn(path, artifact string) bool {
	for i := range k.exceptions {
		for end := len(path); end > len(artifact); end = strings.LastIndexByte(path[:end], '/') {
			if matchesItself(k.exceptions[i].m, path[:end]) {
				return true
			}
		}
	}
	return false
}

// broughtBack returns the exception that brought the entry back, if one did.
func (k *keeper) broughtBack(id buildcontext.ID) (ignore.Rule, bool) {
	at := k.Selection.Rule(id)
	for i := range k.exceptions {
		if k.exceptions[i].at == at {
			return k.exceptions[i].rule, true
		}
	}
	return ignore.Rule{}, false
}

// judge decides about a proved candidate.
func (k *keeper) judge(c *candidate, _ buildcontext.DirID, isDir bool) {
	r := c.rule
	if c.excepted = k.excepts(c.path); c.excepted {
		return
	}
	if r.Level == Recognized || k.keeps(c.path) || k.unsayable[c.path] || slices.Contains(k.Without, r.ID) {
		return
	}
	if k.Accepted != nil && k.Accepted(r, c.path) {
		return
	}
	tracked := k.Tracked != nil && k.Tracked(c.path)
	metadata := r.Class == Editor || r.Class == VCS || r.Class == OS
	if tracked && r.Level == Ask && !r.Committed && !metadata || tracked && r.Class == Credentials && forTests.MatchString(c.path) {
		return
	}
	c.verdict = goes
	if r.Level == Ask {
		c.verdict = review
	}
	doubt := func(reason string) {
		c.verdict = review
		c.reasons = append(c.reasons, reason)
	}
	if tracked && !metadata {
		doubt("git tracks it")
	}
	if k.GitUnknown && !metadata && r.Class != Cache {
		doubt("what git tracks could not be read")
	}
	if rule, ok := k.broughtBack(c.id); ok {
		doubt(fmt.Sprintf("%s brings back what lies around it", rule))
	}
	if r.ID == gitID {
		if why := k.needsGit(); why != "" {
			doubt(why)
		}
		return
	}
	if where := k.mentioned(c.path); where != "" && !isDir && !metadata {
		c.mentioned = true
		doubt(where + " names it")
	}
	if where := k.installsFrom(r); where != "" {
		doubt(where + " installs without a network")
	}
	if where := k.readAsBuilt(r, c.path); where != "" && isDir {
		c.mentioned = true
		doubt(where + " reads it, and no RUN line makes it")
	} else if where := k.usedAsBuilt(r, c.path, isDir); where != "" {
		c.mentioned = true
		doubt(where + " wants it in the container, and no RUN line before makes it")
	}
	if (k.amongTestData(c.path, isDir) || k.amongTests(r, c.path, isDir)) && !metadata && r.Class != Cache && r.Class != Dependencies {
		doubt("it lies among the data of tests")
		if tracked {
			c.verdict = stays
		}
	}
}

// testData are the names of directories whose files only look like artifacts.
var testData = map[string]bool{
	"testdata": true, "test-data": true, "test_data": true, "fixtures": true, "fixture": true, "__fixtures__": true,
	"golden": true, "goldens": true, "__snapshots__": true, "cassettes": true,
}

// amongTestData tells whether a path lies below a directory of test data and git
// does not say that it is none.
func (k *keeper) amongTestData(path string, isDir bool) bool {
	if k.GitIgnored != nil && k.GitIgnored(path, isDir) {
		return false
	}
	dirs := strings.Split(path, "/")
	return slices.ContainsFunc(dirs[:len(dirs)-1], func(name string) bool { return testData[name] })
}

// amongTests tells whether a file that tests may read lies below a directory of
// tests, where no repository says whether anybody wants it.
func (k *keeper) amongTests(r *Rule, path string, isDir bool) bool {
	switch r.Class {
	case Database, Crash, Credentials, TestOutput:
		return !isDir && k.Tracked == nil && forTests.MatchString(path[:strings.LastIndexByte(path, '/')+1])
	default:
		return false
	}
}
