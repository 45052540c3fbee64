package gitrepo

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A loose object is a file of its own: compressed, "blob 12", a zero, the content.

func loosePath(dir, id string) string {
	name := hex.EncodeToString([]byte(id))
	return filepath.Join(dir, name[:2], name[2:])
}

// looseSize returns the size of a loose object, reading only its beginning.
func looseSize(path string) (int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	var part [256]byte
	n, err := io.ReadFull(file, part[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, damagedFile(path)
	}
	var head [32]byte
	_, size, _, ok := looseHeader(head[:inflateHead(part[:n], head[:])])
	if !ok {
		return 0, damagedFile(path)
	}
	return size, nil
}

// looseObject reads a loose object.
func looseObject(path string) (kind, []byte, error) {
	data, err := readFile(path, maxObject)
	if err != nil {
		return 0, nil, err
	}
	var head [32]byte
	k, size, length, ok := looseHeader(head[:inflateHead(data, head[:])])
	if !ok {
		return 0, nil, damagedFile(path)
	}
	content, err := inflate(bytes.NewReader(data), size+int64(length))
	if errors.Is(err, errDamaged) {
		return 0, nil, damagedFile(path)
	}
	if err != nil {
		return 0, nil, err
	}
	return k, content[length:], nil
}

func damagedFile(path string) error { return fmt.Errorf("%q: %w", path, errDamaged) }

// looseHeader reads what stands before the content, and how long that is.
func looseHeader(head []byte) (k kind, size int64, length int, ok bool) {
	text, _, ok := strings.Cut(string(head), "\x00")
	name, number, spaced := strings.Cut(text, " ")
	size, err := strconv.ParseInt(number, 10, 64)
	k = kindNames[name]
	return k, size, len(text) + 1, ok && spaced && err == nil && size >= 0 && k != 0
}

// looseWithPrefix adds the ids of loose objects that begin with the digits.
func looseWithPrefix(dir, digits string, ids map[string]bool) error {
	files, err := os.ReadDir(filepath.Join(dir, digits[:2]))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range files {
		name := digits[:2] + f.Name()
		if id, err := hex.DecodeString(name); err == nil && isHex(name) && strings.HasPrefix(name, digits) {
			ids[string(id)] = true
		}
	}
	return err
}
