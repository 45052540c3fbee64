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
}

func newNamed(rule *Rule, text string) *named {
	parts := strings.Split(text, "/")
	last := parts[len(parts)-1]
	n := &named{rule: rule, text: text, above: parts[:len(parts)-1]}
	n.prefix, n.suffix, n.star = strings.Cut(last, "*")
	if middle, suffix, two := strings.Cut(n.suffix, "*"); two {
		n.middle, n.suffix = middle, suffix
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

// fits tells whether a name that matches is not one that the rule is not about.
func (n *named) fits(name string) bool { return n.secret == nil || n.secret.fits(name) }

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
	// lengths has, for each first byte, a bit for each length of an exact name, and
	// outer its first and last byte.
	lengths [256]uint64
	outer   pairs
	first   [256][]keyed // with a star, by the first byte before it
	last    [256][]keyed // with a star in front, by the last byte
	// starts and ends spare most names the two lists.
	starts, ends pairs
	within       []keyed  // with a star at both ends
	dotted       []keyed  // of these, with a dot at both ends of what stands between
	marked       []*named // about directories of any name, by what lies in them
}

// keyed is a name with a star, and what of its ends can be compared as a number.
type keyed struct {
	head, headMask, tail, tailMask uint32
	*named
}

func newKeyed(n *named) keyed {
	k := keyed{named: n}
	k.head, k.headMask = headOf(n.prefix), headOf(strings.Repeat("\xff", len(n.prefix)))
	k.tail, k.tailMask = tailOf(n.suffix), tailOf(strings.Repeat("\xff", len(n.suffix)))
	return k
}

// headOf returns the first four bytes of a text, and tailOf the last four; zeros
// take the place of those that a shorter one lacks.
func headOf(text string) uint32 {
	if len(text) >= 4 {
		return uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16 | uint32(text[3])<<24
	}
	head := uint32(0)
	for i := range len(text) {
		head |= uint32(text[i]) << (8 * i)
	}
	return head
}

func tailOf(text string) uint32 {
	if n := len(text); n >= 4 {
		return uint32(text[n-1]) | uint32(text[n-2])<<8 | uint32(text[n-3])<<16 | uint32(text[n-4])<<24
	}
	tail := uint32(0)
	for i := range len(text) {
		tail |= uint32(text[len(text)-1-i]) << (8 * i)
	}
	return tail
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
		x.outer.add(n.prefix[0], n.prefix[len(n.prefix)-1])
	case n.prefix != "":
		x.first[n.prefix[0]] = append(x.first[n.prefix[0]], newKeyed(n))
		if len(n.prefix) > 1 {
			x.starts.add(n.prefix[0], n.prefix[1])
		} else {
			for second := range 256 {
				x.starts.add(n.prefix[0], byte(second))
			}
		}
	case n.suffix != "":
		end := n.suffix[len(n.suffix)-1]
		x.last[end] = append(x.last[end], newKeyed(n))
		if len(n.suffix) > 1 {
			x.ends.add(n.suffix[len(n.suffix)-2], end)
		} else {
			for before := range 256 {
				x.ends.add(byte(before), end)
			}
		}
	case strings.HasPrefix(n.middle, ".") && strings.HasSuffix(n.middle, "."):
		x.dotted = append(x.dotted, newKeyed(n))
	default:
		x.within = append(x.within, newKeyed(n))
	}
}

// pairs is a set of pairs of bytes.
type pairs [1 << 16 / 64]uint64

func (p *pairs) add(a, b byte)      { p[int(a)<<2|int(b>>6)] |= 1 << (b % 64) }
func (p *pairs) has(a, b byte) bool { return p[int(a)<<2|int(b>>6)]&(1<<(b%64)) != 0 }

func lengthBit(name string) uint64 { return 1 << (len(name) % 64) }

// match appends the names that the entry called name in dir falls under.
func (x *index) match(inv *buildcontext.Inventory, dir buildcontext.DirID, name string, to []match) []match {
	x.each(name, func(n *named) bool {
		if base, ok := n.base(inv, dir); ok {
			to = append(to, match{named: n, base: base})
		}
		return true
	})
	return to
}

// knows tells whether an entry called name falls under one of the names, as far as
// the name of the directory that holds it tells: wherever that lies.
func (x *index) knows(dir, name string) bool {
	return !x.each(name, func(n *named) bool { return len(n.above) > 0 && n.above[len(n.above)-1] != dir })
}

// each calls visit for the names whose last component name falls under, until that
// returns false, and tells whether it never did.
func (x *index) each(name string, visit func(n *named) bool) bool {
	if name == "" {
		return true
	}
	end := len(name) - 1
	if x.lengths[name[0]]&lengthBit(name) != 0 && x.outer.has(name[0], name[end]) {
		for _, n := range x.exact[name] {
			if n.fits(name) && !visit(n) {
				return false
			}
		}
	}
	if (end == 0 || x.starts.has(name[0], name[1])) && !each(x.first[name[0]], name, visit) ||
		(end == 0 || x.ends.has(name[end-1], name[end])) && !each(x.last[name[end]], name, visit) ||
		strings.IndexByte(name, '.') != strings.LastIndexByte(name, '.') && !each(x.dotted, name, visit) {
		return false
	}
	return each(x.within, name, visit)
}

func each(names []keyed, name string, visit func(n *named) bool) bool {
	if len(names) == 0 {
		return true
	}
	head, tail := headOf(name), tailOf(name)
	for i := range names {
		k := &names[i]
		if head&k.headMask == k.head && tail&k.tailMask == k.tail && k.matches(name) && k.fits(name) && !visit(k.named) {
			return false
		}
	}
	return true
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
