package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
	"github.com/ctxsize/ctxsize/internal/spell"
)

// contextFlags are the words of docker build that say what the context is. Every
// command that measures takes them.
type contextFlags struct {
	file          string
	target        string
	buildArgs     []string
	buildContexts []string
	platform      []string
	compress      bool
	builder       string
	ignoreFile    string
	config        string
	progress      string
	color         string
	quiet         bool

	// set are the flags themselves, which know what was given.
	set *pflag.FlagSet
}

func (f *contextFlags) addFlags(flags *pflag.FlagSet) {
	f.set = flags
	flags.StringVarP(&f.file, "file", "f", "", "name of the Dockerfile (default PATH/Dockerfile); - reads standard input")
	flags.StringVar(&f.target, "target", "", "build stage that the build ends with")
	flags.StringArrayVar(&f.buildArgs, "build-arg", nil, "build argument NAME=value, or NAME from the environment")
	flags.StringArrayVar(&f.buildContexts, "build-context", nil, "additional build context name=directory")
	flags.StringSliceVar(&f.platform, "platform", nil, "platform of the build, for the arguments that Docker sets from it")
	flags.BoolVar(&f.compress, "compress", false, "the classic client compresses what it sends")
	flags.StringVar(&f.builder, "builder", "", "who builds: buildkit, classic or podman (default buildkit; classic where DOCKER_BUILDKIT=0)")
	flags.StringVar(&f.ignoreFile, "ignorefile", "", "podman: the ignore file, in place of the one in the context")
	flags.StringVar(&f.config, "config", "", "the configuration file (default .ctxsize.yaml in PATH or above it, up to the top of the repository)")
	flags.StringVar(&f.progress, "progress", "auto", "progress on standard error: auto, plain, tty or none")
	flags.StringVar(&f.color, "color", "auto", "color: auto, always or never")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "print the result without findings and advice")
}

// The flags of docker build and of docker buildx build that do not concern the
// context: a docker build command line works with ctxsize in its place.
var (
	foreignValues = []string{
		"add-host", "allow", "annotation", "attest", "cache-from", "cache-to", "call", "cgroup-parent", "cpu-period", "cpu-quota",
		"cpu-shares", "cpuset-cpus", "cpuset-mems", "iidfile", "isolation", "label", "memory", "memory-swap", "metadata-file", "network",
		"no-cache-filter", "output", "policy", "provenance", "sbom", "secret", "security-opt", "shm-size", "ssh", "tag", "ulimit",
	}
	foreignSwitches = []string{"check", "debug", "disable-content-trust", "force-rm", "load", "no-cache", "pull", "push", "rm", "squash", "stream"}
	foreignShort    = map[string]string{"output": "o", "tag": "t", "memory": "m", "cpu-shares": "c", "debug": "D"}
)

// addForeignFlags adds what the command does not take itself; call it last.
func addForeignFlags(flags *pflag.FlagSet) {
	for _, name := range foreignValues {
		flags.StringArrayP(name, foreignShort[name], nil, "accepted and ignored")
	}
	for _, name := range foreignSwitches {
		if flags.Lookup(name) == nil {
			flags.BoolP(name, foreignShort[name], false, "accepted and ignored")
		}
	}
	for _, name := range slices.Concat(foreignValues, foreignSwitches) {
		if f := flags.Lookup(name); f.Usage == "accepted and ignored" {
			f.Hidden = true
		}
	}
}

// options makes a command line of docker build of the flags and PATH, and of what
// is configured for it.
func (f *contextFlags) options(p *program, path string) (plan.Options, error) {
	conf, err := f.configured(p, path)
	if err != nil {
		return plan.Options{}, err
	}
	return f.optionsOf(p, conf)
}

// optionsOf makes a command line of docker build of what holds for one context.
func (f *contextFlags) optionsOf(p *program, c configured) (plan.Options, error) {
	f.apply(c.values)
	o, err := f.command(p, c.path)
	o.Policy = c.policy
	return o, err
}

// command makes a command line of docker build of the flags and PATH.
func (f *contextFlags) command(p *program, path string) (plan.Options, error) {
	o := plan.Options{
		Path: path, Dir: p.dir,
		File: f.file, Target: f.target, BuildArgs: f.buildArgs, BuildContexts: f.buildContexts, Compress: f.compress, IgnoreFile: f.ignoreFile,
		Stdin: p.stdin, Getenv: p.getenv,
	}
	if len(f.platform) > 0 {
		o.Platform = f.platform[0]
	}
	switch f.progress {
	case "auto", "plain", "tty", "none", "quiet", "rawjson":
	default:
		return o, usagef("--progress is auto, plain, tty or none", "%q is no kind of progress", f.progress)
	}
	switch f.color {
	case "auto", "always", "never":
	default:
		return o, usagef("--color is auto, always or never", "%q says nothing about color", f.color)
	}
	var err error
	if o.Builder, err = f.chooseBuilder(p); err != nil {
		return o, err
	}
	if f.ignoreFile != "" && o.Builder != buildcontext.Podman {
		return o, usagef("add --builder podman, or write Dockerfile.dockerignore beside the Dockerfile", "--ignorefile is Podman's: Docker has no such flag")
	}
	return o, nil
}

