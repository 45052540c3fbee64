package budget_test

import (
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/budget"
)

func TestParseSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0": 0, "1": 1, "50000000": 50_000_000, "10B": 10,
		"10kB": 10_000, "10KB": 10_000, "10KiB": 10_240,
		"50MB": 50_000_000, "48MiB": 50_331_648, "1.5 GB": 1_500_000_000, "1GiB": 1 << 30, "2TB": 2e12, "2TiB": 2 << 40,
		" 7 MB ": 7_000_000, "0.5B": 1,
	} {
		if got, err := budget.ParseSize(text); err != nil || got != want {
			t.Errorf("ParseSize(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "MB", "-1", "-5MB", "1mb", "10M", "1e30", "NaN", "Inf", "1 000", "1,5MB", "50MBit", "0x10MB_"} {
		if got, err := budget.ParseSize(text); err == nil {
			t.Errorf("ParseSize(%q) = %d; want an error", text, got)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	m := &buildcontext.Measurement{Sent: buildcontext.Totals{Bytes: 100, Files: 3}}
	for _, test := range []struct {
		size, files string
		excess      []int64
	}{
		{"", "", nil},
		{"off", "off", nil},
		{"100", "", []int64{0}},
		{"99", "", []int64{1}},
		{"off", "2", []int64{1}},
		{"0", "3", []int64{100, 0}},
	} {
		limits, err := budget.ParseLimits(test.size, test.files)
		if err != nil {
			t.Fatal(err)
		}
		outcomes := budget.Check(limits, m)
		if len(outcomes) != len(test.excess) || limits.None() != (len(test.excess) == 0) {
			t.Fatalf("size %q, files %q: %v", test.size, test.files, outcomes)
		}
		failed := false
		for i, o := range outcomes {
			failed = failed || test.excess[i] > 0
			if o.Excess() != test.excess[i] || o.Failed() != (test.excess[i] > 0) {
				t.Errorf("size %q, files %q: %+v; want an excess of %d", test.size, test.files, o, test.excess[i])
			}
		}
		if outcomes.Failed() != failed {
			t.Errorf("size %q, files %q: Failed() = %v", test.size, test.files, outcomes.Failed())
		}
	}
	for _, bad := range [][2]string{{"ten", ""}, {"", "ten"}, {"", "-1"}, {"", "1.5"}} {
		if _, err := budget.ParseLimits(bad[0], bad[1]); err == nil {
			t.Errorf("ParseLimits(%q, %q) takes it", bad[0], bad[1])
		}
	}
}
