package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// explainOptions are the flags of ctxsize explain.
type explainOptions struct {
	contextFlags
	format  formatFlag
	context string
}

func (o *explainOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "json")
	flags.StringVar(&o.context, "context", ".", "the context directory")
}

func newExplainCommand(p *program) *cobra.Command {
	o := &explainOptions{}
	cmd := &cobra.Command{
		Use:   "explain [flags] FILE...",
		Short: "Say why a file is sent or ignored",
		Long: `Say for each FILE which rule of which line decides about it, which rules were
overruled, and which instruction of the Dockerfile reads it. FILE is relative to
the working directory; it may be a directory, and need not exist.

Exit status: 0, or 2 where the context cannot be measured.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("ctxsize explain FILE...", "no file is named")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return runExplain(cmd.Context(), p, o, args)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func runExplain(ctx context.Context, p *program, o *explainOptions, files []string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	options, err := o.options(p, o.context)
	if err != nil {
		return err
	}
	run, err := plan.Prepare(options)
	if err != nil {
		return err
	}
	explanations, err := run.Explain(ctx, files)
	if err != nil {
		return err
	}
	if o.format.value == "json" {
		return report.ExplainJSON(p.stdout, explanations)
	}
	return report.ExplainText(p.stdout, explanations, run.Dockerfile.Name, o.style(p))
}
