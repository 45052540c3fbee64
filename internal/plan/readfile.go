package plan

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
	"syscall"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// maxBuildFile is the largest Dockerfile or ignore file that BuildKit reads.
// (moby/buildkit, frontend/dockerui/readfile.go)
const maxBuildFile = 16 << 20

var (
	errTooLarge    = errors.New("the file has more than 16 MiB, and BuildKit refuses to read it")
	errTooManyHops = errors.New("too many levels of symbolic links")
)

// buildFile is a Dockerfile or an ignore file as BuildKit comes to see it.
type buildFile struct {
	data []byte
	// unreadable is why the client could not open the file; BuildKit then sees an
	// empty one.
	unreadable error
}

// readInside reads a file of a source as BuildKit reads it from what it was
// sent: links are followed inside the source alone, an absolute target begins
// at its root, and ".." stops there. The error wraps [fs.ErrNotExist] where
// there is nothing at the end.
func readInside(src buildcontext.Source, name string) (buildFile, error) {
	at, stat, err := resolveInside(src, name)
	if err != nil {
		return buildFile{}, err
	}
	if stat.Mode.IsDir() {
		return buildFile{}, &fs.PathError{Op: "read", Path: name, Err: errIsDirectory}
	}
	if !stat.Mode.IsRegular() {
		return buildFile{}, &fs.PathError{Op: "read", Path: name, Err: errNotRegular}
	}
	if stat.Size > maxBuildFile {
		return buildFile{}, &fs.PathError{Op: "read", Path: name, Err: errTooLarge}
	}
	f, err := src.Open(at)
	if err != nil {
		return buildFile{unreadable: err}, nil //nolint:nilerr // BuildKit sees an empty file
	}
	data, err := io.ReadAll(io.LimitReader(f, maxBuildFile))
	return buildFile{data: data}, errors.Join(err, f.Close())
}

// resolveInside follows the links of a path inside a source.
func resolveInside(src buildcontext.Source, name string) (string, buildcontext.Stat, error) {
	const maxHops = 255
	rest := strings.TrimPrefix(path.Clean("/"+name), "/")
	at := ""
	for range maxHops {
		if rest == "" {
			return at, buildcontext.Stat{Mode: fs.ModeDir}, nil
		}
		component, more, _ := strings.Cut(rest, "/")
		here := path.Join(at, component)
		stat, err := src.Lstat(here)
		if err != nil {
			if errors.Is(err, syscall.ENOTDIR) {
				err = &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
			}
			return "", stat, err
		}
		if stat.Mode&fs.ModeSymlink == 0 {
			if more == "" {
				return here, stat, nil
			}
			at, rest = here, more
			continue
		}
		target, err := src.Readlink(here)
		if err != nil {
			return "", stat, err
		}
		if !path.IsAbs(target) {
			target = path.Join("/", at, target)
		}
		at, rest = "", strings.TrimPrefix(path.Join("/", target, more), "/")
	}
	return "", buildcontext.Stat{}, &fs.PathError{Op: "open", Path: name, Err: errTooManyHops}
}
