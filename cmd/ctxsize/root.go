package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
	"github.com/ctxsize/ctxsize/internal/spell"
)

const rootLong = `ctxsize tells what docker build will send as its context, why, and repairs the
ignore file.

It takes docker build's own words, so that a docker build command line works
with ctxsize in its place. Without a command it measures the context in PATH (.
by default): what lies there, what the ignore file keeps back, what is sent, and
the number that Docker will print.

Exit status:
  0    fine; findings of a measurement do not change it
  1    check, lint, verify or fix --check says no, or fix refuses to write
  2    wrong usage, or an input that cannot be used: the builder itself would
       refuse the ignore file or the Dockerfile
  130  interrupted

The result goes to standard output, everything else to standard error.`

// newRootCommand builds the tree of commands. The root measures.
func newRootCommand(p *program) *cobra.Command {
	opts := &measureOptions{}
	root := &cobra.Command{
		Use:   "ctxsize [flags] [PATH]",
		Short: "Tell what docker build will send, why, and fix it",
		Long:  rootLong,
		Example: `  ctxsize                            measure the context in .
  ctxsize --format json app          the same of app, for machines
  ctxsize -f docker/Dockerfile --target test .
  ctxsize fix --dry-run              show what a better ignore file would save
  ctxsize check --max-size 50MB      fail where the context has grown too large`,
		Args:              cobra.ArbitraryArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
		Version:           version(),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := pathArgument(args)
			if err != nil {
				return err
			}
			if err := unknownCommand(cmd, p.dir, path); err != nil {
				return err
			}
			return runMeasure(cmd.Context(), p, opts, path)
		},
	}
	opts.addFlags(root.Flags())
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetVersionTemplate("ctxsize {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		newLsCommand(p),
		newExplainCommand(p),
		newLintCommand(p),
		newFixCommand(p),

		newCheckCommand(p),
		newConfigCommand(p),
		newDiffCommand(p),
		newHistoryCommand(p),
		newVerifyCommand(p),
	)
	for _, cmd := range append(root.Commands(), root) {
		addForeignFlags(cmd.Flags())
	}
	return root
}

// unknownCommand recognizes a word that is neither a command nor a directory.
func unknownCommand(cmd *cobra.Command, dir, word string) error {
	if strings.ContainsAny(word, `/\.:-`) || word == "" {
		return nil
	}
	full := word
	if !filepath.IsAbs(full) {
		full = filepath.Join(dir, word)
	}
	if _, err := os.Lstat(full); err == nil {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.Name() != "completion" && c.Name() != "help" {
			names = append(names, c.Name())
		}
	}
	if near := spell.Nearest(word, names); near != "" {
		return usagef("did you mean ctxsize "+near+"?", "%q is neither a command nor a directory", word)
	}
	return usagef("the commands are "+strings.Join(names, ", "), "%q is neither a command nor a directory", word)
}

// version is that of the module, or of the revision that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown version)"
	}
	return info.Main.Version
}

// measureOptions are the flags of the root command.
type measureOptions struct {
	contextFlags
	format formatFlag
	top    int
	depth  int
}

func (o *measureOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "json")
	flags.IntVar(&o.top, "top", 10, "how many heavy directories and files are listed")
	flags.IntVar(&o.depth, "depth", 1, "how many levels of directories are told apart")
}

func runMeasure(ctx context.Context, p *program, o *measureOptions, path string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	if o.top < 0 || o.depth < 1 {
		return usagef("give --top 0 or more, and --depth 1 or more", "--top %d and --depth %d make no list", o.top, o.depth)
	}
	options, err := o.options(p, path)
	if err != nil {
		return err
	}
	isJSON := o.format.value == "json"
	res, err := measure(ctx, p, &o.contextFlags, options, plan.MeasureOptions{
		Suggest: !o.quiet || isJSON, Project: !o.quiet && !isJSON, Depth: o.depth, Top: o.top,
	})
	if err != nil {
		return err
	}
	if isJSON {
		return report.JSON(p.stdout, res, o.top)
	}
	return report.Text(p.stdout, res, report.TextOptions{
		Style: o.style(p), Top: o.top, Quiet: o.quiet,
		FromEnvironment: o.builderFromEnvironment(options),
		Arguments:       o.again(path),
	})
}

// measure prepares a run and measures it, with a progress bar where it takes long.
func measure(ctx context.Context, p *program, f *contextFlags, o plan.Options, m plan.MeasureOptions) (*plan.Result, error) {
	run, err := plan.Prepare(o)
	if err != nil {
		return nil, err
	}
	bar := newProgress(p, f)
	defer bar.done()
	m.Progress = bar.entries
	return run.Measure(ctx, m)
}
