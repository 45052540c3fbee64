package gitrepo

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// settings are what the configuration files say.
type settings struct {
	// local are the repository's own, which alone say what kind it is; all are
	// these and the user's and the machine's.
	local, all values
}

// includeDepth is how deep includes may nest. (git/git, config.c, MAX_INCLUDE_DEPTH)
const includeDepth = 10

// readSettings reads the machine's, the user's and the repository's files in the
// order in which later ones win.
func (r *Repo) readSettings() (settings, error) {
	s := settings{local: values{}, all: values{}}
	for _, path := range userFiles() {
		if err := r.readConfig(path, s.all, 0); err != nil {
			return s, err
		}
	}
	if err := r.readConfig(filepath.Join(r.commonDir, "config"), s.local, 0); err != nil {
		return s, err
	}
	if s.local.flag("extensions.worktreeconfig") {
		if err := r.readConfig(filepath.Join(r.gitDir, "config.worktree"), s.local, 0); err != nil {
			return s, err
		}
	}
	for key, values := range maps.All(s.local) {
		s.all[key] = append(s.all[key], values...)
	}
	return s, nil
}

// userFiles returns the files of the machine and of the user.
// (git/git, config.c, do_git_config_sequence)
func userFiles() []string {
	var files []string
	if !isTrue(os.Getenv("GIT_CONFIG_NOSYSTEM")) {
		if path := os.Getenv("GIT_CONFIG_SYSTEM"); path != "" {
			files = append(files, path)
		} else {
			files = append(files, systemFile())
		}
	}
	if path, ok := os.LookupEnv("GIT_CONFIG_GLOBAL"); ok {
		if path == "" {
			return files
		}
		return append(files, path)
	}
	files = append(files, userFile("config"))
	if home, err := os.UserHomeDir(); err == nil {
		files = append(files, filepath.Join(home, ".gitconfig"))
	}
	return files
}

// systemFile returns where the usual installations of git have the machine's
// configuration.
func systemFile() string {
	switch runtime.GOOS {
	case "windows":
		return filepath.Join(os.Getenv("ProgramFiles"), "Git", "etc", "gitconfig")
	case "darwin":
		for _, prefix := range []string{"/opt/homebrew", "/usr/local"} {
			if path := prefix + "/etc/gitconfig"; exists(path) {
				return path
			}
		}
	}
	return "/etc/gitconfig"
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// userFile returns a file of the user's own directory for git.
func userFile(name string) string {
	dir := os.Getenv("XDG_CONFIG_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "git", name)
}

// readConfig adds what a file says. One that is not there says nothing.
func (r *Repo) readConfig(path string, to values, depth int) error {
	if path == "" || path == os.DevNull || path == "/dev/null" {
		return nil
	}
	if depth > includeDepth {
		return fmt.Errorf("the git configuration %q: more than %d includes inside each other", path, includeDepth)
	}
	data, err := readFile(path, 16<<20)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the git configuration: %w", err)
	}
	var failed error
	err = parseConfig(data, func(key, value string) {
		to[key] = append(to[key], value)
		if r.includes(key, path) {
			failed = errors.Join(failed, r.readConfig(resolve(value, filepath.Dir(path)), to, depth+1))
		}
	})
	if err != nil {
		return fmt.Errorf("the git configuration %q, %w", path, err)
	}
	return failed
}

// includes tells whether a setting of a file includes another. Of conditions, the
// place of the repository is looked at; others count as not met.
// (git/git, config.c, include_condition_is_true)
func (r *Repo) includes(key, file string) bool {
	if key == "include.path" {
		return true
	}
	condition, ok := strings.CutPrefix(key, "includeif.")
	if !ok {
		return false
	}
	if condition, ok = strings.CutSuffix(condition, ".path"); !ok {
		return false
	}
	kind, pattern, _ := strings.Cut(condition, ":")
	if kind != "gitdir" && kind != "gitdir/i" {
		return false
	}
	switch {
	case strings.HasPrefix(pattern, "./"):
		pattern = filepath.ToSlash(filepath.Dir(file)) + pattern[1:]
	case strings.HasPrefix(pattern, "~/"):
		home, err := os.UserHomeDir()
		if err != nil {
			return false
		}
		pattern = filepath.ToSlash(home) + pattern[1:]
	case !filepath.IsAbs(pattern):
		pattern = "**/" + pattern
	}
	if strings.HasSuffix(pattern, "/") {
		pattern += "**"
	}
	return wildmatch(pattern, filepath.ToSlash(r.gitDir), byPath|foldIf(kind == "gitdir/i"))
}

// resolve expands "~/" and makes a path absolute from base.
func resolve(path, base string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if filepath.IsAbs(path) || base == "" {
		return path
	}
	return filepath.Join(base, path)
}
