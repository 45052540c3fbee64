package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// diffOptions are the flags of ctxsize diff.
type diffOptions struct {
	contextFlags
	format  formatFlag
	context string
	top     int
	depth   int
}

func (o *diffOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "json", "markdown")
	flags.StringVar(&o.context, "context", ".", "the context directory")
	flags.IntVar(&o.top, "top", 10, "how many directories and files are listed")
	flags.IntVar(&o.depth, "depth", 2, "how many levels of directories are told apart where several differ")
}

func newDiffCommand(p *program) *cobra.Command {
	o := &diffOptions{}
	cmd := &cobra.Command{
		Use:   "diff [flags] REV [REV]",
		Short: "Say how the context changed since a revision",
		Long: `Compare the context at the git revision REV with the present, or with the second
REV: what is sent on both sides, and which directories, files and rules make the
difference. Each side is measured with its own Dockerfile and ignore file, and
nothing is checked out.

Compared of the present is what git tracks or would track. What only this machine
has, such as .git and what git ignores, is listed apart.

Exit status: 0, or 2 where a side cannot be measured.`,
		Example: `  ctxsize diff main
  ctxsize diff v1.2 v1.3 --context services/api
  ctxsize diff origin/main --format markdown`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runDiff(cmd.Context(), p, o, args)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func runDiff(ctx context.Context, p *program, o *diffOptions, revs []string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	switch {
	case len(revs) == 0:
		return usagef("ctxsize diff main", "no revision is named to compare with")
	case len(revs) > 2:
		return usagef("name the context with --context", "two revisions can be compared, and %d are named", len(revs))
	case o.top < 0 || o.depth < 1:
		return usagef("give --top 0 or more, and --depth 1 or more", "--top %d and --depth %d make no list", o.top, o.depth)
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
	compare := plan.CompareOptions{Progress: bar.entries, Depth: o.depth}
	var c *plan.Comparison
	if len(revs) == 1 {
		c, err = run.Against(ctx, revs[0], compare)
	} else {
		c, err = run.Between(ctx, revs[0], revs[1], compare)
	}
	if err != nil {
		return err
	}
	switch o.format.value {
	case "json":
		return report.DiffJSON(p.stdout, c)
	case "markdown":
		return report.DiffMarkdown(p.stdout, c, o.top)
	default:
		return report.DiffText(p.stdout, c, report.TextOptions{Style: o.style(p), Top: o.top, Quiet: o.quiet})
	}
}
