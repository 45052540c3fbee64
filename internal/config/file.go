package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// File is one configuration file.
type File struct {
	// Name is its path, as it is told: relative to the working directory where it
	// was found from there.
	Name string
	// Values hold for every context that does not set them itself.
	Values   Values
	Contexts []Context
	Accept   []Accept
	Lint     []Lint
}

// Context is one of several contexts of a file.
type Context struct {
	// Path is that of the directory, relative to where the file's name is.
	Path string
	// Place is where the path stands.
	Place  Place
	Values Values
	Accept []Accept
}

// Place is where something stands in the file; for people it is "file:line:column".
type Place struct {
	File         string
	Line, Column int
}

// String returns file:line:column.
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// Accept is a finding that somebody accepts, with the reason.
type Accept struct {
	Place
	// ID is that of the finding. Path is what it is about, as a line of an ignore file
	// would say it; "" is anything.
	ID, Path, Reason string
}

// Lint is the severity that a rule of lint is given: error, warning, info or off.
type Lint struct {
	Place
	Rule, Severity string
}

// Error is something in a file that is wrong. Hint says what to do next.
type Error struct {
	Place
	Reason, Hint string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Reason
	}
	return e.Place.String() + ": " + e.Reason
}

// maxFile is the most bytes of a file; a longer one is none of ours.
const maxFile = 1 << 20

// Load reads the file at a path, which is relative to dir. The error is an [Error]
// where the file is there and makes no sense.
func Load(dir, name string) (*File, error) {
	full := name
	if !filepath.IsAbs(full) {
		full = filepath.Join(dir, name)
	}
	f, err := os.Open(full)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{Place: Place{File: name}, Reason: "there is no such file", Hint: "name a configuration file, or leave out --config"}
	}
	if err != nil {
		return nil, unreadable(name, err)
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, unreadable(name, err)
	}
	if len(data) > maxFile {
		return nil, &Error{Place: Place{File: name}, Reason: "the file has more than 1 MiB", Hint: "is it a configuration of ctxsize?"}
	}
	return Parse(name, data)
}

func unreadable(name string, err error) *Error {
	reason := err
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		reason = at.Err // the path is told already
	}
	return &Error{Place: Place{File: name}, Reason: "it cannot be read: " + reason.Error(), Hint: "make it a readable file, or name another with --config"}
}

// Find returns the path of the file that holds for a directory: in it, or in one
// above it up to the top of the repository; "" where there is none. Outside of a
// repository, it is looked for up to the working directory where that is above.
func Find(dir, working string) (string, error) {
	top := topOf(dir, working)
	for {
		name := filepath.Join(dir, FileName)
		if info, err := os.Stat(name); err == nil && !info.IsDir() {
			return name, nil
		}
		other := filepath.Join(dir, ".ctxsize.yml")
		if _, err := os.Lstat(other); err == nil {
			return "", &Error{Place: Place{File: other}, Reason: "nobody reads this file", Hint: "call it " + FileName}
		}
		if dir == top {
			return "", nil
		}
		dir = filepath.Dir(dir)
	}
}

// topOf returns the last directory that [Find] looks into.
func topOf(dir, working string) string {
	top := dir
	for at := dir; ; at = filepath.Dir(at) {
		if at == working {
			top = at
		}
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return top
		}
	}
}

// For returns the contexts of the file that are a directory; paths are relative to
// dir.
func (f *File) For(dir, path string) []Context {
	var out []Context
	for _, c := range f.Contexts {
		if same(dir, c.Path, path) {
			out = append(out, c)
		}
	}
	return out
}

// same tells whether two paths are one directory.
func same(dir, a, b string) bool {
	resolve := func(path string) string {
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		if resolved, err := filepath.EvalSymlinks(path); err == nil {
			return resolved
		}
		return filepath.Clean(path)
	}
	return resolve(a) == resolve(b)
}
