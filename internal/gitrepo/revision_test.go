package gitrepo

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// newHistory makes a repository with merges, tags, remote branches and names that
// stand for several things.
func newHistory(t *testing.T, format string) string {
	t.Helper()
	dir := newRepo(t, "--object-format="+format)
	importCommits(t, dir, []file{{path: "a", content: "1"}}, []file{{path: "a", content: "2"}}, []file{{path: "a", content: "3"}})
	git(t, dir, "checkout", "-q", "main")
	git(t, dir, "checkout", "-q", "-b", "side", "main~2")
	commit(t, dir, "b", "1")
	git(t, dir, "checkout", "-q", "-b", "other/deep", "main~1")
	commit(t, dir, "c", "1")
	git(t, dir, "checkout", "-q", "main")
	git(t, dir, "merge", "-q", "--no-edit", "side", "other/deep")
	commit(t, dir, "d", "1")
	git(t, dir, "tag", "light", "main~1")
	git(t, dir, "tag", "-a", "-m", "x", "v1.0", "main~2")
	git(t, dir, "tag", "-a", "-m", "x", "tagged-tag", "v1.0")
	git(t, dir, "tag", "both", "main~2")
	git(t, dir, "branch", "both", "main")
	git(t, dir, "tag", "-a", "-m", "x", "tagged-tree", "main^{tree}")
	git(t, dir, "tag", "blob", "main:a")
	git(t, dir, "update-ref", "refs/remotes/origin/main", "main~1")
	git(t, dir, "update-ref", "refs/remotes/origin/releases/1", "main~2")
	git(t, dir, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
	git(t, dir, "config", "remote.origin.url", "/nowhere")
	git(t, dir, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
	git(t, dir, "config", "branch.main.remote", "origin")
	git(t, dir, "config", "branch.main.merge", "refs/heads/main")
	git(t, dir, "config", "branch.side.remote", ".")
	git(t, dir, "config", "branch.side.merge", "refs/heads/main")
	git(t, dir, "config", "branch.both.remote", "origin")
	git(t, dir, "config", "branch.both.merge", "refs/heads/gone")
	git(t, dir, "symbolic-ref", "refs/heads/alias", "refs/heads/side")
	write(t, dir, ".git/FETCH_HEAD", git(t, dir, "rev-parse", "side")[:len(git(t, dir, "rev-parse", "side"))-1]+"\t\tbranch 'side' of /nowhere\n")
	return dir
}

func TestRevisionsAgreeWithGit(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"sha1", "sha256"} {
		for _, packed := range []bool{false, true} {
			t.Run(format, func(t *testing.T) {
				t.Parallel()
				dir := newHistory(t, format)
				if packed {
					git(t, dir, "pack-refs", "--all")
					git(t, dir, "gc", "-q")
				}
				full := strings.TrimSpace(git(t, dir, "rev-parse", "main"))
				tree := strings.TrimSpace(git(t, dir, "rev-parse", "main^{tree}"))
				revs := []string{
					"HEAD", "@", "main", "heads/main", "refs/heads/main", "side", "other/deep", "origin", "origin/main", "origin/releases/1",
					"remotes/origin/main", "tags/v1.0", "v1.0", "tagged-tag", "light", "both", "heads/both", "alias", "FETCH_HEAD", "ORIG_HEAD",
					"HEAD~", "HEAD~1", "HEAD~3", "HEAD^", "HEAD^^", "HEAD^1", "HEAD~1^2", "HEAD~1^3", "HEAD~1^2~1", "HEAD~0", "HEAD^0", "v1.0~1", "v1.0^{}", "v1.0^{commit}",
					"tagged-tag^{}", "tagged-tag^{tag}", "main^{tree}", "tagged-tree", "tagged-tree^{}", "tagged-tree^{tree}", "HEAD^{commit}~1^{tree}", "@~2", "@{u}", "main@{upstream}", "side@{u}", "@{U}~1", "HEAD@{u}",
					full, full[:7], full[:4], full[:12] + "~1", strings.ToUpper(full[:9]), "v1.0-3-g" + full[:8], tree, tree[:9],
					// These are errors.
					"missing", "HEAD~99", "HEAD^9", "HEAD~1^9", "side^2", "v9", "deadbeef", full[:len(full)-1] + "x", "HEAD^{blob}", "tagged-tree~1", "both@{u}", "other/deep@{u}", "light@{u}", "HEAD^{", "HEAD^{x}", "", "~1", "config", "heads", "refs/heads", "..", "HEAD~99999999999999999999", "blob^{tree}",
				}
				r := mustOpen(t, dir)
				for _, rev := range revs {
					want, gitErr := tryGit(dir, "", "rev-parse", "--verify", "-q", "--end-of-options", rev)
					id, err := r.resolve(rev)
					if got := hex.EncodeToString([]byte(id)); (err == nil) != (gitErr == nil) || err == nil && got != strings.TrimSpace(want) {
						t.Errorf("%q is %q, %v; git says %q, %v", rev, got, err, want, gitErr)
					}
					if err != nil && !errors.Is(err, ErrRevision) {
						t.Errorf("%q: error is %v", rev, err)
					}
				}
			})
		}
	}
}

// Forms that are not understood are errors, not something else.
func TestRevisionsRefused(t *testing.T) {
	t.Parallel()
	dir := newHistory(t, "sha1")
	for _, rev := range []string{"main@{1}", "@{-1}", "HEAD@{yesterday}", ":/x", "main:a", "HEAD^{/x}", "HEAD^-", "HEAD^!", "HEAD^@", "main..side", "main...side", ":a", "HEAD@{push}"} {
		if tree, err := mustOpen(t, dir).At(rev); !errors.Is(err, ErrRevision) {
			t.Errorf("%q is %v, error %v", rev, tree, err)
		}
	}
	if _, err := mustOpen(t, dir).At("blob"); !errors.Is(err, ErrRevision) {
		t.Errorf("a file: error is %v", err)
	}
}

func TestRevisionAmbiguous(t *testing.T) {
	t.Parallel()
	dir := newRepo(t)
	var commits [][]file
	for i := range 200 {
		commits = append(commits, []file{{path: "a", content: strings.Repeat("x", i)}})
	}
	importCommits(t, dir, commits...)
	r := mustOpen(t, dir)
	for rev := range strings.FieldsSeq(git(t, dir, "rev-list", "main")) {
		want, gitErr := tryGit(dir, "", "rev-parse", "--verify", "-q", rev[:4]+"^{commit}")
		id, err := r.resolve(rev[:4] + "^{commit}")
		if (err == nil) != (gitErr == nil) || err == nil && hex.EncodeToString([]byte(id)) != strings.TrimSpace(want) {
			t.Errorf("%q is %x, %v; git says %q, %v", rev[:4], id, err, want, gitErr)
		}
	}
}

func TestRevisionsInLinkedWorkTree(t *testing.T) {
	t.Parallel()
	dir := newHistory(t, "sha1")
	tree := filepath.Join(t.TempDir(), "linked")
	git(t, dir, "worktree", "add", "-q", "--detach", tree, "side")
	for _, rev := range []string{"HEAD", "main", "HEAD~1"} {
		id, err := mustOpen(t, tree).resolve(rev)
		if want := strings.TrimSpace(git(t, tree, "rev-parse", rev)); err != nil || hex.EncodeToString([]byte(id)) != want {
			t.Errorf("%q is %x, %v; git says %q", rev, id, err, want)
		}
	}
}

func TestReferencesDamaged(t *testing.T) {
	t.Parallel()
	dir := newHistory(t, "sha1")
	write(t, dir, ".git/refs/heads/circle", "ref: refs/heads/circle2\n", ".git/refs/heads/circle2", "ref: refs/heads/circle\n", ".git/refs/heads/odd", "what\n", ".git/refs/heads/up", "ref: ../../../etc/passwd\n")
	for _, rev := range []string{"circle", "odd", "up"} {
		if _, err := mustOpen(t, dir).At(rev); err == nil {
			t.Errorf("%q: no error", rev)
		}
	}
	git(t, dir, "config", "core.repositoryformatversion", "1")
	git(t, dir, "config", "extensions.refStorage", "reftable")
	if _, err := mustOpen(t, dir).At("main"); !errors.Is(err, errReftable) {
		t.Errorf("reftables: error is %v", err)
	}
}

func TestFirstParents(t *testing.T) {
	t.Parallel()
	dir := newHistory(t, "sha1")
	var got []string
	for c, err := range mustOpen(t, dir).FirstParents("main") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, c.ID+" "+c.TreeID+" "+strings.Join(c.Parents, " ")+" "+strconv.FormatInt(c.Time.Unix(), 10)+" "+c.Subject)
	}
	want := strings.Split(strings.TrimSpace(git(t, dir, "log", "--first-parent", "--format=%H %T %P %ct %s", "main")), "\n")
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, err := range mustOpen(t, dir).FirstParents("gone") {
		if !errors.Is(err, ErrRevision) {
			t.Errorf("error is %v", err)
		}
	}
}

