package budget

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

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
	value, ok := parseNumber(number)
	if !ok || value*factor >= math.MaxInt64 {
		return 0, fmt.Errorf("%q is no size: write 50MB, 48MiB or a number of bytes", text)
	}
	return int64(math.Round(value * factor)), nil
}

// parseNumber reads a decimal number that is not negative.
func parseNumber(text string) (float64, bool) {
	if strings.Trim(text, "0123456789.") != "" {
		return 0, false
	}
	value, err := strconv.ParseFloat(text, 64)
	return value, err == nil
}

// Growth is how much may be added to a base: a part of it, and bytes.
type Growth struct {
	// Percent of the base, and Bytes beside it.
	Percent float64
	Bytes   int64
}

// ParseGrowth reads "10%", "5MB", or "10%+5MB", which are ten percent of the base
// and 5 MB on top, so that a small base may grow, too.
func ParseGrowth(text string) (Growth, error) {
	var g Growth
	size := strings.TrimSpace(text)
	if part, rest, ok := strings.Cut(size, "%"); ok {
		percent, isNumber := parseNumber(strings.TrimSpace(part))
		if !isNumber {
			return g, fmt.Errorf("%q is no growth: write 10%%, 5MB or 10%%+5MB", text)
		}
		g.Percent = percent
		if size = strings.TrimSpace(rest); size == "" {
			return g, nil
		}
		var plus bool
		if size, plus = strings.CutPrefix(size, "+"); !plus {
			return g, fmt.Errorf("%q is no growth: write 10%%, 5MB or 10%%+5MB", text)
		}
	}
	var err error
	if g.Bytes, err = ParseSize(size); err != nil {
		return g, fmt.Errorf("%q is no growth: write 10%%, 5MB or 10%%+5MB", text)
	}
	return g, nil
}

// Of returns how many bytes a base may grow by, rounded down.
func (g Growth) Of(base int64) int64 {
	allowed := math.Floor(float64(base)*g.Percent/100) + float64(g.Bytes)
	if allowed >= math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(allowed)
}
