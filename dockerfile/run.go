package dockerfile

import (
	"errors"
	"fmt"
	"path"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/util/system"
)

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
		d.unknown(KindEntitlement, read.Line, "RUN --security=insecure needs --allow security.insecure")
	}
	if instructions.GetNetwork(ic) == instructions.NetworkHost {
		d.unknown(KindEntitlement, read.Line, "RUN --network=host needs --allow network.host")
	}
	for _, dev := range instructions.GetDevices(ic) {
		if dev.Required {
			d.unknown(KindEntitlement, read.Line, "RUN --device needs --allow device")
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
			d.unknown(KindBaseWorkdir, firstLine(cmd.Location()), "a mount on the working directory, which the base image defines, is refused if that is /")
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
			d.guess(read, guess)
		}
		if from != "" {
			src.paths.add(read)
		} else {
			d.reads.add(read)
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
