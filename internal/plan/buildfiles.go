package plan

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

const (
	defaultDockerfile = "Dockerfile"
	containerfile     = "Containerfile"
	dockerignore      = ".dockerignore"
	containerignore   = ".containerignore"
)

// Dockerfile is the Dockerfile of a run.
type Dockerfile struct {
	// Name is what findings call it: the path as given, or relative to the
	// context where it is the default; "-" is standard input.
	Name string
	// Data is the text; nil where there is no Dockerfile.
	Data []byte
	// Missing tells that the default Dockerfile is not there.
	Missing bool
	// Inside is the path relative to the context, links resolved, or "" where
	// the file lies outside or comes from standard input.
	Inside string

	// dir holds the file as BuildKit is given it, and base is its name there.
	dir  *buildcontext.Directory
	base string
	// full is where the file lies; "" for standard input.
	full string
	// unreadable is why BuildKit sees an empty file.
	unreadable error
}

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

// findDockerfile chooses the Dockerfile as the builder's client does and reads it.
func findDockerfile(o *Options, src *buildcontext.Directory) (*Dockerfile, error) {
	if o.File == "-" {
		data, err := io.ReadAll(o.Stdin)
		if err != nil {
			return nil, fmt.Errorf("reading the Dockerfile from standard input: %w", err)
		}
		return &Dockerfile{Name: "-", Data: data, base: defaultDockerfile}, nil
	}
	full := o.File
	name := o.File
	if full == "" {
		full, name = filepath.Join(src.Root(), defaultDockerfile), defaultDockerfile
	} else if !filepath.IsAbs(full) {
		full = filepath.Join(o.Dir, full)
	}
	if o.Builder == buildcontext.Podman {
		full = podmanFile(o, src, full)
	} else {
		full = lowerCaseFallback(full, o.Builder == buildcontext.BuildKit || o.File == "")
	}
	if filepath.Base(full) != path.Base(filepath.ToSlash(name)) {
		name = path.Join(path.Dir(filepath.ToSlash(name)), filepath.Base(full))
	}
	df := &Dockerfile{Name: name, base: filepath.Base(full), full: full}
	if o.File == "" {
		if _, err := os.Lstat(full); errors.Is(err, fs.ErrNotExist) {
			df.Missing = true
			return df, nil
		}
	}
	var err error
	if o.Builder == buildcontext.BuildKit {
		err = df.readBuildKit(full, src)
	} else {
		err = df.readClassic(full, src)
	}
	if err == nil {
		return df, nil
	}
	return nil, dockerfileError(name, err)
}

func dockerfileError(name string, err error) error {
	switch {
	case errors.Is(err, errOutside):
		return usage("copy the file into the context, or name it with -f", "%s is a link that leaves the context, and the builder does not follow it", name)
	case errors.Is(err, fs.ErrNotExist):
		return usage("name the Dockerfile with -f", "%s does not exist", name)
	case errors.Is(err, fs.ErrPermission):
		return usage("make it readable", "%s cannot be read: permission denied", name)
	case errors.Is(err, errIsDirectory):
		return usage("name the Dockerfile in it with -f", "%s is a directory", name)
	default:
		return usage("", "%s: %v", name, err)
	}
}

// errOutside marks a default Dockerfile that links out of the context.
var errOutside = errors.New("the link leaves the context")

// lowerCaseFallback returns the path of "dockerfile" where only that exists.
// buildx does so for any path that ends in Dockerfile, the classic client only
// for the default. (docker/buildx, build/opt.go, handleLowercaseDockerfile;
// docker/cli, cli/command/image/build/context.go, getDockerfileRelPath)
func lowerCaseFallback(full string, applies bool) string {
	if !applies || filepath.Base(full) != defaultDockerfile {
		return full
	}
	lower := filepath.Join(filepath.Dir(full), strings.ToLower(defaultDockerfile))
	exact, lowerInfo := lstat(full), lstat(lower)
	switch {
	case lowerInfo == nil || exact != nil && !os.SameFile(exact, lowerInfo):
		return full
	case exact == nil:
		return lower
	}
	// The file system takes both names for one file: the directory knows which
	// it is.
	entries, err := os.ReadDir(filepath.Dir(full))
	if err != nil || slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == defaultDockerfile }) {
		return full
	}
	return lower
}

// lstat returns nil for what is not there, or cannot be asked about.
func lstat(path string) fs.FileInfo {
	info, err := os.Lstat(path)
	if err != nil {
		return nil
	}
	return info
}

// podmanFile returns the path of the file that Podman takes: by default a
// Containerfile before a Dockerfile, and what is named relative to the working
// directory or, where it is not there, to the context.
// (containers/podman, cmd/podman/images/build.go)
func podmanFile(o *Options, src *buildcontext.Directory, full string) string {
	other := filepath.Join(src.Root(), containerfile)
	if o.File != "" {
		if _, err := os.Lstat(full); err == nil || filepath.IsAbs(o.File) {
			return full
		}
		other = filepath.Join(src.Root(), o.File)
	}
	if _, err := os.Lstat(other); err == nil {
		return other
	}
	return full
}

