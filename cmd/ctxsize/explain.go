package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// explainOptions are the flags of ctxsize explain.
type explainOptions struct {
	contextFlags
	format  formatFlag
	context string
	tried   plan.Tried
	rule    string
}

func (o *explainOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "json")
	flags.StringVar(&o.context, "context", ".", "the context directory")
	flags.StringArrayVar(&o.tried.Patterns, "pattern", nil, "what this line would change, if it were in the ignore file; nothing is written")
	flags.IntVar(&o.tried.At, "at", 0, "the line before which --pattern stands (default the end of the file)")
	flags.StringVar(&o.rule, "rule", "", "what this line of the ignore file does: LINE or FILE:LINE")
}

func newExplainCommand(p *program) *cobra.Command {
	o := &explainOptions{}
	cmd := &cobra.Command{
		Use:   "explain [flags] FILE...",
		Short: "Say why a file is sent or ignored",
		Long: `Say for each FILE which rule of which line decides about it, which rules were
overruled, and which instruction of the Dockerfile reads it; and where builders
part, what each of them does. FILE is relative to the working directory; it may be
a directory, and need not exist.

With --pattern say what a line that is not written would change: the files and
bytes that are sent, and, where FILEs are named, what becomes of them. With --rule
say what a line that is written does.

Exit status: 0, or 2 where the context cannot be measured.`,
		Example: `  ctxsize explain src/app.log
  ctxsize explain --pattern '**/*.log' --pattern '!keep.log'
  ctxsize explain --pattern 'docs' --at 3 docs/api.md
  ctxsize explain --rule 12`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runExplain(cmd.Context(), p, o, args)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

// check refuses flags that do not go together.
func (o *explainOptions) check(files []string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	switch {
	case o.rule != "" && (len(files) > 0 || len(o.tried.Patterns) > 0):
		return usagef("ctxsize explain --rule LINE", "--rule is about a line, and takes neither files nor --pattern")
	case o.tried.At != 0 && len(o.tried.Patterns) == 0:
		return usagef("add --pattern", "--at says where --pattern stands")
	case o.rule == "" && len(files) == 0 && len(o.tried.Patterns) == 0:
		return usagef("ctxsize explain FILE..., --pattern P or --rule LINE", "no file is named")
	}
	return nil
}

func runExplain(ctx context.Context, p *program, o *explainOptions, files []string) error {
	if err := o.check(files); err != nil {
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
	bar := newProgress(p, &o.contextFlags)
	defer bar.done()
	scan := buildcontext.ScanOptions{Progress: bar.entries}
	if o.rule != "" {
		effect, err := run.ExplainRule(ctx, o.rule, scan)
		if err != nil {
			return err
		}
		if o.format.value == "json" {
			return report.RuleJSON(p.stdout, run.Builder, effect)
		}
		return report.RuleText(p.stdout, run.Builder, effect, o.style(p))
	}
	explanations, err := run.Explain(ctx, files, o.tried)
	if err != nil {
		return err
	}
	var effects []plan.Effect
	if len(o.tried.Patterns) > 0 {
		if effects, err = run.Try(ctx, o.tried, scan); err != nil {
			return err
		}
	}
	style := o.style(p)
	switch {
	case o.format.value == "json" && effects != nil:
		return report.TryJSON(p.stdout, run.Builder, effects, explanations)
	case o.format.value == "json":
		return report.ExplainJSON(p.stdout, explanations)
	}
	if effects != nil {
		if err := report.TryText(p.stdout, run.Builder, effects, style); err != nil {
			return err
		}
	}
	return report.ExplainText(p.stdout, explanations, run.Dockerfile.Name, style, effects != nil)
}
