package buildcontext

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/ctxsize/ctxsize/ignore"
)

// An entry is noted where its name is known, or one below it; and everything is of
// a scan that was not told which names are.
func TestNoted(t *testing.T) {
	t.Parallel()
	d := traps(t)
	opts := everything
	opts.Note = func(dir, name string) bool {
		return name == "3" || name == "in" && dir == "dir" || dir == "" && name == "a" || strings.HasSuffix(name, "-7.txt")
	}
	for _, workers := range []int{1, 8} {
		for _, r := range []readers{portable{d}, fastest(t, d), tricky{readers: fastest(t, d), hideKinds: true, gone: []string{"flat/dir/in"}}} {
			inv := scanWith(t, r, workers, opts)
			want := map[string]bool{}
			inv.Walk(0, func(_ ID, path string) bool {
				above, name := "", path
				if slash := strings.LastIndexByte(path, '/'); slash >= 0 {
					above, name = path[:slash], path[slash+1:]
				}
				if opts.Note(above[strings.LastIndexByte(above, '/')+1:], name) {
					for ; path != ""; path = path[:max(0, strings.LastIndexByte(path, '/'))] {
						want[path] = true
					}
				}
				return true
			})
			if len(want) < 4 {
				t.Fatalf("only %v is to be noted", want)
			}
			inv.Walk(0, func(id ID, path string) bool {
				gone := path == "flat" || path == "flat/dir" // what it was noted for may have vanished since
				if inv.Noted(id) != want[path] && !gone {
					t.Errorf("%d goroutines, %T: %q is noted: %v", workers, r, path, inv.Noted(id))
				}
				if inv.Mode(id)&ownBits != 0 {
					t.Errorf("the mode of %q is %o", path, inv.Mode(id))
				}
				return true
			})
		}
	}
	inv := scanWith(t, fastest(t, d), 2, everything).WithFile("a/new", 1)
	inv.Walk(0, func(id ID, path string) bool {
		if !inv.Noted(id) {
			t.Errorf("%q is not noted", path)
		}
		return true
	})
}

// The shares of what lies in a directory add up to the directory's, and the root's
// to the totals, though files have names in several directories.
func TestShares(t *testing.T) {
	t.Parallel()
	for _, builder := range []Builder{BuildKit, Classic} {
		for _, ignored := range []string{"", "a", "a/one\nflat", "z"} {
			t.Run(fmt.Sprintf("%s %q", builder, ignored), func(t *testing.T) {
				t.Parallel()
				d := traps(t)
				inv := scanWith(t, fastest(t, d), 2, everything)
				req := Request{Builder: builder}
				if ignored != "" {
					req.Rules = ignore.Patterns(strings.Split(ignored, "\n")...)
				}
				s, err := Select(inv, req)
				check(t, err)
				check(t, s.Complete(t.Context(), d))
				m, err := Measure(s)
				check(t, err)
				var files Share
				for dir := range DirID(inv.Dirs()) {
					var sum Share
					first, count := inv.Entries(dir)
					for id := first; id < first+count; id++ {
						sum.Add(m.Share(id))
						if inv.Mode(id)&fs.ModeDir == 0 {
							files.Add(m.Share(id))
						}
					}
					if sum != m.Dirs[dir] {
						t.Errorf("%q: %+v, the sum of what it holds is %+v", inv.DirPath(dir), m.Dirs[dir], sum)
					}
				}
				// A socket is sent as an empty file.
				if files.Bytes != m.OnDisk.Bytes || files.Files != m.OnDisk.Files || files.SentBytes != m.Sent.Bytes || files.SentFiles != m.Sent.Files {
					t.Errorf("the shares of all files are %+v, the totals %+v on disk and %+v sent", files, m.OnDisk, m.Sent)
				}
			})
		}
	}
}
