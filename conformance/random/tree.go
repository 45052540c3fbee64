package random

import (
	"encoding/base64"
	"path"
	"strings"

	"github.com/ctxsize/ctxsize/conformance/cases"
)

var commonNames = []string{
	"src", "docs", "lib", "sub", "deep", "ab", "aa", "ba", "node_modules", ".git", ".env", "README.md", "x.go", "main.go", "1", "d",
	"Makefile", "aab", "c.d", "target",
}

// oddNames are names that some layer reads as something else: an operator, an
// escape, a comment, white space, a length that changes the tar header.
var oddNames = []string{
	"star*", "q?", "[x]", "a{2}", "p|q", "^a", "a+b", "(a)", "$D", "back\\slash", "a\\*", "!x", "#x", " lead", "trail ", "in side", "tab\there", "new\nline",
	"\x01", "\x7f", "é", "e\u0301", "日本", "caf\xe9", "d\xff", "\ufeffbom", "a\u00a0", "..a", "...", "-", "--from", "a'b", `a"b`, "~", "A", "A.TXT", "Dockerfile.md",
	strings.Repeat("n", 99), strings.Repeat("n", 100), strings.Repeat("n", 101), strings.Repeat("m", 155), strings.Repeat("m", 156), strings.Repeat("l", 255),
	strings.Repeat("é", 60), "Dockerfile", ".dockerignore.bak", "\u0085", "a\u2028b", "con", "a:b", "%20", "\xc3",
}

var (
	sizes = []int64{0, 0, 1, 5, 10, 20, 127, 128, 300, 511, 512, 513, 1000, 5000, 16383, 16384, 32767, 32768, 32769, 65536, 65537, 100000}
	modes = []string{"0", "4755", "2755", "1777", "6711", "100", "777", "7777", "400", "177"}
	// mtimes lie where a varint or a tar field changes its width: the epoch, the
	// years after it, before it, the last second of eleven octal digits, and the
	// last that 64 bits of nanoseconds hold.
	mtimes = []int64{
		0, 1, 127, 128, 1e9, 1 << 35, 1<<56 - 1, 1 << 56, -1, -1_500_000_000, -1e18, 1_700_000_000_123_456_789,
		8_589_934_591_000_000_000, 8_589_934_591_999_999_999, 8_589_934_592_000_000_000, 9_000_000_000_000_000_000,
	}
)

// tree adds entries below a directory ("" is the context).
func (g *generator) tree(below string, entries int) {
	if g.taken == nil {
		g.taken = map[string]string{}
	}
	var files []string
	deep := g.oneIn(60)
	for range entries {
		name := g.newPath(below)
		if deep {
			name = path.Join(name, strings.Repeat(pick(g, g.words)+"/", 1+g.IntN(30)), pick(g, g.words))
		}
		if g.taken[name] != "" || !g.roomFor(name) {
			continue
		}
		f := g.file(name, files)
		if f.Type != "dir" && f.Type != "hardlink" { // anything else may have two names
			files = append(files, name)
		}
		g.add(f)
	}
}

// add puts an entry into the case, with the directories that come with it.
func (g *generator) add(f cases.File) {
	name := string(f.Path)
	g.c.Files = append(g.c.Files, f)
	g.taken[name] = f.Type
	for dir := path.Dir(name); dir != "." && dir != ".." && g.taken[dir] == ""; dir = path.Dir(dir) {
		g.taken[dir] = "dir"
		if !strings.HasPrefix(dir, "../") {
			g.dirs = append(g.dirs, dir)
		}
	}
	switch {
	case strings.HasPrefix(name, "../"):
	case f.Type == "dir":
		g.dirs = append(g.dirs, name)
	default:
		g.paths = append(g.paths, name)
	}
}

// newPath is a path of up to five names, often below a directory that exists.
func (g *generator) newPath(below string) string {
	name := below
	if below == "" && len(g.dirs) > 0 && g.oneIn(2) {
		name = pick(g, g.dirs)
	}
	for range 1 + g.IntN(3) {
		name = path.Join(name, pick(g, g.words))
	}
	return name
}

// roomFor tells whether a path can be made: nothing but directories above it,
// no length that the system refuses.
func (g *generator) roomFor(name string) bool {
	if len(name) > 1000 {
		return false
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if t := g.taken[dir]; t != "" && t != "dir" {
			return false
		}
		if dir == ".." {
			break
		}
	}
	base := path.Base(name)
	if first, _, below := strings.Cut(name, "/"); below && strings.EqualFold(first, "Dockerfile") {
		return false // the place is wanted
	}
	buildFile := base == ".dockerignore" || strings.EqualFold(base, "Dockerfile")
	return base != "." && base != ".." && (!buildFile || base != name && !strings.HasPrefix(name, "../"))
}