func TestFirstParentsShallow(t *testing.T) {
	t.Parallel()
	origin, dir := newRepo(t), filepath.Join(t.TempDir(), "clone")
	importCommits(t, origin, history(6)...)
	git(t, origin, "clone", "-q", "--depth=3", "file://"+origin, dir)
	n := 0
	for _, err := range mustOpen(t, dir).FirstParents("HEAD") {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 3 {
		t.Errorf("%d commits, want 3", n)
	}
}

// A pack that is cut or changed is an error or right, and never a panic.
func FuzzPack(f *testing.F) {
	needGit(f)
	dir := newRepo(f)
	importCommits(f, dir, history(12)...)
	git(f, dir, "repack", "-adfq", "--depth=20")
	indexes, err := filepath.Glob(filepath.Join(dir, ".git/objects/pack/*.idx"))
	if err != nil || len(indexes) != 1 {
		f.Fatal(indexes, err)
	}
	index, err := os.ReadFile(indexes[0])
	if err != nil {
		f.Fatal(err)
	}
	content, err := os.ReadFile(strings.TrimSuffix(indexes[0], ".idx") + ".pack")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(0, byte(0), 0, byte(0))
	f.Add(1032, byte(7), 12, byte(0x70))
	f.Fuzz(func(t *testing.T, inIndex int, with byte, inPack int, with2 byte) {
		if inIndex < 0 || inPack < 0 {
			t.Skip()
		}
		i, c := slices.Clone(index), slices.Clone(content)
		i[inIndex%len(i)] ^= with
		c[inPack%len(c)] ^= with2
		p := &pack{idSize: 20, stride: 20, data: &mapping{path: "pack", data: c, size: int64(len(c))}}
		if p.layout(i) != nil {
			return
		}
		o := &objects{packs: []*pack{p}}
		for k := range p.below(255) {
			id := string(p.id(k))
			size, err := o.size(id)
			if _, data, err2 := o.read(id); err == nil && err2 == nil && size != int64(len(data)) {
				t.Errorf("%x has %d bytes and is said to have %d", id, len(data), size)
			}
		}
	})
}
