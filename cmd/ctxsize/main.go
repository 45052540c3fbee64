// Command ctxsize tells what docker build will send as its context, why, and
// repairs the ignore file. Run it with --help for the manual.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"golang.org/x/term"
)

// gcPercent is how much garbage may lie beside what is alive. An inventory is most
// of that, holds no pointers and so costs nothing to collect around: with Go's 100
// a context of a million files would take twice the memory for nothing.
const gcPercent = 12

// firstGCPercent puts the first collection off until the heap has 16 MiB: from
// nothing to there, steps of an eighth would be thirty collections, which take 5 % of
// our own time on a large context and most of it on a small one.
const firstGCPercent = 900

// limitGarbage sets the two percentages; the second from the first collection on.
func limitGarbage() {
	debug.SetGCPercent(firstGCPercent)
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, gcPercent)
}

func main() {
	if os.Getenv("GOGC") == "" {
		limitGarbage()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	dir, err := os.Getwd()
	p := &program{
		args:   os.Args[1:],
		stdin:  os.Stdin,
		stdout: os.Stdout,
		stderr: os.Stderr,
		dir:    dir,
		getenv: os.LookupEnv, environ: os.Environ,
		columns: func() int {
			width, _, err := term.GetSize(int(os.Stdout.Fd()))
			if err != nil {
				return 0
			}
			return width
		},
		inIsTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
		outIsTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		errIsTerminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
	status := p.fail(err)
	if err == nil {
		status = p.run(ctx)
	}
	stop()
	os.Exit(status)
}
