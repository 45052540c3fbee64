package main

import (
	"github.com/spf13/cobra"

	"github.com/ctxsize/ctxsize/internal/check"
	"github.com/ctxsize/ctxsize/internal/config"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// configOptions are the flags of ctxsize config: those that it may be asked about.
type configOptions struct {
	contextFlags
	format formatFlag
}

func newConfigCommand(p *program) *cobra.Command {
	o := &configOptions{}
	cmd := &cobra.Command{
		Use:   "config [flags] [PATH]",
		Short: "Print the effective configuration and where each value comes from",
		Long: `Print what holds for the context in PATH, or for every context of the configuration
file: each setting, its value, and the flag, the variable or the line that sets it.

A flag wins over a variable (CTXSIZE_MAX_SIZE), that over the file, and what the
file says of one context over what it says of all.

Exit status: 0, or 2 where something in the configuration makes no sense.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runConfig(p, o, args)
		},
	}
	o.contextFlags.addFlags(cmd.Flags())
	o.format.addFlags(cmd.Flags(), "text", "json")
	addLimitFlags(cmd.Flags())
	return cmd
}

func runConfig(p *program, o *configOptions, args []string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	warnMisspelt(p)
	file, contexts, err := o.contexts(p, args)
	if err != nil {
		return err
	}
	shown := report.Config{File: file.Name, Lint: file.Lint}
	for _, c := range contexts {
		if _, err := check.ReadLimits(c.values); err != nil {
			return err
		}
		if err := plan.CheckPolicy(c.policy); err != nil {
			return err
		}
		flags := o.contextFlags
		flags.apply(c.values)
		options, err := flags.command(p, c.path)
		if err != nil {
			return err
		}
		if flags.builderFromEnvironment(options) {
			c.values["builder"] = []config.Value{{Text: options.Builder.String(), From: "DOCKER_BUILDKIT"}}
		}
		shown.Contexts = append(shown.Contexts, report.ConfigContext{Path: c.path, Values: c.values, Accept: c.policy.Accept})
	}
	if o.format.value == "json" {
		return report.ConfigJSON(p.stdout, shown)
	}
	return report.ConfigText(p.stdout, shown, o.style(p))
}
