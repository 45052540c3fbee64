package buildcontext

import (
	"archive/tar"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

const (
	tarBlock   = 512
	tarTrailer = 2 * tarBlock
	// addedName is how long the random name is under which the classic client
	// adds a Dockerfile: ".dockerfile." and twenty hexadecimal digits.
	addedName = 32
	// ustarName is the longest name and the longest target that needs neither
	// splitting nor a PAX record.
	ustarName = 100
	ustarSize = 1 << 33
	capKey    = "security.capability"
)

// tarBytes adds up the tar that the classic client sends.
// (moby/go-archive, archive.go, Tarballer.Do)
func (s *Selection) tarBytes() (Wire, error) {
	var total int64
	var failed error
	firstName := map[uint64]string{}
	s.EachSent(func(id ID, path string) {
		link := ""
		if inode := s.inv.Inode(id); inode != 0 {
			if link = firstName[inode]; link == "" {
				firstName[inode] = path
			}
		}
		n, err := s.tarEntry(id, path, link)
		if err != nil && failed == nil {
			failed = &RefusalError{Path: path, Err: err}
		}
		total += n
	})
	if failed != nil {
		return Wire{}, failed
	}
	if s.Added != nil {
		return s.addDockerfile(total)
	}
	total += tarTrailer
	return Wire{Bytes: total, Warm: total}, nil
}

// tarEntry returns the bytes of one entry: header and padded content. A link is
// the path of the same file's first name.
func (s *Selection) tarEntry(id ID, path, link string) (int64, error) {
	mode, size := s.inv.Mode(id), s.inv.Size(id)
	if mode.IsDir() {
		path += "/"
	}
	r := s.inv.more(id)
	var content int64
	if mode.IsRegular() && link == "" {
		content = padded(size)
	}
	target := link
	if target == "" && mode&fs.ModeSymlink != 0 {
		target = r.target
	}
	if fitsUSTAR(path) && fitsUSTAR(target) && size < ustarSize && (r == nil || !r.oddTime && r.xattr(capKey) == nil) {
		return tarBlock + content, nil
	}
	header, err := s.tarHeader(id, path, target, link != "")
	if err != nil {
		return 0, err
	}
	return header + content, nil
}

// tarHeader lets archive/tar, which the client uses too, write an unusual header.
func (s *Selection) tarHeader(id ID, path, target string, again bool) (int64, error) {
	mode, r := s.inv.Mode(id), s.inv.more(id)
	h := &tar.Header{Name: path, Linkname: target, Mode: int64(mode.Perm()), Format: tar.FormatPAX}
	switch {
	case again:
		h.Typeflag = tar.TypeLink
	case mode.IsDir():
		h.Typeflag = tar.TypeDir
	case mode&fs.ModeSymlink != 0:
		h.Typeflag = tar.TypeSymlink
	case mode&fs.ModeNamedPipe != 0:
		h.Typeflag = tar.TypeFifo
	case mode&fs.ModeDevice != 0:
		h.Typeflag = tar.TypeChar
	default:
		h.Typeflag, h.Size = tar.TypeReg, s.inv.Size(id)
	}
	if r != nil && r.oddTime {
		h.ModTime = time.Unix(r.seconds, int64(r.nanoseconds)).Truncate(time.Second)
	} else {
		h.ModTime = time.Unix(firstOrdinary, 0)
	}
	if r != nil {
		if value := capability(r.xattr(capKey)); value != nil {
			h.PAXRecords = map[string]string{"SCHILY.xattr." + capKey: string(value)}
		}
	}
	var n count
	if err := tar.NewWriter(&n).WriteHeader(h); err != nil {
		return 0, fmt.Errorf("the tar cannot hold this entry: %w", err)
	}
	return int64(n), nil
}

// capability shortens a revision 3 capability to revision 2, as the client does.
// (moby/go-archive, archive.go, ReadSecurityXattrToTarHeader)
func capability(value []byte) []byte {
	const revision3, bytesOfRevision2 = 3, 20
	if len(value) > bytesOfRevision2 && value[3] == revision3 {
		return value[:bytesOfRevision2]
	}
	return value
}

func (r *rare) xattr(name string) []byte {
	for _, x := range r.xattrs {
		if x.Name == name {
			return x.Value
		}
	}
	return nil
}

// errAddToLink is what becomes of a build whose .dockerignore is not a plain file
// in the tar: the client writes text behind a header that has no content.
var errAddToLink = errors.New("the classic builder adds the Dockerfile's name to this file, and a link cannot hold it: archive/tar: write too long; put the Dockerfile into the context")

// addDockerfile returns what the tar becomes when the client adds a Dockerfile to
// it: the ignore file gets a line more, or is made up; the last entry is not
// padded, and nothing ends the tar. Entries that are new come in random order;
// Go's map puts the ignore file last in about seven cases of eight.
// (moby/go-archive, archive.go, ReplaceFileTarWrapper;
// docker/cli, cli/command/image/build/context.go, AddDockerfileToBuildContext)
func (s *Selection) addDockerfile(total int64) (Wire, error) {
	const line = 1 + addedName + 1
	dockerfile := s.Added.Dockerfile
	if id, ok := s.inv.Child(0, dockerignore); ok && s.Sent(id) {
		if !s.inv.Mode(id).IsRegular() {
			return Wire{}, &RefusalError{Path: dockerignore, Err: errAddToLink}
		}
		size := s.inv.Size(id)
		total += padded(size+line) - padded(size) + tarBlock + dockerfile
		return Wire{Bytes: total, Warm: total}, nil
	}
	const madeUp = int64(len(dockerignore) + line)
	likely := total + tarBlock + padded(dockerfile) + tarBlock + madeUp
	other := total + tarBlock + padded(madeUp) + tarBlock + dockerfile
	if other == likely {
		other = 0
	}
	return Wire{Bytes: likely, Warm: likely, Alternative: other}, nil
}

// fitsUSTAR tells whether a name or a target needs neither splitting nor PAX.
func fitsUSTAR(name string) bool {
	if len(name) > ustarName {
		return false
	}
	for i := range len(name) {
		if name[i] >= 0x80 {
			return false
		}
	}
	return true
}

// padded rounds up to whole blocks.
func padded(n int64) int64 { return (n + tarBlock - 1) / tarBlock * tarBlock }

// count is a writer that only counts.
type count int64

func (c *count) Write(p []byte) (int, error) {
	*c += count(len(p))
	return len(p), nil
}
