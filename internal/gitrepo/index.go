package gitrepo

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // git's checksum, which guards against accidents alone
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"path/filepath"
)

// Modes of index and tree entries.
const (
	modeDir     = 0o040000
	modeFile    = 0o100000
	modeLink    = 0o120000
	modeGitlink = 0o160000
	modeKind    = 0o170000
)

var (
	errDamaged      = errors.New("it is damaged")
	errIndexMissing = errors.New("its index is missing though it has a commit; git status or git reset would make one")
)

// indexEntry is one entry of an index. Its slices hold until the next entry.
type indexEntry struct {
	name []byte
	mode uint32
	id   []byte
}

// indexFile is the content of an index, versions 2 to 4.
//
// It is not go-git's decoder (plumbing/format/index), which in v5.19.3 refuses
// split and sparse indexes and those of SHA-256 repositories, and takes some
// twenty times as long, since it makes several values of each entry.
// (git/git, Documentation/gitformat-index.txt)
type indexFile struct {
	data       []byte // without the checksum
	checksum   []byte
	version    uint32
	count      int
	idSize     int
	extensions int // where they begin, once the entries were read
}

// readIndexFile reads an index and checks that it is whole.
func readIndexFile(path string, idSize int) (*indexFile, error) {
	data, err := readFile(path, 1<<32-1)
	if err != nil {
		return nil, err
	}
	if len(data) < 12+idSize || string(data[:4]) != "DIRC" {
		return nil, errDamaged
	}
	f := &indexFile{
		data:     data[:len(data)-idSize],
		checksum: data[len(data)-idSize:],
		version:  binary.BigEndian.Uint32(data[4:]),
		count:    int(binary.BigEndian.Uint32(data[8:])),
		idSize:   idSize,
	}
	if f.version < 2 || f.version > 4 {
		return nil, fmt.Errorf("its version %d is not known", f.version)
	}
	// index.skipHash leaves zeros.
	if !bytes.Equal(f.checksum, make([]byte, idSize)) {
		h := newHash(idSize)
		h.Write(f.data)
		if !bytes.Equal(h.Sum(nil), f.checksum) {
			return nil, fmt.Errorf("%w: the checksum is wrong", errDamaged)
		}
	}
	return f, nil
}

func newHash(idSize int) hash.Hash {
	if idSize == sha256.Size {
		return sha256.New()
	}
	return sha1.New() //nolint:gosec // see the import
}

// each calls visit for every entry in the order of the file.
func (f *indexFile) each(visit func(i int, e indexEntry) error) error {
	const stat = 40 // bytes of what lstat said; the mode is among them
	at := 12
	var name []byte // with prefix compression, that of the entry before
	for i := range f.count {
		flags := at + stat + f.idSize
		if flags+2 > len(f.data) {
			return errDamaged
		}
		e := indexEntry{
			mode: binary.BigEndian.Uint32(f.data[at+24:]),
			id:   f.data[at+stat : flags],
		}
		rest := flags + 2
		if f.data[flags]&0x40 != 0 { // extended
			rest += 2
		}
		if rest > len(f.data) {
			return errDamaged
		}
		if f.version == 4 {
			strip, n := offsetVarint(f.data[rest:])
			if n == 0 || strip > uint64(len(name)) {
				return errDamaged
			}
			rest += n
			name = name[:len(name)-int(strip)]
		} else {
			name = name[:0]
		}
		length := bytes.IndexByte(f.data[rest:], 0)
		if length < 0 {
			return errDamaged
		}
		name = append(name, f.data[rest:rest+length]...)
		e.name = name
		if rest += length; f.version == 4 {
			at = rest + 1
		} else {
			at += (rest - at + 8) &^ 7 // one to eight zeros behind
		}
		if at > len(f.data) {
			return errDamaged
		}
		if err := visit(i, e); err != nil {
			return err
		}
	}
	f.extensions = at
	return nil
}

