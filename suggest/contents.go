package suggest

import (
	"slices"
	"strings"
)

// What lies in a directory that itself must stay.

// contents stands for all that lies in one directory: see [Rule.Contents].
type contents struct {
	*named
	evidence string
	// root is the directory that the rule's proof holds for: this one or one above.
	root string
}

// keepers are the names of files that people put into a directory so that git has it.
var keepers = []string{".keep", ".gitkeep", ".gitignore"}

var keeperNames = allNamed(keepers)

// contentsOf returns what a directory's contents are, if the rule's proof holds for
// the directory.
func contentsOf(m match, p *place) *contents {
	evidence, ok := m.rule.proof.holds(p)
	if !ok {
		return nil
	}
	in := &contents{evidence: evidence, root: p.path, named: &named{rule: m.rule}}
	return in.below(p.path)
}

// below returns the contents of a directory in the directory.
func (in *contents) below(dir string) *contents {
	return &contents{evidence: in.evidence, root: in.root, named: newNamed(in.rule, dir+"/*")}
}

// namedContents tells whether something names the directory whose contents a candidate
// belongs to: what lies in there may be meant, unless a framework is known to make it.
func (k *keeper) namedContents(c *candidate) bool {
	if c.in == nil || !c.rule.Ignored {
		return false
	}
	dir := c.path[:strings.LastIndexByte(c.path, '/')]
	for !k.kept[dir] {
		if dir == c.in.root {
			return false
		}
		dir = dir[:strings.LastIndexByte(dir, '/')]
	}
	return true
}

// anyName is a pattern for the names that [beginsName] accepts. What keeps a
// directory, .keep or .gitignore, begins with a dot. Docker's [^.] would say it in
// fewer letters, but takes a slash for one of the others.
const anyName = "[0-9A-Za-z_]*"

func beginsName(name string) bool {
	c := name[0]
	return isWordByte(c)
}

// contents returns the lines for what lies in one directory: a single one, or one for
// each path that holds a byte where something else must stay. Where these are too
// many for anybody to read, there are none.
func (c *cover) contents() []line {
	const few = 12
	dir := strings.Join(c.name.above, "/")
	var lines []line
	try := func(pattern string, paths []string) {
		if c.isTrue(pattern, paths, c.spare) {
			lines = append(lines, line{pattern, paths})
		}
	}
	if !c.avoided(dir + "/") {
		try(escape(dir)+"/"+anyName, c.want)
	}
	if lines != nil {
		return lines
	}
	heavy := slices.DeleteFunc(slices.Clone(c.want), func(path string) bool { return c.weigh(path) == 0 })
	if len(heavy) > few {
		return nil
	}
	for _, path := range heavy {
		try(escape(path), []string{path})
	}
	return lines
}
