package ignore

// certainty is what is known of everything below a directory.
type certainty uint8

const (
	uncertain certainty = iota
	certainlyKept
	certainlyIgnored
)

// forget takes out of live and memory what cannot change a [Decision] about
// anything below any more, so that directories with the same prospects get the
// same state, and most of them one that has little to test.
//
// The rules are gone through once with what the verdict may be before each. A
// rule that matches for sure settles it. A rule that can only say again what is
// settled never takes effect.
func (x *machine) forget(live, memory set) certainty {
	if x.mayFail {
		return uncertain // a rule without meaning fails even where it cannot matter
	}
	possible, sure := newSet(len(x.rules)), newSet(len(x.rules))
	copy(sure, memory)
	for node := range live.members {
		rule := int(x.rule[node])
		possible.add(rule)
		if x.all.has(node) && x.deep.has(node) && x.ends.has(node) {
			sure.add(rule)
		}
	}
	floor := x.floor(sure)
	const kept, ignored = 1, 2
	verdicts := kept
	for rule := range x.rules {
		says := ignored
		if x.exceptions.has(rule) {
			says = kept
		}
		switch {
		case rule < floor || verdicts == says:
			memory.remove(rule)
			possible.remove(rule)
		case sure.has(rule):
			verdicts = says
		case possible.has(rule):
			verdicts |= says
		}
	}
	for node := range live.members {
		if rule := int(x.rule[node]); !possible.has(rule) || memory.has(rule) {
			live.remove(node)
		}
	}
	switch verdicts {
	case kept:
		return certainlyKept
	case ignored:
		return certainlyIgnored
	default:
		return uncertain
	}
}

// floor returns the last rule out of sure that the last one contradicts: what
// comes before it decides nothing.
func (x *machine) floor(sure set) int {
	last, floor := -1, 0
	for rule := range sure.members {
		if last >= 0 && x.exceptions.has(rule) != x.exceptions.has(last) {
			floor = last
		}
		last = rule
	}
	return floor
}
