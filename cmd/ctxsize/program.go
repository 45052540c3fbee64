package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/ctxsize/ctxsize/internal/pick"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// The exit statuses. They stand in the help and in the README, too.
const (
	exitFine        = 0
	exitNo          = 1   // check, lint, verify or fix --check says no, or fix refuses
	exitUsage       = 2   // wrong usage, or an input that cannot be used
	exitInterrupted = 130 // interrupted by a signal
)

// program is the process as the commands see it, so that two can run in one test.
type program struct {
	args           []string
	stdin          io.Reader
	stdout, stderr io.Writer
	dir            string
	getenv         func(string) (string, bool)
	environ        func() []string
	// columns returns the width of the terminal, 0 where there is none.
	columns                                    func() int
	inIsTerminal, outIsTerminal, errIsTerminal bool
}

// verdict is the error of a command that did its work and says no; the reason
// was printed.
type verdict struct{}

func (verdict) Error() string { return "the answer is no" }

// run executes the command line and returns the exit status.
func (p *program) run(ctx context.Context) int {
	out := bufio.NewWriterSize(p.stdout, 64<<10)
	q := *p
	q.stdout = out
	root := newRootCommand(&q)
	root.SetArgs(p.args)
	err := root.ExecuteContext(ctx)
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	return p.fail(err)
}

// fail prints an error, once and here, and returns the exit status for it.
func (p *program) fail(err error) int {
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(p.stderr, "ctxsize: interrupted")
		return exitInterrupted
	case errors.Is(err, syscall.EPIPE):
		// Whoever read the output has seen enough.
		return exitFine
	case errors.As(err, new(verdict)):
		return exitNo
	case errors.Is(err, pick.ErrCancelled):
		fmt.Fprintf(p.stderr, "ctxsize: %v\n", err)
		return exitNo
	}
	fmt.Fprintf(p.stderr, "ctxsize: %s\n", report.Escape(err.Error()))
	if refused, ok := errors.AsType[*plan.RefusedError](err); ok {
		fmt.Fprintf(p.stderr, "ctxsize: hint: %s\n", report.Escape(refused.Hint))
		return exitNo
	}
	var usage *plan.UsageError
	if errors.As(err, &usage) && usage.Hint != "" {
		fmt.Fprintf(p.stderr, "ctxsize: hint: %s\n", report.Escape(usage.Hint))
	}
	return exitUsage
}
