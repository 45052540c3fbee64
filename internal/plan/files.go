package plan

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// files is where the files lie that a command line names: on this machine, or on
// this machine with a repository as it was at a revision. Paths are absolute.
type files interface {
	// resolve returns a path without symbolic links.
	resolve(full string) (string, error)
	// lstat returns what lies at a path without following it if it is a link.
	lstat(full string) (fs.FileMode, error)
	// directory opens a directory and returns its path without symbolic links.
	directory(full string) (buildcontext.Source, string, error)
	// read reads a regular file. Links are followed anywhere.
	read(full string) ([]byte, error)
}

var (
	errIsDirectory = errors.New("is a directory")
	errNotRegular  = errors.New("is not a regular file")
)

// machine is the file system as it is.
type machine struct{}

// resolve fails with the system's own reason, where it has one.
func (machine) resolve(full string) (string, error) {
	resolved, err := filepath.EvalSymlinks(full)
	if err != nil {
		if _, statErr := os.Stat(full); statErr != nil {
			return "", statErr
		}
	}
	return resolved, err
}

func (machine) lstat(full string) (fs.FileMode, error) {
	info, err := os.Lstat(full)
	if err != nil {
		return 0, err
	}
	return info.Mode(), nil
}

func (machine) directory(full string) (buildcontext.Source, string, error) {
	src, err := buildcontext.OpenDirectory(full)
	if err != nil {
		return nil, "", err
	}
	return src, src.Root(), nil
}

func (machine) read(full string) ([]byte, error) {
	info, err := os.Stat(full)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errIsDirectory
	case !info.Mode().IsRegular():
		return nil, errNotRegular
	}
	return os.ReadFile(full)
}
