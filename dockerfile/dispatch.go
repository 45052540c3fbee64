package dockerfile

import (
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
	"github.com/moby/buildkit/util/system"
	digest "github.com/opencontainers/go-digest"
	mode "github.com/tonistiigi/dchapes-mode"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

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
			d.image.setEnv(kv.Key, v)
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
			return c.unlessBase(d, cmd, words, errors.New("VOLUME specified can not be an empty string"))
		}
	case *instructions.StopSignalCommand:
		return c.unlessBase(d, cmd, words, checkSignal(ic.Signal))
	case *instructions.ExposeCommand:
		return c.expose(d, ic)
	}
	return nil
}

// expansion is what the expansion of one instruction told beside the words.
type expansion struct {
	sources []string // as written: of COPY and ADD, or of the mounts of RUN
	guesses []string // of every word in turn
	at      int
}

// next returns the guess of the last of the next n words.
func (e *expansion) next(n int) string {
	e.at += n
	return e.guesses[e.at-1]
}

func (e *expansion) any() string {
	for _, g := range e.guesses {
		if g != "" {
			return g
		}
	}
	return ""
}

// unlessBase returns what is wrong with the words of an instruction. Where the base
// image may define one of them, nobody knows whether it is wrong: that is put down.
func (c *converter) unlessBase(d *stageState, cmd command, words *expansion, err error) error {
	guess := words.any()
	if err == nil || guess == "" {
		return err
	}
	c.unknown(KindBaseEnv, firstLine(cmd.Location()), d.label, "%s is refused unless the base image defines %s", strings.ToUpper(cmd.Name()), guess)
	return nil
}

// expandCommand expands the words of an instruction in place. ARG is left to arg:
// its value may be overridden, and an error in it then does not count.
func (c *converter) expandCommand(d *stageState, ic instructions.Command) (*expansion, error) {
	e := &expansion{}
	if _, isArg := ic.(*instructions.ArgCommand); isArg {
		return e, nil
	}
	switch ic := ic.(type) {
	case *instructions.AddCommand:
		e.sources = slices.Clone(ic.SourcePaths)
	case *instructions.CopyCommand:
		e.sources = slices.Clone(ic.SourcePaths)
	case *instructions.RunCommand:
		e.sources = writtenMounts(ic)
	}
	if ex, ok := ic.(instructions.SupportsSingleWordExpansion); ok {
		err := ex.Expand(func(word string) (string, error) {
			s, guess, err := c.expand(d, ic, c.lex, word)
			e.guesses = append(e.guesses, guess)
			return s, err
		})
		if err != nil {
			return nil, err
		}
	}
	if ex, ok := ic.(instructions.SupportsSingleWordExpansionRaw); ok {
		err := ex.ExpandRaw(func(word string) (string, error) {
			lex := shell.NewLex('\\')
			lex.SkipProcessQuotes = true
			s, _, err := c.expand(d, ic, lex, word)
			return s, err
		})
		if err != nil {
			return nil, err
		}
	}
	return e, nil
}

// setEnv follows convert.go : addEnv.
func (i *image) setEnv(key string, v variable) {
	for n := range i.env {
		if i.env[n].key == key {
			i.env[n].variable = v
			return
		}
	}
	i.env = append(i.env, assignment{key, v})
}

