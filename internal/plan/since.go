package plan

import (
	"strconv"
	"strings"
	"time"
)

// sinceForms are the forms of a date.
var sinceForms = []string{time.DateOnly, time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05"}

// ParseSince reads a date as people give it to git: "2026-01-31", with a time or
// without, or how long ago ("6 months ago", "2 weeks", "yesterday"). "" is the zero
// time. The error is a [UsageError].
func ParseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, form := range sinceForms {
		if t, err := time.ParseInLocation(form, text, now.Location()); err == nil {
			return t, nil
		}
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == '.' || r == '_' })
	if len(words) == 1 && words[0] == "yesterday" {
		return now.AddDate(0, 0, -1), nil
	}
	if len(words) == 3 && words[2] == "ago" {
		words = words[:2]
	}
	if len(words) == 2 {
		n, err := strconv.Atoi(words[0])
		if t, ok := ago(now, n, strings.TrimSuffix(words[1], "s")); err == nil && 0 <= n && n <= 1e6 && ok {
			return t, nil
		}
	}
	return time.Time{}, usage(`write 2026-01-31, or "6 months ago"`, "%q is no date", text)
}

func ago(now time.Time, n int, unit string) (time.Time, bool) {
	switch unit {
	case "minute":
		return now.Add(-time.Duration(n) * time.Minute), true
	case "hour":
		return now.Add(-time.Duration(n) * time.Hour), true
	case "day":
		return now.AddDate(0, 0, -n), true
	case "week":
		return now.AddDate(0, 0, -7*n), true
	case "month":
		return now.AddDate(0, -n, 0), true
	case "year":
		return now.AddDate(-n, 0, 0), true
	default:
		return now, false
	}
}
