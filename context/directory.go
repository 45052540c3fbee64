package buildcontext

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Directory is a [Source] that reads the file system.
type Directory struct {
	root string
}

// OpenDirectory returns the directory at path as a source. A symbolic link to a
// directory is resolved first, as the builders do. The error is an
// [fs.PathError] where path is missing or not a directory.
func OpenDirectory(path string) (*Directory, error) {
	root, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	if root, err = filepath.Abs(root); err != nil {
		return nil, err
	}
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errNotDirectory}
	}
	return &Directory{root: root}, nil
}

// Root returns the absolute path of the directory, without symbolic links.
func (d *Directory) Root() string { return d.root }

// join makes a path of the file system. It does not clean: an entry's name is
// taken as it is.
func (d *Directory) join(path string) string {
	if path == "" {
		return d.root
	}
	return strings.TrimSuffix(d.root, "/") + "/" + path
}

// ReadDir implements [Source]. An entry that vanishes while it is read is left
// out, as the builders leave it out.
func (d *Directory) ReadDir(dir string) ([]Stat, error) {
	entries, err := os.ReadDir(d.join(dir))
	if err != nil {
		return nil, err
	}
	stats := make([]Stat, 0, len(entries))
	for _, e := range entries {
		info, err := e.Info()
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		stats = append(stats, statOf(info))
	}
	return stats, nil
}

// Lstat implements [Source].
func (d *Directory) Lstat(path string) (Stat, error) {
	info, err := os.Lstat(d.join(path))
	if err != nil {
		return Stat{}, err
	}
	return statOf(info), nil
}

// Readlink implements [Source].
func (d *Directory) Readlink(path string) (string, error) { return os.Readlink(d.join(path)) }

// Open implements [Source].
func (d *Directory) Open(path string) (io.ReadCloser, error) {
	info, err := os.Lstat(d.join(path))
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fmt.Errorf("not a regular file but %s", kindOf(info.Mode()))}
	}
	return os.Open(d.join(path))
}

// Readable implements [Source].
func (d *Directory) Readable(path string) error {
	if info, err := os.Lstat(d.join(path)); err == nil && !info.Mode().IsRegular() {
		return mayRead(d.join(path))
	}
	f, err := d.Open(path)
	if err != nil {
		return err
	}
	return f.Close()
}

// kindOf names the kind of an entry for people.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	default:
		return "a regular file"
	}
}
