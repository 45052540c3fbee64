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

// tarball returns what the classic client sends, of the sum of all entries.
// (moby/go-archive, archive.go, Tarballer.Do)
func (s *Selection) tarball(entries int64) (Wire, error) {
	if s.Added != nil {
		return s.addDockerfile(entries)
	}
	total := entries + tarTrailer
	return Wire{Bytes: total, Warm: total}, nil
}

// tarEntry weighs one entry: header and padded content.
func (inv *Inventory) tarEntry(v *visit) (weight, error) {
	var w weight
	if v.mode.IsRegular() && !v.again {
		w.content = padded(v.size)
	}
	target := inv.target(v.id, v.entry)
	if v.again {
		target = inv.DirPath(v.link.dir) + inv.Name(v.link.id)
	}
	length := v.length
	if v.mode.IsDir() {
		length++ // its name ends in a slash
	}
	_, odd := inv.oddTime(v.id)
	value := capability(inv.xattrs(v.id, v.entry))
	if length <= ustarName && ascii(v.path) && fitsUSTAR(target) && v.size < ustarSize && !odd && value == nil {
		w.head = tarBlock
		return w, nil
	}
	var err error
	w.head, err = inv.tarHeader(v, target, value)
	return w, err
}

// tarHeader lets archive/tar, which the client uses too, write an unusual header.
func (inv *Inventory) tarHeader(v *visit, target string, capability []byte) (int64, error) {
	h := &tar.Header{Name: string(v.path), Linkname: target, Mode: int64(v.mode.Perm()), Format: tar.FormatPAX}
	switch {
	case v.again:
		h.Typeflag = tar.TypeLink
	case v.mode.IsDir():
		h.Typeflag = tar.TypeDir
		h.Name += "/"
	case v.mode&fs.ModeSymlink != 0:
		h.Typeflag = tar.TypeSymlink
	case v.mode&fs.ModeNamedPipe != 0:
		h.Typeflag = tar.TypeFifo
	case v.mode&fs.ModeDevice != 0:
		h.Typeflag = tar.TypeChar
	default:
		h.Typeflag, h.Size = tar.TypeReg, v.size
	}
	if odd, ok := inv.oddTime(v.id); ok {
		h.ModTime = time.Unix(odd.seconds, int64(odd.nanoseconds)).Truncate(time.Second)
	} else {
		h.ModTime = time.Unix(firstOrdinary, 0)
	}
	if capability != nil {
		h.PAXRecords = map[string]string{"SCHILY.xattr." + capKey: string(capability)}
	}
	var n count
	if err := tar.NewWriter(&n).WriteHeader(h); err != nil {
		return 0, fmt.Errorf("the tar cannot hold this entry: %w", err)
	}
	return int64(n), nil
}

// capability returns the one extended attribute that the client sends, or nil;
// revision 3 is shortened to revision 2.
// (moby/go-archive, archive.go, ReadSecurityXattrToTarHeader)
func capability(xattrs []Xattr) []byte {
	const revision3, bytesOfRevision2 = 3, 20
	for _, x := range xattrs {
		if x.Name != capKey {
			continue
		}
		if len(x.Value) > bytesOfRevision2 && x.Value[3] == revision3 {
			return x.Value[:bytesOfRevision2]
		}
		return x.Value
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

// fitsUSTAR tells whether a target needs neither splitting nor PAX.
func fitsUSTAR(target string) bool { return len(target) <= ustarName && ascii(target) }

func ascii[T string | []byte](text T) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
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
