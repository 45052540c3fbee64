package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// checkOptions are the flags of ctxsize check.
type checkOptions struct {
	contextFlags
	format   formatFlag
	maxSize  string
	maxFiles string
}

func (o *checkOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "json")
	flags.StringVar(&o.maxSize, "max-size", "", "most bytes of files that may be sent: 50MB, 48MiB, 50000000, or off")
	flags.StringVar(&o.maxFiles, "max-files", "", "most files that may be sent, or off")
}

func newCheckCommand(p *program) *cobra.Command {
	o := &checkOptions{}
	cmd := &cobra.Command{
		Use:   "check [flags] [PATH]",
		Short: "Fail where the context is larger than it may be",
		Long: `Compare what is sent of the context in PATH (. by default) with limits, and fail
where one is exceeded: with the excess, what weighs most, and the command that
repairs it.

kB, MB and GB are powers of 1000, KiB, MiB and GiB powers of 1024.

Exit status: 0 within the limits; 1 beyond one; 2 where the check could not be
made, also where no limit is given.`,
		Example: `  ctxsize check --max-size 50MB
  ctxsize check --max-size 50MB --max-files 5000 --format json app`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := pathArgument(args)
			if err != nil {
				return err
			}
			return runCheck(cmd.Context(), p, o, path)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func runCheck(ctx context.Context, p *program, o *checkOptions, path string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	limits, err := budget.ParseLimits(o.maxSize, o.maxFiles)
	if err != nil {
		return usagef("write 50MB, 48MiB, a number of bytes, or off", "%w", err)
	}
	if limits.None() {
		return usagef("give --max-size or --max-files", "there is nothing to check")
	}
	options, err := o.options(p, path)
	if err != nil {
		return err
	}
	// Within the limits, what is ignored need not be read; beyond one, everything
	// is looked at to say why.
	res, err := measure(ctx, p, &o.contextFlags, options, plan.MeasureOptions{Prune: true, Depth: 1})
	if err != nil {
		return err
	}
	checked := budget.Check(limits, res.Measurement)
	if checked.Failed() {
		if res, err = measure(ctx, p, &o.contextFlags, options, plan.MeasureOptions{Suggest: true, Depth: 1}); err != nil {
			return err
		}
		checked = budget.Check(limits, res.Measurement)
	}
	if o.format.value == "json" {
		err = report.CheckJSON(p.stdout, res, checked)
	} else {
		err = report.CheckText(p.stdout, res, checked, report.TextOptions{Style: o.style(p), Arguments: o.again(path)})
	}
	if err == nil && checked.Failed() {
		err = verdict{}
	}
	return err
}
