package machines

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the format of git's index
	"encoding/binary"
	"slices"
	"strings"
)

// repository puts a repository that tracks what was told to be tracked: enough of
// one to ask its index, with objects that weigh what history weighs.
func (m *Machine) repository() {
	if m.tracked == nil {
		return
	}
	m.text(".gitignore", strings.Join(rooted(m.ignored), "\n")+"\n")
	m.Tree.Text(".git/HEAD", "ref: refs/heads/main\n")
	m.Tree.Text(".git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n")
	m.Tree.Dir(".git/refs/heads")
	m.Tree.File(".git/objects/pack/pack-1.pack", m.size(80*mB), "PACK")
	m.Tree.Text(".git/index", index(m.tracked))
	m.Goes = append(m.Goes, ".git")
}

// rooted writes paths as lines of a .gitignore.
func rooted(paths []string) []string {
	lines := make([]string, len(paths))
	for i, path := range paths {
		lines[i] = "/" + path
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// index is git's index of some paths, in version 2.
// (git/git, Documentation/gitformat-index.txt)
func index(paths []string) string {
	paths = slices.Compact(slices.Sorted(slices.Values(paths)))
	const regular, align = 0o100644, 8
	var b bytes.Buffer
	b.WriteString("DIRC")
	number := func(n uint32) { _ = binary.Write(&b, binary.BigEndian, n) }
	number(2)
	number(uint32(len(paths)))
	for _, path := range paths {
		start := b.Len()
		for range 6 {
			number(0) // times, device and inode
		}
		number(regular)
		for range 3 {
			number(0) // owner, group, size
		}
		b.Write(make([]byte, sha1.Size))
		_ = binary.Write(&b, binary.BigEndian, uint16(min(len(path), 0xfff)))
		b.WriteString(path)
		b.Write(make([]byte, align-(b.Len()-start)%align))
	}
	sum := sha1.Sum(b.Bytes()) //nolint:gosec // the format of git's index
	b.Write(sum[:])
	return b.String()
}
