// Package budget compares numbers with limits. It decides; it measures nothing and
// prints nothing. Start at [Limit] and [Check].
package budget

// Status is what became of a limit. The zero value is Pass.
type Status uint8

const (
	// Pass is within the limit.
	Pass Status = iota
	// Fail is beyond it.
	Fail
	// Skip is a limit that was not compared with anything; [Outcome.Why] tells why.
	Skip
)

// String returns the word of the reports.
func (s Status) String() string {
	switch s {
	case Fail:
		return "FAIL"
	case Skip:
		return "SKIP"
	default:
		return "PASS"
	}
}

// Facts are what limits are compared with. Bytes are those of [On].
type Facts struct {
	Bytes, Files int64
	// Heaviest returns the size of the largest file, and the files beyond a size,
	// the largest first.
	Heaviest func(beyond int64) (int64, []Offender)
	// Dir returns the bytes below a directory; false where there is none.
	Dir func(path string) (int64, bool)
	// Below returns what lies in a directory and counts, with all that lies below:
	// the heaviest first, or what has the most files.
	Below func(dir string, byFiles bool) []Offender
	// Base and Now are the two sides of a comparison in bytes.
	Base, Now int64
	// Forbidden returns what is there that may not be.
	Forbidden func(what string) []Offender
}

// Offender is an entry of the context on account of which a limit is exceeded.
type Offender struct {
	Path string
	// Bytes and Files are what is sent of it.
	Bytes int64
	Files int
	// Note says what is wrong with it, File and Line where that is written; they
	// are empty for a size.
	Note, File string
	Line       int
}

// Outcome is one limit with what was found.
type Outcome struct {
	Limit
	Status Status
	// Allowed and Actual are in bytes; for [MaxFiles] in files, for [Forbid] they
	// count what is forbidden. Of growth they are what may be, and was, added.
	Allowed, Actual int64
	// Why tells why a limit was skipped.
	Why string
	// Offenders are the worst first; none for a limit of all bytes together.
	Offenders []Offender
}

// Excess is by how much the limit is exceeded, 0 within it.
func (o Outcome) Excess() int64 {
	if o.Status != Fail {
		return 0
	}
	return o.Actual - o.Allowed
}

// Outcomes are those of every limit.
type Outcomes []Outcome

// Failed tells whether one limit is exceeded.
func (all Outcomes) Failed() bool { return all.Count(Fail) > 0 }

// Count returns how many have a status.
func (all Outcomes) Count(s Status) int {
	n := 0
	for _, o := range all {
		if o.Status == s {
			n++
		}
	}
	return n
}

// Check compares facts with limits. A fact is asked for only where a limit needs it.
func Check(limits []Limit, f Facts) Outcomes {
	var all Outcomes
	for _, l := range limits {
		o := Outcome{Limit: l, Allowed: l.Max}
		if l.Off {
			o.Status, o.Why = Skip, "off"
			all = append(all, o)
			continue
		}
		known := true
		switch l.Rule {
		case MaxSize:
			o.Actual = f.Bytes
		case MaxFiles:
			o.Actual = f.Files
		case MaxFileSize:
			o.Actual, o.Offenders = f.Heaviest(l.Max)
		case MaxDirSize:
			o.Actual, known = f.Dir(l.Dir)
			o.Why = "the context has no such directory"
		case MaxGrowth:
			o.Allowed, o.Actual = l.Growth.Of(f.Base), f.Now-f.Base
		case Forbid:
			o.Offenders = f.Forbidden(l.Text)
			o.Actual = int64(len(o.Offenders))
		}
		switch {
		case !known:
			o.Status = Skip
		case o.Actual > o.Allowed:
			o.Status, o.Why = Fail, ""
			switch l.Rule {
			case MaxFiles:
				o.Offenders = f.Below(".", true)
			case MaxDirSize:
				o.Offenders = f.Below(l.Dir, false)
			}
		default:
			o.Why = ""
		}
		all = append(all, o)
	}
	return all
}
