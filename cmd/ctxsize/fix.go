package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ctxsize/ctxsize/internal/pick"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// fixOptions are the flags of ctxsize fix.
type fixOptions struct {
	contextFlags
	format  formatFlag
	dryRun  bool
	check   bool
	undo    bool
	choose  bool
	include []string
	exclude []string
}

func (o *fixOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "json")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print the difference and what it would save, and write nothing")
	flags.BoolVar(&o.check, "check", false, "write nothing, and exit 1 where something would be written")
	flags.BoolVarP(&o.choose, "interactive", "i", false, "choose on the terminal what is written")
	flags.BoolVar(&o.undo, "undo", false, "restore the file as it was before the last fix; refused where it has changed since")
	flags.StringSliceVar(&o.include, "include", nil, "also write suggestions to review: review for all of them, or their ids")
	flags.StringSliceVar(&o.exclude, "exclude", nil, "leave out suggestions with these ids")
}

func newFixCommand(p *program) *cobra.Command {
	o := &fixOptions{}
	cmd := &cobra.Command{
		Use:   "fix [flags] [PATH]",
		Short: "Write or patch the ignore file",
		Long: `Add to the ignore file of the context in PATH (. by default) what is proved to be
in the context by accident, or write one. Every byte that is there stays. What
the Dockerfile names, or a line of yours brings back, is never ignored: fix
measures what it is about to write, and refuses to write what would lose it.

Exit status: 0 written, or nothing to write; 1 with --check where something would
be written, or where fix refuses; 2 where the context cannot be measured.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := pathArgument(args)
			if err != nil {
				return err
			}
			return runFix(cmd.Context(), p, o, path)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func runFix(ctx context.Context, p *program, o *fixOptions, path string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	alone := 0
	for _, on := range []bool{o.dryRun, o.check, o.undo, o.choose} {
		if on {
			alone++
		}
	}
	switch {
	case alone > 1:
		return usagef("give one of them", "--dry-run, --check, --undo and --interactive exclude each other")
	case o.choose && (!p.inIsTerminal || !p.errIsTerminal):
		return usagef("use --include and --exclude with the ids that --dry-run shows", "--interactive needs a terminal")
	}
	options, err := o.options(p, path)
	if err != nil {
		return err
	}
	run, err := plan.Prepare(options)
	if err != nil {
		return err
	}
	if o.undo {
		return runUndo(p, run, o.format.value)
	}
	bar := newProgress(p, &o.contextFlags)
	wishes := plan.FixOptions{Progress: bar.entries, Include: o.include, Exclude: o.exclude}
	if o.choose {
		wishes.Choose = func(choice plan.Choice) ([]bool, error) {
			bar.done()
			return pick.Suggestions(ctx, p.stdin, p.stderr, choice)
		}
	}
	fix, err := run.Fix(ctx, wishes)
	bar.done()
	if err != nil {
		return err
	}
	write := !o.dryRun && !o.check && fix.Changed() && len(fix.Lost) == 0
	if write {
		if err := fix.Write(); err != nil {
			return err
		}
	}
	how := report.FixOptions{Style: o.style(p), Written: write, Diff: o.dryRun, Arguments: o.again(path)}
	if o.format.value == "json" {
		err = report.FixJSON(p.stdout, fix, how)
	} else {
		err = report.FixText(p.stdout, fix, how)
	}
	if err == nil && (len(fix.Lost) > 0 || o.check && fix.Changed()) {
		err = verdict{}
	}
	return err
}

func runUndo(p *program, run *plan.Run, format string) error {
	undone, err := run.Undo()
	if err != nil {
		return err
	}
	if format == "json" {
		return report.UndoJSON(p.stdout, undone)
	}
	return report.UndoText(p.stdout, undone)
}
