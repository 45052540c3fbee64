// Package formula computes from a list of entries the number that a builder
// prints for them. It knows nothing of ctxsize and shares no code with it: where
// it agrees with an engine, the engine's list and its number tell the same story.
package formula

import (
	"archive/tar"
	"io/fs"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"github.com/ctxsize/ctxsize/conformance/engine"
)

// Packets is what BuildKit's receiver counts for a transfer that came to its
// end: the protobuf sizes of one packet for each entry, the content of each
// file in chunks, and the closing packet (fsutil types/wire.proto, send.go).
func Packets(entries []engine.Entry) int64 {
	const chunk = 32 << 10
	total := int64(2)
	for id, e := range entries {
		s := int64(0)
		s += bytesField(len(e.Stat.Path)) + intField(uint64(e.Stat.Mode)) + intField(uint64(e.Stat.ModTime)) + bytesField(len(e.Stat.Linkname))
		s += intField(uint64(e.Stat.Size)) + intField(uint64(e.Stat.Devmajor)) + intField(uint64(e.Stat.Devminor))
		for key, value := range e.Stat.Xattrs {
			item := 2 + varint(uint64(len(key))) + int64(len(key)) + varint(uint64(len(value))) + int64(len(value))
			s += 1 + varint(uint64(item)) + item
		}
		total += 1 + varint(uint64(s)) + s
		if fs.FileMode(e.Stat.Mode).Type() != 0 || e.Stat.Linkname != "" {
			continue // only what is a file of its own is asked for
		}
		number := intField(uint64(id))
		for left := e.Data; left > 0; left -= chunk {
			n := min(left, chunk)
			total += 2 + number + 1 + varint(uint64(n)) + n
		}
		total += 2 + number
	}
	return total
}

func varint(n uint64) int64 { return int64(max(1, (bits.Len64(n)+6)/7)) }

func intField(n uint64) int64 {
	if n == 0 {
		return 0
	}
	return 1 + varint(n)
}

func bytesField(n int) int64 {
	if n == 0 {
		return 0
	}
	return 1 + varint(uint64(n)) + int64(n)
}

// Tar is the length of the tar that a classic client writes for these headers.
// A rewritten one holds a Dockerfile from outside the context: its last entry
// is not padded and nothing follows it (go-archive archive.go :
// ReplaceFileTarWrapper closes its pipe before its tar writer).
func Tar(entries []engine.TarEntry, rewritten bool) int64 {
	total := int64(0)
	for i, e := range entries {
		size := int64(0)
		if e.Typeflag == tar.TypeReg {
			size = e.Size
		}
		if !rewritten || i < len(entries)-1 {
			size = pad(size)
		}
		total += 512 + extended(&e.Header) + size
	}
	if rewritten {
		return total
	}
	return total + 1024
}

func pad(n int64) int64 { return (n + 511) / 512 * 512 }

// lastUSTAR is the last second that 11 octal digits can hold.
var lastUSTAR = time.Unix(1<<33-1, 0)

// extended is the length of the PAX header that comes before a header, 0 where
// USTAR's fields are enough (archive/tar common.go : allowedFormats).
func extended(h *tar.Header) int64 {
	records := map[string]string{}
	const octal11 = 1<<33 - 1
	if !ascii(h.Name) || len(h.Name) > 100 && !splits(h.Name) {
		records["path"] = h.Name
	}
	if !ascii(h.Linkname) || len(h.Linkname) > 100 {
		records["linkpath"] = h.Linkname
	}
	if h.Size > octal11 {
		records["size"] = strconv.FormatInt(h.Size, 10)
	}
	if h.ModTime.Unix() < 0 || h.ModTime.After(lastUSTAR) {
		records["mtime"] = strconv.FormatInt(h.ModTime.Unix(), 10)
	}
	for key, value := range h.PAXRecords {
		if strings.HasPrefix(key, "SCHILY.xattr.") {
			records[key] = value
		}
	}
	if len(records) == 0 {
		return 0
	}
	if len(h.Name) > 100 {
		records["path"] = h.Name // no prefix is written beside a PAX header
	}
	sum := int64(0)
	for key, value := range records {
		sum += record(len(key) + len(value) + 3)
	}
	return 512 + pad(sum)
}

// record is the length of a PAX record, which holds its own length in digits.
func record(rest int) int64 {
	n := rest + len(strconv.Itoa(rest))
	if len(strconv.Itoa(n)) > len(strconv.Itoa(rest)) {
		n++
	}
	return int64(n)
}

// splits tells whether USTAR's prefix and name fields can hold a name together
// (archive/tar writer.go : splitUSTARPath).
func splits(name string) bool {
	length := len(name)
	if length > 156 {
		length = 156
	} else if name[length-1] == '/' {
		length--
	}
	i := strings.LastIndex(name[:length], "/")
	rest := len(name) - i - 1
	return i > 0 && rest <= 100 && rest > 0 && i <= 155
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] == 0 {
			return false
		}
	}
	return true
}
