package dockerfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/util/system"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

func (c *converter) dispatchStages(reachable map[*stageState]bool) {
	for _, d := range c.states {
		if !reachable[d] || d.dispatched {
			continue
		}
		d.dispatched = true
		if err := c.dispatchStage(d); err != nil {
			c.fail(d, err)
		}
	}
}

func (c *converter) dispatchStage(d *stageState) error {
	d.init()
	if d.platform == nil {
		// BuildKit takes the platform of options that are still empty here.
		d.platform = &platform{}
	}
	path, ok := d.image.env.lookup(pathName)
	if !ok && d.platform.os != "windows" {
		path, ok = variable{value: system.DefaultPathEnv(d.platform.os)}, true
		if d.image.open {
			path.from = pathName
		}
		d.image.env.set(pathName, path)
	}
	if ok {
		d.state.env.set(pathName, path)
	}
	if d.base != nil {
		d.regain(d.base.args)
	}
	// The directory of the image is that of the state already.
	for _, cmd := range d.commands {
		if err := c.dispatch(d, cmd); err != nil {
			return parser.WithLocation(err, cmd.Location())
		}
	}
	return nil
}

// regain sets what ARG has set in a parent stage to what the image has, whose
// environment is applied again. What a base image has is not known.
func (d *stageState) regain(args []string) {
	for _, name := range args {
		v, ok := d.image.env.lookup(name)
		if !ok {
			v, _ = d.state.env.lookup(name)
			if d.image.open && v.from == "" {
				v.from = name
			}
		}
		d.state.env.set(name, v)
	}
}

// dispatch follows convert.go : dispatch. Instructions that neither change the
// environment, the directory or the sources nor can fail are left out.
func (c *converter) dispatch(d *stageState, cmd command) error {
	words, err := c.expandCommand(d, cmd.Command)
	if err != nil {
		return err
	}
	switch ic := cmd.Command.(type) {
	case *instructions.EnvCommand:
		for _, kv := range ic.Env {
			// The guess of a pair is that of its value, the second word.
			v := variable{value: kv.Value, from: words.next(2)}
			d.state.env.set(kv.Key, v)
			d.image.env.set(kv.Key, v)
		}
	case *instructions.ArgCommand:
		return c.arg(d, ic)
	case *instructions.WorkdirCommand:
		return d.workdir(ic.Path)
	case *instructions.RunCommand:
		return c.run(d, cmd, ic, words)
	case *instructions.AddCommand:
		return c.copy(d, cmd, copyConfig{
			SourcesAndDest: ic.SourcesAndDest, add: true, chown: ic.Chown, chmod: ic.Chmod, link: ic.Link,
			keepGitDir: ic.KeepGitDir, checksum: ic.Checksum, exclude: ic.ExcludePatterns,
		}, words)
	case *instructions.CopyCommand:
		if len(cmd.sources) > 0 && !cmd.sources[0].dispatched {
			return fmt.Errorf("cannot copy from stage %q, it needs to be defined before current stage %q", ic.From, d.name())
		}
		return c.copy(d, cmd, copyConfig{
			SourcesAndDest: ic.SourcesAndDest, chown: ic.Chown, chmod: ic.Chmod, link: ic.Link,
			parents: ic.Parents, exclude: ic.ExcludePatterns,
		}, words)
	case *instructions.VolumeCommand:
		if slices.Contains(ic.Volumes, "") {
			return d.unlessBase(cmd, words, errors.New("VOLUME specified can not be an empty string"))
		}
	case *instructions.StopSignalCommand:
		return d.unlessBase(cmd, words, checkSignal(ic.Signal))
	case *instructions.ExposeCommand:
		return c.expose(d, ic)
	}
	return nil
}

// arg follows convert.go : dispatchArg. The value goes into the state but not
// into the image, so a child stage sees it only where the image has no variable
// of that name.
func (c *converter) arg(d *stageState, ic *instructions.ArgCommand) error {
	for _, a := range ic.Args {
		given, hasValue := c.buildArgs[a.Key]
		global, hasGlobal := c.globals.lookup(a.Key)
		var v variable
		switch {
		case hasValue:
			v.value = given
		case a.Value != nil:
			var err error
			if v.value, v.from, err = d.expand(ic, c.lex, *a.Value); err != nil {
				return err
			}
		case hasGlobal:
			v = global
		default:
			continue
		}
		if a.Key == "BUILDKIT_SBOM_SCAN_CONTEXT" || a.Key == "BUILDKIT_SBOM_SCAN_STAGE" {
			continue
		}
		d.state.env.set(a.Key, v)
		d.args = append(d.args, a.Key)
	}
	return nil
}

// workdir follows convert.go : dispatchWorkdir.
func (d *stageState) workdir(p string) error {
	wd, err := system.NormalizeWorkdir(d.image.workdir, p, d.platform.os)
	if err != nil {
		return fmt.Errorf("normalizing workdir: %w", err)
	}
	if system.IsAbs(p, d.platform.os) {
		d.state.open = false
	}
	d.image.workdir = wd
	d.state.dir = system.ToSlash(wd, d.platform.os)
	return nil
}

// checkPath follows convert.go : pathRelativeToWorkingDir, which can fail on
// Windows alone.
func (d *stageState) checkPath(p string) error {
	p, err := system.CheckSystemDriveAndRemoveDriveLetter(p, d.platform.os, true)
	if err != nil {
		return fmt.Errorf("removing drive letter: %w", err)
	}
	if system.IsAbs(p, d.platform.os) {
		_, err = system.NormalizePath("/", p, d.platform.os, true)
	} else {
		if p == "." || p == "" {
			p = "./"
		}
		_, err = system.NormalizePath(d.state.dir, p, d.platform.os, true)
	}
	return err
}

// newRead begins a read of the instruction. A trigger is shown where ONBUILD
// stands, not at the FROM that sets it off.
func (d *stageState) newRead(cmd command) buildcontext.Read {
	r := buildcontext.Read{
		Keyword: strings.ToUpper(cmd.Name()),
		Text:    commandText(cmd.Command),
		Line:    firstLine(cmd.Location()),
		Stage:   d.label,
	}
	if cmd.onbuild != nil {
		r.Text = cmd.onbuild.String()
		r.Line = firstLine(cmd.onbuild.Location())
	}
	return r
}
