package suggest

import (
	"regexp"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// named is one name of one rule.
type named struct {
	rule *Rule
	// Instead of rule, secret is set of the name of a [SecretRule], and words and
	// tool of that of a manifest.
	secret *SecretRule
	words  []string
	tool   *regexp.Regexp
	text   string   // as the catalogue has it
	above  []string // components above the last, nearest last
	// Of the last component: what stands before the first star, between two, and
	// behind the last. Without a star, prefix is the component.
	prefix, middle, suffix string
	star                   bool
	bytes                  uint64 // of middle, as [byteSet] has it
}

func newNamed(rule *Rule, text string) *named {
	parts := strings.Split(text, "/")
	last := parts[len(parts)-1]
	n := &named{rule: rule, text: text, above: parts[:len(parts)-1]}
	n.prefix, n.suffix, n.star = strings.Cut(last, "*")
	if middle, suffix, two := strings.Cut(n.suffix, "*"); two {
		n.middle, n.suffix, n.bytes = middle, suffix, byteSet(middle)
	}
	return n
}

// pattern is the name as a pattern has it.
func (n *named) pattern() string {
	components := strings.Split(n.text, "/")
	for i, c := range components {
		stars := strings.Split(c, "*")
		for j := range stars {
			stars[j] = escape(stars[j])
		}
		components[i] = strings.Join(stars, "*")
	}
	return strings.Join(components, "/")
}

// last is the last component of the pattern.
func (n *named) last() string {
	p := n.pattern()
	return p[strings.LastIndexByte(p, '/')+1:]
}

func (n *named) matches(name string) bool {
	if !n.star {
		return name == n.prefix
	}
	return len(name) >= len(n.prefix)+len(n.middle)+len(n.suffix) &&
		strings.HasPrefix(name, n.prefix) && strings.HasSuffix(name, n.suffix) &&
		(n.middle == "" || strings.Contains(name[len(n.prefix):len(name)-len(n.suffix)], n.middle))
}

// base returns the directory that holds the first component of the name, where
// dir is the one that holds the entry.
func (n *named) base(inv *buildcontext.Inventory, dir buildcontext.DirID) (buildcontext.DirID, bool) {
	for _, above := range slices.Backward(n.above) {
		if dir == 0 || inv.Name(inv.DirEntry(dir)) != above {
			return 0, false
		}
		dir = inv.Parent(dir)
	}
	return dir, true
}

// match is one name that an entry falls under.
type match struct {
	*named
	// base is the directory that holds the first component of the name.
	base buildcontext.DirID
	// marked tells that what lies in the entry, and not its name, is known.
	marked bool
}

// index finds the names that an entry falls under without trying all of them: it
// is asked about every entry of a context.
type index struct {
	exact map[string][]*named
	// lengths has, for each first byte, a bit for each length of an exact name.
	lengths [256]uint64
	first   [256][]*named // with a star, by the first byte before it
	last    [256][]*named // with a star in front, by the last byte
	// starts and ends spare most names the two lists.
	starts, ends pairs
	within       []*named // with a star at both ends
	marked       []*named // about directories of any name, by what lies in them
}

var rules = newIndex(catalogue)

func newIndex(catalogue []*Rule) *index {
	x := &index{exact: map[string][]*named{}}
	for _, r := range catalogue {
		for _, text := range r.Names {
			x.add(newNamed(r, text))
		}
	}
	return x
}

func (x *index) add(n *named) {
	switch {
	case n.text == "*":
		x.marked = append(x.marked, n)
	case !n.star:
		x.exact[n.prefix] = append(x.exact[n.prefix], n)
		x.lengths[n.prefix[0]] |= lengthBit(n.prefix)
	case n.prefix != "":
		x.first[n.prefix[0]] = append(x.first[n.prefix[0]], n)
		if len(n.prefix) > 1 {
			x.starts.add(n.prefix[0], n.prefix[1])
		} else {
			for second := range 256 {
				x.starts.add(n.prefix[0], byte(second))
			}
		}
	case n.suffix != "":
		end := n.suffix[len(n.suffix)-1]
		x.last[end] = append(x.last[end], n)
		if len(n.suffix) > 1 {
			x.ends.add(n.suffix[len(n.suffix)-2], end)
		} else {
			for before := range 256 {
				x.ends.add(byte(before), end)
			}
		}
	default:
		x.within = append(x.within, n)
	}
}

// pairs is a set of pairs of bytes.
type pairs [1 << 16 / 64]uint64

func (p *pairs) add(a, b byte)      { p[int(a)<<2|int(b>>6)] |= 1 << (b % 64) }
func (p *pairs) has(a, b byte) bool { return p[int(a)<<2|int(b>>6)]&(1<<(b%64)) != 0 }

func lengthBit(name string) uint64 { return 1 << (len(name) % 64) }

// match appends the names that the entry called name in dir falls under.
func (x *index) match(inv *buildcontext.Inventory, dir buildcontext.DirID, name string, to []match) []match {
	if name == "" {
		return to
	}
	if x.lengths[name[0]]&lengthBit(name) != 0 {
		to = appendMatches(to, x.exact[name], inv, dir, name)
	}
	end := len(name) - 1
	if end == 0 || x.starts.has(name[0], name[1]) {
		to = appendMatches(to, x.first[name[0]], inv, dir, name)
	}
	if end == 0 || x.ends.has(name[end-1], name[end]) {
		to = appendMatches(to, x.last[name[end]], inv, dir, name)
	}
	if len(x.within) == 0 {
		return to
	}
	set := byteSet(name)
	for i, n := range x.within {
		if n.bytes&^set == 0 {
			to = appendMatches(to, x.within[i:i+1], inv, dir, name)
		}
	}
	return to
}

// byteSet has a bit for each byte of a text, the same for bytes that are 64 apart.
// A text that lacks a bit does not contain one that has it.
func byteSet(text string) uint64 {
	set := uint64(0)
	for i := range len(text) {
		set |= 1 << (text[i] % 64)
	}
	return set
}

func appendMatches(to []match, names []*named, inv *buildcontext.Inventory, dir buildcontext.DirID, name string) []match {
	for _, n := range names {
		if n.star && (!strings.HasPrefix(name, n.prefix) || !n.matches(name)) {
			continue
		}
		if base, ok := n.base(inv, dir); ok {
			to = append(to, match{named: n, base: base})
		}
	}
	return to
}

// marks appends the names of the rules that know a directory by what lies in it.
func (x *index) marks(inv *buildcontext.Inventory, dir, sub buildcontext.DirID, to []match) []match {
	for _, n := range x.marked {
		if _, ok := inv.Child(sub, n.rule.mark); ok {
			to = append(to, match{named: n, base: dir, marked: true})
		}
	}
	return to
}
