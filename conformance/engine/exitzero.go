package engine

import (
	"bytes"
	"encoding/binary"
	"runtime"
)

// ExitZero is the smallest static program that ends well, for this machine: it
// stands in for /bin/sh where no base image can be had, so that every RUN
// passes and the rest of a Dockerfile is reached.
func ExitZero() []byte {
	const base, header = 0x10000, 64 + 56
	var machine uint16
	var code []byte
	switch runtime.GOARCH {
	case "amd64":
		machine = 62
		code = []byte{0x31, 0xff, 0xb8, 60, 0, 0, 0, 0x0f, 0x05} // xor edi, edi; mov eax, exit; syscall
	case "arm64":
		machine = 183
		code = []byte{0, 0, 0x80, 0xd2, 0xa8, 0x0b, 0x80, 0xd2, 1, 0, 0, 0xd4} // mov x0, 0; mov x8, exit; svc 0
	default:
		panic("no exit program for " + runtime.GOARCH)
	}
	size := uint64(header + len(code))
	var b bytes.Buffer
	b.WriteString("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	for _, field := range []any{
		// The file header: an executable with one segment.
		uint16(2), machine, uint32(1), uint64(base + header), uint64(64), uint64(0), uint32(0),
		uint16(64), uint16(56), uint16(1), uint16(0), uint16(0), uint16(0),
		// The segment: all of the file, readable and executable.
		uint32(1), uint32(5), uint64(0), uint64(base), uint64(base), size, size, uint64(0x1000),
	} {
		_ = binary.Write(&b, binary.LittleEndian, field) // a Buffer takes anything
	}
	b.Write(code)
	return b.Bytes()
}
