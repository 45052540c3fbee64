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

// packetBytes adds up the packets that BuildKit receives, without gRPC's
// framing. (tonistiigi/fsutil, receive.go: the protobuf size of every packet)
func (s *Selection) packetBytes() Wire {
	var w Wire
	firstName := map[uint64]string{} // of several names of a file, the first that was sent
	index := uint64(0)
	s.EachSent(func(id ID, path string) {
		link := ""
		inode, mode := s.inv.Inode(id), s.inv.Mode(id)
		if mode&fs.ModeSymlink != 0 {
			link = s.inv.more(id).target
		} else if inode != 0 {
			if link = firstName[inode]; link == "" {
				firstName[inode] = path
			}
		}
		w.Warm += s.inv.statPacket(id, path, link)
		if mode.IsRegular() && link == "" || mode&fs.ModeSocket != 0 && link == "" {
			size := s.inv.Size(id)
			if s.Emptied(id) || mode&fs.ModeSocket != 0 {
				size = 0
			}
			w.Bytes += dataPackets(index, uint64(size))
		}
		index++
	})
	w.Warm += finPacket
	w.Bytes += w.Warm
	return w
}

// statPacket returns the bytes that announce an entry.
// (tonistiigi/fsutil, types/stat.proto, types/wire.proto; stat.go, mkstat)
func (inv *Inventory) statPacket(id ID, path, link string) int64 {
	// The bit of a socket is cleared before it is sent.
	mode := inv.Mode(id) &^ fs.ModeSocket
	n := textField(len(path)) + numberField(uint64(mode))
	if !mode.IsDir() {
		n += numberField(uint64(inv.Size(id)))
	}
	if link != "" {
		n += textField(len(link))
	}
	r := inv.more(id)
	if r == nil || !r.oddTime {
		n += 1 + 9
	} else {
		n += numberField(uint64(r.seconds*1e9 + int64(r.nanoseconds)))
	}
	if r != nil {
		n += numberField(uint64(r.major)) + numberField(uint64(r.minor))
		for _, x := range r.xattrs {
			if strings.HasPrefix(x.Name, "com.apple.") {
				continue
			}
			e := textField(len(x.Name)) + textField(len(x.Value))
			n += 1 + varint(uint64(e)) + e
		}
	}
	return 1 + varint(uint64(n)) + n
}

// dataPackets returns the bytes that carry a file's content, with the packet that
// ends it. The index is that of the entry among all that are sent.
func dataPackets(index, size uint64) int64 {
	head := 2 + numberField(index)
	n := int64(size/chunk) * (head + 1 + varint(chunk) + chunk)
	if rest := size % chunk; rest > 0 {
		n += head + 1 + varint(rest) + int64(rest)
	}
	return n + head
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
