package plan

import (
	"io"
	"io/fs"
	"time"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// stdinDockerfile is the temporary directory into which buildx writes a
// Dockerfile from standard input. (docker/buildx, build/opt.go, createTempDockerfile)
type stdinDockerfile struct {
	size int64
}

func (d stdinDockerfile) stat() buildcontext.Stat {
	return buildcontext.Stat{Name: defaultDockerfile, Mode: 0o644, Size: d.size, Seconds: time.Now().Unix(), Links: 1}
}

// ReadDir implements [buildcontext.Source].
func (d stdinDockerfile) ReadDir(string) ([]buildcontext.Stat, error) {
	return []buildcontext.Stat{d.stat()}, nil
}

// Lstat implements [buildcontext.Source].
func (d stdinDockerfile) Lstat(path string) (buildcontext.Stat, error) {
	if path != defaultDockerfile {
		return buildcontext.Stat{}, &fs.PathError{Op: "lstat", Path: path, Err: fs.ErrNotExist}
	}
	return d.stat(), nil
}

// Readlink implements [buildcontext.Source].
func (d stdinDockerfile) Readlink(path string) (string, error) {
	return "", &fs.PathError{Op: "readlink", Path: path, Err: fs.ErrInvalid}
}

// Open implements [buildcontext.Source].
func (d stdinDockerfile) Open(path string) (io.ReadCloser, error) {
	return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrInvalid}
}

// Xattrs implements [buildcontext.Source].
func (d stdinDockerfile) Xattrs(string) ([]buildcontext.Xattr, error) { return nil, nil }

// Readable implements [buildcontext.Source].
func (d stdinDockerfile) Readable(string) error { return nil }
