package plan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// fixTarget returns the file that a fix writes. A link is written through; what
// the builder does not read as an ignore file is not replaced.
func (r *Run) fixTarget() (string, error) {
	if err := r.IgnoreFile.unreadable; err != nil {
		return "", usage("make it readable", "%s cannot be read, and what cannot be read is not changed: %v", r.IgnoreFile.Name, err)
	}
	if r.IgnoreFile.File == nil {
		full := filepath.Join(r.Root, dockerignore)
		if _, err := os.Lstat(full); !errors.Is(err, fs.ErrNotExist) {
			return "", usage("remove it, or make it a plain file", "%s is there, but the builder does not read it as an ignore file", dockerignore)
		}
		return full, nil
	}
	target, err := filepath.EvalSymlinks(r.IgnoreFile.Path)
	if err != nil {
		return "", usage("make the link point to a file", "%s is a link that BuildKit follows inside the context, but not the file system: %v", r.IgnoreFile.Name, err)
	}
	data, err := os.ReadFile(target)
	if err != nil {
		return "", err
	}
	if string(data) != string(r.IgnoreFile.File.Bytes()) {
		return "", usage("make it a plain file", "%s is a link: the builder follows it to another file than the file system", r.IgnoreFile.Name)
	}
	return target, nil
}

// with selects as if the ignore file had another text.
func (res *Result) with(ctx context.Context, text []byte) (*buildcontext.Selection, error) {
	inv := res.Inventory
	if at := res.written(); at != "" {
		inv = inv.WithFile(at, int64(len(text)))
	}
	sel, _, err := res.selectWith(ctx, inv, text)
	return sel, err
}

// try measures with another text of the ignore file, and leaves the
// file as large as it is.
func (res *Result) try(ctx context.Context, text []byte) (*buildcontext.Measurement, error) {
	sel, _, err := res.selectWith(ctx, res.Inventory, text)
	if err != nil {
		return nil, err
	}
	m, err := buildcontext.Measure(sel)
	return m, wrapRefusal(err)
}

// selectWith selects with another text of the ignore file, and returns the file.
func (res *Result) selectWith(ctx context.Context, inv *buildcontext.Inventory, text []byte) (*buildcontext.Selection, *ignore.File, error) {
	file, err := res.parseIgnore(res.IgnoreFileName(), text)
	if err != nil {
		return nil, nil, err
	}
	changed := IgnoreFile{File: file}
	sel, err := res.Select(ctx, inv, changed.rules(res.Builder))
	return sel, file, err
}

// IgnoreFileName is what the ignore file is called, or will be.
func (r *Run) IgnoreFileName() string {
	if r.IgnoreFile.Name == "" {
		return dockerignore
	}
	return r.IgnoreFile.Name
}

// parseIgnore reads a text as the builder reads an ignore file.
func (r *Run) parseIgnore(name string, text []byte) (*ignore.File, error) {
	if r.Builder == buildcontext.Podman {
		return ignore.ParsePodman(name, text), nil
	}
	return ignore.Parse(name, text)
}

// written returns where in the context a fix writes, or "" where it is outside.
func (res *Result) written() string {
	target, err := res.fixTarget()
	if err != nil {
		return ""
	}
	return inside(res.Root, target)
}

// Write replaces the ignore file. The file is written beside itself and put in
// its place at once, so that nobody ever reads half of it; what was there is kept
// for [Run.Undo] first. The error is a [RefusedError] where somebody changed the
// file meanwhile.
func (f *Fix) Write() error {
	same, err := f.unchanged()
	if err != nil {
		return fmt.Errorf("%s was not written: %w", f.File, err)
	}
	if !same {
		return &RefusedError{Reason: f.File + " was changed by somebody else meanwhile, and is not written", Hint: "run it again"}
	}
	if err := f.keepUndo(); err != nil {
		return usage("set XDG_STATE_HOME to a directory that may be written, or write what --dry-run prints yourself",
			"%s was not written, for nothing could be kept to undo it: %w", f.File, err)
	}
	if err := writeFile(f.Target, f.New); err != nil {
		return usage("run as somebody who may write it, or write what --dry-run prints yourself", "%s was not written: %w", f.File, err)
	}
	return nil
}
