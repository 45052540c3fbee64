package buildcontext

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"math"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// linuxReaders reads a directory of the file system near its descriptor:
// getdents64 into a buffer, statx and listxattrat of a name beside it. Compared
// with os.ReadDir that spares the kernel the walk down from the root for every
// entry, and us the allocations.
type linuxReaders struct {
	dir *Directory
	fd  int
	// attributesAt tells that the kernel has listxattrat and getxattrat (Linux
	// 6.13); elsewhere attributes are asked for by the whole path.
	attributesAt bool
	root         handle

	mu   sync.Mutex
	slow map[uint64]bool // devices: whether calls may wait long
}

func (d *Directory) readers() (readers, error) {
	fd, err := unix.Open(d.root, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: d.root, Err: err}
	}
	l := &linuxReaders{dir: d, fd: fd, slow: map[uint64]bool{}}
	r := l.reader().(*linuxReader)
	l.root = handle{paths: rootOnly{}, fd: fd, slow: true}
	if !r.works(&l.root) {
		_ = unix.Close(fd)
		return portable{d}, nil
	}
	l.root.slow = l.isSlow(fd, r.device())
	l.attributesAt = true
	_, err = r.listNames(&l.root, "", nil)
	l.attributesAt = err == nil || errors.Is(err, unix.EOPNOTSUPP)
	return l, nil
}

// rootOnly tells the path of the root.
type rootOnly struct{}

func (rootOnly) pathOf(DirID) string { return "" }

// works tells whether the kernel has statx: Linux before 4.11 and some sandboxes
// do not know it.
func (r *linuxReader) works(h *handle) bool { return r.statx(h, "") == nil }

func (l *linuxReaders) longest() int { return unix.PathMax - 1 - len("/") - len(l.dir.root) }

func (l *linuxReaders) close() { _ = unix.Close(l.fd) }

func (l *linuxReaders) reader() reader {
	return &linuxReader{linuxReaders: l, dirents: make([]byte, 64<<10), attributes: make([]byte, 4<<10)}
}

// isSlow tells whether a call on the file system may wait for a network or for
// another process. Such a call must give its processor back to the Go runtime.
func (l *linuxReaders) isSlow(fd int, device uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	slow, known := l.slow[device]
	if !known {
		var s unix.Statfs_t
		slow = unix.Fstatfs(fd, &s) != nil || remote(uint32(s.Type))
		l.slow[device] = slow
	}
	return slow
}

// remote knows file systems by their magic number.
func remote(magic uint32) bool {
	switch magic {
	case unix.NFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC,
		unix.FUSE_SUPER_MAGIC, unix.V9FS_MAGIC, unix.AFS_SUPER_MAGIC, unix.AFS_FS_MAGIC, unix.CEPH_SUPER_MAGIC,
		unix.CODA_SUPER_MAGIC, unix.OCFS2_SUPER_MAGIC, unix.AUTOFS_SUPER_MAGIC, unix.XENFS_SUPER_MAGIC,
		0x786f4256 /* VirtualBox */, 0x0bd00bd0 /* Lustre */, 0x01161970 /* GFS2 */, 0x61636673 /* ACFS */, 0x47504653 /* GPFS */ :
		return true
	default:
		return false
	}
}

// linuxReader holds the buffers of one goroutine.
type linuxReader struct {
	*linuxReaders
	dirents    []byte
	attributes []byte
	// attributed tells that the last entry had attributes: the next one probably
	// has some, too.
	attributed bool
	path       []byte
	// name is named as the kernel wants it.
	name  [maxName + 1]byte
	named string
	buf   unix.Statx_t
	// stated is filled by stat.
	stated statBuffer
	// Whether calls on the device of the directory that was opened last may wait.
	lastDevice uint64
	lastSlow   bool
	args       xattrArgs
}

// call enters the kernel. RawSyscall does not tell the Go scheduler, which would
// cost a tenth of the processor time of a scan; the price is that a call that
// waits keeps a processor waiting.
//
//go:uintptrescapes
func (r *linuxReader) call(slow bool, trap, a1, a2, a3, a4, a5, a6 uintptr) (uintptr, error) {
	for {
		var n uintptr
		var errno syscall.Errno
		if slow {
			n, _, errno = syscall.Syscall6(trap, a1, a2, a3, a4, a5, a6)
		} else {
			n, _, errno = syscall.RawSyscall6(trap, a1, a2, a3, a4, a5, a6)
		}
		switch errno {
		case 0:
			return n, nil
		case unix.EINTR:
		default:
			return 0, errno
		}
	}
}

