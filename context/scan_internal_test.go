package buildcontext

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ctxsize/ctxsize/ignore"
)

// dump writes an inventory down, one line an entry, in walk order.
func dump(t *testing.T, inv *Inventory) []string {
	t.Helper()
	var lines []string
	inv.Walk(0, func(id ID, path string) bool {
		e := inv.entry(id)
		line := fmt.Sprintf("%q %v %d", path, inv.Mode(id), inv.Size(id))
		if inode := inv.Inode(id); inode != 0 {
			line += fmt.Sprintf(" inode %d", inode)
		}
		if at, odd := inv.oddTime(id); odd {
			line += fmt.Sprintf(" at %d.%d", at.seconds, at.nanoseconds)
		}
		if r := inv.rare(id); r != nil && e.mode&fs.ModeDevice != 0 {
			line += fmt.Sprintf(" device %d:%d", r.major, r.minor)
		}
		if err := inv.Unread(id); err != nil {
			line += " unread: " + err.Error()
		}
		line += fmt.Sprintf(" attributes %q target %q", inv.xattrs(id, e), inv.target(id, e))
		if sub, ok := inv.Dir(id); ok {
			if inv.DirEntry(sub) != id {
				t.Errorf("%q does not know its own entry", path)
			}
			if inv.Pruned(sub) {
				line += " pruned"
			}
		}
		lines = append(lines, line)
		return true
	})
	return lines
}

// everything has a scan fetch all that there is.
var everything = ScanOptions{For: &Request{}, Fetch: true}

