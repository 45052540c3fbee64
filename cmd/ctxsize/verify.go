package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
	"github.com/ctxsize/ctxsize/internal/verify"
)

// verifyOptions are the flags of ctxsize verify.
type verifyOptions struct {
	contextFlags
	format formatFlag
	run    verify.Options
}

func (o *verifyOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "json")
	flags.BoolVar(&o.run.Pull, "pull", false, "let BuildKit fetch base images and front ends, whose ENV and ONBUILD count then")
	flags.DurationVar(&o.run.Timeout, "timeout", 10*time.Minute, "how long the builder may take")
}

func newVerifyCommand(p *program) *cobra.Command {
	o := &verifyOptions{}
	cmd := &cobra.Command{
		Use:   "verify [flags] [PATH]",
		Short: "Send with the real builder and compare",
		Long: `Send the context in PATH (. by default) with the builder of this machine, and
compare every transfer with the prediction, to the byte. No image is built.

The classic builder needs the docker client in PATH and no daemon. BuildKit is
asked through buildctl where BUILDKIT_HOST is set, else through docker buildx and
the builder that is selected in it (BUILDX_BUILDER), else through buildctl with
its default address. BuildKit keeps a copy of the context in its cache, as of
every build, until it collects garbage.

Empty stand-ins take the place of base images, and the builder's own front end
that of one named by "# syntax=": nothing is fetched, and no RUN runs. With
--pull the real ones are fetched, and RUN runs until the transfers have ended.

Exit status: 0 all is equal; 1 something differs; 2 nothing could be compared:
no builder answers, or its build fails too early.`,
		Example: `  ctxsize verify
  ctxsize verify --builder classic app
  BUILDKIT_HOST=tcp://builder:1234 ctxsize verify -f docker/Dockerfile --target test`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := pathArgument(args)
			if err != nil {
				return err
			}
			return runVerify(cmd.Context(), p, o, path)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func runVerify(ctx context.Context, p *program, o *verifyOptions, path string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	if o.run.Timeout <= 0 {
		return usagef("give it some time: --timeout 10m", "--timeout %s leaves no time", o.run.Timeout)
	}
	options, err := o.options(p, path)
	if err != nil {
		return err
	}
	res, err := measure(ctx, p, &o.contextFlags, options, plan.MeasureOptions{Depth: 1})
	if err != nil {
		return err
	}
	v, err := verify.Run(ctx, res, o.run)
	if failed, ok := errors.AsType[*verify.ClientError](err); ok {
		for _, line := range failed.Output {
			fmt.Fprintf(p.stderr, "  | %s\n", report.Escape(line))
		}
	}
	if err != nil {
		return err
	}
	if !v.Equal() && changed(ctx, res) {
		v.Notes = append(v.Notes, "the context has changed while it was verified: try again")
	}
	if o.format.value == "json" {
		err = report.VerifyJSON(p.stdout, res, v)
	} else {
		err = report.VerifyText(p.stdout, res, v, report.TextOptions{
			Style: o.style(p), Quiet: o.quiet, FromEnvironment: o.builderFromEnvironment(options),
		})
	}
	if err == nil && !v.Equal() {
		err = verdict{}
	}
	return err
}

// changed measures again and tells whether the prediction is another now.
func changed(ctx context.Context, res *plan.Result) bool {
	again, err := res.Run.Measure(ctx, plan.MeasureOptions{Depth: 1})
	return err != nil || !slices.EqualFunc(res.Transfers, again.Transfers, func(a, b plan.Transfer) bool { return a.WireBytes == b.WireBytes })
}
