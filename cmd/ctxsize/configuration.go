package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ctxsize/ctxsize/internal/config"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// configured is what holds for one context: of flags, the environment and the file,
// the first that says something.
type configured struct {
	path   string
	values config.Values
	policy plan.Policy
}

// load reads the configuration that holds for a directory; an empty one where there
// is none.
func (f *contextFlags) load(p *program, path string) (*config.File, error) {
	name := f.config
	if name == "" {
		name, _ = p.getenv(config.ConfigVariable)
	}
	if name == "" {
		found, err := config.Find(filepath.Clean(absolute(p.dir, path)), filepath.Clean(p.dir))
		if err != nil {
			return nil, configError(err)
		}
		if found == "" {
			return &config.File{}, nil
		}
		name = found
		if rel, err := filepath.Rel(p.dir, found); err == nil && !filepath.IsAbs(path) {
			name = rel
		}
	}
	file, err := config.Load(p.dir, name)
	return file, configError(err)
}

// configError says what to do about a file that makes no sense.
func configError(err error) error {
	if e, ok := errors.AsType[*config.Error](err); ok {
		return usagef(e.Hint, "%w", err)
	}
	return err
}

// configured returns what holds for one directory. Where the file has several
// contexts in it, only what holds for all of them does.
func (f *contextFlags) configured(p *program, path string) (configured, error) {
	file, err := f.load(p, path)
	if err != nil {
		return configured{}, err
	}
	context := config.Context{Path: path}
	if found := file.For(p.dir, path); len(found) == 1 {
		context = found[0]
	}
	return f.merge(p, file, context, path), nil
}

// contexts returns what is checked: PATH, or the contexts of the file where none is
// given.
func (f *contextFlags) contexts(p *program, args []string) (*config.File, []configured, error) {
	path, err := pathArgument(args)
	if err != nil {
		return nil, nil, err
	}
	file, err := f.load(p, path)
	if err != nil {
		return nil, nil, err
	}
	chosen := file.Contexts
	if len(args) > 0 {
		chosen = file.For(p.dir, path)
	}
	if len(chosen) == 0 {
		return file, []configured{f.merge(p, file, config.Context{Path: path}, path)}, nil
	}
	if len(chosen) > 1 && f.set.Changed("file") {
		return nil, nil, usagef("name the context with PATH", "-f is about one context, and %s has %d", file.Name, len(chosen))
	}
	var all []configured
	for _, c := range chosen {
		if len(args) > 0 {
			c.Path = path // as it was given
		} else if info, err := os.Stat(absolute(p.dir, c.Path)); err != nil || !info.IsDir() {
			return nil, nil, usagef("mend the path: it is relative to this file", "%v: there is no directory %q", c.Place, c.Path)
		}
		all = append(all, f.merge(p, file, c, c.Path))
	}
	return file, all, nil
}

// merge puts together what holds for one context of a file.
func (f *contextFlags) merge(p *program, file *config.File, context config.Context, path string) configured {
	return configured{
		path:   path,
		values: config.Merge(file.Values, context.Values, config.Environment(p.getenv), f.given()),
		policy: plan.Policy{Accept: append(context.Accept, file.Accept...), Severities: file.Lint, Shared: len(file.Contexts) > 1},
	}
}

// given are the settings that flags give.
func (f *contextFlags) given() config.Values {
	out := config.Values{}
	for _, s := range config.Settings() {
		flag := f.set.Lookup(s.FlagName())
		if flag == nil || !flag.Changed {
			continue
		}
		texts := []string{flag.Value.String()}
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			texts = list.GetSlice()
		}
		for _, text := range texts {
			out[s.Key] = append(out[s.Key], config.Value{Text: text, From: "--" + s.FlagName()})
		}
	}
	return out
}

// apply sets the flags that say how the context is built.
func (f *contextFlags) apply(v config.Values) {
	f.builder, f.file, f.target = v.One("builder").Text, v.One("file").Text, v.One("target").Text
	f.buildArgs, f.buildContexts = v.Texts("build-args"), v.Texts("build-contexts")
	f.platform, f.ignoreFile = v.Texts("platform"), v.One("ignorefile").Text
}

// warnMisspelt tells of variables that look like settings and set nothing.
func warnMisspelt(p *program) {
	if names := config.Misspelt(p.environ()); len(names) > 0 {
		fmt.Fprintf(p.stderr, "ctxsize: no setting, and ignored: %s (ctxsize config lists the settings)\n", report.Escape(strings.Join(names, ", ")))
	}
}
