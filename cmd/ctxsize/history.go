package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// historyOptions are the flags of ctxsize history.
type historyOptions struct {
	contextFlags
	format formatFlag
	max    int
	since  string
	top    int
}

func (o *historyOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "csv", "json", "svg")
	flags.IntVarP(&o.max, "max-count", "n", 0, "how many commits (default 100, or all with --since)")
	flags.StringVar(&o.since, "since", "", "no commit before this: 2026-01-31, or \"6 months ago\"")
	flags.IntVar(&o.top, "top", 5, "how many of the commits that moved the size most are listed")
}

func newHistoryCommand(p *program) *cobra.Command {
	o := &historyOptions{}
	cmd := &cobra.Command{
		Use:   "history [flags] [PATH]",
		Short: "Show how the context grew, commit by commit",
		Long: `Measure the context in PATH (. by default) at HEAD and at the commits before it
(first parents), each with its own Dockerfile and ignore file, and show what was
sent over time and which commits moved it most. A commit's context is its tree,
without .git and without what only this machine has. Nothing is checked out.

Exit status: 0, or 2 where the commits cannot be read.`,
		Example: `  ctxsize history
  ctxsize history --since "6 months ago" app
  ctxsize history -n 1000 --format svg > context.svg`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := pathArgument(args)
			if err != nil {
				return err
			}
			return runHistory(cmd.Context(), p, o, path)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

// defaultCommits is how many commits a history has that is told no end.
const defaultCommits = 100

func runHistory(ctx context.Context, p *program, o *historyOptions, path string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	if o.max < 0 || o.max == 0 && o.set.Changed("max-count") {
		return usagef("give -n 1 or more", "-n %d makes no history", o.max)
	}
	if o.top < 0 {
		return usagef("give --top 0 or more", "--top %d makes no list", o.top)
	}
	since, err := plan.ParseSince(o.since, time.Now())
	if err != nil {
		return err
	}
	if o.max == 0 && o.since == "" {
		o.max = defaultCommits
	}
	options, err := o.options(p, path)
	if err != nil {
		return err
	}
	run, err := plan.Prepare(options)
	if err != nil {
		return err
	}
	bar := newProgress(p, &o.contextFlags)
	bar.unit = "commits"
	defer bar.done()
	h, err := run.History(ctx, plan.HistoryOptions{Max: o.max, Since: since, Progress: bar.entries})
	if err != nil {
		return err
	}
	bar.done()
	switch o.format.value {
	case "csv":
		return report.HistoryCSV(p.stdout, h)
	case "json":
		return report.HistoryJSON(p.stdout, h)
	case "svg":
		return report.HistorySVG(p.stdout, h, o.top)
	default:
		return report.HistoryText(p.stdout, h, report.TextOptions{Style: o.style(p), Top: o.top, Quiet: o.quiet})
	}
}
