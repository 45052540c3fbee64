package buildcontext

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func statOf(info fs.FileInfo) Stat {
	s := Stat{Name: info.Name(), Mode: info.Mode(), Size: info.Size(), Links: 1}
	sys, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		s.Seconds, s.Nanoseconds = info.ModTime().Unix(), int32(info.ModTime().Nanosecond())
		return s
	}
	s.Seconds, s.Nanoseconds = sys.Mtim.Sec, int32(sys.Mtim.Nsec)
	s.Inode, s.Links = sys.Ino, uint64(sys.Nlink) //nolint:unconvert // 32 bits wide on some architectures
	if s.Mode&fs.ModeDevice != 0 {
		// As fsutil cuts the number up, not as the kernel does (stat_unix.go).
		s.Major = uint32((sys.Rdev >> 8) & 0xfff)
		s.Minor = uint32((sys.Rdev & 0xff) | ((sys.Rdev >> 12) & 0xfff00))
	}
	s.Private = s.Mode.IsRegular() && s.Mode.Perm()&0o444 != 0o444 && os.Geteuid() != 0
	return s
}

// Xattrs implements [Source]. A file system without extended attributes has none.
func (d *Directory) Xattrs(path string) ([]Xattr, error) {
	full := d.join(path)
	names := make([]byte, 256)
	for {
		n, err := unix.Llistxattr(full, names)
		switch {
		case err == nil:
			return d.xattrs(full, names[:n])
		case errors.Is(err, unix.ERANGE):
			size, err := unix.Llistxattr(full, nil)
			if err != nil {
				return nil, &fs.PathError{Op: "listxattr", Path: path, Err: err}
			}
			names = make([]byte, size+256)
		case errors.Is(err, unix.ENOTSUP):
			return nil, nil
		default:
			return nil, &fs.PathError{Op: "listxattr", Path: path, Err: err}
		}
	}
}

// xattrs reads the values of the NUL-terminated names; one that cannot be read
// is left out (tonistiigi/fsutil, stat_unix.go, loadXattr).
func (d *Directory) xattrs(full string, names []byte) ([]Xattr, error) {
	var out []Xattr
	for name := range bytes.SplitSeq(names, []byte{0}) {
		if len(name) == 0 {
			continue
		}
		x := Xattr{Name: string(name)}
		size, err := unix.Lgetxattr(full, x.Name, nil)
		if err != nil {
			continue
		}
		x.Value = make([]byte, size)
		if size, err = unix.Lgetxattr(full, x.Name, x.Value); err != nil {
			continue
		}
		x.Value = x.Value[:size]
		out = append(out, x)
	}
	return out, nil
}
