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

	repair, allowlist, fromGitignore bool
}

func (o *fixOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "json")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print the difference and what it would save, and write nothing")
	flags.BoolVar(&o.check, "check", false, "write nothing, and exit 1 where something would be written")
	flags.BoolVarP(&o.choose, "interactive", "i", false, "choose on the terminal what is written")
	flags.BoolVar(&o.undo, "undo", false, "restore the file as it was before the last fix; refused where it has changed since")
	flags.StringSliceVar(&o.include, "include", nil, "also write suggestions to review: review for all of them, or their ids")
	flags.BoolVar(&o.repair, "repair", false, "also repair what the file holds already: every repair that is listed")
	flags.BoolVar(&o.allowlist, "allowlist", false, "ignore everything but what the Dockerfiles read by name")
	flags.BoolVar(&o.fromGitignore, "from-gitignore", false, "also ignore what the .gitignore files ignore, in Docker's words")
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

What the file holds already is repaired with --repair alone: rules that a habit from
.gitignore made wrong, dead and duplicate ones, exceptions that cost more than they
bring. --allowlist writes * and one exception for each path that a target of a
Dockerfile reads; --from-gitignore writes the rules of every .gitignore file. Both
put what they write before your own lines, which stay and have the last word.

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
	basis, err := o.checkTogether(p)
	if err != nil {
		return err
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
	wishes := plan.FixOptions{Progress: bar.entries, Include: o.include, Exclude: o.exclude, Basis: basis}
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
	how := report.FixOptions{Style: o.style(p), Written: write, Diff: o.dryRun, Quiet: o.quiet, Arguments: o.chosen() + o.again(path)}
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

// checkTogether refuses flags that make no sense together, and returns what the fix
// begins with.
func (o *fixOptions) checkTogether(p *program) (plan.Basis, error) {
	if several(o.dryRun, o.check, o.undo, o.choose) {
		return 0, usagef("give one of them", "--dry-run, --check, --undo and --interactive exclude each other")
	}
	if several(o.repair, o.allowlist, o.fromGitignore) {
		return 0, usagef("run one after the other", "--repair, --allowlist and --from-gitignore exclude each other")
	}
	if o.undo && (o.repair || o.allowlist || o.fromGitignore || len(o.include)+len(o.exclude) > 0) {
		return 0, usagef("ctxsize fix --undo takes the last fix back, whatever its flags were", "--undo writes nothing new")
	}
	if o.choose && (!p.inIsTerminal || !p.errIsTerminal) {
		return 0, usagef("use --include and --exclude with the ids that --dry-run shows", "--interactive needs a terminal")
	}
	switch {
	case o.repair:
		return plan.Repaired, nil
	case o.allowlist:
		return plan.Allowed, nil
	case o.fromGitignore:
		return plan.Translated, nil
	default:
		return plan.AsIs, nil
	}
}

// chosen are --include and --exclude as they were given, each with a space in front.
func (o *fixOptions) chosen() string {
	var words []string
	for _, id := range o.include {
		words = append(words, "--include", id)
	}
	for _, id := range o.exclude {
		words = append(words, "--exclude", id)
	}
	return shellWords(words)
}

// several tells whether more than one of some flags is given.
func several(flags ...bool) bool {
	n := 0
	for _, given := range flags {
		if given {
			n++
		}
	}
	return n > 1
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
