package verify

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestHold: another program waits for a held file until it is released.
func TestHold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	probe, err := os.Create(filepath.Join(dir, "probe"))
	if err != nil {
		t.Fatal(err)
	}
	leases := lease(probe)
	if err := probe.Close(); err != nil {
		t.Fatal(err)
	}
	if !leases {
		t.Skip("this file system has no leases")
	}
	release, err := hold(dir)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("cat", filepath.Join(dir, "held-0"))
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	read := make(chan error, 1)
	go func() { read <- cmd.Wait() }()
	select {
	case err := <-read:
		t.Errorf("a held file was read: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	release()
	select {
	case err := <-read:
		if err != nil {
			t.Errorf("a released file cannot be read: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("a released file is still held")
		_ = cmd.Process.Kill() // so that the test ends
	}
}
