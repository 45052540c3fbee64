package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
)

// undoRecord is what a fix keeps of the file that it changed. One is kept for
// each ignore file, that of the last fix.
type undoRecord struct {
	File string `json:"file"`
	// Existed tells that there was a file, with the text Old.
	Existed bool   `json:"existed"`
	Old     []byte `json:"old"`
	// New is the SHA-256 of what was written.
	New string `json:"new"`
}

// undoPath returns where the record for a file lies: in the user's state
// directory, never beside the file, where a build would send it.
func undoPath(target string) string {
	return filepath.Join(xdg.StateHome, "ctxsize", "undo", digest([]byte(target))+".json")
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// keepUndo records what a change replaces. It runs before the change.
func (f *Fix) keepUndo() error {
	record, err := json.Marshal(undoRecord{File: f.Target, Existed: f.Old != nil, Old: f.Old, New: digest(f.New)})
	if err != nil {
		return err
	}
	path := undoPath(f.Target)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return writeFile(path, record)
}

// Undone says what [Run.Undo] did.
type Undone struct {
	// File is the name of the ignore file for people.
	File string
	// Removed tells that there was no file before the fix.
	Removed bool
}

// RefusedError is the reason why a file is not written: doing so would lose what
// somebody wrote.
type RefusedError struct{ Reason, Hint string }

func (e *RefusedError) Error() string { return e.Reason }

// Undo restores the ignore file as it was before the last fix. The error is a
// [RefusedError] where the file has changed since.
func (r *Run) Undo() (*Undone, error) {
	target, err := r.fixTarget()
	if err != nil {
		return nil, err
	}
	name := r.IgnoreFileName()
	path := undoPath(target)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &RefusedError{Reason: "no fix of " + name + " is on record", Hint: "each fix can be undone once, by the user who made it"}
	}
	if err != nil {
		return nil, err
	}
	var record undoRecord
	if err := json.Unmarshal(data, &record); err != nil || record.File != target {
		return nil, fmt.Errorf("the record %s is damaged", path)
	}
	current, err := os.ReadFile(target)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil || digest(current) != record.New {
		return nil, &RefusedError{Reason: name + " has changed since the fix, and stays as it is", Hint: "take out by hand what is under ctxsize's comment"}
	}
	if record.Existed {
		err = writeFile(target, record.Old)
	} else {
		err = os.Remove(target)
	}
	if err != nil {
		return nil, fmt.Errorf("%s was not restored: %w", name, err)
	}
	if err := os.Remove(path); err != nil {
		return nil, err
	}
	return &Undone{File: name, Removed: !record.Existed}, nil
}

// unchanged tells whether the file is still what the change was made for.
func (f *Fix) unchanged() (bool, error) {
	current, err := os.ReadFile(f.Target)
	if errors.Is(err, fs.ErrNotExist) {
		return f.Old == nil, nil
	}
	return f.Old != nil && bytes.Equal(current, f.Old), err
}