// newList makes room for the entries of the file, if it does not lie about them.
func (f *indexFile) newList(prefix string) *entryList {
	l := &entryList{prefix: prefix}
	const least = 42 // bytes of an entry without id and name
	if names := len(f.data) - f.count*(least+f.idSize); prefix == "" && names > 0 {
		l.names, l.start = make([]byte, 0, names), make([]uint32, 0, f.count)
	}
	return l
}

// extension returns the content of an extension, or nil, after [indexFile.each].
// One whose name is in lower case changes what the entries mean; those that are
// not known are an error.
func (f *indexFile) extension(name string) ([]byte, error) {
	var found []byte
	for at := f.extensions; at < len(f.data); {
		if at+8 > len(f.data) {
			return nil, errDamaged
		}
		signature := string(f.data[at : at+4])
		end := at + 8 + int(binary.BigEndian.Uint32(f.data[at+4:]))
		if end > len(f.data) {
			return nil, errDamaged
		}
		switch {
		case signature == name:
			found = f.data[at+8 : end : end]
		case signature[0] < 'A' || signature[0] > 'Z':
			if signature != "link" && signature != "sdir" {
				return nil, fmt.Errorf("its extension %q is not known", signature)
			}
		}
		at = end
	}
	return found, nil
}

// offsetVarint reads the number in front of b as git writes offsets; n is 0
// where there is none. (git/git, varint.c)
func offsetVarint(b []byte) (value uint64, n int) {
	for n < len(b) && n < 9 {
		c := b[n]
		n++
		value = value<<7 | uint64(c&0x7f)
		if c < 0x80 {
			return value, n
		}
		value++
	}
	return 0, 0
}

// readIndex reads the entries of the repository's index that lie below prefix,
// those of a split index put together.
func (r *Repo) readIndex(prefix string) (*entryList, error) {
	path := filepath.Join(r.gitDir, "index")
	f, err := readIndexFile(path, r.idSize)
	if errors.Is(err, fs.ErrNotExist) {
		switch _, err := r.ref("HEAD"); {
		case errors.Is(err, errNoRef):
			return &entryList{}, nil
		case err != nil:
			return nil, err
		}
		return nil, fmt.Errorf("the git repository %q: %w", r.gitDir, errIndexMissing)
	}
	var list *entryList
	if err == nil {
		list, err = f.list(r.gitDir, prefix)
	}
	if err != nil {
		return nil, fmt.Errorf("git's index %q: %w", path, err)
	}
	return list, nil
}

// list returns the entries below prefix.
func (f *indexFile) list(gitDir, prefix string) (*entryList, error) {
	own := f.newList(prefix)
	// What begins a split index has no names: it replaces entries of the shared one.
	var replacing []special
	err := f.each(func(_ int, e indexEntry) error {
		if len(e.name) == 0 {
			replacing = append(replacing, special{e.mode, string(e.id)})
			return nil
		}
		return own.add(e)
	})
	if err != nil {
		return nil, err
	}
	link, err := f.extension("link")
	if err != nil {
		return nil, err
	}
	if link == nil || len(link) >= f.idSize && bytes.Equal(link[:f.idSize], make([]byte, f.idSize)) {
		return own, nil
	}
	if len(link) < f.idSize {
		return nil, errDamaged
	}
	path := filepath.Join(gitDir, "sharedindex."+hex.EncodeToString(link[:f.idSize]))
	shared, err := readIndexFile(path, f.idSize)
	if err != nil {
		return nil, fmt.Errorf("the shared index: %w", err)
	}
	if !bytes.Equal(shared.checksum, link[:f.idSize]) {
		return nil, fmt.Errorf("the shared index %q: %w: it is another than the one that is split", path, errDamaged)
	}
	base, err := shared.changed(prefix, link[f.idSize:], replacing)
	if err != nil {
		return nil, fmt.Errorf("the shared index %q: %w", path, err)
	}
	return merge(base, own)
}
