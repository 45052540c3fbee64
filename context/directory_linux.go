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
	s.Seconds, s.Nanoseconds = int64(sys.Mtim.Sec), int32(sys.Mtim.Nsec) //nolint:unconvert // 32 bits wide on some architectures
	s.Inode, s.Links = sys.Ino, uint64(sys.Nlink)                        //nolint:unconvert // as above
	if s.Mode&fs.ModeDevice != 0 {
		s.Major, s.Minor = deviceOf(uint64(sys.Rdev)) //nolint:unconvert // as above
	}
	s.Private = private(s.Mode, sys.Uid)
	return s
}

// deviceOf cuts a device number up as fsutil does, not as the kernel does
// (tonistiigi/fsutil, stat_unix.go, setUnixOpt).
func deviceOf(number uint64) (major, minor uint32) {
	return uint32((number >> 8) & 0xfff), uint32((number & 0xff) | ((number >> 12) & 0xfff00))
}

// private tells whether the permission bits may keep us from reading a file, or
// from opening what the classic client opens too: a device, a socket. The
// owner's bits are the owner's whole right, whatever else an access list says.
func private(mode fs.FileMode, uid uint32) bool {
	if mode&^(fs.ModeDevice|fs.ModeCharDevice|fs.ModeSocket)&fs.ModeType != 0 || mode.Perm()&0o444 == 0o444 {
		return false
	}
	me := os.Geteuid()
	return me != 0 && (int(uid) != me || mode.Perm()&0o400 == 0)
}

// mayRead asks without opening, which does something to many a device.
func mayRead(full string) error {
	err := unix.Faccessat(unix.AT_FDCWD, full, unix.R_OK, unix.AT_EACCESS|unix.AT_SYMLINK_NOFOLLOW)
	if err != nil {
		return &fs.PathError{Op: "open", Path: full, Err: err}
	}
	return nil
}

// modeOf translates the mode of stat as package os does.
func modeOf(mode uint16) fs.FileMode {
	m := fs.FileMode(mode & 0o777)
	switch mode & unix.S_IFMT {
	case unix.S_IFBLK:
		m |= fs.ModeDevice
	case unix.S_IFCHR:
		m |= fs.ModeDevice | fs.ModeCharDevice
	case unix.S_IFDIR:
		m |= fs.ModeDir
	case unix.S_IFIFO:
		m |= fs.ModeNamedPipe
	case unix.S_IFLNK:
		m |= fs.ModeSymlink
	case unix.S_IFSOCK:
		m |= fs.ModeSocket
	}
	if mode&unix.S_ISGID != 0 {
		m |= fs.ModeSetgid
	}
	if mode&unix.S_ISUID != 0 {
		m |= fs.ModeSetuid
	}
	if mode&unix.S_ISVTX != 0 {
		m |= fs.ModeSticky
	}
	return m
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
