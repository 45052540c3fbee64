package verify

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// room is a temporary directory and a name that nobody has had before.
type room struct {
	dir  string
	name string
	made int
}

func newRoom() (*room, error) {
	dir, err := os.MkdirTemp("", "ctxsize-verify-")
	if err != nil {
		return nil, err
	}
	var id [6]byte
	_, _ = rand.Read(id[:]) // it never fails
	return &room{dir: dir, name: "ctxsize-verify-" + hex.EncodeToString(id[:])}, nil
}

// fresh returns another new name, which begins with the room's.
func (r *room) fresh() string {
	r.made++
	return fmt.Sprintf("%s-%d", r.name, r.made)
}

// mkdir makes a directory of a new name.
func (r *room) mkdir() (string, error) {
	dir := filepath.Join(r.dir, r.fresh())
	return dir, os.Mkdir(dir, 0o755)
}

func (r *room) remove() {
	_ = os.RemoveAll(r.dir) // it is below the temporary directory
}
