package suggest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/ignore"
)

// cover is the question which patterns catch some paths and nothing else.
type cover struct {
	name *named
	// want are the paths to catch, sorted.
	want []string
	// spare are the paths that no pattern may catch.
	spare []string
	// avoid are directories, with a slash behind them ("" is the root), in which
	// an instruction with wildcards may name what is not there yet: no wildcard
	// of ours reaches into one, or into what lies above or below.
	avoid []string
	// weigh returns how many bytes go with a path.
	weigh func(path string) int64
}

// line is one pattern with what it catches of the paths that were wanted.
type line struct {
	pattern string
	catches []string
}

// lines returns the fewest patterns, wide ones first where they are true.
func (c *cover) lines() []line {
	if len(c.want) == 0 {
		return nil
	}
	if c.name.rule.Contents {
		return c.contents()
	}
	var lines []line
	try := func(pattern string, paths, spare []string) bool {
		ok := c.isTrue(pattern, paths, spare)
		if ok {
			lines = append(lines, line{pattern, paths})
		}
		return ok
	}
	// A pattern that begins with a directory catches nothing outside of it, so
	// that only what is to be spared below needs to be looked at.
	var below func(prefix string, want, spare []string)
	below = func(prefix string, want, spare []string) {
		if c.wide(prefix, want) && try(c.deep(prefix), want, spare) {
			return
		}
		if want = c.byBase(prefix, want, spare, try); len(want) == 0 {
			return
		}
		var here []string
		groups := map[string][]string{}
		var order []string
		for _, p := range want {
			dir, _, more := strings.Cut(p[len(prefix):], "/")
			if !more {
				here = append(here, p)
				continue
			}
			if groups[dir] == nil {
				order = append(order, dir)
			}
			groups[dir] = append(groups[dir], p)
		}
		// *.log beside each other, where deeper ones must stay.
		together := len(here) > 1 && c.name.star && !c.name.rule.Exact && !c.avoided(prefix)
		if !together || !try(escape(prefix)+c.name.pattern(), here, spare) {
			for _, p := range here {
				try(escape(p), []string{p}, spare)
			}
		}
		for _, dir := range order {
			group := groups[dir]
			if len(group) == 1 {
				try(escape(group[0]), group, spare)
				continue
			}
			inDir := prefix + dir + "/"
			below(inDir, group, slices.DeleteFunc(slices.Clone(spare), func(p string) bool { return !strings.HasPrefix(p, inDir) }))
		}
	}
	below("", c.want, c.spare)
	return lines
}

// isTrue tells whether a pattern catches all of some paths and none of others.
func (c *cover) isTrue(pattern string, paths, spare []string) bool {
	m, ok := compile(pattern)
	caught := func(path string) bool { return catches(m, path) }
	return ok && !slices.ContainsFunc(spare, caught) &&
		!slices.ContainsFunc(paths, func(path string) bool { return !caught(path) })
}

// byBase tries the names that several files have, where the pattern with the star
// catches too much, and returns the paths that are left.
func (c *cover) byBase(prefix string, want, spare []string, try func(pattern string, paths, spare []string) bool) []string {
	if !c.name.star || len(c.name.above) > 0 || c.name.text == "*" || !c.wide(prefix, want) {
		return want
	}
	byBase := map[string][]string{}
	for _, p := range want {
		base := p[strings.LastIndexByte(p, '/')+1:]
		byBase[base] = append(byBase[base], p)
	}
	for _, base := range slices.Sorted(maps.Keys(byBase)) {
		paths := byBase[base]
		if len(paths) > 1 && try(escape(prefix)+"**/"+escape(base), paths, spare) {
			want = slices.DeleteFunc(slices.Clone(want), func(p string) bool { return p[strings.LastIndexByte(p, '/')+1:] == base })
		}
	}
	return want
}

// wide tells whether a pattern for the whole directory is worth a try. What has a
// name that other things have, too, is written as it was found where there is one.
func (c *cover) wide(prefix string, want []string) bool {
	r := c.name.rule
	return !r.Exact && !c.avoided(prefix) && (len(want) > 1 || prefix == "" && !r.AtRoot)
}

// avoided tells whether a pattern below prefix could catch what is to be avoided.
func (c *cover) avoided(prefix string) bool {
	return slices.ContainsFunc(c.avoid, func(dir string) bool {
		return strings.HasPrefix(dir, prefix) || strings.HasPrefix(prefix, dir)
	})
}

func (c *cover) deep(prefix string) string {
	if prefix == "" {
		return "**/" + c.name.pattern()
	}
	return escape(prefix) + "**/" + c.name.pattern()
}

// withoutCovered drops a suggestion whose paths another catches that is as sure.
func withoutCovered(all []Suggestion) []Suggestion {
	slices.SortStableFunc(all, func(a, b Suggestion) int {
		return cmp.Or(
			-cmp.Compare(a.Confidence, b.Confidence),
			-cmp.Compare(len(a.Paths), len(b.Paths)),
			cmp.Compare(a.Pattern, b.Pattern),
			cmp.Compare(a.ID, b.ID),
		)
	})
	var kept []Suggestion
	var wide []*ignore.Matcher // of those that may catch more than their own paths
	taken := map[string]bool{}
	for _, s := range all {
		caught := func(path string) bool {
			return taken[path] || slices.ContainsFunc(wide, func(m *ignore.Matcher) bool { return catches(m, path) })
		}
		if !slices.ContainsFunc(s.Paths, func(path string) bool { return !caught(path) }) {
			continue
		}
		kept = append(kept, s)
		for _, path := range s.Paths {
			taken[path] = true
		}
		if m, ok := compile(s.Pattern); ok && (len(s.Paths) > 1 || s.Pattern != escape(s.Paths[0])) {
			wide = append(wide, m)
		}
	}
	return kept
}
