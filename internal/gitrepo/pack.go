package gitrepo

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// kind is what an object is, by its number in packs.
type kind uint8

const (
	kindCommit   kind = 1
	kindTree     kind = 2
	kindBlob     kind = 3
	kindTag      kind = 4
	kindOfsDelta kind = 6
	kindRefDelta kind = 7
)

var kindNames = map[string]kind{"commit": kindCommit, "tree": kindTree, "blob": kindBlob, "tag": kindTag}

// pack is one pack with its index.
//
// It is not go-git's (plumbing/format/packfile), which in v5.19.3 makes an object
// of each that is asked for its size, reads no SHA-256 ids, and must not be used
// from several goroutines. What go-git does right is applying deltas.
// (git/git, Documentation/gitformat-pack.txt)
type pack struct {
	data   *mapping
	idSize int
	fanout []byte // how many ids begin with at most this byte: 256 numbers
	// ids are entries of stride bytes with an id at skip.
	ids          []byte
	stride, skip int
	// offsets and far say where each object is; in the old version of the index,
	// offsets are in ids.
	offsets, far []byte
}

func openPack(index string, idSize int) (*pack, error) {
	m, err := openMapping(index, true)
	if err != nil {
		return nil, err
	}
	p := &pack{idSize: idSize, stride: idSize}
	if err := p.layout(m.data); err != nil {
		return nil, fmt.Errorf("%q: %w", index, err)
	}
	if p.data, err = openMapping(strings.TrimSuffix(index, ".idx")+".pack", false); err != nil {
		return nil, err
	}
	header, err := p.data.at(0, 12)
	if err != nil || len(header) < 12 || string(header[:4]) != "PACK" {
		return nil, fmt.Errorf("%q: %w", p.data.path, errDamaged)
	}
	if version := binary.BigEndian.Uint32(header[4:]); version != 2 && version != 3 {
		return nil, fmt.Errorf("%q: its version %d is not known", p.data.path, version)
	}
	return p, nil
}

// layout finds the tables of an index.
func (p *pack) layout(data []byte) error {
	old := true
	if len(data) >= 8 && string(data[:4]) == "\xfftOc" {
		if version := binary.BigEndian.Uint32(data[4:]); version != 2 {
			return fmt.Errorf("its version %d is not known", version)
		}
		old = false
		data = data[8:]
	}
	if len(data) < 1024+2*p.idSize {
		return errDamaged
	}
	p.fanout = data[:1024]
	data = data[1024 : len(data)-2*p.idSize]
	for i := 1; i < 256; i++ {
		if p.below(i-1) > p.below(i) {
			return errDamaged
		}
	}
	count := p.below(255)
	if old {
		p.stride, p.skip = p.idSize+4, 4
		if len(data) < count*p.stride {
			return errDamaged
		}
		p.ids = data[:count*p.stride]
		return nil
	}
	if len(data) < count*(p.idSize+8) {
		return errDamaged
	}
	p.ids, data = data[:count*p.idSize], data[count*(p.idSize+4):] // leaves out checksums
	p.offsets, p.far = data[:count*4], data[count*4:]
	return nil
}

// below returns how many ids begin with a byte of at most first.
func (p *pack) below(first int) int {
	return int(binary.BigEndian.Uint32(p.fanout[4*first:]))
}

func (p *pack) id(i int) []byte {
	at := i*p.stride + p.skip
	return p.ids[at : at+p.idSize]
}

// search returns the first object whose id is not before id, which may be cut short.
func (p *pack) search(id string) int {
	low, high := 0, p.below(int(id[0]))
	if id[0] > 0 {
		low = p.below(int(id[0]) - 1)
	}
	for low < high {
		middle := int(uint(low+high) >> 1)
		if string(p.id(middle)) < id {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// find returns where an object is, if the pack has it.
func (p *pack) find(id string) (int64, bool) {
	i := p.search(id)
	if i == p.below(255) || string(p.id(i)) != id {
		return 0, false
	}
	if p.offsets == nil {
		return int64(binary.BigEndian.Uint32(p.ids[i*p.stride:])), true
	}
	offset := binary.BigEndian.Uint32(p.offsets[4*i:])
	if offset < 1<<31 {
		return int64(offset), true
	}
	if at := int(offset&(1<<31-1)) * 8; at+8 <= len(p.far) {
		return int64(binary.BigEndian.Uint64(p.far[at:])), true
	}
	return -1, true // no place; reading it says that the pack is damaged
}

// header is what stands before an object's compressed data.
type header struct {
	kind kind
	size int64 // of the data; that of a delta is not the object's
	// base is where the object lies that a delta changes, baseID which it is.
	base   int64
	baseID string
	data   int64 // where the data begins
}

func (p *pack) damaged(offset int64) error {
	return fmt.Errorf("%q: %w at %d", p.data.path, errDamaged, offset)
}

func (p *pack) header(offset int64) (header, error) {
	b, err := p.data.at(offset, 64)
	if err != nil {
		return header{}, err
	}
	h := header{kind: kind(b[0] >> 4 & 7), size: int64(b[0] & 15)}
	n := 1
	for shift := 4; b[n-1] >= 0x80; shift += 7 {
		if n == len(b) || shift > 56 {
			return header{}, p.damaged(offset)
		}
		h.size |= int64(b[n]&0x7f) << shift
		n++
	}
	switch h.kind {
	case kindCommit, kindTree, kindBlob, kindTag:
	case kindOfsDelta:
		back, length := offsetVarint(b[n:])
		if length == 0 || back == 0 || back > uint64(offset) {
			return header{}, p.damaged(offset)
		}
		h.base = offset - int64(back)
		n += length
	case kindRefDelta:
		if n+p.idSize > len(b) {
			return header{}, p.damaged(offset)
		}
		h.baseID = string(b[n : n+p.idSize])
		n += p.idSize
	default:
		return header{}, p.damaged(offset)
	}
	h.data = offset + int64(n)
	return h, nil
}

// size returns the size of an object in bytes. A delta begins with the sizes of
// what it changes and of what it makes, so that no other object is looked at.
func (p *pack) size(offset int64) (int64, error) {
	h, err := p.header(offset)
	if err != nil || h.kind < kindOfsDelta {
		return h.size, err
	}
	// Two numbers of at most ten bytes; the compressed data seldom has more than
	// a hundred bytes before them.
	var sizes [20]byte
	want := int(min(h.size, int64(len(sizes))))
	for length := 128; ; length *= 64 {
		part, err := p.data.at(h.data, length)
		if err != nil {
			return 0, err
		}
		n := inflateHead(part, sizes[:want])
		_, first := binary.Uvarint(sizes[:n])
		if first > 0 {
			if size, second := binary.Uvarint(sizes[first:n]); second > 0 && size < 1<<63 {
				return int64(size), nil
			}
		}
		if n == want || len(part) < length {
			return 0, p.damaged(offset)
		}
	}
}

// withPrefix adds the ids that begin with the digits in hexadecimal.
func (p *pack) withPrefix(digits string, ids map[string]bool) {
	first, err := hex.DecodeString(digits[:len(digits)&^1])
	if err != nil || len(first) == 0 {
		return
	}
	for i := p.search(string(first)); i < p.below(255) && bytes.HasPrefix(p.id(i), first); i++ {
		if strings.HasPrefix(hex.EncodeToString(p.id(i)), digits) {
			ids[string(p.id(i))] = true
		}
	}
}
