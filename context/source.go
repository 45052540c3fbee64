package buildcontext

import (
	"io"
	"io/fs"
)

// Source is where a context is read from. The methods take paths relative to the
// context; "" is its root. Implementations are safe for concurrent use.
type Source interface {
	// ReadDir returns what lies in a directory, in the byte order of the names.
	ReadDir(dir string) ([]Stat, error)
	// Lstat returns one entry without following it if it is a link.
	Lstat(path string) (Stat, error)
	// Readlink returns the target of a symbolic link.
	Readlink(path string) (string, error)
	// Open opens a regular file; anything else is an error.
	Open(path string) (io.ReadCloser, error)
	// Xattrs returns the extended attributes of an entry, of a link its own.
	Xattrs(path string) ([]Xattr, error)
	// Readable returns why a regular file, a device or a socket cannot be opened
	// for want of permission, or nil.
	Readable(path string) error
}

// Stat is one entry as a [Source] gives it.
type Stat struct {
	Name string
	Mode fs.FileMode
	// Size is in bytes; that of a link is the length of its target.
	Size int64
	// Seconds and Nanoseconds since 1970 are the time of modification.
	Seconds     int64
	Nanoseconds int32
	// Inode, and how many names it has.
	Inode uint64
	Links uint64
	// Major and Minor number of a device.
	Major, Minor uint32
	// Private tells that the permission bits keep somebody from reading the
	// file, or from opening the device or socket, so that whether we can must be
	// tried.
	Private bool
}

// Xattr is one extended attribute.
type Xattr struct {
	Name  string
	Value []byte
}