func scanWith(t *testing.T, r readers, workers int, opts ScanOptions) *Inventory {
	t.Helper()
	inv, err := scan(context.Background(), r, workers, opts)
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func fastest(t *testing.T, d *Directory) readers {
	t.Helper()
	r, err := d.readers()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("%s: %d entries, want %d; from the first that differs:\n%.2000q\nwant\n%.2000q", what, len(got), len(want), got[min(i, len(got)):], want[min(i, len(want)):])
			return
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, root string) *Directory {
	t.Helper()
	d, err := OpenDirectory(root)
	check(t, err)
	return d
}

// traps makes a directory with everything that an entry can be.
func traps(t *testing.T) *Directory {
	t.Helper()
	root := t.TempDir()
	in := func(path string) string { return filepath.Join(root, path) }
	for _, dir := range []string{"a/b/c", "empty", "z/" + strings.Repeat("long", 50) + "/x", "flat", "with space", "é", "odd"} {
		check(t, os.MkdirAll(in(dir), 0o755))
	}
	for i, name := range []string{"a/1", "a/b/2", "a/b/c/3", "z/f", "with space/ ", "é/ü", "a.b", "a-b", "a", "b"} {
		if name != "a" {
			check(t, os.WriteFile(in(name), make([]byte, i*100), 0o644))
		}
	}
	for i := range 3*pieceSize + 7 {
		check(t, os.WriteFile(in(fmt.Sprintf("flat/file-number-%d.txt", i*7919%3000)), nil, 0o600))
	}
	check(t, os.Mkdir(in("flat/dir"), 0o700))
	check(t, os.WriteFile(in("flat/dir/in"), []byte("x"), 0o644))
	check(t, os.Link(in("a/1"), in("a/one")))
	check(t, os.Link(in("a/1"), in("z/one")))
	check(t, os.Chtimes(in("odd"), time.Unix(0, 1), time.Unix(0, 1)))
	check(t, os.WriteFile(in("odd/old"), nil, 0o400))
	check(t, os.Chtimes(in("odd/old"), time.Unix(-5, 0), time.Unix(-5, 500)))
	check(t, os.Chmod(in("odd/old"), 0o755|fs.ModeSetuid|fs.ModeSticky))
	if err := os.Symlink("../a/1", in("z/link")); err == nil {
		check(t, os.Symlink("nowhere", in("broken")))
		check(t, os.Symlink("a", in("to-a")))
	}
	trapsOfSystem(t, root)
	return open(t, root)
}

// The two ways to read agree on everything, whoever reads what first.
func TestReadersAgree(t *testing.T) {
	t.Parallel()
	d := traps(t)
	want := dump(t, scanWith(t, portable{d}, 1, everything))
	if len(want) < 3*pieceSize {
		t.Fatalf("only %d entries", len(want))
	}
	for _, workers := range []int{1, 2, 8} {
		same(t, fmt.Sprintf("portable, %d goroutines", workers), dump(t, scanWith(t, portable{d}, workers, everything)), want)
		same(t, fmt.Sprintf("fastest, %d goroutines", workers), dump(t, scanWith(t, fastest(t, d), workers, everything)), want)
		same(t, "kinds that are not known", dump(t, scanWith(t, tricky{readers: fastest(t, d), hideKinds: true}, workers, everything)), want)
	}
}

// What the scan did not fetch is fetched when it is needed, by either reader.
func TestFetchedLater(t *testing.T) {
	t.Parallel()
	d := traps(t)
	want := dump(t, scanWith(t, fastest(t, d), 2, everything))
	for _, src := range []Source{d, struct{ Source }{d}} {
		inv := scanWith(t, portable{d}, 2, ScanOptions{})
		s, err := Select(inv, Request{})
		check(t, err)
		check(t, s.Complete(context.Background(), src))
		same(t, fmt.Sprintf("%T", src), dump(t, inv), want)
		if len(s.missing()) > 0 {
			t.Error("something is missing still")
		}
	}
}

// tricky is a file system that changes under the reader.
type tricky struct {
	readers
	hideKinds bool
	// gone are paths that are listed and not there; shut cannot be opened, and in
	// dim nothing can be looked at.
	gone, shut, dim []string
	// opening, where set, is called before a directory is opened.
	opening func(path string, slow bool)
}

type trickyReader struct {
	reader
	*tricky
}

func (r tricky) reader() reader { return trickyReader{r.readers.reader(), &r} }

func (r trickyReader) fails(op, path string) error {
	switch dir, _, _ := cutLast(path); {
	case slices.Contains(r.gone, path):
		return &fs.PathError{Op: op, Path: path, Err: fs.ErrNotExist}
	case op == "open" && slices.Contains(r.shut, path), slices.Contains(r.dim, dir):
		return &fs.PathError{Op: op, Path: path, Err: fs.ErrPermission}
	default:
		return nil
	}
}

func cutLast(path string) (dir, name string, found bool) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

func (r trickyReader) open(h, above *handle, name string) error {
	if r.opening != nil {
		r.opening(h.path(), h.slow)
	}
	if err := r.fails("open", h.path()); err != nil {
		return err
	}
	return r.reader.open(h, above, name)
}

func (r trickyReader) list(h *handle, found func(string, fs.FileMode) error) (bool, error) {
	return r.reader.list(h, func(name string, kind fs.FileMode) error {
		if r.hideKinds {
			kind = unknownKind
		}
		return found(name, kind)
	})
}

func (r trickyReader) self(h *handle, into *Stat) error {
	if err := r.fails("lstat", h.path()); err != nil {
		return err
	}
	return r.reader.self(h, into)
}

func (r trickyReader) stat(h *handle, name string, into *Stat) error {
	if err := r.fails("lstat", h.in(name)); err != nil {
		return err
	}
	return r.reader.stat(h, name, into)
}

// What vanishes while it is read is left out; what cannot be read is kept as such.
func TestScanOfWhatChanges(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for i := range 2 * pieceSize {
		for _, dir := range []string{"a", "b/c", "dim", "shut"} {
			check(t, os.MkdirAll(filepath.Join(root, dir), 0o755))
			check(t, os.WriteFile(filepath.Join(root, dir, fmt.Sprintf("%04d", i)), nil, 0o644))
		}
	}
	check(t, os.MkdirAll(filepath.Join(root, "dim/d"), 0o755))
	check(t, os.MkdirAll(filepath.Join(root, "dark/d"), 0o755))
	check(t, os.Link(filepath.Join(root, "a/0005"), filepath.Join(root, "b/linked")))
	d := open(t, root)
	gone := []string{"a/0000", "a/0100", "b/c", "b", "shut/0001", "dim/0002", "a/0511"}
	var want []string
	for _, line := range dump(t, scanWith(t, portable{d}, 1, everything)) {
		path := strings.Split(line, `"`)[1]
		if slices.Contains(gone, path) || strings.HasPrefix(path, "b/") || strings.HasPrefix(path, "dim/") || strings.HasPrefix(path, "shut/") || path == "dark/d" {
			continue
		}
		switch path {
		case "shut":
			line = strings.Replace(line, " attributes", " unread: open shut: permission denied attributes", 1)
		case "dim", "dark":
			line = strings.Replace(line, " attributes", " unread: lstat", 1)
		}
		want = append(want, line)
	}
	for _, workers := range []int{1, 2, 8} {
		r := tricky{readers: fastest(t, d), gone: gone, shut: []string{"shut"}, dim: []string{"dim", "dark"}}
		inv := scanWith(t, r, workers, everything)
		got := dump(t, inv)
		for i, line := range got {
			if at := strings.Index(line, " unread: lstat"); at >= 0 {
				got[i] = line[:at+len(" unread: lstat")]
			}
		}
		for i, line := range want {
			if at := strings.Index(line, " unread: lstat"); at >= 0 {
				want[i] = line[:at+len(" unread: lstat")]
			}
		}
		same(t, fmt.Sprintf("%d goroutines", workers), got, want)
		if id, ok := inv.Lookup("a/0005"); !ok || inv.Inode(id) == 0 {
			t.Error("the facts of an entry did not move with it")
		}
		if inv.facts.unread != 3 {
			t.Errorf("%d entries cannot be read, want 3", inv.facts.unread)
		}
	}
	_, err := scan(context.Background(), tricky{readers: fastest(t, d), dim: []string{""}}, 2, everything)
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a root in which nothing can be looked at: %v", err)
	}
}

