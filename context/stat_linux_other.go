//go:build linux && !amd64 && !arm64

package buildcontext

// statBuffer is empty: statx has its own.
type statBuffer struct{}

// stat asks with statx, which has one layout.
func (r *linuxReader) stat(h *handle, name string, into *Stat) error {
	return r.statFull(h, name, into)
}
