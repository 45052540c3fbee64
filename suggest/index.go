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
	first [256][]keyed // with a star, by the first byte before it
	last  [256][]keyed // with a star in front, by the last byte
	// exacts, starts and ends spare most names the three above.
	exacts, starts, ends sieve
	within               []keyed   // with a star at both ends
	dotted               []keyed   // of these, with a dot at both ends of what stands between
	dottedByte           [256]bool // which bytes stand behind the first of these dots
	marked               []*named  // about directories of any name, by what lies in them
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
		x.exacts.add(whole(headOf(n.prefix), tailOf(n.prefix), len(n.prefix)))
	case n.prefix != "":
		x.first[n.prefix[0]] = append(x.first[n.prefix[0]], newKeyed(n))
		x.starts.add(headOf(n.prefix) & sieved(n.prefix))
	case n.suffix != "":
		end := n.suffix[len(n.suffix)-1]
		x.last[end] = append(x.last[end], newKeyed(n))
		x.ends.add(tailOf(n.suffix) & sieved(n.suffix))
	case len(n.middle) > 2 && strings.HasPrefix(n.middle, ".") && strings.HasSuffix(n.middle, "."):
		x.dotted = append(x.dotted, newKeyed(n))
		x.dottedByte[n.middle[1]] = true
	default:
		x.within = append(x.within, newKeyed(n))
	}
}

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
	head, tail := headOf(name), tailOf(name)
	if x.exacts.has(whole(head, tail, len(name))) {
		for _, n := range x.exact[name] {
			if n.fits(name) && !visit(n) {
				return false
			}
		}
	}
	return (!x.starts.hasAny(head) || each(x.first[name[0]], name, visit)) &&
		(!x.ends.hasAny(tail) || each(x.last[name[len(name)-1]], name, visit)) &&
		(!x.mayBeDotted(name) || each(x.dotted, name, visit)) && each(x.within, name, visit)
}

// mayBeDotted tells of few names that do not fall under one of dotted that they may.
func (x *index) mayBeDotted(name string) bool {
	last := strings.LastIndexByte(name, '.')
	for i := range last {
		if name[i] == '.' && x.dottedByte[name[i+1]] {
			return true
		}
	}
	return false
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
