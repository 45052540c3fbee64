package suggest

import (
	"fmt"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// What becomes of an artifact that is proved.

// judge decides about a proved candidate.
func (k *keeper) judge(c *candidate, _ buildcontext.DirID, isDir bool) {
	r := c.rule
	tracked := k.Tracked != nil && k.Tracked(c.path)
	c.inhabited = tracked && r.Contents
	if c.excepted = k.excepts(c.path); c.excepted {
		return
	}
	if r.Level == Recognized || k.keeps(c.path) || k.namedContents(c) || k.unsayable[c.path] || slices.Contains(k.Without, r.ID) {
		return
	}
	if k.Accepted != nil && k.Accepted(r, c.path) {
		return
	}
	metadata := r.Class == Editor || r.Class == VCS || r.Class == OS
	if c.inhabited || tracked && r.Level == Ask && !r.Committed && !metadata || tracked && r.Class == Credentials && forTests.MatchString(c.path) {
		return
	}
	c.verdict = goes
	if r.Level == Ask && !k.remade(c) {
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
	if r.Ignored && !k.gitIgnores(c.path, isDir) {
		doubt("git does not ignore it")
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
	if where := k.namesContents(c); where != "" {
		doubt(where + " names it")
	}
	if where := k.installsFrom(r); where != "" {
		doubt(where + " installs without a network")
	}
	if where := k.readAsBuilt(r, c.path); where != "" && isDir {
		c.mentioned = true
		doubt(where + " reads it, and no RUN line makes it")
	} else if where := k.usedAsBuilt(c.named, c.path, isDir); where != "" {
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

// gitIgnores tells whether there is a repository in which git ignores the path.
func (k *keeper) gitIgnores(path string, isDir bool) bool {
	return k.GitIgnored != nil && k.GitIgnored(path, isDir)
}

// testData are the names of directories whose files only look like artifacts.
var testData = map[string]bool{
	"testdata": true, "test-data": true, "test_data": true, "fixtures": true, "fixture": true, "__fixtures__": true,
	"golden": true, "goldens": true, "__snapshots__": true, "cassettes": true,
}

// amongTestData tells whether a path lies below a directory of test data and git
// does not say that it is none.
func (k *keeper) amongTestData(path string, isDir bool) bool {
	if k.gitIgnores(path, isDir) {
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
