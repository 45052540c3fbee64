package dockerfile

import (
	"errors"
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/util/system"
	digest "github.com/opencontainers/go-digest"
	mode "github.com/tonistiigi/dchapes-mode"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

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
	if err := d.unlessBase(cmd, words, checkChmod(cfg.chmod)); err != nil {
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
	from, list := state{uses: []*load{c.main}}, &d.reads
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
			d.guess(read, g)
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
