package plan

import (
	"path/filepath"
	"slices"

	"github.com/ctxsize/ctxsize/internal/config"
)

// Where returns the path of a file that a finding names: relative to the working
// directory, but where an absolute path was asked about.
func (r *Run) Where(file string) string { return r.where(file) }

// where is [Run.Where] for a caller who was asked about more.
func (r *Run) where(file string, asked ...string) string {
	full := filepath.Join(r.Root, filepath.FromSlash(file))
	switch {
	case file == "" || file == "-":
		return file
	case slices.ContainsFunc(r.Policy.Accept, func(a config.Accept) bool { return a.File == file }):
		return filepath.ToSlash(file) // the configuration is named from the working directory
	case file == r.IgnoreFile.Name && r.IgnoreFile.Path != "":
		full = r.IgnoreFile.Path
	case file == r.Dockerfile.Name && r.Dockerfile.full != "":
		full = r.Dockerfile.full
	}
	if slices.ContainsFunc(append(asked, r.Path, r.File), filepath.IsAbs) {
		return filepath.ToSlash(full)
	}
	dir, err := filepath.EvalSymlinks(r.Dir)
	if err != nil {
		dir = r.Dir
	}
	rel, err := filepath.Rel(dir, full)
	if err != nil {
		return filepath.ToSlash(full)
	}
	return filepath.ToSlash(rel)
}
