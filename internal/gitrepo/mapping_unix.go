//go:build unix

package gitrepo

import (
	"os"
	"syscall"
)

// mapFile maps a file into memory, for ever: the mappings of a repository end
// with the program, as its descriptors would. It returns nil where that cannot be.
func mapFile(file *os.File, size int64) []byte {
	if size == 0 || size != int64(int(size)) {
		return nil
	}
	data, err := syscall.Mmap(int(file.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil
	}
	return data
}