// chooseBuilder follows docker: DOCKER_BUILDKIT=0 makes it the classic builder.
// (docker/cli, cmd/docker/builder.go, processBuilder)
func (f *contextFlags) chooseBuilder(p *program) (buildcontext.Builder, error) {
	switch f.builder {
	case "buildkit":
		return buildcontext.BuildKit, nil
	case "classic":
		return buildcontext.Classic, nil
	case "podman":
		return buildcontext.Podman, nil
	case "":
	default:
		return 0, usagef("say --builder buildkit, classic or podman",
			"%q is no builder: ctxsize means the kind of builder by it, not the name of a buildx instance", f.builder)
	}
	value, ok := p.getenv("DOCKER_BUILDKIT")
	if !ok || value == "" {
		return buildcontext.BuildKit, nil
	}
	on, err := strconv.ParseBool(value)
	if err != nil {
		return 0, usagef("set it to 0 or 1, or unset it", "DOCKER_BUILDKIT=%q is neither true nor false, and docker refuses it", value)
	}
	if on {
		return buildcontext.BuildKit, nil
	}
	return buildcontext.Classic, nil
}

// builderFromEnvironment tells whether DOCKER_BUILDKIT made the builder classic.
func (f *contextFlags) builderFromEnvironment(o plan.Options) bool {
	return f.builder == "" && o.Builder == buildcontext.Classic
}

// style decides how text is shown on standard output.
func (f *contextFlags) style(p *program) report.Style {
	s := report.Style{Width: p.columns()}
	switch f.color {
	case "always":
		s.Color = true
	case "auto":
		noColor, _ := p.getenv("NO_COLOR")
		terminal, _ := p.getenv("TERM")
		s.Color = p.outIsTerminal && noColor == "" && terminal != "dumb"
	}
	return s
}

// pathArgument returns the one PATH of a command, "." where there is none.
func pathArgument(args []string) (string, error) {
	switch len(args) {
	case 0:
		return ".", nil
	case 1:
		return args[0], nil
	default:
		return "", usagef("name one directory", "there is one context, and %d are named: %s", len(args), strings.Join(quoted(args), ", "))
	}
}

func quoted(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = strconv.Quote(w)
	}
	return out
}

func usagef(hint, format string, args ...any) error {
	return &plan.UsageError{Err: fmt.Errorf(format, args...), Hint: hint}
}

// flagError words what pflag finds wrong.
func flagError(cmd *cobra.Command, err error) error {
	if missing, ok := errors.AsType[*pflag.NotExistError](err); ok {
		if near := spell.Nearest(missing.GetSpecifiedName(), flagNames(cmd)); near != "" {
			return usagef("did you mean --"+near+"?", "%v", err)
		}
	}
	hint := fmt.Sprintf("see %s --help", cmd.CommandPath())
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		flag := invalid.GetFlag()
		return usagef(hint, "--%s takes %s, not %q", flag.Name, valueOf(flag), invalid.GetValue())
	}
	return usagef(hint, "%v", err)
}

// valueOf says what a flag takes.
func valueOf(flag *pflag.Flag) string {
	switch flag.Value.Type() {
	case "int":
		return "a number"
	case "bool":
		return "true or false"
	case "duration":
		return "a time such as 90s or 10m"
	default:
		return "another value"
	}
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

// formatFlag is --format with the formats that a command knows.
type formatFlag struct {
	value   string
	formats []string
}

func (f *formatFlag) addFlags(flags *pflag.FlagSet, formats ...string) {
	f.formats = formats
	flags.StringVar(&f.value, "format", formats[0], "output: "+oneOf(formats))
}

func (f *formatFlag) check() error {
	if !slices.Contains(f.formats, f.value) {
		return usagef("--format is "+oneOf(f.formats), "%q is no format of this command", f.value)
	}
	return nil
}

// oneOf lists words of which one is to be chosen.
func oneOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// again returns the flags and the path with which another command means the same
// context, each with a space in front, as a shell takes them.
func (f *contextFlags) again(path string) string {
	var words []string
	add := func(flag, value string) {
		if value != "" {
			words = append(words, flag, value)
		}
	}
	add("--builder", f.builder)
	add("--ignorefile", f.ignoreFile)
	add("-f", f.file)
	add("--target", f.target)
	for _, a := range f.buildArgs {
		add("--build-arg", a)
	}
	for _, c := range f.buildContexts {
		add("--build-context", c)
	}
	add("--platform", strings.Join(f.platform, ","))
	add("--config", f.config)
	if path != "." {
		words = append(words, path)
	}
	return shellWords(words)
}

// shellWords are words as a POSIX shell takes them, each with a space in front.
func shellWords(words []string) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(" " + shellWord(w))
	}
	return b.String()
}

// shellWord quotes a word for a POSIX shell where it needs to be.
func shellWord(word string) string {
	plain := word != ""
	for _, r := range word {
		plain = plain && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./=:@,+", r))
	}
	if plain {
		return word
	}
	return "'" + strings.ReplaceAll(report.Escape(word), "'", `'\''`) + "'"
}
