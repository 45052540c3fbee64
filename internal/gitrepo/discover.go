package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// discover walks up from a directory to the first that is a work tree or a bare
// repository. A .git that is a directory and no repository is passed over, one
// that is a file and leads nowhere is an error.
// (git/git, setup.c, setup_git_directory_gently_1)
func discover(dir string) (*Repo, error) {
	for {
		gitDir, err := gitDirAt(dir)
		if err != nil {
			return nil, err
		}
		if gitDir != "" {
			return &Repo{gitDir: gitDir, commonDir: commonDir(gitDir), top: dir}, nil
		}
		if isGitDir(dir) {
			return &Repo{gitDir: dir, commonDir: commonDir(dir)}, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return nil, ErrNone
		}
		dir = parent
	}
}

// gitDirAt returns the repository of the work tree whose top dir is, or "".
func gitDirAt(dir string) (string, error) {
	path := filepath.Join(dir, ".git")
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return "", nil
	case err != nil:
		return "", err
	case info.IsDir():
		if isGitDir(path) {
			return filepath.EvalSymlinks(path)
		}
		return "", nil
	}
	data, err := readFile(path, 1<<20)
	if err != nil {
		return "", fmt.Errorf("%q should lead to a git repository: %w", path, err)
	}
	target, ok := bytes.CutPrefix(data, []byte("gitdir: "))
	if !ok {
		return "", fmt.Errorf("%q should lead to a git repository, but does not begin with \"gitdir: \"", path)
	}
	gitDir := string(bytes.TrimRight(target, "\r\n"))
	if !filepath.IsAbs(gitDir) {
		gitDir = filepath.Join(dir, gitDir)
	}
	if !isGitDir(gitDir) {
		return "", fmt.Errorf("%q leads to %q, which is not a git repository", path, gitDir)
	}
	return filepath.EvalSymlinks(gitDir)
}

// isGitDir tells whether a directory looks like a repository.
// (git/git, setup.c, is_git_directory)
func isGitDir(dir string) bool {
	head := filepath.Join(dir, "HEAD")
	if info, err := os.Lstat(head); err != nil {
		return false
	} else if info.Mode()&fs.ModeSymlink == 0 {
		data, err := readFile(head, 1<<16)
		if err != nil || !bytes.HasPrefix(data, []byte("ref:")) && !isHex(string(bytes.TrimSpace(data))) {
			return false
		}
	}
	common := commonDir(dir)
	return isDir(filepath.Join(common, "objects")) && isDir(filepath.Join(common, "refs"))
}

// commonDir returns where a repository keeps what its linked work trees share.
func commonDir(gitDir string) string {
	data, err := readFile(filepath.Join(gitDir, "commondir"), 1<<16)
	if err != nil {
		return gitDir
	}
	dir := string(bytes.TrimRight(data, "\r\n"))
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(gitDir, dir)
	}
	return dir
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// isHex tells whether s can be the id of an object.
func isHex(s string) bool {
	if len(s) != 40 && len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

var errNotRegular = errors.New("not a regular file")

// readFile reads a regular file. A pipe or a device that a hostile repository
// points to would stop the program or fill its memory, and so would a huge file.
func readFile(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: errNotRegular}
	}
	if info.Size() > limit {
		return nil, &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("larger than %d bytes", limit)}
	}
	return os.ReadFile(path)
}
