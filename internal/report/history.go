package report

import (
	"errors"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ctxsize/ctxsize/internal/plan"
)

// chartRows is how high the chart on a terminal is, and chartColumns how wide at
// most.
const (
	chartRows    = 8
	chartColumns = 100
)

// HistoryText writes the size of a context over commits as a chart for a terminal.
func HistoryText(w io.Writer, h *plan.History, opts TextOptions) error {
	t := historyText{printer: printer{w: w}, History: h, opts: opts}
	t.head()
	if sized := t.Sized(); len(sized) > 0 {
		t.chart()
		t.sums(sized)
		t.moves()
	}
	t.gaps()
	if len(h.Findings) > 0 && !opts.Quiet {
		t.printf("\n  %s\n", opts.paint(bold, "findings"))
		Findings(&t.printer, h.Findings, opts.Style)
	}
	return t.err
}

type historyText struct {
	printer
	*plan.History
	opts TextOptions
}

func (t *historyText) head() {
	parts := []string{t.opts.paint(bold, Name(t.Title)), builderTitle(t.Builder), plural(len(t.Points), "commit")}
	if len(t.Points) > 0 {
		days := day(t.Points[0].Time)
		if last := day(t.Points[len(t.Points)-1].Time); last != days {
			days += " to " + last
		}
		parts = append(parts, days)
	}
	t.printf("%s\n", strings.Join(parts, " · "))
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

// short is the beginning of a commit's id.
func short(commit string) string { return commit[:min(len(commit), 10)] }

// columns is what each column of the chart shows: of several commits in one the
// largest; -1 is none.
func (t *historyText) columns() []int64 {
	width := chartColumns
	if t.opts.Width > 0 {
		width = max(10, min(width, t.opts.Width-14))
	}
	n := len(t.Points)
	columns := min(n*max(1, min(8, width/n)), width)
	sizes := make([]int64, columns)
	for i := range sizes {
		sizes[i] = -1
		first := i * n / columns
		for _, p := range t.Points[first:max(first+1, (i+1)*n/columns)] {
			if p.Err == nil {
				sizes[i] = max(sizes[i], p.SentBytes)
			}
		}
	}
	return sizes
}

func (t *historyText) chart() {
	sizes := t.columns()
	s := scaleOf(t.History)
	// A label that reads as the one below it tells nothing.
	low, middle, high := t.Builder.Shown(s.low), t.Builder.Shown(s.low+(s.high-s.low)/2), t.Builder.Shown(s.high)
	labels := map[int]string{}
	if high != middle {
		labels[chartRows-1] = high
	}
	if middle != low {
		labels[chartRows/2-1] = middle
	}
	t.printf("\n")
	for row := chartRows - 1; row >= 0; row-- {
		label, tick := labels[row], "│"
		if label != "" {
			tick = "┤"
		}
		var line strings.Builder
		for _, size := range sizes {
			line.WriteString(block(s.part(size)*chartRows*8, row))
		}
		t.printf("  %s %s%s\n", pad(label, 9), t.opts.paint(dim, tick), t.opts.paint(cyan, strings.TrimRight(line.String(), " ")))
	}
	t.printf("  %s %s\n", pad(low, 9), t.opts.paint(dim, "└"+strings.Repeat("─", len(sizes))))
	first, last := day(t.Points[0].Time), day(t.Points[len(t.Points)-1].Time)
	if gap := len(sizes) - len(first) - len(last); gap > 0 && first != last {
		t.printf("  %s  %s\n", pad("", 9), t.opts.paint(dim, first+strings.Repeat(" ", gap)+last))
	}
}

// block is one cell of a column that is so many eighths of a row high.
func block(eighths float64, row int) string {
	if eighths < 0 {
		return " "
	}
	full := int(math.Round(eighths)) - 8*row
	if row == 0 {
		full = max(full, 1) // a size of nothing is a size
	}
	return string([]rune(" ▁▂▃▄▅▆▇█")[max(0, min(8, full))])
}

func (t *historyText) sums(sized []plan.Point) {
	first, last, most := sized[0], sized[len(sized)-1], sized[0]
	for _, p := range sized {
		if p.SentBytes > most.SentBytes {
			most = p
		}
	}
	since := ""
	if first.Commit != last.Commit {
		color := tone(first.SentBytes, last.SentBytes)
		since = "  " + t.opts.paint(color, change(t.Builder, first.SentBytes, last.SentBytes)) + t.opts.paint(dim, Percent(first.SentBytes, last.SentBytes)+" since "+day(first.Time))
	}
	t.printf("\n  sent  %s  %s%s\n", t.opts.paint(bold, pad(t.Builder.Shown(last.SentBytes), 9)), pad(plural(last.SentFiles, "file"), 12), since)
	if most.SentBytes > last.SentBytes {
		t.printf("  most  %s  %s  %s\n", pad(t.Builder.Shown(most.SentBytes), 9), pad(plural(most.SentFiles, "file"), 12), t.opts.paint(dim, day(most.Time)+" "+short(most.Commit)))
	}
}

func (t *historyText) moves() {
	moves := t.Moves()
	shown := moves[:min(t.opts.Top, len(moves))]
	if len(shown) == 0 {
		return
	}
	t.printf("\n  %s\n", t.opts.paint(bold, "what moved it most"))
	most := abs(shown[0].Bytes)
	for _, m := range shown {
		color := tone(0, m.Bytes)
		where := day(m.Time) + "  " + short(m.Commit) + "  "
		subject := Escape(m.Subject)
		if t.opts.Width > 0 {
			subject = head(subject, max(8, t.opts.Width-utf8.RuneCountInString(where)-30))
		}
		t.printf("  %s  %s  %s%s\n", t.opts.paint(color, pad(change(t.Builder, 0, m.Bytes), 10)), t.opts.paint(color, bar(abs(m.Bytes), most, 12)), t.opts.paint(dim, where), subject)
	}
	if rest := len(moves) - len(shown); rest > 0 {
		t.printf("  %s\n", t.opts.paint(dim, pad("", 10)+"  and "+plural(rest, "more commit")+" changed it (--top)"))
	}
}

// gaps tells of commits that have no size.
func (t *historyText) gaps() {
	none, refused := 0, 0
	var last *plan.Point
	for i := range t.Points {
		switch p := &t.Points[i]; {
		case errors.Is(p.Err, plan.ErrNoContext):
			none++
		case p.Err != nil:
			refused++
			last = p
		}
	}
	if none > 0 {
		t.printf("\n  %s\n", t.opts.paint(dim, plural(none, "commit")+" without such a context"))
	}
	if refused > 0 {
		t.printf("\n  %s\n", t.opts.paint(dim, plural(refused, "commit")+" that cannot be built, last "+short(last.Commit)+": "+Escape(last.Err.Error())))
	}
}

// scale is the range of sizes that a chart shows.
type scale struct{ low, high int64 }

// scaleOf begins at nothing, but where all sizes lie close together.
func scaleOf(h *plan.History) scale {
	least, most := int64(math.MaxInt64), int64(0)
	for _, p := range h.Points {
		if p.Err == nil {
			least, most = min(least, p.SentBytes), max(most, p.SentBytes)
		}
	}
	if least > most/2 && least < most {
		step := niceStep(most - least)
		return scale{least / step * step, (most + step - 1) / step * step}
	}
	step := niceStep(most)
	return scale{0, (most + step - 1) / step * step}
}

// niceStep is a round number of bytes about a quarter as large as a range.
func niceStep(size int64) int64 {
	rough := max(1, float64(size)/4)
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, digits := range []float64{1, 2, 2.5, 5} {
		if digits*power >= rough && digits*power == math.Trunc(digits*power) {
			return int64(digits * power)
		}
	}
	return int64(10 * power)
}

// part is where a size lies on a scale, from 0 to 1; -1 is no size.
func (s scale) part(size int64) float64 {
	switch {
	case size < 0:
		return -1
	case s.high == s.low: // nothing was ever sent
		return 0
	}
	return float64(size-s.low) / float64(s.high-s.low)
}