// file makes up one entry. Hard links repeat one of files.
func (g *generator) file(name string, files []string) cases.File {
	f := cases.File{Path: cases.Text(name), Type: "file"}
	switch n := g.IntN(100); {
	case n < 66:
		f.Size = pick(g, sizes)
	case n < 74:
		f.Type = "dir"
	case n < 87:
		f.Type, f.Target = "symlink", cases.Text(g.linkTarget(name))
	case n < 93 && len(files) > 0:
		f.Type, f.Target = "hardlink", cases.Text(pick(g, files))
		if g.oneIn(10) && g.taken["../o"] == "" {
			f.Path = "../o" // the other name lies outside
		}
		return f // its attributes are those of the file
	case n == 93:
		f.Type = "fifo"
	case n == 94:
		f.Type = "socket"
	case n == 95:
		// Devices that may be opened: the classic client opens every one
		// (docker/cli cli/command/image/build/context.go : ValidateContextDirectory).
		f.Type, f.Major, f.Minor = "char", 1, pick(g, []uint32{3, 5, 7})
	case n == 96:
		f.Type, f.Major, f.Minor = "block", 259, pick(g, []uint32{0, 99, 300})
	case n == 97:
		f.Type, f.Size = "sparse", pick(g, []int64{4096, 40000, 1 << 20, 1<<21 - 1, 1 << 21})
	default:
		f.Size = g.Int64N(200)
	}
	if g.oneIn(12) && f.Type != "symlink" {
		f.Mode = pick(g, modes)
	}
	if g.oneIn(12) {
		ns := pick(g, mtimes)
		f.MtimeNS = &ns
	}
	if g.oneIn(25) {
		f.UID, f.GID = 1000, 3_000_000
	}
	if g.oneIn(15) {
		f.XattrsB64 = g.xattrs(f.Type)
	}
	return f
}

// xattrs makes up extended attributes. The user's are for files and directories
// alone, the trusted ones for anything.
func (g *generator) xattrs(kind string) map[string]string {
	value := func(n int) string { return base64.StdEncoding.EncodeToString([]byte(strings.Repeat("v", n))) }
	all := map[string]string{}
	if kind == "file" || kind == "dir" || kind == "sparse" {
		all["user."+pick(g, []string{"k", "k1", "é", strings.Repeat("k", 122), strings.Repeat("k", 123)})] = value(pick(g, []int{0, 1, 5, 127, 128, 200}))
		if kind != "dir" && g.oneIn(2) {
			all["security.capability"] = pick(g, []string{"AQAAAgAEAAAAAAAAAAAAAAAAAAA=", "AQAAAwAEAAAAAAAAAAAAAAAAAADoAwAA"})
		}
	}
	if g.oneIn(3) || len(all) == 0 {
		all["trusted.t"] = value(g.IntN(4))
	}
	return all
}

// linkTarget makes up what a link says: often something that is there, seen
// from the link, from the context's root or from the host's; sometimes another
// link, itself, nothing, or something outside.
func (g *generator) linkTarget(name string) string {
	there := append(append([]string{}, g.paths...), g.dirs...)
	up := strings.Repeat("../", strings.Count(name, "/"))
	switch n := g.IntN(12); {
	case n < 5 && len(there) > 0:
		return up + pick(g, there)
	case n < 7 && len(there) > 0:
		return "/" + pick(g, there)
	case n == 7:
		return path.Base(name) // a loop
	case n == 8:
		return pick(g, []string{".", "..", "/", "../..", "./", up + ".", up + ".."})
	case n == 9:
		return up + "../" + pick(g, g.words)
	case n == 10:
		return strings.Repeat(pick(g, g.words)+"/", 1+g.IntN(4)) + pick(g, g.words)
	}
	return pick(g, g.words)
}

// namedContexts adds one or two directories beside the context.
func (g *generator) namedContexts() {
	g.other = map[string][]string{}
	g.c.NamedContexts = map[string]string{}
	if g.oneIn(6) { // a part of the context, or all of it
		g.c.NamedContexts["other"] = "."
		if len(g.dirs) > 0 && g.oneIn(2) {
			g.c.NamedContexts["other"] = pick(g, g.dirs)
		}
		g.other["other"] = g.paths
		return
	}
	for _, name := range []string{"other", "st0"}[:1+g.IntN(2)] {
		g.nameContext(name)
		root := "../" + name
		g.tree(root, 1+g.IntN(8))
		switch ignore := cases.Text(root + "/.dockerignore"); g.IntN(12) {
		case 0, 1, 2, 3:
			g.add(cases.File{Path: ignore, Type: "file", Content: cases.T(g.ignoreText())})
		case 4:
			g.add(cases.File{Path: ignore, Type: "dir"})
		case 5:
			g.add(cases.File{Path: ignore, Type: "symlink", Target: pick(g, []cases.Text{"a", "/a.txt", "nope", "../ctx/.dockerignore"})})
		}
		for _, f := range g.c.Files {
			if rest, ok := strings.CutPrefix(string(f.Path), root+"/"); ok {
				g.other[name] = append(g.other[name], rest)
			}
		}
	}
}

// nameContext declares a named context, whose directory must exist even if it
// stays empty.
func (g *generator) nameContext(name string) {
	if g.c.NamedContexts == nil {
		g.c.NamedContexts = map[string]string{}
	}
	g.c.NamedContexts[name] = "../" + name
	g.add(cases.File{Path: cases.Text("../" + name), Type: "dir"})
}
