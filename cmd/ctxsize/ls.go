package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// lsOptions are the flags of ctxsize ls.
type lsOptions struct {
	contextFlags
	format formatFlag
	list   report.ListOptions
}

func (o *lsOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "json")
	flags.StringVar(&o.list.Which, "which", "sent", "what is listed: sent, ignored, eligible or all")
	flags.BoolVarP(&o.list.Null, "null", "0", false, "end each name with NUL and escape nothing")
	flags.BoolVar(&o.list.Dirs, "dirs", false, "list directories, too, ending in /")
	flags.BoolVar(&o.list.Tree, "tree", false, "draw a tree")
	flags.BoolVarP(&o.list.Long, "long", "l", false, "with mode, size and the deciding rule")
	flags.StringVar(&o.list.Sort, "sort", "path", "order: path or size")
	flags.StringVar(&o.list.Make, "make", "", "write a make rule for this target, whose prerequisites are what is listed")
}

func newLsCommand(p *program) *cobra.Command {
	o := &lsOptions{}
	cmd := &cobra.Command{
		Use:   "ls [flags] [PATH]",
		Short: "List what is sent",
		Long: `List what the builder sends of the context in PATH (. by default), in the order
in which it is sent: files, links and whatever is no directory.

A name that would harm a terminal is quoted; -0 gives every name as it is.

Exit status: 0, or 2 where the context cannot be measured.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := pathArgument(args)
			if err != nil {
				return err
			}
			return runLs(cmd.Context(), p, o, path)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func runLs(ctx context.Context, p *program, o *lsOptions, path string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	if err := o.list.Check(); err != nil {
		return usagef("see ctxsize ls --help", "%w", err)
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
	sel, err := run.List(ctx, buildcontext.ScanOptions{
		Progress: bar.entries,
		Prune:    o.list.Which == "sent" || o.list.Which == "eligible",
	})
	bar.done()
	if err != nil {
		return err
	}
	o.list.JSON = o.format.value == "json"
	return report.List(p.stdout, sel, path, o.list)
}
