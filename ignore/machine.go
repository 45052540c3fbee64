package ignore

// machine is a list of rules as one automaton. Its alphabet is names; each
// segment of each rule is a node, in the order of the rules. Immutable but for
// the states that are known, and safe for concurrent use.
type machine struct {
	patterns   []pattern
	rules      []Rule
	exceptions set // of rules
	mayFail    bool

	rule  []int32 // by node: the rule that it is part of
	index index

	// Sets of nodes.
	start     set // what names at the root are compared with
	inner     set // has a node behind it
	ends      set // a path may end here
	all       set // matches every name: not in the index
	lines     set // matches every name without a line feed: not in the index
	deep      set // stays below any name
	deepLines set // stays below names without a line feed
	slow      set // is a whole pattern that moby is asked about: not in the index

	known known
}

func newMachine(m *Matcher) *machine {
	nodes := 0
	for i := range m.patterns {
		nodes += max(len(m.patterns[i].segments), 1)
	}
	x := &machine{patterns: m.patterns, rules: m.rules, exceptions: newSet(len(m.rules)), mayFail: m.MayFail()}
	for _, s := range []*set{&x.start, &x.inner, &x.ends, &x.all, &x.lines, &x.deep, &x.deepLines, &x.slow} {
		*s = newSet(nodes)
	}
	tests := make([]*glob, 0, nodes)
	for i := range m.patterns {
		if m.exception[i] {
			x.exceptions.add(i)
		}
		x.start.add(len(tests))
		segments := m.patterns[i].segments
		if segments == nil {
			x.slow.add(len(tests))
			x.rule = append(x.rule, int32(i))
			tests = append(tests, nil)
		}
		for j := range segments {
			tests = append(tests, x.addNode(i, &segments[j], j+1 < len(segments)))
		}
	}
	x.index = newIndex(tests)
	x.known.states = map[string]*core{}
	return x
}

// addNode adds a segment as the next node and returns what the index has to find.
func (x *machine) addNode(rule int, s *segment, inner bool) *glob {
	node := len(x.rule)
	x.rule = append(x.rule, int32(rule))
	if inner {
		x.inner.add(node)
	}
	if s.end {
		x.ends.add(node)
	}
	switch s.reach {
	case deep:
		x.deep.add(node)
	case deepLines:
		x.deepLines.add(node)
	case next:
	}
	switch {
	case s.matchesAll() && s.line:
		x.lines.add(node)
	case s.matchesAll():
		x.all.add(node)
	default:
		return &s.glob
	}
	return nil
}

// root returns the state of the context's root.
func (x *machine) root(plain bool) *State {
	var liveBuf, memoryBuf scratch
	live, memory := liveBuf.set(len(x.start)), memoryBuf.set(words(len(x.rules)))
	copy(live, x.start)
	return &x.intern(plain, live, memory).state
}

// below works out what names below a name are compared with: live is the set of
// nodes that the name was compared with, hit those of them that it matched.
func (x *machine) below(live, hit set, lineFeed bool, out set) {
	carry := uint64(0)
	for w := range out {
		stays := x.deep[w] | x.slow[w]
		if !lineFeed {
			stays |= x.deepLines[w]
		}
		inner := hit[w] & x.inner[w]
		out[w] = live[w]&stays | inner<<1 | carry
		carry = inner >> 63
	}
}
