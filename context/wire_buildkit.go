package buildcontext

import (
	"io/fs"
	"math/bits"
	"strings"
)

// chunk is how much of a file BuildKit's client puts into one packet.
// (tonistiigi/fsutil, send.go, bufPool)
const chunk = 32 << 10

// finPacket is the packet that ends a transfer: a type and nothing else.
const finPacket = 2

// packets weighs the packets that BuildKit receives for an entry, without gRPC's
// framing. (tonistiigi/fsutil, receive.go: the protobuf size of every packet)
func (inv *Inventory) packets(v *visit) weight {
	link := 0
	if v.again {
		link = v.link.length
	} else if v.mode&fs.ModeSymlink != 0 {
		link = len(inv.target(v.id, v.entry))
	}
	w := weight{head: inv.statPacket(v, link)}
	if mode, size := v.counts(); mode.IsRegular() && !v.again {
		w.content, w.packets = dataPackets(uint64(size))
	}
	return w
}

// statPacket returns the bytes that announce an entry; link is the length of its
// link name. (tonistiigi/fsutil, types/stat.proto, types/wire.proto; stat.go, mkstat)
func (inv *Inventory) statPacket(v *visit, link int) int64 {
	// The bit of a socket is cleared before it is sent.
	mode := v.mode &^ fs.ModeSocket
	n := textField(v.length) + numberField(uint64(mode))
	if !mode.IsDir() {
		n += numberField(uint64(v.size))
	}
	if link > 0 {
		n += textField(link)
	}
	if t, odd := inv.oddTime(v.id); odd {
		n += numberField(uint64(t.seconds*1e9 + int64(t.nanoseconds)))
	} else {
		n += 1 + 9
	}
	if mode&fs.ModeDevice != 0 {
		r := inv.rare(v.id)
		n += numberField(uint64(r.major)) + numberField(uint64(r.minor))
	}
	for _, x := range inv.xattrs(v.id, v.entry) {
		if strings.HasPrefix(x.Name, "com.apple.") {
			continue
		}
		e := textField(len(x.Name)) + textField(len(x.Value))
		n += 1 + varint(uint64(e)) + e
	}
	return 1 + varint(uint64(n)) + n
}

// dataPackets returns the bytes that carry a file's content, with the packet that
// ends it, but for the number of the file in each packet.
func dataPackets(size uint64) (bytes, packets int64) {
	const head = 2
	full, rest := int64(size/chunk), size%chunk
	bytes = full*(head+1+varint(chunk)+chunk) + head
	if rest > 0 {
		bytes += head + 1 + varint(rest) + int64(rest)
		full++
	}
	return bytes, full + 1
}

// textField returns the bytes of a field that holds n bytes, empty or not.
func textField(n int) int64 { return 1 + varint(uint64(n)) + int64(n) }

// numberField returns the bytes of a field that holds v; a zero is left out.
func numberField(v uint64) int64 {
	if v == 0 {
		return 0
	}
	return 1 + varint(v)
}

// varint returns the bytes of v as a protobuf varint.
func varint(v uint64) int64 { return int64(bits.Len64(v|1)+6) / 7 }