// arg follows convert.go : dispatchArg. The value goes into the state but not
// into the image, so a child stage sees it only where the image has no variable
// of that name.
func (c *converter) arg(d *stageState, ic *instructions.ArgCommand) error {
	for _, a := range ic.Args {
		given, hasValue := c.buildArgs[a.Key]
		global, hasGlobal := c.globals.vars[a.Key]
		var v variable
		switch {
		case hasValue:
			v.value = given
		case a.Value != nil:
			var err error
			if v.value, v.from, err = c.expand(d, ic, c.lex, *a.Value); err != nil {
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

// run follows convert.go : dispatchRun.
func (c *converter) run(d *stageState, cmd command, ic *instructions.RunCommand, words *expansion) error {
	read := d.newRead(cmd)
	read.Path, read.Uses = "/", true
	d.paths.add(read)
	if len(ic.Files) > 0 && (len(ic.CmdLine) != 1 || !ic.PrependShell) {
		return fmt.Errorf("parsing produced an invalid run command: %v", ic.CmdLine)
	}
	if err := c.mounts(d, cmd, ic, words); err != nil {
		return err
	}
	if instructions.GetSecurity(ic) == instructions.SecurityInsecure {
		c.unknown(KindEntitlement, read.Line, d.label, "RUN --security=insecure needs --allow security.insecure")
	}
	if instructions.GetNetwork(ic) == instructions.NetworkHost {
		c.unknown(KindEntitlement, read.Line, d.label, "RUN --network=host needs --allow network.host")
	}
	for _, dev := range instructions.GetDevices(ic) {
		if dev.Required {
			c.unknown(KindEntitlement, read.Line, d.label, "RUN --device needs --allow device")
		}
	}
	if len(ic.CmdLine) == 0 && !ic.PrependShell && d.state.err == nil {
		// client/llb/exec.go : ExecOp.Validate, which runs only on what the target
		// descends from.
		d.state.err = parser.WithLocation(errors.New("arguments are required"), ic.Location())
	}
	return nil
}

// mounts follows convert_runmount.go : dispatchRunMounts with convert_secrets.go :
// dispatchSecret and convert_ssh.go : dispatchSSH.
func (c *converter) mounts(d *stageState, cmd command, ic *instructions.RunCommand, words *expansion) error {
	for i, m := range instructions.GetMounts(ic) {
		from := m.From
		if from == "" && m.Type == instructions.MountTypeCache {
			from = scratch
		}
		var src *stageState
		uses := state{uses: []*load{c.main}}
		if from != "" {
			src = cmd.sources[i]
			uses = src.state
			if !src.dispatched {
				return fmt.Errorf("cannot mount from stage %q to %q, stage needs to be defined before current command", from, m.Target)
			}
		}
		switch m.Type {
		case instructions.MountTypeTmpfs:
			uses = state{}
		case instructions.MountTypeSecret:
			if err := checkSecret(d, m); err != nil {
				return err
			}
			continue
		case instructions.MountTypeSSH:
			if m.Source != "" {
				return errors.New("ssh does not support source")
			}
			continue
		default:
		}
		target, open := m.Target, false
		if !path.IsAbs(path.Clean(m.Target)) {
			target, open = path.Join("/", d.state.dir, m.Target), d.state.open
		}
		if target == "/" {
			if !open {
				return fmt.Errorf("invalid mount target %q", target)
			}
			c.unknown(KindBaseWorkdir, firstLine(cmd.Location()), d.label, "a mount on the working directory, which the base image defines, is refused if that is /")
		}
		d.state.descendFrom(uses)

		read := d.newRead(cmd)
		read.Path = cleanRooted(m.Source)
		read.Source = m.Source
		guess := words.any()
		if words.sources != nil {
			read.Source = words.sources[i]
			_, guess, _, _ = expand(c.lex, read.Source, d.state.env)
		}
		read.Mount = string(m.Type)
		read.Uses = m.Type != instructions.MountTypeTmpfs
		if guess != "" {
			c.guess(d, read, guess)
		}
		if from != "" {
			src.paths.add(read)
		} else {
			c.main.paths.add(read)
		}
	}
	return nil
}

// writtenMounts returns the source of each mount before expansion, or nil where a
// mount only makes sense after it.
func writtenMounts(ic *instructions.RunCommand) []string {
	if err := ic.Expand(func(word string) (string, error) { return word, nil }); err != nil {
		return nil
	}
	var written []string
	for _, m := range instructions.GetMounts(ic) {
		written = append(written, m.Source)
	}
	return written
}

// checkSecret follows convert_secrets.go : dispatchSecret.
func checkSecret(d *stageState, m *instructions.Mount) error {
	id, target := m.CacheID, system.ToSlash(m.Target, d.platform.os)
	if m.Source != "" {
		id = m.Source
	}
	if id == "" {
		if target == "" {
			return errors.New("one of source, target required")
		}
		id = path.Base(target)
	}
	if d.platform.os != "windows" {
		return nil
	}
	if target != "" && !system.IsAbs(target, d.platform.os) {
		return fmt.Errorf("secret target %q must be an absolute path with forward slashes on Windows, e.g. --mount=type=secret,id=%s,target=C:/path/to/secret", target, id)
	}
	if target == "" && m.Env == nil {
		return fmt.Errorf("secret target is required on Windows, e.g. --mount=type=secret,id=%s,target=C:/path/to/secret", id)
	}
	return nil
}

type copyConfig struct {
	instructions.SourcesAndDest
	add          bool
	chown, chmod string
	link         bool
	parents      bool
	keepGitDir   *bool
	checksum     string
	exclude      []string
}

// copy follows convert_copy.go : dispatchCopy and, for the paths, convert.go :
// dispatch.
func (c *converter) copy(d *stageState, cmd command, cfg copyConfig, words *expansion) error {
	if err := d.checkPath(cfg.DestPath); err != nil {
		return err
	}
	if cfg.link && namesOwner(cfg.chown) {
		return fmt.Errorf("--chown=%s: user and group names can't be resolved when used with --link, use numeric uid[:gid] instead", cfg.chown)
	}
	if err := c.unlessBase(d, cmd, words, checkChmod(cfg.chmod)); err != nil {
		return err
	}
	if cfg.checksum != "" {
		if len(cfg.SourcePaths) != 1 {
			return errors.New("checksum can't be specified for multiple sources")
		}
		if !isWebAddress(cfg.SourcePaths[0]) && !isGitSource(cfg.SourcePaths[0]) {
			return errors.New("checksum requires HTTP(S) or Git sources")
		}
	}
	from, list := state{uses: []*load{c.main}}, &c.main.paths
	if len(cmd.sources) > 0 {
		from, list = cmd.sources[0].state, cmd.sources[0].paths
	}
	var reads []buildcontext.Read
	for i, src := range cfg.SourcePaths {
		local, err := cfg.source(d, src)
		if err != nil {
			return err
		}
		if local {
			d.state.descendFrom(from)
		}
		if cfg.add && isWebAddress(src) {
			continue
		}
		read := d.newRead(cmd)
		read.Path = cleanRooted(src)
		read.Source = words.sources[i]
		read.Uses = local
		read.Wildcard = local && containsWildcards(src)
		read.Exclude = cfg.exclude
		if _, g, _, _ := expand(c.lex, words.sources[i], d.state.env); g != "" {
			c.guess(d, read, g)
		}
		reads = append(reads, read)
	}
	for _, content := range cfg.SourceContents {
		if _, err := system.CheckSystemDriveAndRemoveDriveLetter(content.Path, d.platform.os, false); err != nil {
			return fmt.Errorf("removing drive letter: %w", err)
		}
	}
	for _, read := range reads {
		list.add(read)
	}
	return nil
}

// source checks one expanded source and tells whether it is a path.
func (cfg *copyConfig) source(d *stageState, src string) (local bool, err error) {
	git, isGit, gitErr := parseGitRef(src)
	if gitErr != nil && isGit {
		return false, gitErr
	}
	switch {
	case gitErr == nil && !git.localLooking:
		if !cfg.add {
			return false, errors.New("source can't be a git ref for COPY")
		}
		if cfg.keepGitDir != nil && git.keepGitDir != nil && *cfg.keepGitDir != *git.keepGitDir {
			return false, errors.New("inconsistent keep-git-dir configuration")
		}
		if git.keepGitDir != nil {
			cfg.keepGitDir = git.keepGitDir
		}
		if cfg.checksum != "" && git.checksum != "" && cfg.checksum != git.checksum {
			return false, fmt.Errorf("checksum mismatch %q != %q", cfg.checksum, git.checksum)
		}
		if git.checksum != "" {
			cfg.checksum = git.checksum
		}
		return false, nil
	case isHTTPSource(src):
		if !cfg.add {
			return false, errors.New("source can't be a URL for COPY")
		}
		if cfg.checksum != "" {
			if _, err := digest.Parse(cfg.checksum); err != nil {
				return false, err
			}
		}
		return false, nil
	}
	parts := []string{src}
	if cfg.parents {
		if parent, pattern, ok := strings.Cut(src, "/./"); ok {
			parts = []string{pattern, parent}
		}
	}
	for _, p := range parts {
		if _, err := system.NormalizePath("/", p, d.platform.os, false); err != nil {
			return false, fmt.Errorf("removing drive letter: %w", err)
		}
	}
	return true, nil
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

// checkChmod follows convert_copy.go : dispatchCopy.
func checkChmod(s string) error {
	if s == "" {
		return nil
	}
	nonOctal := fmt.Errorf("invalid chmod parameter: '%v'. it should be octal string and between 0 and 07777", s)
	if p, err := strconv.ParseUint(s, 8, 32); err == nil {
		if os.FileMode(p) > 0o7777 {
			return nonOctal
		}
		return nil
	}
	if _, err := mode.Parse(s); err != nil {
		if _, ok := errors.AsType[*strconv.NumError](err); ok {
			return nonOctal
		}
		return err
	}
	return nil
}

// namesOwner follows convert_copy.go : chownByName and client/llb/fileop.go :
// WithUser.
func namesOwner(chown string) bool {
	if chown == "" {
		return false
	}
	user, group, _ := strings.Cut(chown, ":")
	name := func(s string) bool {
		if s == "root" {
			return false
		}
		_, err := strconv.ParseInt(s, 10, 32)
		return err != nil && s != ""
	}
	return name(user) || name(group)
}

// containsWildcards follows convert_copy.go.
func containsWildcards(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '*', '?', '[':
			return true
		case '\\':
			i++
		}
	}
	return false
}

// cleanRooted is how a source becomes a path of the request.
func cleanRooted(s string) string { return path.Join("/", s) }

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

func (c *converter) guess(d *stageState, r buildcontext.Read, name string) {
	c.unknown(KindBaseEnv, r.Line, d.label, "%s of %s depends on %s, which the base image may define", r.Source, r.Keyword, name)
}
