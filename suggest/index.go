package suggest

import (
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// named is one name of one rule.
type named struct {
	rule *Rule
	// secret is set in place of rule where the name is one of a [SecretRule].
	secret *SecretRule
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
	for i := len(n.above) - 1; i >= 0; i-- {
		if dir == 0 || inv.Name(inv.DirEntry(dir)) != n.above[i] {
			return 0, false
		}
		dir = inv.Parent(dir)
	}
	return dir, true
}

// index finds the rules that a name may fall under without trying all of them:
// it is asked about every entry of a context.
type index struct {
	exact  map[string][]*named
	first  [256][]*named // with a star, by the first byte before it
	last   [256][]*named // with a star in front, by the last byte
	within []*named      // with a star at both ends
	marked []*named      // about directories of any name, by what lies in them
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
	case n.prefix != "":
		x.first[n.prefix[0]] = append(x.first[n.prefix[0]], n)
	case n.suffix == "":
		x.within = append(x.within, n)
	default:
		end := n.suffix[len(n.suffix)-1]
		x.last[end] = append(x.last[end], n)
	}
}

// each calls visit for every name that the entry called name in dir falls under.
func (x *index) each(inv *buildcontext.Inventory, dir buildcontext.DirID, name string, visit func(n *named, base buildcontext.DirID)) {
	try := func(n *named) {
		if !n.star || n.matches(name) {
			if base, ok := n.base(inv, dir); ok {
				visit(n, base)
			}
		}
	}
	for _, n := range x.exact[name] {
		try(n)
	}
	if name == "" {
		return
	}
	for _, n := range x.first[name[0]] {
		try(n)
	}
	for _, n := range x.last[name[len(name)-1]] {
		try(n)
	}
	for _, n := range x.within {
		try(n)
	}
}