// readBuildKit reads the file as BuildKit does, from the directory that it lies
// in. (docker/buildx, build/opt.go, loadInputs;
// moby/buildkit, frontend/dockerui/config.go, ReadEntrypoint)
func (d *Dockerfile) readBuildKit(full string, src *buildcontext.Directory) error {
	dir, err := buildcontext.OpenDirectory(filepath.Dir(full))
	if err != nil {
		return err
	}
	d.dir = dir
	file, err := readInside(dir, d.base)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			if _, lstatErr := os.Lstat(full); lstatErr == nil {
				return errOutside
			}
		}
		return err
	}
	d.Data, d.unreadable = file.data, file.unreadable
	if d.Data == nil {
		d.Data = []byte{}
	}
	d.Inside = inside(src.Root(), filepath.Join(dir.Root(), d.base))
	return nil
}

// readClassic reads the file as the classic client does: links are resolved, and
// a file outside the context is added to the tar. Podman reads it as it is.
// (docker/cli, cli/command/image/build/context.go, getDockerfileRelPath)
func (d *Dockerfile) readClassic(full string, src *buildcontext.Directory) error {
	resolved, err := filepath.EvalSymlinks(full)
	if err != nil {
		return err
	}
	d.Inside = inside(src.Root(), resolved)
	if d.Inside == "" && filepath.Dir(full) == src.Root() && d.Name == d.base {
		return errOutside
	}
	info, err := os.Stat(resolved)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return errIsDirectory
	}
	if !info.Mode().IsRegular() {
		return errors.New("not a regular file")
	}
	d.Data, err = os.ReadFile(resolved)
	return err
}

// inside returns the path of a file relative to the context, or "" where it lies
// outside.
func inside(root, full string) string {
	rel, err := filepath.Rel(root, full)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return ""
	}
	return filepath.ToSlash(rel)
}

// findIgnoreFile chooses and parses the ignore file as the builder does.
func findIgnoreFile(o *Options, src *buildcontext.Directory, df *Dockerfile) (*IgnoreFile, error) {
	switch o.Builder {
	case buildcontext.Classic:
		return ignoreFileClassic(src)
	case buildcontext.Podman:
		return ignoreFilePodman(o, src, df)
	case buildcontext.BuildKit:
	}
	if df.dir != nil {
		specific := df.base + dockerignore
		file, err := readInside(df.dir, specific)
		if err == nil {
			at := filepath.Join(df.dir.Root(), specific)
			name := inside(src.Root(), at)
			if name == "" {
				name = df.Name + dockerignore
			}
			return parseIgnoreFile(name, at, file, true)
		}
		if errors.Is(err, errTooLarge) {
			return nil, usage("shorten it", "%v", err)
		}
	}
	return ignoreFileBuildKit(src)
}

// ignoreFileBuildKit reads .dockerignore of a context or a named context. What
// cannot be read as a file counts as missing.
// (moby/buildkit, frontend/dockerui/config.go, dockerIgnorePatterns)
func ignoreFileBuildKit(src *buildcontext.Directory) (*IgnoreFile, error) {
	file, err := readInside(src, dockerignore)
	if errors.Is(err, errTooLarge) {
		return nil, usage("shorten it", "%v", err)
	}
	if err != nil {
		return &IgnoreFile{}, nil //nolint:nilerr // what cannot be read is no ignore file
	}
	return parseIgnoreFile(dockerignore, filepath.Join(src.Root(), dockerignore), file, false)
}

// ignoreFileClassic reads .dockerignore with an ordinary open, so that a link is
// followed anywhere. (docker/cli, cli/command/image/build/dockerignore.go, ReadDockerignore)
func ignoreFileClassic(src *buildcontext.Directory) (*IgnoreFile, error) {
	full := filepath.Join(src.Root(), dockerignore)
	data, err := readPlain(full)
	if errors.Is(err, fs.ErrNotExist) {
		return &IgnoreFile{}, nil
	}
	if err != nil {
		return nil, unreadable("the classic builder", dockerignore, err)
	}
	return parseIgnoreFile(dockerignore, full, buildFile{data: data}, false)
}

// readPlain reads a file with an ordinary open, which follows links anywhere.
func readPlain(full string) ([]byte, error) {
	info, err := os.Stat(full)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errIsDirectory
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	}
	return os.ReadFile(full)
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
func ignoreFilePodman(o *Options, src *buildcontext.Directory, df *Dockerfile) (*IgnoreFile, error) {
	type candidate struct {
		name, full string
		specific   bool
	}
	var candidates []candidate
	if o.IgnoreFile != "" {
		full := o.IgnoreFile
		if !filepath.IsAbs(full) {
			full = filepath.Join(o.Dir, full)
		}
		candidates = append(candidates, candidate{o.IgnoreFile, full, true})
	} else {
		if df.full != "" {
			for _, ending := range []string{dockerignore, containerignore} {
				candidates = append(candidates, candidate{df.Name + ending, df.full + ending, true})
			}
		}
		for _, name := range []string{containerignore, dockerignore} {
			candidates = append(candidates, candidate{name, filepath.Join(src.Root(), name), false})
		}
	}
	for _, c := range candidates {
		data, err := readPlain(c.full)
		if errors.Is(err, fs.ErrNotExist) && o.IgnoreFile == "" {
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
