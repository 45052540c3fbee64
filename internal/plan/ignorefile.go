package plan

import (
	"errors"
	"io/fs"
	"path/filepath"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

const (
	dockerignore    = ".dockerignore"
	containerignore = ".containerignore"
)

// IgnoreFile is the ignore file of a run.
type IgnoreFile struct {
	// Name is its path relative to the context, or as findings call it where it
	// lies outside; "" where there is none.
	Name string
	// File is nil where there is none.
	File *ignore.File
	// Path is where it lies in the file system, links not resolved.
	Path string
	// Specific tells that it belongs to the Dockerfile and replaces .dockerignore.
	Specific bool
	// unreadable is why BuildKit sees an empty file.
	unreadable error
}

// findIgnoreFile chooses and parses the ignore file as the builder does.
func (r *Run) findIgnoreFile() (*IgnoreFile, error) {
	switch r.Builder {
	case buildcontext.Classic:
		return r.ignoreFileClassic()
	case buildcontext.Podman:
		return r.ignoreFilePodman()
	case buildcontext.BuildKit:
	}
	if df := r.Dockerfile; df.dir != nil {
		specific := df.base + dockerignore
		file, err := readInside(df.dir, specific)
		if err == nil {
			at := filepath.Join(df.dirPath, specific)
			name := inside(r.Root, at)
			if name == "" {
				name = df.Name + dockerignore
			}
			return parseIgnoreFile(name, at, file, true)
		}
		if errors.Is(err, errTooLarge) {
			return nil, usage("shorten it", "%v", err)
		}
	}
	return ignoreFileBuildKit(r.Source, r.Root)
}

// ignoreFileBuildKit reads .dockerignore of a context or a named context, which
// lies at root. What cannot be read as a file counts as missing.
// (moby/buildkit, frontend/dockerui/config.go, dockerIgnorePatterns)
func ignoreFileBuildKit(src buildcontext.Source, root string) (*IgnoreFile, error) {
	file, err := readInside(src, dockerignore)
	if errors.Is(err, errTooLarge) {
		return nil, usage("shorten it", "%v", err)
	}
	if err != nil {
		return &IgnoreFile{}, nil //nolint:nilerr // what cannot be read is no ignore file
	}
	return parseIgnoreFile(dockerignore, filepath.Join(root, dockerignore), file, false)
}

// ignoreFileClassic reads .dockerignore with an ordinary open, so that a link is
// followed anywhere. (docker/cli, cli/command/image/build/dockerignore.go, ReadDockerignore)
func (r *Run) ignoreFileClassic() (*IgnoreFile, error) {
	full := filepath.Join(r.Root, dockerignore)
	data, err := r.files.read(full)
	if errors.Is(err, fs.ErrNotExist) {
		return &IgnoreFile{}, nil
	}
	if err != nil {
		return nil, unreadable("the classic builder", dockerignore, err)
	}
	return parseIgnoreFile(dockerignore, full, buildFile{data: data}, false)
}

func unreadable(who, name string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		err = fs.ErrPermission
	}
	return usage("make it a readable file, or remove it", "%s cannot read %s: %v", who, name, err)
}

// ignoreFilePodman reads the file that Podman takes: the one that is named, the
// one that belongs to the Dockerfile, or that of the context.
// (containers/buildah, pkg/parse/parse.go, ContainerIgnoreFile)
func (r *Run) ignoreFilePodman() (*IgnoreFile, error) {
	type candidate struct {
		name, full string
		specific   bool
	}
	var candidates []candidate
	named := r.Options.IgnoreFile
	if named != "" {
		full := named
		if !filepath.IsAbs(full) {
			full = filepath.Join(r.Dir, full)
		}
		candidates = append(candidates, candidate{named, full, true})
	} else {
		if df := r.Dockerfile; df.full != "" {
			for _, ending := range []string{dockerignore, containerignore} {
				candidates = append(candidates, candidate{df.Name + ending, df.full + ending, true})
			}
		}
		for _, name := range []string{containerignore, dockerignore} {
			candidates = append(candidates, candidate{name, filepath.Join(r.Root, name), false})
		}
	}
	for _, c := range candidates {
		data, err := r.files.read(c.full)
		if errors.Is(err, fs.ErrNotExist) && named == "" {
			continue
		}
		if err != nil {
			return nil, unreadable("Podman", c.name, err)
		}
		return &IgnoreFile{Name: c.name, File: ignore.ParsePodman(c.name, data), Path: c.full, Specific: c.specific}, nil
	}
	return &IgnoreFile{}, nil
}

func parseIgnoreFile(name, full string, file buildFile, specific bool) (*IgnoreFile, error) {
	parsed, err := ignore.Parse(name, file.data)
	if err != nil {
		return nil, usage("break the line up", "%w", err)
	}
	return &IgnoreFile{Name: name, File: parsed, Path: full, Specific: specific, unreadable: file.unreadable}, nil
}

// rules returns the rules of the ignore file as they reach who evaluates them,
// none where there is no file.
func (f *IgnoreFile) rules(builder buildcontext.Builder) []ignore.Rule {
	if f.File == nil {
		return nil
	}
	if builder == buildcontext.BuildKit {
		return ignore.Travelled(f.File.Rules())
	}
	return f.File.Rules()
}
