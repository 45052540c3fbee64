package gitrepo

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// mapping is the content of a pack or of the index of one. Git never changes such
// a file.
type mapping struct {
	path string
	size int64
	// data is the content, where it could be mapped into memory or had to be read;
	// else it is read from file piece by piece.
	data []byte
	file *os.File
}

// openMapping opens a file. whole says that all of it is needed, so that what
// cannot be mapped is read at once.
func openMapping(path string, whole bool) (*mapping, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: errNotRegular}
	}
	if err != nil {
		return nil, closeAfter(file, err)
	}
	m := &mapping{path: path, size: info.Size(), file: file}
	if m.data = mapFile(file, m.size); m.data == nil && whole {
		if m.data, err = io.ReadAll(file); err != nil {
			return nil, closeAfter(file, err)
		}
	}
	if m.data != nil {
		m.file = nil
		return m, file.Close()
	}
	return m, nil
}

func closeAfter(c io.Closer, err error) error {
	_ = c.Close() // the error before it says more
	return err
}

// at returns up to n bytes from an offset on, fewer at the end of the file.
func (m *mapping) at(offset int64, n int) ([]byte, error) {
	if offset < 0 || offset >= m.size {
		return nil, fmt.Errorf("%q: %w", m.path, errDamaged)
	}
	n = int(min(int64(n), m.size-offset))
	if m.data != nil {
		return m.data[offset : offset+int64(n)], nil
	}
	b := make([]byte, n)
	_, err := m.file.ReadAt(b, offset)
	return b, err
}

// from returns the bytes from an offset on.
func (m *mapping) from(offset int64) inflatable {
	if m.data != nil {
		return bytes.NewReader(m.data[min(offset, m.size):])
	}
	return bufio.NewReader(io.NewSectionReader(m.file, offset, m.size-offset))
}

// inflatable is what compress/flate reads no further than it must.
type inflatable interface {
	io.Reader
	io.ByteReader
}
