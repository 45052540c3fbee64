package buildcontext

import (
	"bytes"
	"errors"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// xattrs lists near the directory's descriptor where the kernel can (Linux 6.13),
// and elsewhere by the whole path. A file system without extended attributes has
// none, and a value that cannot be read is left out
// (tonistiigi/fsutil, stat_unix.go, loadXattr).
func (r *linuxReader) xattrs(h *handle, name string) ([]Xattr, error) {
	if !r.attributed && r.hasNone(h, name) {
		return nil, nil
	}
	n, err := r.enlarged(func() (int, error) { return r.listNames(h, name, r.attributes) })
	r.attributed = n > 0
	switch {
	case errors.Is(err, unix.EOPNOTSUPP):
		return nil, nil
	case err != nil:
		return nil, r.failed("listxattr", h, name, err)
	}
	var all []Xattr
	for attribute := range bytes.SplitSeq(bytes.Clone(r.attributes[:n]), []byte{0}) {
		if len(attribute) == 0 {
			continue
		}
		x := Xattr{Name: string(attribute)}
		if n, err := r.value(h, name, x.Name); err == nil {
			x.Value = bytes.Clone(r.attributes[:n])
			all = append(all, x)
		}
	}
	return all, nil
}

// hasNone tells that an entry has no attributes, where that is quick to find out:
// without a buffer the kernel only counts, and has none to make. Every entry that is
// sent comes here, so that the way to the kernel is as short as in statx.
func (r *linuxReader) hasNone(h *handle, name string) bool {
	if h.slow || !r.attributesAt {
		return false
	}
	fd, cName, flags := r.at(h, name)
	n, _, errno := syscall.RawSyscall6(unix.SYS_LISTXATTRAT, uintptr(fd), uintptr(cName), flags, 0, 0, 0)
	return n == 0 && errno == 0 || errno == unix.EOPNOTSUPP
}

// listNames puts the names of an entry's attributes into a buffer.
func (r *linuxReader) listNames(h *handle, name string, buf []byte) (int, error) {
	var n uintptr
	var err error
	if r.attributesAt {
		fd, cName, flags := r.at(h, name)
		n, err = r.call(h.slow, unix.SYS_LISTXATTRAT, uintptr(fd), uintptr(cName), flags, uintptr(unsafe.Pointer(unsafe.SliceData(buf))), uintptr(len(buf)), 0)
	} else {
		r.path = append(append(r.path[:0], r.byPath(h, name)...), 0)
		n, err = r.call(h.slow, unix.SYS_LLISTXATTR, uintptr(unsafe.Pointer(&r.path[0])), uintptr(unsafe.Pointer(unsafe.SliceData(buf))), uintptr(len(buf)), 0, 0, 0)
	}
	return int(n), err
}

// value puts the value of an attribute into the buffer.
func (r *linuxReader) value(h *handle, name, attribute string) (int, error) {
	return r.enlarged(func() (int, error) {
		if r.attributesAt {
			return r.valueAt(h, name, attribute)
		}
		return unix.Lgetxattr(r.byPath(h, name), attribute, r.attributes)
	})
}

func (r *linuxReader) enlarged(read func() (int, error)) (int, error) {
	for {
		n, err := read()
		if !errors.Is(err, unix.ERANGE) {
			return n, err
		}
		r.attributes = make([]byte, 2*len(r.attributes))
	}
}

// xattrArgs is struct xattr_args of linux/xattr.h.
type xattrArgs struct {
	value uint64
	size  uint32
	flags uint32
}

func (r *linuxReader) valueAt(h *handle, name, attribute string) (int, error) {
	fd, cName, flags := r.at(h, name)
	key := append([]byte(attribute), 0)
	r.args = xattrArgs{value: uint64(uintptr(unsafe.Pointer(&r.attributes[0]))), size: uint32(len(r.attributes))}
	n, err := r.call(h.slow, unix.SYS_GETXATTRAT, uintptr(fd), uintptr(cName), flags,
		uintptr(unsafe.Pointer(&key[0])), uintptr(unsafe.Pointer(&r.args)), unsafe.Sizeof(r.args))
	return int(n), err
}

// byPath returns a path that the kernel takes: that of the entry or, where it is
// too long, one that leads through the directory's descriptor.
func (r *linuxReader) byPath(h *handle, name string) string {
	path := r.dir.join(h.in(name))
	if len(path) < unix.PathMax || h.fd < 0 {
		return path
	}
	if name == "" {
		name = "."
	}
	return "/proc/self/fd/" + strconv.Itoa(h.fd) + "/" + name
}