func TestScanIsCancelled(t *testing.T) {
	t.Parallel()
	d := traps(t)
	for _, workers := range []int{1, 4} {
		ctx, cancel := context.WithCancel(context.Background())
		_, err := scan(ctx, tricky{readers: fastest(t, d), opening: func(string, bool) { cancel() }}, workers, ScanOptions{})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%d goroutines: %v", workers, err)
		}
		cancel()
	}
}

// A pruned inventory, and one that was fetched for a request, give the same
// selection and the same number.
func TestScanForRequest(t *testing.T) {
	t.Parallel()
	pruned := 0
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 7))
		d := randomDirectory(t, r)
		req := Request{Builder: Builder(r.IntN(3)), Rules: ignore.Patterns(randomPatterns(r, "", "!")...), Dockerfile: "a"}
		switch {
		case req.Builder == Podman:
			req.Include = []string{"/"}
		case req.Builder == BuildKit && r.IntN(2) == 0:
			req.Include = randomPatterns(r, "")
		}
		what := fmt.Sprintf("seed %d: %+v", seed, req)
		want, err := measureFor(d, scanWith(t, portable{d}, 1, ScanOptions{}), req)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for _, opts := range []ScanOptions{{For: &req}, {For: &req, Fetch: true}, {For: &req, Prune: true}, {For: &req, Fetch: true, Prune: true}} {
			inv := scanWith(t, fastest(t, d), 2, opts)
			s, err := Select(inv, req)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if opts.Fetch && req.Builder != Podman && len(s.missing()) > 0 && req.Include == nil && !slices.ContainsFunc(req.Rules, ignore.Rule.Exception) {
				t.Errorf("%s: something that is sent was not fetched", what)
			}
			got, err := measureFor(d, inv, req)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if got.Sent != want.Sent || got.Eligible != want.Eligible || got.Wire != want.Wire {
				t.Errorf("%s: %+v, want %+v", what, got, want)
			}
			for dir := range DirID(inv.Dirs()) {
				if inv.Pruned(dir) {
					pruned++
				}
			}
		}
	}
	if pruned < 100 {
		t.Errorf("only %d directories were pruned", pruned)
	}
}

// A pruned inventory answers no other request.
func TestPrunedRefuses(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	check(t, os.MkdirAll(filepath.Join(root, "a/b"), 0o755))
	d := open(t, root)
	for _, builder := range []Builder{BuildKit, Classic, Podman} {
		inv := scanWith(t, fastest(t, d), 1, ScanOptions{For: &Request{Builder: builder, Rules: ignore.Patterns("a")}, Prune: true})
		if _, err := Select(inv, Request{Builder: builder}); !errors.Is(err, errPruned) {
			t.Errorf("%v: %v", builder, err)
		}
	}
}

