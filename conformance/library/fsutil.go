// Package library asks the engines' own libraries what they would send: no
// daemon, no packets, so that thousands of trees can be tried.
package library

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/moby/patternmatcher/ignorefile"
	"github.com/tonistiigi/fsutil"
	fstypes "github.com/tonistiigi/fsutil/types"

	"github.com/ctxsize/ctxsize/conformance/engine"
)

// BuildKit lists what BuildKit's client sends of a directory for a request:
// fsutil's filter over fsutil's walk, with the directory's .dockerignore. Each
// entry has the content that the sender would find (fsutil send.go : sendFile
// opens through the filter, and a refused file is sent empty).
func BuildKit(ctx context.Context, dir string, follow []string) ([]engine.Entry, error) {
	excludes, err := ignoreFile(dir)
	if err != nil {
		return nil, err
	}
	follow = travelled(follow)
	root, err := fsutil.NewFS(dir)
	if err != nil {
		return nil, err
	}
	owned, err := fsutil.NewFilterFS(root, &fsutil.FilterOpt{Map: func(_ string, st *fstypes.Stat) fsutil.MapResult {
		st.Uid, st.Gid = 0, 0
		return fsutil.MapResultKeep
	}})
	if err != nil {
		return nil, err
	}
	filtered, err := fsutil.NewFilterFS(owned, &fsutil.FilterOpt{ExcludePatterns: excludes, FollowPaths: follow})
	if err != nil {
		return nil, err
	}
	sent := fsutil.WithHardlinkReset(filtered)
	var entries []engine.Entry
	err = sent.Walk(ctx, string(filepath.Separator), func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		e := engine.Entry{Stat: info.Sys().(*fstypes.Stat).CloneVT()}
		if fs.FileMode(e.Stat.Mode).IsRegular() && e.Stat.Linkname == "" {
			e.Data = content(sent, e.Stat.Path)
		}
		entries = append(entries, e)
		return nil
	})
	return entries, err
}

// content is how much of a file the sender can read.
func content(from fsutil.FS, path string) int64 {
	f, err := from.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	n, _ := io.Copy(io.Discard, f)
	return n
}

// ignoreFile reads the patterns of a directory's .dockerignore.
func ignoreFile(dir string) ([]string, error) {
	f, err := os.Open(filepath.Join(dir, ".dockerignore"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	patterns, err := ignorefile.ReadAll(f)
	return travelled(patterns), err
}

// travelled is a list as it comes back from the daemon, which keeps it as JSON:
// a byte that is not UTF-8 has become U+FFFD (buildkit client/llb/source.go :
// ExcludePatterns).
func travelled(list []string) []string {
	var all []string
	for _, s := range list {
		all = append(all, string([]rune(s)))
	}
	return all
}
