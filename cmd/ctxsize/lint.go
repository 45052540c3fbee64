package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/lint"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// lintOptions are the flags of ctxsize lint.
type lintOptions struct {
	contextFlags
	format    formatFlag
	context   string
	failOn    string
	listRules bool
	fix       bool
	dryRun    bool
}

func (o *lintOptions) addFlags(flags *pflag.FlagSet) {
	o.contextFlags.addFlags(flags)
	o.format.addFlags(flags, "text", "json", "sarif", "github", "gitlab", "checkstyle", "junit")
	flags.StringVar(&o.context, "context", "", "the context directory of a PATH that is a file (default the directory of the file)")
	flags.StringVar(&o.failOn, "fail-on", "warning", "exit 1 for findings as bad as this, or worse: error, warning, info or none")
	flags.BoolVar(&o.fix, "fix", false, "make the repairs that are certain; ctxsize fix --undo takes the last back")
	flags.BoolVar(&o.dryRun, "dry-run", false, "with --fix: print the difference, and write nothing")
	flags.BoolVar(&o.listRules, "list-rules", false, "list the rules, and look at nothing")
}

func newLintCommand(p *program) *cobra.Command {
	o := &lintOptions{}
	cmd := &cobra.Command{
		Use:   "lint [flags] [PATH...]",
		Short: "Say what is wrong with the ignore file",
		Long: `Look for lines of the ignore file that do nothing, that do something else than
they seem to, or that cost more than they save. PATH is a context (by
default those of .ctxsize.yaml, or .), an ignore file, a Dockerfile, or - for an
ignore file on standard input, of which only the text is looked at unless --context
names a context.

With --fix repair what changes nothing but the text, and what changes what is sent
as the finding says; never so that the build loses what an instruction names.

docs/lint.md explains each rule. A line "# ctxsize:ignore RULE reason" above a
rule suppresses its findings.

Exit status: 0 nothing found that --fail-on names; 1 something; 2 where there is
nothing to look at.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runLint(cmd.Context(), p, o, args)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func runLint(ctx context.Context, p *program, o *lintOptions, paths []string) error {
	if err := o.format.check(); err != nil {
		return err
	}
	level, fails, err := o.failLevel()
	if err != nil {
		return err
	}
	if o.listRules {
		if o.format.value == "json" {
			return report.LintRulesJSON(p.stdout, lint.Rules())
		}
		return report.LintRulesText(p.stdout, lint.Rules(), o.style(p))
	}
	if o.dryRun && !o.fix {
		return usagef("add --fix", "--dry-run shows what --fix would write")
	}
	looks, err := o.looks(p, paths)
	if err != nil {
		return err
	}
	var all report.Lints
	var fixes report.LintFixes
	for _, options := range looks {
		l, fix, err := lintOnce(ctx, p, o, options)
		if err != nil {
			return inContext(err, options.Path, len(looks))
		}
		all = append(all, l)
		if fix != nil {
			fixes = append(fixes, fix)
		}
	}
	failing := func(s finding.Severity) bool { return fails && s >= level }
	if err := o.print(p, all, fixes, failing); err != nil {
		return err
	}
	if all.Fail(failing) {
		return verdict{}
	}
	return nil
}

func (o *lintOptions) print(p *program, all report.Lints, fixes report.LintFixes, failing func(finding.Severity) bool) error {
	switch o.format.value {
	case "json":
		return report.LintJSON(p.stdout, all, fixes, !o.dryRun)
	case "sarif":
		return report.LintSARIF(p.stdout, all, version())
	case "github":
		return report.LintGitHub(p.stdout, all)
	case "gitlab":
		return report.LintGitLab(p.stdout, all)
	case "checkstyle":
		return report.LintCheckstyle(p.stdout, all)
	case "junit":
		return report.LintJUnit(p.stdout, all, failing)
	}
	if err := report.LintFixText(p.stdout, fixes, o.style(p), !o.dryRun); err != nil {
		return err
	}
	return report.LintText(p.stdout, all, o.style(p), o.quiet)
}

// failLevel reads --fail-on.
func (o *lintOptions) failLevel() (level finding.Severity, fails bool, err error) {
	switch o.failOn {
	case "error":
		return finding.Error, true, nil
	case "warning":
		return finding.Warning, true, nil
	case "info":
		return finding.Info, true, nil
	case "none":
		return 0, false, nil
	}
	return 0, false, usagef("--fail-on is error, warning, info or none", "%q is no severity", o.failOn)
}

// looks says what is looked at: each PATH once, or the contexts of the configuration
// where none is given.
func (o *lintOptions) looks(p *program, paths []string) ([]plan.LintOptions, error) {
	var all []plan.LintOptions
	if len(paths) == 0 {
		_, contexts, err := o.contexts(p, nil)
		if err != nil {
			return nil, err
		}
		for _, c := range contexts {
			flags := o.contextFlags
			options, err := flags.optionsOf(p, c)
			if err != nil {
				return nil, err
			}
			all = append(all, plan.LintOptions{Options: options})
		}
	}
	seen := map[string]bool{}
	for _, path := range paths {
		at := filepath.Clean(absolute(p.dir, path))
		if seen[at] {
			continue
		}
		seen[at] = true
		options, err := o.lintOptions(p, path)
		if err != nil {
			return nil, err
		}
		all = append(all, options)
	}
	return all, nil
}

// lintOnce looks at one context, and repairs it where that is asked for. What is
// returned then is what is left to find.
func lintOnce(ctx context.Context, p *program, o *lintOptions, options plan.LintOptions) (*plan.Lint, *plan.Fix, error) {
	bar := newProgress(p, &o.contextFlags)
	defer bar.done()
	options.Scan = buildcontext.ScanOptions{Progress: bar.entries}
	l, err := plan.LintContext(ctx, options)
	if err != nil || !o.fix {
		return l, nil, err
	}
	fix, err := l.Repair(ctx)
	if err != nil || o.dryRun || !fix.Changed() {
		return l, fix, err
	}
	if err := fix.Write(); err != nil {
		return nil, nil, err
	}
	if options.File == "-" {
		options.Stdin = bytes.NewReader(l.Dockerfile.Data) // it can be read once
	}
	l, err = plan.LintContext(ctx, options)
	return l, fix, err
}

// lintOptions says what one argument names.
func (o *lintOptions) lintOptions(p *program, path string) (plan.LintOptions, error) {
	l := plan.LintOptions{}
	flags, dir, file := o.contextFlags, path, ""
	switch kind := kindOf(p.dir, path); {
	case path == "-":
		l.IgnoreText, l.TextOnly, dir = "-", o.context == "", "."
	case kind == ignoreFile:
		dir = filepath.Dir(path)
		l.IgnoreText = path
		if stem := strings.TrimSuffix(path, ".dockerignore"); filepath.Base(stem) != filepath.Base(dir) && flags.file == "" && exists(p.dir, stem) && stem != path {
			file = stem
		}
	case kind == dockerfile:
		dir, file = filepath.Dir(path), path
	case kind == neither:
		return l, usagef("name a directory, an ignore file or a Dockerfile", "%q is no file that a builder reads", path)
	}
	if dir != path && o.context != "" {
		dir = o.context
	}
	var err error
	if l.Options, err = flags.options(p, dir); file != "" {
		l.File = file // what PATH names goes before what is configured
	}
	return l, err
}

// argument says what a PATH of lint is.
type argument int

const (
	directory argument = iota // or nothing at all
	ignoreFile
	dockerfile
	neither
)

// kindOf tells a directory from an ignore file and a Dockerfile.
func kindOf(dir, path string) argument {
	info, err := os.Stat(absolute(dir, path))
	switch {
	case err != nil || info.IsDir():
		return directory
	case !info.Mode().IsRegular():
		return neither
	case strings.HasSuffix(strings.ToLower(path), "ignore"):
		return ignoreFile
	default:
		return dockerfile
	}
}

func exists(dir, path string) bool {
	info, err := os.Stat(absolute(dir, path))
	return err == nil && !info.IsDir()
}

func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