// cString returns a name as the kernel wants it, until the next one is asked for. Of
// one entry several things are asked in a row.
func (r *linuxReader) cString(name string) unsafe.Pointer {
	if unsafe.StringData(name) != unsafe.StringData(r.named) || len(name) != len(r.named) {
		r.name[copy(r.name[:maxName], name)] = 0
		r.named = name
	}
	return unsafe.Pointer(&r.name)
}

// failed words an error as package os does.
func (r *linuxReader) failed(op string, h *handle, name string, err error) error {
	return &fs.PathError{Op: op, Path: r.dir.join(h.in(name)), Err: err}
}

func (r *linuxReader) open(h, above *handle, name string) error {
	h.fd, h.slow = -1, h.slow || r.root.slow
	var fd int
	var err error
	if above != nil && above.fd >= 0 {
		fd, err = r.openAt(h, above.fd, name)
	} else {
		fd, err = r.openPath(h, h.path())
	}
	if err != nil {
		return r.failed("open", h, "", err)
	}
	h.fd = fd
	return nil
}

// openAt opens a directory near the one that holds it.
func (r *linuxReader) openAt(h *handle, at int, name string) (fd int, err error) {
	n, err := r.call(h.slow, unix.SYS_OPENAT, uintptr(at), uintptr(r.cString(name)), openDirectory, 0, 0, 0)
	return int(n), err
}

const openDirectory = unix.O_RDONLY | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC | unix.O_LARGEFILE

// openPath opens a directory by its path from the root. Longer paths than the kernel
// takes are opened piece by piece.
func (r *linuxReader) openPath(h *handle, path string) (fd int, err error) {
	if path == "" {
		path = "."
	}
	at := r.fd
	for {
		piece, rest := path, ""
		if len(path) >= unix.PathMax {
			slash := strings.LastIndexByte(path[:unix.PathMax], '/')
			piece, rest = path[:slash], path[slash+1:]
		}
		r.path = append(append(r.path[:0], piece...), 0)
		n, err := r.call(h.slow, unix.SYS_OPENAT, uintptr(at), uintptr(unsafe.Pointer(&r.path[0])), openDirectory, 0, 0, 0)
		if at != r.fd {
			_ = unix.Close(at)
		}
		if err != nil {
			return -1, err
		}
		if at = int(n); rest == "" {
			return at, nil
		}
		path = rest
	}
}

func (r *linuxReader) close(h *handle) {
	if h.fd < 0 {
		return
	}
	_, _ = r.call(h.slow, unix.SYS_CLOSE, uintptr(h.fd), 0, 0, 0, 0, 0)
	h.fd = -1
}

// list reads the records of getdents64: an inode and an offset of eight bytes
// each, the length of the record in two, the kind in one, and the name.
//
// The offset is where the directory is read on behind the record. Where it is the
// largest that there is, nothing can follow, and the call that would say so is spared:
// ext4, btrfs and tmpfs end a directory with it. A server or another process may make
// offsets as it likes. That the buffer is not full tells nothing, for a signal may have
// cut the list short (linux, fs/readdir.c, filldir64).
func (r *linuxReader) list(h *handle, found func(name string, kind fs.FileMode) error) (more bool, err error) {
	const offsetAt, lengthAt, kindAt, nameAt = 8, 16, 18, 19
	n, err := r.call(h.slow, unix.SYS_GETDENTS64, uintptr(h.fd), uintptr(unsafe.Pointer(&r.dirents[0])), uintptr(len(r.dirents)), 0, 0, 0)
	if err != nil {
		return false, r.failed("readdirent", h, "", err)
	}
	offset := uint64(0)
	for rest := r.dirents[:n]; len(rest) > nameAt; {
		length := int(binary.NativeEndian.Uint16(rest[lengthAt:]))
		record := rest[:length]
		rest = rest[length:]
		offset = binary.NativeEndian.Uint64(record[offsetAt:])
		name := record[nameAt:]
		name = name[:bytes.IndexByte(name, 0)]
		if string(name) == "." || string(name) == ".." {
			continue
		}
		if err := found(unsafe.String(&name[0], len(name)), kindOfDirent(record[kindAt])); err != nil {
			return false, err
		}
	}
	return n > 0 && (h.slow || offset != math.MaxInt64), nil
}

