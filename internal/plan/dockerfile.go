package plan

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

const (
	defaultDockerfile = "Dockerfile"
	containerfile     = "Containerfile"
)

// Dockerfile is the Dockerfile of a run.
type Dockerfile struct {
	// Name is what findings call it: the path as given, or relative to the
	// context where it is the default; "-" is standard input.
	Name string
	// Data is the text; nil where there is no Dockerfile.
	Data []byte
	// Missing tells that the default Dockerfile is not there, or is a directory.
	Missing bool
	// Inside is the path relative to the context, links resolved, or "" where
	// the file lies outside or comes from standard input.
	Inside string

	// dir holds the file as BuildKit is given it, dirPath is where that lies, and
	// base the name of the file there.
	dir     buildcontext.Source
	dirPath string
	base    string
	// full is where the file lies; "" for standard input.
	full string
	// unreadable is why BuildKit sees an empty file, and the classic daemon none.
	unreadable error
}

// findDockerfile chooses the Dockerfile as the builder's client does and reads it.
func (r *Run) findDockerfile() (*Dockerfile, error) {
	if r.File == "-" {
		data, err := io.ReadAll(r.Stdin)
		if err != nil {
			return nil, fmt.Errorf("reading the Dockerfile from standard input: %w", err)
		}
		return &Dockerfile{Name: "-", Data: data, base: defaultDockerfile}, nil
	}
	if strings.Contains(r.File, "://") && isURL(r.File) {
		return nil, usage("download it and give its path, or pipe it in with -f -", "the Dockerfile %q is remote, and ctxsize fetches nothing", r.File)
	}
	full := r.File
	name := r.File
	if full == "" {
		full, name = filepath.Join(r.Root, defaultDockerfile), defaultDockerfile
	} else if !filepath.IsAbs(full) {
		full = filepath.Join(r.Dir, full)
	}
	if r.Builder == buildcontext.Podman {
		full = r.podmanFile(full)
	} else if r.Builder == buildcontext.BuildKit || r.File == "" {
		full = r.lowerCaseFallback(full)
	}
	if filepath.Base(full) != path.Base(filepath.ToSlash(name)) {
		name = path.Join(path.Dir(filepath.ToSlash(name)), filepath.Base(full))
	}
	df := &Dockerfile{Name: name, base: filepath.Base(full), full: full}
	if r.File == "" {
		if _, err := r.files.lstat(full); errors.Is(err, fs.ErrNotExist) {
			df.Missing = true
			return df, nil
		}
	}
	var err error
	switch r.Builder {
	case buildcontext.BuildKit:
		err = r.readBuildKit(df)
	case buildcontext.Classic:
		err = r.readClassic(df)
	case buildcontext.Podman:
		err = r.readPodman(df)
	}
	if errors.Is(err, errIsDirectory) && r.File == "" {
		return &Dockerfile{Name: name, Missing: true, unreadable: errIsDirectory}, nil
	}
	if err == nil {
		return df, nil
	}
	if _, lstatErr := r.files.lstat(full); errors.Is(lstatErr, fs.ErrPermission) {
		dir := r.Path
		if r.File != "" {
			dir = filepath.Dir(name)
		}
		return nil, usage("run as somebody who may enter it", "the directory %q may not be entered: permission denied", dir)
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
	case errors.Is(err, errTooManyHops), errors.Is(err, syscall.ELOOP):
		return usage("make it a plain file, or name another with -f", "%s is a link that leads back to itself", name)
	case errors.Is(err, errTooLarge):
		return usage("name the Dockerfile with -f", "%s has more than 16 MiB, and BuildKit refuses to read it", name)
	default:
		return usage("name a plain file with -f", "%s: %v", name, err)
	}
}

// errOutside marks a default Dockerfile that links out of the context.
var errOutside = errors.New("the link leaves the context")

// lowerCaseFallback returns the path of "dockerfile" where only that exists.
// buildx does so for any path that ends in Dockerfile, the classic client only
// for the default. (docker/buildx, build/opt.go, handleLowercaseDockerfile;
// docker/cli, cli/command/image/build/context.go, getDockerfileRelPath)
func (r *Run) lowerCaseFallback(full string) string {
	if filepath.Base(full) != defaultDockerfile {
		return full
	}
	lower := filepath.Join(filepath.Dir(full), strings.ToLower(defaultDockerfile))
	if _, err := r.files.lstat(lower); err != nil {
		return full
	}
	if _, err := r.files.lstat(full); err != nil {
		return lower
	}
	// Both are there, or the file system takes both names for one file: the
	// directory knows.
	dir, _, err := r.files.directory(filepath.Dir(full))
	if err != nil {
		return full
	}
	entries, err := dir.ReadDir("")
	if err != nil || slices.ContainsFunc(entries, func(e buildcontext.Stat) bool { return e.Name == defaultDockerfile }) {
		return full
	}
	return lower
}

// podmanFile returns the path of the file that Podman takes: by default a
// Containerfile before a Dockerfile, and what is named relative to the working
// directory or, where it is not there, to the context.
// (containers/podman, cmd/podman/images/build.go)
func (r *Run) podmanFile(full string) string {
	other := filepath.Join(r.Root, containerfile)
	if r.File != "" {
		if _, err := r.files.lstat(full); err == nil || filepath.IsAbs(r.File) {
			return full
		}
		other = filepath.Join(r.Root, r.File)
	}
	if _, err := r.files.lstat(other); err == nil {
		return other
	}
	return full
}

// readBuildKit reads the file as BuildKit does, from the directory that it lies
// in. (docker/buildx, build/opt.go, loadInputs;
// moby/buildkit, frontend/dockerui/config.go, ReadEntrypoint)
func (r *Run) readBuildKit(d *Dockerfile) (err error) {
	if d.dir, d.dirPath, err = r.files.directory(filepath.Dir(d.full)); err != nil {
		return err
	}
	file, err := readInside(d.dir, d.base)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			if _, lstatErr := r.files.lstat(d.full); lstatErr == nil {
				return errOutside
			}
		}
		return err
	}
	d.Data, d.unreadable = file.data, file.unreadable
	if d.Data == nil {
		d.Data = []byte{}
	}
	d.Inside = inside(r.Root, filepath.Join(d.dirPath, d.base))
	return nil
}

// readClassic reads the file as the classic client does: links are resolved, and
// a file outside the context is added to the tar, which a default one is not.
// What lies inside is sent whatever it is; only the daemon looks at it.
// (docker/cli, cli/command/image/build/context.go, getDockerfileRelPath)
func (r *Run) readClassic(d *Dockerfile) error {
	resolved, err := r.files.resolve(d.full)
	if err != nil {
		return err
	}
	d.Inside = inside(r.Root, resolved)
	if d.Inside == "" && r.File == "" {
		return errOutside
	}
	d.Data, err = r.files.read(resolved)
	if d.Inside != "" && (errors.Is(err, errIsDirectory) || errors.Is(err, errNotRegular)) {
		d.unreadable, err = err, nil
	}
	return err
}

// readPodman reads the file as it is.
func (r *Run) readPodman(d *Dockerfile) error {
	resolved, err := r.files.resolve(d.full)
	if err != nil {
		return err
	}
	d.Inside = inside(r.Root, resolved)
	d.Data, err = r.files.read(resolved)
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
