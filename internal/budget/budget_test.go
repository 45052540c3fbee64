package budget_test

import (
	"math"
	"testing"

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
	for _, text := range []string{"", "MB", "-1", "-5MB", "1mb", "10M", "1e30", "10000000TB", "NaN", "Inf", "1 000", "1e3", "1,5MB", "50MBit", "0x10MB_"} {
		if got, err := budget.ParseSize(text); err == nil {
			t.Errorf("ParseSize(%q) = %d; want an error", text, got)
		}
	}
}

func TestParseGrowth(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{ // of a base of 1001 bytes
		"10%": 100, "0%": 0, "12.5%": 125, "200 %": 2002, "5MB": 5_000_000, "0": 0, "10%+1kB": 1100, "1% + 1B": 11,
	} {
		if g, err := budget.ParseGrowth(text); err != nil || g.Of(1001) != want {
			t.Errorf("ParseGrowth(%q) = %+v, %v; it allows %d, want %d", text, g, err, g.Of(1001), want)
		}
	}
	for _, text := range []string{"", "%", "-1%", "10%5MB", "10%+", "ten%", "5MB+10%", "1e3%", "NaN%"} {
		if g, err := budget.ParseGrowth(text); err == nil {
			t.Errorf("ParseGrowth(%q) = %+v; want an error", text, g)
		}
	}
	if g, err := budget.ParseGrowth("900000000000%"); err != nil || g.Of(1<<62) != math.MaxInt64 {
		t.Errorf("%+v, %v: too much is not all there is", g, err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	facts := budget.Facts{
		Bytes: 100, Files: 3, Base: 50, Now: 60,
		Heaviest: func(beyond int64) (int64, []budget.Offender) {
			if beyond < 70 {
				return 70, []budget.Offender{{Path: "a", Bytes: 70}}
			}
			return 70, nil
		},
		Dir: func(path string) (int64, bool) {
			bytes, ok := map[string]int64{".": 100, "src/a": 80}[path]
			return bytes, ok
		},
		Below: func(dir string, byFiles bool) []budget.Offender {
			return []budget.Offender{{Path: dir, Files: map[bool]int{true: 3}[byFiles]}}
		},
		Forbidden: func(what string) []budget.Offender {
			return map[string][]budget.Offender{"secrets": {{Path: ".env"}, {Path: "key"}}}[what]
		},
	}
	for _, test := range []struct {
		rule, text string
		status     budget.Status
		excess     int64
	}{
		{budget.MaxSize, "100", budget.Pass, 0},
		{budget.MaxSize, "99", budget.Fail, 1},
		{budget.MaxSize, "0", budget.Fail, 100},
		{budget.MaxSize, "off", budget.Skip, 0},
		{budget.MaxFiles, "3", budget.Pass, 0},
		{budget.MaxFiles, "2", budget.Fail, 1},
		{budget.MaxFileSize, "70", budget.Pass, 0},
		{budget.MaxFileSize, "69B", budget.Fail, 1},
		{budget.MaxDirSize, "src/a=80", budget.Pass, 0},
		{budget.MaxDirSize, "/src//a/=79", budget.Fail, 1},
		{budget.MaxDirSize, "src/b=1", budget.Skip, 0},
		{budget.MaxDirSize, "src/b=off", budget.Skip, 0},
		{budget.MaxDirSize, "/=99", budget.Fail, 1},
		{budget.MaxGrowth, "20%", budget.Pass, 0},
		{budget.MaxGrowth, "19%", budget.Fail, 1},
		{budget.MaxGrowth, "9", budget.Fail, 1},
		{budget.Forbid, "vcs", budget.Pass, 0},
		{budget.Forbid, "secrets", budget.Fail, 2},
		{budget.Forbid, "off", budget.Skip, 0},
	} {
		limit, err := budget.ParseLimit(test.rule, test.text, "--"+test.rule)
		if err != nil {
			t.Fatal(err)
		}
		outcomes := budget.Check([]budget.Limit{limit}, facts)
		if o := outcomes[0]; o.Status != test.status || o.Excess() != test.excess || o.Status == budget.Skip && o.Why == "" {
			t.Errorf("%s %s: %+v; want %v and an excess of %d", test.rule, test.text, o, test.status, test.excess)
		}
		wantsOffenders := test.status == budget.Fail && test.rule != budget.MaxSize && test.rule != budget.MaxGrowth
		if o := outcomes[0]; wantsOffenders && len(o.Offenders) == 0 || !wantsOffenders && len(o.Offenders) != 0 {
			t.Errorf("%s %s: nobody to blame, or too many: %+v", test.rule, test.text, o)
		}
		if outcomes.Failed() != (test.status == budget.Fail) {
			t.Errorf("%s %s: Failed() = %v", test.rule, test.text, outcomes.Failed())
		}
	}
	for _, bad := range [][2]string{
		{budget.MaxSize, "ten"},
		{budget.MaxFiles, "ten"},
		{budget.MaxFiles, "-1"},
		{budget.MaxFiles, "1.5"},
		{budget.MaxDirSize, "assets"},
		{budget.MaxDirSize, "assets=many"},
		{budget.MaxDirSize, "../assets=1MB"},
		{budget.MaxGrowth, "ten"},
	} {
		if l, err := budget.ParseLimit(bad[0], bad[1], ""); err == nil {
			t.Errorf("ParseLimit(%q, %q) takes it: %+v", bad[0], bad[1], l)
		}
	}
}
