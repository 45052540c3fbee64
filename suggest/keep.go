package suggest

import (
	"errors"
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