func kindOfDirent(kind byte) fs.FileMode {
	switch kind {
	case unix.DT_REG:
		return 0
	case unix.DT_DIR:
		return fs.ModeDir
	case unix.DT_LNK:
		return fs.ModeSymlink
	case unix.DT_FIFO:
		return fs.ModeNamedPipe
	case unix.DT_SOCK:
		return fs.ModeSocket
	case unix.DT_BLK:
		return fs.ModeDevice
	case unix.DT_CHR:
		return fs.ModeDevice | fs.ModeCharDevice
	default:
		return unknownKind
	}
}

// at returns where a name is to be looked for: beside the directory, in it, or,
// where it could not be opened, by its path from the root.
func (r *linuxReader) at(h *handle, name string) (fd int, cName unsafe.Pointer, flags uintptr) {
	if h.fd >= 0 {
		if name == "" {
			flags = unix.AT_EMPTY_PATH
		}
		return h.fd, r.cString(name), flags | unix.AT_SYMLINK_NOFOLLOW
	}
	r.path = append(append(r.path[:0], h.in(name)...), 0)
	return r.fd, unsafe.Pointer(&r.path[0]), unix.AT_SYMLINK_NOFOLLOW
}

func (r *linuxReader) self(h *handle, into *Stat) error {
	err := r.statFull(h, "", into)
	if err == nil && h.fd >= 0 {
		if device := r.device(); device != r.lastDevice || r.lastDevice == 0 {
			r.lastDevice, r.lastSlow = device, r.isSlow(h.fd, device)
		}
		h.slow = r.lastSlow
	}
	return err
}

// statFull is stat with the device.
func (r *linuxReader) statFull(h *handle, name string, into *Stat) error {
	if err := r.statx(h, name); err != nil {
		return r.failed("lstat", h, name, err)
	}
	b := &r.buf
	*into = Stat{
		Name: name, Mode: modeOf(b.Mode), Size: int64(b.Size),
		Seconds: b.Mtime.Sec, Nanoseconds: int32(b.Mtime.Nsec),
		Inode: b.Ino, Links: uint64(b.Nlink),
	}
	if into.Mode&fs.ModeDevice != 0 {
		into.Major, into.Minor = deviceOf(unix.Mkdev(b.Rdev_major, b.Rdev_minor))
	}
	into.Private = private(into.Mode, b.Uid)
	return nil
}

// statx is known on every architecture and has one layout, other than fstatat.
func (r *linuxReader) statx(h *handle, name string) error {
	fd, cName, flags := r.at(h, name)
	_, err := r.call(h.slow, unix.SYS_STATX, uintptr(fd), uintptr(cName), flags|unix.AT_NO_AUTOMOUNT, unix.STATX_BASIC_STATS, uintptr(unsafe.Pointer(&r.buf)), 0)
	return err
}

// device returns the device of what statx was last asked about.
func (r *linuxReader) device() uint64 { return unix.Mkdev(r.buf.Dev_major, r.buf.Dev_minor) }

func (r *linuxReader) readlink(h *handle, name string) (string, error) {
	for {
		fd, cName, _ := r.at(h, name)
		n, err := r.call(h.slow, unix.SYS_READLINKAT, uintptr(fd), uintptr(cName), uintptr(unsafe.Pointer(&r.attributes[0])), uintptr(len(r.attributes)), 0, 0)
		if err != nil {
			return "", r.failed("readlink", h, name, err)
		}
		if int(n) < len(r.attributes) {
			return string(r.attributes[:n]), nil
		}
		r.attributes = make([]byte, 2*len(r.attributes))
	}
}

// readable opens without waiting for anybody, should a pipe have taken the place
// of the file. What is no file is asked about, for opening does something to many
// a device.
func (r *linuxReader) readable(h *handle, name string) error {
	if err := r.statx(h, name); err == nil && !modeOf(r.buf.Mode).IsRegular() {
		fd, cName, _ := r.at(h, name)
		_, err := r.call(true, unix.SYS_FACCESSAT2, uintptr(fd), uintptr(cName), unix.R_OK, unix.AT_EACCESS|unix.AT_SYMLINK_NOFOLLOW, 0, 0)
		if err == nil || errors.Is(err, unix.ENOSYS) { // before Linux 5.8
			return nil
		}
		return r.failed("open", h, name, err)
	}
	fd, cName, _ := r.at(h, name)
	n, err := r.call(true, unix.SYS_OPENAT, uintptr(fd), uintptr(cName), unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC|unix.O_LARGEFILE, 0, 0, 0)
	if err != nil {
		return r.failed("open", h, name, err)
	}
	return unix.Close(int(n))
}
