// Package machines makes up developers' machines: for each of some twenty
// ecosystems a project as it lies on somebody's disk, with what tools put where
// they really put it, and with traps: what only looks like an artifact. Start at
// [All].
//
// A machine is a [treetest.Tree] with what is known of every path: it must go from
// a build context, it must stay, or it may do either (what a build makes is wanted
// as often as not). Large files are sparse.
package machines

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/internal/treetest"
)

// Machine is one project on one developer's disk.
type Machine struct {
	Name string
	Tree *treetest.Tree
	// Goes are the roots of what must go, May of what may go or stay; everything
	// else must stay. An inner root counts.
	Goes, May, Stays []string

	tracked, ignored []string
	rand             *rand.Rand
}

// Fate is what must become of a path.
type Fate uint8

const (
	// Stay is for what somebody wrote, or the build reads.
	Stay Fate = iota
	// May is for what a careful colleague would ask about.
	May
	// Go is for what no build needs.
	Go
)

// Fate returns what must become of a path.
func (m *Machine) Fate(path string) Fate {
	best, fate := -1, Stay
	for _, group := range []struct {
		fate  Fate
		roots []string
	}{{Go, m.Goes}, {May, m.May}, {Stay, m.Stays}} {
		for _, root := range group.roots {
			if len(root) > best && (path == root || strings.HasPrefix(path, root+"/")) {
				best, fate = len(root), group.fate
			}
		}
	}
	return fate
}

// Tracked tells whether git tracks the path or anything below it; nil where there
// is no repository.
func (m *Machine) Tracked() func(path string) bool {
	if m.tracked == nil {
		return nil
	}
	paths := slices.Sorted(slices.Values(m.tracked))
	return func(path string) bool {
		i, found := slices.BinarySearch(paths, path)
		return found || i < len(paths) && strings.HasPrefix(paths[i], path+"/") ||
			slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(p, path+"/") })
	}
}

// GitIgnored tells whether git ignores the path.
func (m *Machine) GitIgnored(path string, _ bool) bool {
	return slices.ContainsFunc(m.ignored, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

// All makes one machine of each kind. The same seed makes the same machines.
func All(seed uint64) []*Machine {
	all := make([]*Machine, len(kinds))
	for i, k := range kinds {
		all[i] = &Machine{Name: k.name, Tree: &treetest.Tree{}, rand: rand.New(rand.NewPCG(seed, uint64(i)))} //nolint:gosec // test data need no secrecy
		k.make(all[i])
		all[i].repository()
	}
	return all
}

// size is a size about n.
func (m *Machine) size(n int64) int64 { return n/2 + m.rand.Int64N(n+1) }

// Offline is the Dockerfile as a machine without a network can build it: from
// scratch, with what it copies and without what it runs.
func (m *Machine) Offline() string {
	var lines []string
	for line := range strings.Lines(string(m.Tree.Content("Dockerfile", 1<<20))) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "RUN":
		case words[0] == "FROM":
			words[1] = "scratch"
			lines = append(lines, strings.Join(words, " "))
		default:
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// source puts files that git tracks and that must stay.
func (m *Machine) source(paths ...string) {
	for _, path := range paths {
		m.text(path, "source of "+path+"\n")
	}
}

// text puts a file that git tracks and that must stay.
func (m *Machine) text(path, text string) {
	m.Tree.Text(path, text)
	m.tracked = append(m.tracked, path)
}

// dockerfile puts the instructions behind a FROM.
func (m *Machine) dockerfile(base string, lines ...string) {
	m.text("Dockerfile", "FROM "+base+"\nWORKDIR /app\n"+strings.Join(lines, "\n")+"\n")
}

// junk puts a file that git ignores and that must go, with its root.
func (m *Machine) junk(root, below string, size int64, head string) {
	m.put(root, below, size, head)
	m.Goes = append(m.Goes, root)
	m.ignored = append(m.ignored, root)
}

// stray is junk that git does not ignore, and nobody has added.
func (m *Machine) stray(path string, size int64, head string) {
	m.Tree.File(path, m.size(size), head)
	m.Goes = append(m.Goes, path)
}

// output puts what a build has made, which may go or stay.
func (m *Machine) output(root, below string, size int64) {
	m.put(root, below, size, "")
	m.May = append(m.May, root)
	m.ignored = append(m.ignored, root)
}

// wanted puts what git ignores and the build needs all the same.
func (m *Machine) wanted(path string, size int64, head string) {
	m.Tree.File(path, m.size(size), head)
	m.Stays = append(m.Stays, path)
	m.ignored = append(m.ignored, path)
}

func (m *Machine) put(root, below string, size int64, head string) {
	path := root
	if below != "" {
		path += "/" + below
	}
	m.Tree.File(path, m.size(size), head)
}

// many puts files of a size together below a root that must go.
func (m *Machine) many(root, pattern string, n int, size int64) {
	for i := range 1 + n/2 + m.rand.IntN(n) {
		m.put(root, fmt.Sprintf(pattern, i), size/int64(n), "")
	}
	m.Goes = append(m.Goes, root)
	m.ignored = append(m.ignored, root)
}

// everywhere puts what editors and operating systems drop.
func (m *Machine) everywhere(dirs ...string) {
	m.stray(".DS_Store", 6148, "\x00\x00\x00\x01Bud1")
	for _, dir := range dirs {
		m.stray(dir+"/.DS_Store", 6148, "\x00\x00\x00\x01Bud1")
	}
	m.junk(".idea", "workspace.xml", 20_000, "<?xml?>")
	m.junk(".vscode", "settings.json", 300, "{}")
	m.stray(dirs[0]+"/notes.txt~", 200, "")
	m.stray("."+"main.swp", 12_288, "b0VIM 9.0")
}

const (
	kB = 1_000
	mB = 1_000 * kB
)
