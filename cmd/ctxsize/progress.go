package main

import (
	"cmp"
	"time"

	"github.com/schollz/progressbar/v3"
)

// moment is how long a scan may take before anybody is told about it.
const moment = 400 * time.Millisecond

// progress shows on standard error that a long scan goes on.
type progress struct {
	p     *program
	start time.Time
	bar   *progressbar.ProgressBar
	off   bool
	// unit is what is counted: "entries" where it is empty.
	unit string
}

// newProgress draws only on a terminal.
func newProgress(p *program, f *contextFlags) *progress {
	wanted := f.progress == "auto" || f.progress == "tty"
	return &progress{p: p, start: time.Now(), off: !wanted || !p.errIsTerminal || f.quiet}
}

// entries takes how many entries, or whatever the unit is, were seen so far.
func (b *progress) entries(n int) {
	if b.off {
		return
	}
	if b.bar == nil {
		if time.Since(b.start) < moment {
			return
		}
		b.bar = progressbar.NewOptions(-1,
			progressbar.OptionSetWriter(b.p.stderr),
			progressbar.OptionSetDescription("reading the context"),
			progressbar.OptionShowCount(),
			progressbar.OptionShowIts(),
			progressbar.OptionSetItsString(cmp.Or(b.unit, "entries")),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	_ = b.bar.Set(n) // a bar that cannot be drawn must not stop the work
}

// done takes the bar away.
func (b *progress) done() {
	if b.bar != nil {
		_ = b.bar.Finish()
		b.bar = nil
	}
}