func measureFor(d *Directory, inv *Inventory, req Request) (*Measurement, error) {
	s, err := Select(inv, req)
	if err != nil {
		return nil, err
	}
	if err := s.Complete(context.Background(), d); err != nil {
		return nil, err
	}
	return Measure(s)
}

func randomDirectory(t *testing.T, r *rand.Rand) *Directory {
	t.Helper()
	root := t.TempDir()
	for range 5 + r.IntN(30) {
		dir := root
		for range r.IntN(4) {
			dir = filepath.Join(dir, string("abc"[r.IntN(3)]))
		}
		if os.MkdirAll(dir, 0o755) == nil {
			_ = os.WriteFile(filepath.Join(dir, string("abcxyz"[r.IntN(6)])), make([]byte, r.IntN(50)), 0o644)
		}
	}
	return open(t, root)
}

func randomPatterns(r *rand.Rand, signs ...string) []string {
	var all []string
	for range 1 + r.IntN(4) {
		parts := make([]string, 1+r.IntN(3))
		for i := range parts {
			parts[i] = []string{"a", "b", "c", "x", "*", "**", "a*"}[r.IntN(7)]
		}
		all = append(all, signs[r.IntN(len(signs))]+strings.Join(parts, "/"))
	}
	return all
}

func TestSort(t *testing.T) {
	t.Parallel()
	var sorter sorter
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		var table nameTable
		w := nameWriter{table: &table}
		common := strings.Repeat("x", r.IntN(12))
		want := map[string]bool{}
		n := 1 + r.IntN(60)
		if seed%50 == 0 {
			n = manyNames + r.IntN(manyNames)
		}
		for len(want) < n {
			name := []byte(common)
			if r.IntN(3) == 0 {
				name = append(name, "abababab"...) // all that is looked at first
			}
			for range 1 + r.IntN(14) {
				name = append(name, "\x01ab\x7f\x80\xff"[r.IntN(6)])
			}
			want[string(name)] = true
		}
		var found []entry
		for name := range want {
			ref, err := w.add(name)
			check(t, err)
			found = append(found, entry{name: ref})
		}
		vanished := r.IntN(len(found))
		found[vanished].mode = hasVanished
		order := sorter.sort(found, table.frozen())
		if len(order) != len(found)-1 || slices.Contains(order, uint32(vanished)) || !slices.IsSortedFunc(order, func(a, b uint32) int { return cmp.Compare(table.at(found[a].name), table.at(found[b].name)) }) {
			t.Fatalf("seed %d is not sorted", seed)
		}
	}
}

// Names that do not fit a chunk go to the next, and stay what they are.
func TestNames(t *testing.T) {
	t.Parallel()
	var table nameTable
	w := nameWriter{table: &table}
	var refs []uint32
	name := func(i int) string { return strings.Repeat(string(rune('a'+i%26)), 1+i*37%maxName) }
	for i := range 1000 {
		ref, err := w.add(name(i))
		check(t, err)
		refs = append(refs, ref)
	}
	for i, ref := range refs {
		if got := table.at(ref); got != name(i) {
			t.Fatalf("name %d is %q", i, got)
		}
	}
	if _, err := w.add(strings.Repeat("x", maxName+1)); !errors.Is(err, errTooMany) {
		t.Errorf("too long a name: %v", err)
	}
}

// A rule with a large index is remembered like any other.
func TestManyRules(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, name := range []string{"a", "b", "c"} {
		check(t, os.WriteFile(filepath.Join(root, name), nil, 0o644))
	}
	patterns := make([]string, 70000)
	for i := range patterns {
		patterns[i] = fmt.Sprintf("none/%d", i)
	}
	want := map[string]int{"a": 0, "b": 69999, "c": wideRule - 1}
	for name, at := range want {
		patterns[at] = name
	}
	inv := scanWith(t, fastest(t, open(t, root)), 1, ScanOptions{})
	s, err := Select(inv, Request{Rules: ignore.Patterns(patterns...)})
	check(t, err)
	for name, at := range want {
		id, _ := inv.Lookup(name)
		if got := s.Rule(id); got != at {
			t.Errorf("%s is decided by rule %d, want %d", name, got, at)
		}
	}
}
