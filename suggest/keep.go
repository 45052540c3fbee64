package suggest

import (
	"fmt"
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
	// whether or not they exist.
	kept map[string]bool
	// names are the paths themselves.
	names []string
	// wild are the sources with wildcards, by their components.
	wild [][]string

	exceptions []exception
	// needsGit returns why the build needs the repository, or "".
	needsGit func() string
}

// exception is one "!" line.
type exception struct {
	rule ignore.Rule
	text string // without the "!"
	wild bool
	m    *ignore.Matcher
}

func newKeeper(facts *Facts) (*keeper, error) {
	k := &keeper{Facts: facts, inv: facts.Selection.Inventory(), kept: map[string]bool{}}
	for _, path := range facts.BuildFiles {
		k.name(path)
	}
	for _, read := range facts.Reads {
		if err := k.read(read); err != nil {
			return nil, err
		}
	}
	k.exceptions = exceptionsOf(facts.Selection.Rules())
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
	if path == "" || k.kept[path] && slices.Contains(k.names, path) {
		return
	}
	k.names = append(k.names, path)
	for {
		k.kept[path] = true
		slash := strings.LastIndexByte(path, '/')
		if slash < 0 {
			return
		}
		path = path[:slash]
	}
}

// wildcard keeps what the pattern matches now, and what leads to it.
func (k *keeper) wildcard(source string) {
	components := strings.Split(source, "/")
	k.wild = append(k.wild, components)
	for n := 1; n < len(components); n++ {
		for _, path := range k.inv.Glob(strings.Join(components[:n], "/")) {
			k.kept[path] = true
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
	for _, r := range rules {
		text, ok := strings.CutPrefix(r.Pattern, "!")
		if !ok {
			continue
		}
		m, err := ignore.Compile(ignore.Patterns(text))
		if err != nil {
			continue // a list that does not compile selects nothing
		}
		all = append(all, exception{rule: r, text: text, wild: strings.ContainsAny(text, `*?[]\`), m: m})
	}
	return all
}

// broughtBack tells whether an exception is about the path or about something
// below it, and otherwise which one is about a directory above it.
func (k *keeper) broughtBack(c *candidate, sub buildcontext.DirID, isDir bool) (itself bool, above *exception) {
	for i := range k.exceptions {
		e := &k.exceptions[i]
		if d, err := e.m.Plain(c.path); err == nil && d.Ignored {
			if !d.Inherited {
				return true, nil
			}
			above = e
		}
		if !isDir {
			continue
		}
		if !e.wild {
			if strings.HasPrefix(e.text, c.path+"/") {
				return true, nil
			}
			continue
		}
		k.inv.Walk(sub, func(id buildcontext.ID, path string) bool {
			itself = itself || k.Selection.Eligible(id) && matchesItself(e.m, path)
			return !itself
		})
		if itself {
			return true, nil
		}
	}
	return false, above
}

// judge decides about a proved candidate.
func (k *keeper) judge(c *candidate, sub buildcontext.DirID, isDir bool) {
	r := c.rule
	if r.Level == Recognized || k.kept[c.path] || slices.Contains(k.Without, r.ID) {
		return
	}
	itself, above := k.broughtBack(c, sub, isDir)
	if itself {
		return
	}
	c.verdict = goes
	doubt := func(reason string, args ...any) {
		c.verdict = review
		c.reasons = append(c.reasons, fmt.Sprintf(reason, args...))
	}
	if r.Level == Ask {
		c.verdict = review
	}
	if above != nil {
		doubt("%s brings back what lies around it", above.rule)
	}
	metadata := r.Class == Editor || r.Class == VCS
	switch {
	case k.Tracked == nil:
		if k.GitUnknown && !metadata && r.Class != Cache {
			doubt("what git tracks could not be read")
		}
	case !metadata && k.Tracked(c.path):
		if r.Level == Ask && !r.Committed {
			c.verdict = stays
			return
		}
		doubt("git tracks it")
	}
	if r.ID == gitID {
		if why := k.needsGit(); why != "" {
			doubt("%s", why)
		}
	}
}
