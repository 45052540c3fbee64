package ignore

import (
	"slices"
	"strings"
	"sync/atomic"
)

// State is what an evaluator knows of a directory: all that its entries' names
// have to be compared with. It is immutable and safe for concurrent use, and
// directories with the same prospects share one.
type State struct {
	core *core
	// prefix is the path of the directory with a slash behind it, kept only where
	// moby has to be asked about whole paths; otherwise "".
	prefix string
}

// Certain tells whether every path below the directory, whatever its name, gets
// the same verdict, and which.
func (s *State) Certain() (ignored, certain bool) {
	return s.core.certainty == certainlyIgnored, s.core.certainty != uncertain
}

// core is a state without the path of the directory.
type core struct {
	x      *machine
	plain  bool // which evaluator: plain, or the tree walk
	live   set  // the nodes that names are compared with
	memory set  // the rules that are remembered as matched
	slow   set  // the rules that moby is asked about; nil for none
	ends   set  // of live, where the path of a file may end; nil for none

	// Most names pass no test. They get this verdict, unless moby has to be asked, or
	// they hold a line feed and it matters.
	usual Decision
	// even tells that neither can be; evenBelow, for a directory.
	even, evenBelow bool
	// usualBelow is the state of a directory with such a name, once it is asked for.
	usualBelow atomic.Pointer[core]

	certainty certainty
	state     State // of any directory, if slow is nil
}

// newCore copies what it is given.
func newCore(x *machine, plain bool, live, memory set, certainty certainty) *core {
	c := &core{x: x, plain: plain, live: slices.Clone(live), memory: slices.Clone(memory), certainty: certainty}
	c.state.core = c
	if live.meets(x.slow) {
		c.slow = newSet(len(x.rules))
		for node := range live.members {
			if x.slow.has(node) {
				c.slow.add(int(x.rule[node]))
			}
		}
	}
	c.even, c.evenBelow = c.slow == nil, c.slow == nil
	ends := make(set, len(live))
	some := false
	for w := range live {
		lines := live[w] & x.lines[w]
		c.even = c.even && lines&x.ends[w] == 0
		c.evenBelow = c.evenBelow && lines|live[w]&x.deepLines[w] == 0
		ends[w] = live[w] & x.ends[w] &^ (x.lines[w] | x.all[w])
		some = some || ends[w] != 0
	}
	if some {
		c.ends = ends
	}
	if c.slow == nil {
		hit := make(set, len(live))
		c.addUntested(false, hit)
		c.usual, _ = c.fold(hit, "", "", nil)
	}
	return c
}

// words is about how much memory the core takes.
func (c *core) words() int { return 3*len(c.live) + 2*len(c.memory) + 24 }

// Entry decides about the entry called name in the directory of s. It allocates
// nothing, unless a rule in force had to be left to moby. The error is a
// [RuleError] for a rule without meaning.
func (m *Matcher) Entry(s *State, name string) (Decision, error) {
	c := s.core
	if !c.x.index.find(c.ends, name, nil) && (c.even || c.slow == nil && !hasFeed(name)) {
		return c.usual, nil
	}
	var buf scratch
	hit := buf.set(len(c.live))
	c.hits(name, hit)
	return c.fold(hit, s.prefix, name, nil)
}

// Enter is [Matcher.Entry] for a directory. It also returns the state in which
// the directory's own entries are decided; after an error, as if the rule without
// meaning had not matched.
func (m *Matcher) Enter(s *State, name string) (Decision, *State, error) {
	c := s.core
	if !c.x.index.find(c.live, name, nil) && (c.evenBelow || c.slow == nil && !hasFeed(name)) {
		return c.usual, c.belowUsual(), nil
	}
	var hitBuf, memoryBuf scratch
	hit, memory := hitBuf.set(len(c.live)), memoryBuf.set(len(c.memory))
	feed := c.hits(name, hit)
	d, err := c.fold(hit, s.prefix, name, memory)
	child := c.enter(hit, feed, memory)
	if child.slow == nil {
		return d, &child.state, err
	}
	return d, &State{core: child, prefix: s.prefix + name + "/"}, err
}

// belowUsual returns the state of a directory whose name passes no test.
func (c *core) belowUsual() *State {
	child := c.usualBelow.Load()
	if child == nil {
		hit, memory := make(set, len(c.live)), make(set, len(c.memory))
		c.addUntested(false, hit)
		_, _ = c.fold(hit, "", "", memory)
		child = c.enter(hit, false, memory)
		c.usualBelow.Store(child)
	}
	return &child.state
}

// enter returns the state of a directory whose name matched at the nodes hit, and
// at which the rules of memory are remembered.
func (c *core) enter(hit set, feed bool, memory set) *core {
	var buf scratch
	below := buf.set(len(c.live))
	c.x.below(c.live, hit, feed, below)
	if slices.Equal(below, c.live) && slices.Equal(memory, c.memory) {
		return c
	}
	return c.x.intern(c.plain, below, memory)
}

// hits works out at which nodes name matches. It tells whether the name holds a
// line feed.
func (c *core) hits(name string, hit set) (feed bool) {
	feed = hasFeed(name)
	c.x.index.find(c.live, name, hit)
	c.addUntested(feed, hit)
	return feed
}

// addUntested adds the nodes that match every name, with a line feed or without.
func (c *core) addUntested(feed bool, hit set) {
	for w, live := range c.live {
		hit[w] |= live & c.x.all[w]
		if !feed {
			hit[w] |= live & c.x.lines[w]
		}
	}
}

// fold goes through the rules as the evaluators do. A rule that is remembered
// counts. Any other is looked at only while it can change the verdict, and counts
// if the name matched at one of its ends, or if moby says so. Into memory, if it
// is not nil, go the rules that the entries below have to remember: for the tree
// walk those that counted, for the plain evaluator all that match.
// (moby/patternmatcher, patternmatcher.go, MatchesUsingParentResults and
// MatchesOrParentMatches)
func (c *core) fold(hit set, prefix, name string, memory set) (Decision, error) {
	var buf scratch
	matched := buf.set(len(c.memory))
	for node := range hit.members {
		if c.x.ends.has(node) {
			matched.add(int(c.x.rule[node]))
		}
	}
	d := Decision{Rule: -1}
	var failure error
	path := ""
	for w := range matched {
		inForce := set{matched[w] | c.memory[w]}
		if c.slow != nil {
			inForce[0] |= c.slow[w]
		}
		for i := range inForce.members {
			rule := w*64 + i
			exception := c.x.exceptions.has(rule)
			remembered := c.memory.has(rule)
			counts := remembered || exception == d.Ignored
			if !counts && (memory == nil || !c.plain) {
				continue
			}
			match := remembered || matched.has(rule)
			if !match {
				if path == "" {
					path = prefix + name
				}
				var err error
				if match, err = c.x.patterns[rule].ask(path); err != nil && counts && failure == nil {
					failure = &RuleError{Rule: c.x.rules[rule], Err: errSyntax}
				}
			}
			if !match {
				continue
			}
			if memory != nil {
				memory.add(rule)
			}
			if exception == d.Ignored {
				d = Decision{Ignored: !exception, Rule: rule, Inherited: remembered}
			}
		}
	}
	if failure != nil {
		return Decision{}, failure
	}
	return d, nil
}

func hasFeed(name string) bool { return strings.IndexByte(name, '\n') >= 0 }

// scratch is room on the stack for a set, unless it is an unusually large one.
type scratch [8]uint64

func (s *scratch) set(words int) set {
	if words <= len(s) {
		return s[:words]
	}
	return make(set, words)
}
