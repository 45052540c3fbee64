package verify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// Options says how a builder is run.
type Options struct {
	// Pull lets BuildKit fetch base images and front ends. Their ENV and ONBUILD
	// count then, and RUN runs until the transfers have ended.
	Pull bool
	// Timeout is how long the whole may take.
	Timeout time.Duration
}

// Run sends the context that was measured with a builder of its kind. An error is
// a [plan.UsageError] where nothing could be compared: where no such builder
// answers, or where it failed in a way that says nothing about the prediction.
func Run(ctx context.Context, res *plan.Result, opts Options) (*Verification, error) {
	if res.Builder == buildcontext.Podman {
		return nil, unverifiable("add --builder buildkit or --builder classic", "Podman sends nothing: there is no transfer to compare with")
	}
	if res.Dockerfile.Missing {
		return nil, unverifiable("name the Dockerfile with -f", "there is no Dockerfile, and without one a builder sends nothing")
	}
	limited, cancel := context.WithTimeoutCause(ctx, opts.Timeout, errTooLong)
	defer cancel()
	r, err := newRoom()
	if err != nil {
		return nil, err
	}
	defer r.remove()
	var v *Verification
	if res.Builder == buildcontext.Classic {
		v, err = classic(limited, res, r)
	} else {
		v, err = buildkit(limited, res, r, opts)
	}
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil && errors.Is(context.Cause(limited), errTooLong) {
		return nil, unverifiable("give it longer with --timeout", "the builder was not done after %s", opts.Timeout)
	}
	return v, err
}

// errTooLong is the cause of a context that ended because of the time limit.
var errTooLong = errors.New("too long")

func unverifiable(hint, format string, args ...any) error {
	return &plan.UsageError{Err: fmt.Errorf(format, args...), Hint: hint}
}

// ClientError is a builder's client that failed. Output is the last that it
// wrote, line by line, as it wrote it.
type ClientError struct {
	Err    error
	Output []string
}

func (e *ClientError) Error() string { return e.Err.Error() }

func (e *ClientError) Unwrap() error { return e.Err }

// missing is the error where no builder answers. Each of looked says what was
// looked for and how that ended.
func missing(what, hint string, looked ...string) error {
	return unverifiable(hint, "no %s answers: %s", what, strings.Join(looked, "; "))
}
