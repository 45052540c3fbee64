package suggest

import (
	"bytes"
	"encoding/binary"
)

// What files begin with.

func begins(magic ...string) func([]byte) bool {
	return func(head []byte) bool {
		for _, m := range magic {
			if bytes.HasPrefix(head, []byte(m)) {
				return true
			}
		}
		return false
	}
}

func beginsAt(at int, magic string) func([]byte) bool {
	return func(head []byte) bool { return len(head) > at && bytes.HasPrefix(head[at:], []byte(magic)) }
}

// contains wants one of the texts in the first bytes.
func contains(texts ...string) func([]byte) bool {
	return func(head []byte) bool {
		_, ok := containsOne(head, texts)
		return ok
	}
}

func containsOne(text []byte, words []string) (string, bool) {
	for _, w := range words {
		if bytes.Contains(text, []byte(w)) {
			return w, true
		}
	}
	return "", false
}

var isSQLite = begins("SQLite format 3\x00")

// isCore tells whether a file is an ELF core dump. (elf(5): e_type is ET_CORE)
func isCore(head []byte) bool {
	const typeAt, core = 16, 4
	if len(head) < typeAt+2 || !begins("\x7fELF")(head) {
		return false
	}
	const bigEndian = 2
	if head[5] == bigEndian {
		return binary.BigEndian.Uint16(head[typeAt:]) == core
	}
	return binary.LittleEndian.Uint16(head[typeAt:]) == core
}

// isArchive knows zip, gzip, bzip2, xz, zstd, 7z, rar, ar (deb), rpm, tar.
func isArchive(head []byte) bool {
	const tarAt = 257
	return begins("PK\x03\x04", "\x1f\x8b", "BZh", "\xfd7zXZ\x00", "\x28\xb5\x2f\xfd", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07", "!<arch>\n", "\xed\xab\xee\xdb")(head) ||
		beginsAt(tarAt, "ustar")(head)
}

// isProgram knows ELF, Mach-O and Windows programs.
var isProgram = begins("\x7fELF", "\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe", "MZ")

// isObject knows ELF, Mach-O, COFF for x86 and ARM, and what link-time
// optimisation writes instead. A Wavefront model, also called *.obj, is text.
var isObject = begins("\x7fELF", "\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe", "\x64\x86", "\x4c\x01", "\x64\xaa", "BC\xc0\xde")

func isNumber(head []byte) bool {
	head = bytes.TrimSpace(head)
	return len(head) > 0 && len(bytes.Trim(head, "0123456789")) == 0
}

// finds makes a header of what looks for secrets.
func finds(d detector) func([]byte) bool {
	return func(head []byte) bool {
		_, ok := d(head)
		return ok
	}
}
