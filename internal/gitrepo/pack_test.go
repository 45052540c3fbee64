package gitrepo

import (
	"encoding/binary"
	"testing"
)

// Nothing bounds how much of a compressed delta comes before the sizes that it
// begins with: empty blocks may.
func TestPackSizeFarInDelta(t *testing.T) {
	t.Parallel()
	delta := []byte{5, 7, 0x90, 5, 2, 'x', 'y'} // from 5 bytes to 7: copy 5, insert 2
	data := []byte("PACK\x00\x00\x00\x02\x00\x00\x00\x02\x35\x00\x00\x00\x00")
	offset := int64(len(data))
	data = append(data, byte(kindOfsDelta)<<4|byte(len(delta)), 5, 0x78, 0x01)
	for range 100 {
		data = append(data, 0, 0, 0, 0xff, 0xff)
	}
	data = append(data, 1)
	data = binary.LittleEndian.AppendUint16(data, uint16(len(delta)))
	data = binary.LittleEndian.AppendUint16(data, ^uint16(len(delta)))
	data = append(data, delta...)
	p := &pack{idSize: 20, data: &mapping{data: data, size: int64(len(data))}}
	if size, err := p.size(offset); err != nil || size != 7 {
		t.Errorf("size is %d, %v, want 7", size, err)
	}
	p.data.data = data[:len(data)-len(delta)-5]
	p.data.size = int64(len(p.data.data))
	if size, err := p.size(offset); err == nil {
		t.Errorf("of a delta that is cut off, the size is %d", size)
	}
}
