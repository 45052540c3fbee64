package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/check"
	"github.com/ctxsize/ctxsize/internal/report"
)

// checkOptions are the flags of ctxsize check.
type checkOptions struct {
	contextFlags
	limitFlags
	format formatFlag
}

func (o *checkOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "json", "markdown", "sarif", "junit", "github", "gitlab")
	o.limitFlags.addFlags(flags)
}

// limitFlags are the limits of a check.
type limitFlags struct {
	maxSize     string
	maxFiles    string
	maxFileSize string
	maxDirSize  []string
	forbid      []string
	on          string
}

func (l *limitFlags) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&l.maxSize, "max-size", "", "most bytes of files that may be sent: 50MB, 48MiB, 50000000, or off")
	flags.StringVar(&l.maxFiles, "max-files", "", "most files that may be sent, or off")
	flags.StringVar(&l.maxFileSize, "max-file-size", "", "most bytes that one file may have, or off")
	flags.StringSliceVar(&l.maxDirSize, "max-dir-size", nil, "most bytes below a directory of the context: assets=20MB, or off")
	flags.StringSliceVar(&l.forbid, "forbid", nil, "what must not be sent: secrets, gitignored, a class such as vcs or dependencies, pattern:P, lint:error")
	flags.StringVar(&l.on, "on", "sent", "what sizes are compared with: sent, eligible or wire")
}

func newCheckCommand(p *program) *cobra.Command {
	o := &checkOptions{}
	cmd := &cobra.Command{
		Use:   "check [flags] [PATH]",
		Short: "Fail where the context is larger than it may be",
		Long: `Compare what is sent of the context in PATH (. by default) with limits, and fail
where one is exceeded: with the excess, what weighs most, and the command that
repairs it. docs/check.md explains every limit.

kB, MB and GB are powers of 1000, KiB, MiB and GiB powers of 1024.

Exit status: 0 within the limits; 1 beyond one; 2 where the check could not be
made, also where no limit is given.`,
		Example: `  ctxsize check --max-size 50MB
  ctxsize check --max-size 50MB --max-files 5000 --format json app
  ctxsize check --max-file-size 10MB --max-dir-size assets=20MB --forbid secrets,vcs`,
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

// limits reads the limits in the order in which they are reported.
func (l *limitFlags) limits() ([]budget.Limit, error) {
	var all []budget.Limit
	for _, given := range []struct {
		rule  string
		texts []string
	}{
		{budget.MaxSize, one(l.maxSize)},
		{budget.MaxFiles, one(l.maxFiles)},
		{budget.MaxFileSize, one(l.maxFileSize)},
		{budget.MaxDirSize, l.maxDirSize},
		{budget.Forbid, l.forbid},
	} {
		for _, text := range given.texts {
			limit, err := budget.ParseLimit(given.rule, text, "--"+given.rule)
			if err != nil {
				return nil, usagef("see ctxsize check --help", "--%s: %w", given.rule, err)
			}
			all = append(all, limit)
		}
	}
	return all, nil
}

func one(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func runCheck(ctx context.Context, p *program, o *checkOptions, path string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	limits, err := o.limits()
	if err != nil {
		return err
	}
	on, err := budget.ParseOn(o.on)
	if err != nil {
		return usagef("--on is sent, eligible or wire", "%w", err)
	}
	options, err := o.options(p, path)
	if err != nil {
		return err
	}
	bar := newProgress(p, &o.contextFlags)
	checked, err := check.Run(ctx, check.Options{
		Options: options, On: on, Limits: limits, Arguments: o.again(path), Progress: bar.entries,
	})
	bar.done()
	if err != nil {
		return err
	}
	all := report.Checks{checked}
	if err := o.print(p, all); err != nil {
		return err
	}
	if all.Failed() {
		return verdict{}
	}
	return nil
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
