package ignore

import (
	"math/bits"
	"path"
	"strings"

	"github.com/moby/patternmatcher"
)

// pattern is one compiled pattern, without its "!": taken apart, or left to moby,
// or, where both are missing, without meaning.
type pattern struct {
	segments []segment
	moby     *patternmatcher.PatternMatcher
}

func compile(text string) pattern {
	if segments, ok := decompose(text); ok {
		return pattern{segments: segments}
	}
	// As an exception, and with "/." behind it, the text passes through New
	// unchanged, whatever it begins and ends with.
	m, err := patternmatcher.New([]string{"!" + text + "/."})
	if err != nil {
		return pattern{}
	}
	p := pattern{moby: m}
	// The first use compiles the regular expression, and with that the others are
	// safe for concurrent use.
	if _, err := p.ask(""); err != nil {
		return pattern{}
	}
	return p
}

// bad tells that the pattern has no meaning: it fails when it is first tried.
func (p *pattern) bad() bool { return p.segments == nil && p.moby == nil }

// ask compares name with the pattern by moby's own code: whether the one
// exception in p.moby takes a matched path back is the bare comparison. It fails,
// with [path.ErrBadPattern], only for a bad pattern.
func (p *pattern) ask(name string) (bool, error) {
	if p.moby == nil {
		return false, path.ErrBadPattern
	}
	kept, err := p.moby.MatchesUsingParentResult(name, true) //nolint:staticcheck // deprecated for lists; exact for a list of one
	return !kept && err == nil, err
}

// meets compares the pattern with name and with every directory above it. above
// is the length of the topmost directory that matches, or 0. It fails only for a
// bad pattern.
func (p *pattern) meets(name string) (itself bool, above int, err error) {
	if p.bad() {
		return false, 0, path.ErrBadPattern
	}
	live := uint64(1)
	for start := 0; live != 0; start++ {
		end := len(name)
		if slash := strings.IndexByte(name[start:], '/'); slash >= 0 {
			end = start + slash
		}
		var match bool
		if p.segments != nil {
			live, match = p.advance(live, name[start:end])
		} else {
			match, _ = p.ask(name[:end])
		}
		switch {
		case end == len(name):
			return match, above, nil
		case match && above == 0:
			above = end
		}
		start = end
	}
	return false, above, nil
}

// advance takes the set of segments that a name may be compared with to the set
// for the names below it. It tells whether a path may end at the name.
func (p *pattern) advance(live uint64, name string) (below uint64, match bool) {
	for ; live != 0; live &= live - 1 {
		i := bits.TrailingZeros64(live)
		s := &p.segments[i]
		if s.reach == deep || s.reach == deepLines && !hasFeed(name) {
			below |= 1 << i
		}
		if s.match(name) {
			match = match || s.end
			if i+1 < len(p.segments) {
				below |= 1 << (i + 1)
			}
		}
	}
	return below, match
}
