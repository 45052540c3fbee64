//go:build !windows

package plan

import (
	"os"
	"syscall"

	"github.com/google/renameio/v2"
)

// writeFile replaces a file at once and keeps its mode and its owner.
func writeFile(path string, data []byte) error {
	const newMode = 0o644
	opts := []renameio.Option{renameio.WithPermissions(newMode), renameio.WithExistingPermissions()}
	file, err := renameio.NewPendingFile(path, opts...)
	if err != nil {
		return err
	}
	defer file.Cleanup() //nolint:errcheck // nothing is left to clean up after a success
	if _, err := file.Write(data); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil {
		if sys, ok := info.Sys().(*syscall.Stat_t); ok && (int(sys.Uid) != os.Geteuid() || int(sys.Gid) != os.Getegid()) {
			if err := file.Chown(int(sys.Uid), int(sys.Gid)); err != nil {
				return err
			}
		}
	}
	return file.CloseAtomicallyReplace()
}
