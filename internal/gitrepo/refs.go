package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

var (
	errNoRef    = errors.New("there is no such reference")
	errReftable = errors.New("its references are kept in reftables, which cannot be read")
)

// ref returns the id, in hexadecimal, that a reference with its full name points
// to. The error is errNoRef where it points to nothing: a branch without a commit.
//
// go-git (storage/filesystem/dotgit) in v5.19.3 cuts the ids of SHA-256
// repositories short. (git/git, Documentation/gitrepository-layout.txt)
func (r *Repo) ref(name string) (string, error) {
	if kind, _ := r.settings.local.last("extensions.refstorage"); kind == "reftable" {
		return "", fmt.Errorf("the git repository %q: %w", r.commonDir, errReftable)
	}
	for range 10 {
		target, err := r.readRef(name)
		if err != nil {
			return "", err
		}
		next, symbolic := strings.CutPrefix(target, "ref:")
		if !symbolic {
			target, _, _ = strings.Cut(target, "\t") // FETCH_HEAD says more
			if len(target) != 2*r.idSize || !isHex(target) {
				return "", fmt.Errorf("the git reference %q holds no id", name)
			}
			return target, nil
		}
		name = strings.TrimSpace(next)
	}
	return "", fmt.Errorf("the git reference %q leads in a circle", name)
}

// readRef returns what a reference says: an id, or "ref:" and another's name.
func (r *Repo) readRef(name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", errNoRef
	}
	path := filepath.Join(r.commonDir, filepath.FromSlash(name))
	if !strings.HasPrefix(name, "refs/") || strings.HasPrefix(name, "refs/bisect/") ||
		strings.HasPrefix(name, "refs/worktree/") || strings.HasPrefix(name, "refs/rewritten/") {
		path = filepath.Join(r.gitDir, filepath.FromSlash(name))
	}
	if target, err := os.Readlink(path); err == nil && strings.HasPrefix(target, "refs/") {
		return "ref:" + target, nil
	}
	data, err := readFile(path, 1<<16)
	switch {
	case err == nil:
		return string(bytes.TrimSpace(data)), nil
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errNotRegular):
		return r.packedRef(name)
	default:
		return "", err
	}
}

// packedRef looks a reference up in the file that holds those which change seldom.
func (r *Repo) packedRef(name string) (string, error) {
	data, err := readFile(filepath.Join(r.commonDir, "packed-refs"), 1<<32-1)
	if errors.Is(err, fs.ErrNotExist) {
		return "", errNoRef
	}
	if err != nil {
		return "", err
	}
	for line := range bytes.Lines(data) {
		id, of, ok := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(" "))
		if ok && string(of) == name && isHex(string(id)) {
			return string(id), nil
		}
	}
	return "", errNoRef
}

// replacements returns the objects that others stand for, by raw id. Git follows
// them everywhere. (git/git, Documentation/git-replace.txt)
func (r *Repo) replacements() (map[string]string, error) {
	const under = "refs/replace/"
	names := map[string]bool{}
	files, err := os.ReadDir(filepath.Join(r.commonDir, filepath.FromSlash(under)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, f := range files {
		names[f.Name()] = true
	}
	packed, err := readFile(filepath.Join(r.commonDir, "packed-refs"), 1<<32-1)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for rest := packed; ; {
		_, after, ok := bytes.Cut(rest, []byte(" "+under))
		if !ok {
			break
		}
		name, _, _ := bytes.Cut(after, []byte("\n"))
		names[string(name)] = true
		rest = after
	}
	replaced := map[string]string{}
	for name := range names {
		id := r.rawID(name)
		if id == "" {
			continue
		}
		with, err := r.ref(under + name)
		if err != nil {
			return nil, err
		}
		replaced[id] = r.rawID(with)
	}
	return replaced, nil
}
