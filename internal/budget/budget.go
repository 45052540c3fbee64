// Package budget compares a measurement with limits. It decides; it measures
// nothing and prints nothing.
package budget

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// Limits are the most that may be sent. A nil limit is off.
type Limits struct {
	MaxBytes *int64
	MaxFiles *int64
}

// None tells whether no limit is on.
func (l Limits) None() bool { return l.MaxBytes == nil && l.MaxFiles == nil }

// ParseLimits reads limits as people write them; "" and "off" are none.
func ParseLimits(maxSize, maxFiles string) (Limits, error) {
	var l Limits
	if on(maxSize) {
		n, err := ParseSize(maxSize)
		if err != nil {
			return l, err
		}
		l.MaxBytes = &n
	}
	if on(maxFiles) {
		n, err := strconv.ParseInt(maxFiles, 10, 64)
		if err != nil || n < 0 {
			return l, fmt.Errorf("%q is no number of files", maxFiles)
		}
		l.MaxFiles = &n
	}
	return l, nil
}

func on(limit string) bool { return limit != "" && limit != "off" }

// units tells powers of 1000 from powers of 1024.
var units = []struct {
	name  string
	bytes float64
}{
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
	{"TiB", 1 << 40},
	{"kB", 1e3},
	{"KB", 1e3},
	{"MB", 1e6},
	{"GB", 1e9},
	{"TB", 1e12},
	{"B", 1},
}

// ParseSize reads a number of bytes: "10kB" is 10,000, "10KiB" is 10,240, and a
// bare number is bytes.
func ParseSize(text string) (int64, error) {
	number, factor := strings.TrimSpace(text), 1.0
	for _, u := range units {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, factor = strings.TrimSpace(rest), u.bytes
			break
		}
	}
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || value < 0 || value*factor >= math.MaxInt64 || math.IsNaN(value) {
		return 0, fmt.Errorf("%q is no size", text)
	}
	return int64(math.Round(value * factor)), nil
}

// Outcome is one limit with what was found.
type Outcome struct {
	// Rule is the name of the limit: "max-size" or "max-files".
	Rule          string
	Limit, Actual int64
}

// Failed tells whether the limit is exceeded.
func (o Outcome) Failed() bool { return o.Actual > o.Limit }

// Excess is by how much, 0 within the limit.
func (o Outcome) Excess() int64 { return max(0, o.Actual-o.Limit) }

// Outcomes are those of every limit that is on.
type Outcomes []Outcome

// Failed tells whether one limit is exceeded.
func (all Outcomes) Failed() bool {
	for _, o := range all {
		if o.Failed() {
			return true
		}
	}
	return false
}

// Check compares what is sent with the limits.
func Check(l Limits, m *buildcontext.Measurement) Outcomes {
	var all Outcomes
	if l.MaxBytes != nil {
		all = append(all, Outcome{Rule: "max-size", Limit: *l.MaxBytes, Actual: m.Sent.Bytes})
	}
	if l.MaxFiles != nil {
		all = append(all, Outcome{Rule: "max-files", Limit: *l.MaxFiles, Actual: int64(m.Sent.Files)})
	}
	return all
}
