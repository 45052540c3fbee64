package verify

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// heldFiles is how many files a stand-in has. A client opens four of them at a
// time (tonistiigi/fsutil, send.go), and the kernel makes it wait for each until
// the lease is broken, which is after 45 seconds by default.
const heldFiles = 16

// hold writes files into a directory that nobody else can open before release is
// called: this process has a lease on each (fcntl(2), F_SETLEASE). A client that
// sends the directory waits, the step that needs it cannot begin, and so no RUN
// runs or fails while the transfers that are looked at go on. Where the file
// system has no leases, nothing waits.
func hold(dir string) (release func(), err error) {
	var files []*os.File
	release = func() {
		for _, f := range files {
			_ = f.Close() // which gives the lease back
		}
	}
	for i := range heldFiles {
		f, err := os.Create(filepath.Join(dir, "held-"+strconv.Itoa(i)))
		if err != nil {
			release()
			return nil, err
		}
		files = append(files, f)
		if !lease(f) {
			break
		}
	}
	return release, nil
}

// lease tells whether this process now has a write lease on the file.
func lease(f *os.File) bool {
	_, _, errno := syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_SETLEASE, syscall.F_WRLCK)
	return errno == 0
}
