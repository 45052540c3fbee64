package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ctxsize/ctxsize/internal/check"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// checkOptions are the flags of ctxsize check.
type checkOptions struct {
	contextFlags
	format         formatFlag
	updateBaseline bool
}

func (o *checkOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "json", "markdown", "sarif", "junit", "github", "gitlab")
	addLimitFlags(flags)
	flags.BoolVar(&o.updateBaseline, "update-baseline", false, "write what is sent now into the file of --baseline; growth is then none")
}

// addLimitFlags adds the limits of a check. They are read with what is configured.
func addLimitFlags(flags *pflag.FlagSet) {
	flags.String("max-size", "", "most bytes of files that may be sent: 50MB, 48MiB, 50000000, or off")
	flags.String("max-files", "", "most files that may be sent, or off")
	flags.String("max-file-size", "", "most bytes that one file may have, or off")
	flags.StringSlice("max-dir-size", nil, "most bytes below a directory of the context: assets=20MB, or off")
	flags.String("against", "", "git revision that growth is compared with: origin/main; nothing is checked out")
	flags.String("baseline", "", "file that growth is compared with, in place of a revision")
	flags.StringSlice("max-growth", nil, "most growth since --against or --baseline: 10%, 5MB, or 10%+5MB")
	flags.StringSlice("forbid", nil, "what must not be sent: secrets, gitignored, a class such as vcs or dependencies, pattern:P, lint:error")
	flags.String("on", "sent", "what sizes are compared with: sent, eligible or wire")
}

func newCheckCommand(p *program) *cobra.Command {
	o := &checkOptions{}
	cmd := &cobra.Command{
		Use:   "check [flags] [PATH]",
		Short: "Fail where the context is larger than it may be",
		Long: `Compare what is sent of the context in PATH (. by default) with limits, and fail
where one is exceeded: with the excess, what weighs most, and the command that
repairs it. Limits may stand in .ctxsize.yaml, too, with several contexts: without
PATH all of them are checked. docs/check.md explains every limit.

kB, MB and GB are powers of 1000, KiB, MiB and GiB powers of 1024.

Exit status: 0 within the limits; 1 beyond one; 2 where the check could not be
made, also where no limit is given.`,
		Example: `  ctxsize check --max-size 50MB
  ctxsize check --max-size 50MB --max-files 5000 --format json app
  ctxsize check --against origin/main --max-growth 10%+1MB
  ctxsize check --max-file-size 10MB --max-dir-size assets=20MB --forbid secrets,vcs`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCheck(cmd.Context(), p, o, args)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func runCheck(ctx context.Context, p *program, o *checkOptions, args []string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	warnMisspelt(p)
	_, contexts, err := o.contexts(p, args)
	if err != nil {
		return err
	}
	bar := newProgress(p, &o.contextFlags)
	defer bar.done()
	var all report.Checks
	for _, c := range contexts {
		options, err := o.checkOptions(p, c)
		if err != nil {
			return err
		}
		options.Progress, options.UpdateBaseline = bar.entries, o.updateBaseline
		checked, err := check.Run(ctx, options)
		if err != nil {
			return inContext(err, c.path, len(contexts))
		}
		all = append(all, checked)
	}
	bar.done()
	if o.updateBaseline {
		names, err := check.UpdateBaselines(all)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stderr, "ctxsize: written: %s\n", report.Escape(strings.Join(names, ", ")))
	}
	if err := o.print(p, all); err != nil {
		return err
	}
	if all.Failed() {
		return verdict{}
	}
	return nil
}

// checkOptions says how one context is checked.
func (f contextFlags) checkOptions(p *program, c configured) (check.Options, error) {
	limits, err := check.ReadLimits(c.values)
	if err != nil {
		return check.Options{}, err
	}
	o := check.Options{Limits: limits}
	o.Options, err = f.optionsOf(p, c)
	o.Arguments = f.again(c.path)
	return o, err
}

// inContext says which of several contexts an error is about.
func inContext(err error, path string, of int) error {
	if of == 1 {
		return err
	}
	if u, ok := errors.AsType[*plan.UsageError](err); ok {
		return usagef(u.Hint, "%s: %w", path, u.Err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

func (o *checkOptions) print(p *program, all report.Checks) error {
	switch o.format.value {
	case "json":
		return report.CheckJSON(p.stdout, all)
	case "markdown":
		return report.CheckMarkdown(p.stdout, all)
	case "sarif":
		return report.CheckSARIF(p.stdout, all, version())
	case "junit":
		return report.CheckJUnit(p.stdout, all)
	case "github":
		return report.CheckGitHub(p.stdout, all)
	case "gitlab":
		return report.CheckGitLab(p.stdout, all)
	default:
		return report.CheckText(p.stdout, all, o.style(p), o.quiet)
	}
}
