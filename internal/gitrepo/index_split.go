package gitrepo

import (
	"bytes"
	"encoding/binary"
)

// changed returns the entries of a shared index below prefix as the bitmaps of the
// split index change them: one says which are deleted, the other which are
// replaced. (git/git, split-index.c, merge_base_index)
func (f *indexFile) changed(prefix string, bitmaps []byte, replacing []special) (*entryList, error) {
	var deleted, replaced bitmap
	if len(bitmaps) > 0 {
		var err error
		if deleted, bitmaps, err = readBitmap(bitmaps, f.count); err != nil {
			return nil, err
		}
		if replaced, _, err = readBitmap(bitmaps, f.count); err != nil {
			return nil, err
		}
	}
	list := f.newList(prefix)
	err := f.each(func(i int, e indexEntry) error {
		if replaced.has(i) {
			if len(replacing) == 0 {
				return errDamaged
			}
			e.mode, e.id = replacing[0].mode, []byte(replacing[0].id)
			replacing = replacing[1:]
		}
		if deleted.has(i) {
			return nil
		}
		return list.add(e)
	})
	return list, err
}

// merge puts two lists together.
func merge(a, b *entryList) (*entryList, error) {
	out := &entryList{outer: a.outer, inOuter: a.inOuter}
	if b.outer != nil {
		out.outer, out.inOuter = b.outer, b.inOuter
	}
	for i, j := 0, 0; i < a.len() || j < b.len(); {
		from, k := a, &i
		if i == a.len() || j < b.len() && bytes.Compare(b.name(j), a.name(i)) < 0 {
			from, k = b, &j
		}
		s := from.special[*k]
		if err := out.add(indexEntry{name: from.name(*k), mode: s.mode, id: []byte(s.id)}); err != nil {
			return nil, err
		}
		*k++
	}
	return out, nil
}

// bitmap is a set of small numbers.
type bitmap []uint64

func (b bitmap) has(i int) bool {
	return i/64 < len(b) && b[i/64]>>(i%64)&1 != 0
}

// readBitmap reads a compressed bitmap of numbers below limit and returns what
// follows it. (git/git, Documentation/gitformat-index.txt and ewah/ewah_io.c: the
// words are a marker, which says how many words are all zeros or all ones and how
// many are written out behind it, and so on.)
func readBitmap(data []byte, limit int) (bitmap, []byte, error) {
	if len(data) < 8 {
		return nil, nil, errDamaged
	}
	count := int(binary.BigEndian.Uint32(data[4:]))
	data = data[8:]
	if len(data)/8 < count || len(data) < 8*count+4 {
		return nil, nil, errDamaged
	}
	words, rest := data[:8*count], data[8*count+4:]
	var b bitmap
	for len(words) > 0 {
		marker := binary.BigEndian.Uint64(words)
		words = words[8:]
		fill, same, literal := -(marker & 1), int(marker>>1&(1<<32-1)), int(marker>>33)
		if same > limit/64+1-len(b) || literal > len(words)/8 {
			return nil, nil, errDamaged
		}
		for range same {
			b = append(b, fill)
		}
		for range literal {
			b = append(b, binary.BigEndian.Uint64(words))
			words = words[8:]
		}
	}
	return b, rest, nil
}
