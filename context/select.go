package buildcontext

import (
	"errors"
	"slices"

	"github.com/ctxsize/ctxsize/ignore"
)

// Request is what a builder asks of a client for one transfer.
type Request struct {
	Builder Builder
	// Rules are those of the ignore file, in order.
	Rules []ignore.Rule
	// Include is the request list. For BuildKit it is what [FollowPaths] makes of
	// it; nil asks for the whole context. Classic has none. For Podman it is the
	// sources themselves, links resolved, and "/" is the whole context.
	Include []string
	// Dockerfile is the path that the classic client rescues: relative to the
	// context, links resolved; "" where the Dockerfile lies outside or comes
	// from standard input.
	Dockerfile string
	// Added is set where the classic client adds the Dockerfile to the tar,
	// because it lies outside the context or comes from standard input.
	Added *Added
}

// Added is a Dockerfile that the classic client adds to the tar, and with it a
// line to the ignore file.
type Added struct {
	// Dockerfile is the size of its text in bytes.
	Dockerfile int64
}

// Selection is which entries of an inventory a builder sends, and why the others
// stay behind. It is immutable but for [Selection.Complete].
type Selection struct {
	Request
	inv *Inventory
	// rules are those that count; decided indexes them.
	rules   []ignore.Rule
	marks   []mark
	decided []uint16     // one more than the rule's index; 0 is none
	wide    map[ID]int32 // rules whose index is too large for that
	// Stopped is the rule without meaning at which the classic client's walk
	// ends: what comes behind it is not sent, and nobody is told.
	Stopped error

	completed bool
}

// mark says what becomes of an entry.
type mark uint8

const (
	// eligible: the ignore file keeps it.
	eligible mark = 1 << iota
	// sent: the builder receives it.
	sent
	// carried: it is sent for what lies below it, and not without.
	carried
	// emptied: BuildKit announces it with its size and sends no content.
	emptied
)

// errPruned is a mistake of the caller's, who scanned for other rules.
var errPruned = errors.New("a directory that the scan was told to leave out is needed")

// Select decides for every entry what the builder makes of it. The error is a
// [RefusalError] where the builder itself would stop before or while it sends;
// otherwise the inventory was pruned for another request that reads less.
func Select(inv *Inventory, req Request) (*Selection, error) {
	s := &Selection{
		Request: req,
		inv:     inv,
		marks:   make([]mark, inv.Len()),
		decided: make([]uint16, inv.Len()),
	}
	if req.Builder == Podman {
		matcher, err := ignore.CompilePodman(req.Rules)
		if err != nil {
			return nil, &RefusalError{Err: err}
		}
		return s, s.selectPodman(matcher)
	}
	if req.Builder == Classic {
		return s, s.selectClassic()
	}
	return s, s.selectBuildKit()
}

// Inventory returns what the selection selects from.
func (s *Selection) Inventory() *Inventory { return s.inv }

// Rules returns the rules that count, in order. The caller must not change them.
func (s *Selection) Rules() []ignore.Rule { return s.rules }

// Eligible tells whether the ignore file keeps the entry.
func (s *Selection) Eligible(id ID) bool { return s.marks[id]&eligible != 0 }

// Sent tells whether the builder receives the entry.
func (s *Selection) Sent(id ID) bool { return s.marks[id]&sent != 0 }

// Emptied tells whether BuildKit announces the file and sends no content.
func (s *Selection) Emptied(id ID) bool { return s.marks[id]&emptied != 0 }

// AnyEmptied tells whether BuildKit empties any file.
func (s *Selection) AnyEmptied() bool {
	return slices.ContainsFunc(s.marks, func(m mark) bool { return m&emptied != 0 })
}

// Rule returns the index of the rule that decides about the entry, or about the
// ignored directory above it; -1 where none does.
func (s *Selection) Rule(id ID) int {
	if s.decided[id] == wideRule {
		return int(s.wide[id])
	}
	return int(s.decided[id]) - 1
}

// wideRule stands in decided for what lies in wide.
const wideRule = 1<<16 - 1

func (s *Selection) setRule(id ID, rule int32) {
	if rule+1 < wideRule {
		s.decided[id] = uint16(rule + 1)
		return
	}
	if s.wide == nil {
		s.wide = map[ID]int32{}
	}
	s.decided[id], s.wide[id] = wideRule, rule
}

// EachSent calls visit for what is sent, in the order in which it is sent.
func (s *Selection) EachSent(visit func(id ID, path string)) {
	s.inv.Walk(0, func(id ID, path string) bool {
		if s.Sent(id) {
			visit(id, path)
		}
		// Classic sends what lies below a directory without the directory.
		return true
	})
}

// MadeUp returns the paths, besides the random name of the Dockerfile, that the
// classic client sends without having read them.
func (s *Selection) MadeUp() []string {
	if s.Added == nil {
		return nil
	}
	if id, ok := s.inv.Child(0, dockerignore); ok && s.Sent(id) {
		return nil
	}
	return []string{dockerignore}
}

// ignoreBelow marks everything below a directory that nobody enters.
func (s *Selection) ignoreBelow(dir DirID, rule int32) {
	first, count := s.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		s.setRule(id, rule)
		if sub, ok := s.inv.Dir(id); ok {
			s.ignoreBelow(sub, rule)
		}
	}
}
