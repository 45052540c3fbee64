package cases

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Planted is a case that lies on disk.
type Planted struct {
	*Case
	// Context is the directory given to the builder.
	Context string
	// File is the Dockerfile to name with --file, "" for the default one.
	File string
	// Named maps each named context to its directory.
	Named map[string]string
}

// Plant writes the case below root, which must exist: the context is root/ctx,
// and what lies beside the context lies in root. It needs root's rights for
// devices, owners and security attributes.
func (c *Case) Plant(root string) (*Planted, error) {
	p := &Planted{Case: c, Context: filepath.Join(root, "ctx"), Named: map[string]string{}}
	if c.DockerfilePath != "Dockerfile" {
		p.File = filepath.Join(p.Context, c.DockerfilePath)
	}
	for name, dir := range c.NamedContexts {
		p.Named[name] = filepath.Join(p.Context, dir)
	}
	if err := os.Mkdir(p.Context, 0o755); err != nil {
		return nil, err
	}
	g := gardener{context: p.Context, mtime: c.DefaultMtimeNS, made: map[string]File{p.Context: {Type: "dir"}}}
	for _, f := range c.Files {
		if err := g.plant(f); err != nil {
			return nil, fmt.Errorf("case %s: %s %q: %w", c.Name, f.Type, f.Path, err)
		}
	}
	for path, text := range map[string]*Text{".dockerignore": c.Dockerignore, c.DockerfilePath: c.Dockerfile} {
		if text == nil {
			continue
		}
		if err := g.plant(File{Path: Text(path), Type: "file", Content: text}); err != nil {
			return nil, fmt.Errorf("case %s: %q: %w", c.Name, path, err)
		}
	}
	return p, g.finish()
}

// gardener plants the entries of one case.
type gardener struct {
	context string
	mtime   int64
	// made is every path that exists, with the attributes it is to get.
	made map[string]File
}

// plant creates one entry and the directories above it. Attributes come last,
// in finish, because planting below a directory changes its times.
func (g *gardener) plant(f File) error {
	path := filepath.Join(g.context, string(f.Path))
	if err := g.parents(filepath.Dir(path)); err != nil {
		return err
	}
	if _, there := g.made[path]; there && f.Type == "dir" {
		g.made[path] = f
		return nil
	}
	if f.Type != "hardlink" {
		g.made[path] = f
	}
	switch f.Type {
	case "file":
		content := strings.Repeat("x", int(f.Size))
		if f.Content != nil {
			content = string(*f.Content)
		}
		return os.WriteFile(path, []byte(content), 0o644)
	case "sparse":
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			return err
		}
		return os.Truncate(path, f.Size)
	case "dir":
		return os.Mkdir(path, 0o755)
	case "symlink":
		return os.Symlink(string(f.Target), path)
	case "hardlink":
		return os.Link(filepath.Join(g.context, string(f.Target)), path)
	case "fifo":
		return unix.Mkfifo(path, 0o644)
	case "socket":
		return unix.Mknod(path, unix.S_IFSOCK|0o644, 0)
	case "char":
		return unix.Mknod(path, unix.S_IFCHR|0o644, int(unix.Mkdev(f.Major, f.Minor)))
	case "block":
		return unix.Mknod(path, unix.S_IFBLK|0o644, int(unix.Mkdev(f.Major, f.Minor)))
	}
	return errors.New("unknown type")
}

func (g *gardener) parents(dir string) error {
	if _, there := g.made[dir]; there || dir == filepath.Dir(g.context) {
		return nil
	}
	if err := g.parents(filepath.Dir(dir)); err != nil {
		return err
	}
	g.made[dir] = File{Type: "dir"}
	return os.Mkdir(dir, 0o755)
}

// finish gives every entry its owner, mode, extended attributes and time, in
// this order: a chown clears setuid bits and capabilities, and everything but
// the time itself would change the time.
func (g *gardener) finish() error {
	paths := make([]string, 0, len(g.made))
	for path := range g.made {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range slices.Backward(paths) { // a directory after its content
		if err := g.attributes(path, g.made[path]); err != nil {
			return fmt.Errorf("%q: %w", path, err)
		}
	}
	return nil
}

func (g *gardener) attributes(path string, f File) error {
	if err := os.Lchown(path, f.UID, f.GID); err != nil {
		return err
	}
	if f.Type != "symlink" {
		mode := uint64(0o644)
		if f.Type == "dir" {
			mode = 0o755
		}
		if f.Mode != "" {
			var err error
			if mode, err = strconv.ParseUint(f.Mode, 8, 32); err != nil {
				return err
			}
		}
		if err := unix.Chmod(path, uint32(mode)); err != nil {
			return err
		}
	}
	for key, b64 := range f.XattrsB64 {
		value, err := base64.StdEncoding.DecodeString(b64)
		if err != nil {
			return err
		}
		if err := unix.Lsetxattr(path, key, value, 0); err != nil {
			return fmt.Errorf("set %s: %w", key, err)
		}
	}
	ns := g.mtime
	if f.MtimeNS != nil {
		ns = *f.MtimeNS
	}
	ts := unix.NsecToTimespec(ns)
	return unix.UtimesNanoAt(unix.AT_FDCWD, path, []unix.Timespec{ts, ts}, unix.AT_SYMLINK_NOFOLLOW)
}
