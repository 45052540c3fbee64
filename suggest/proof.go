package suggest

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"path"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// proof tells whether a candidate is the artifact, and by what evidence. It is
// a pure function of the place.
type proof func(p *place) (evidence string, ok bool)

// byName is for the names that nobody gives to anything else.
func byName(*place) (string, bool) { return "known by its name", true }

// beside wants one of the markers where the candidate's own name begins.
func beside(markers ...string) proof {
	return func(p *place) (string, bool) {
		name, id, ok := p.any(p.base, markers)
		if ok && id != p.id {
			return path.Base(p.foundName(name, id)) + " beside it", true
		}
		return "", false
	}
}

// above wants one of the markers beside the candidate or in any directory above:
// workspaces have their markers at the top.
func above(markers ...string) proof {
	return func(p *place) (string, bool) {
		if e, ok := beside(markers...)(p); ok {
			return e, true
		}
		for dir := p.base; dir != 0; {
			dir = p.inv.Parent(dir)
			if name, id, ok := p.any(dir, markers); ok {
				return p.inv.DirPath(dir) + p.foundName(name, id) + " above it", true
			}
		}
		return "", false
	}
}

// inside wants one of the markers in the candidate.
func inside(markers ...string) proof {
	return func(p *place) (string, bool) {
		if !p.isDir {
			return "", false
		}
		name, id, ok := p.any(p.sub, markers)
		if !ok {
			return "", false
		}
		return p.foundName(name, id) + " inside", true
	}
}

// foundName returns the marker as it is called on disk.
func (p *place) foundName(marker string, id buildcontext.ID) string {
	if !strings.Contains(marker, "*") {
		return marker
	}
	return path.Join(path.Dir(marker), p.inv.Name(id))
}

// all wants every proof, and shows the evidence of each.
func all(proofs ...proof) proof {
	return func(p *place) (string, bool) {
		var evidence []string
		for _, q := range proofs {
			e, ok := q(p)
			if !ok {
				return "", false
			}
			if e != "" {
				evidence = append(evidence, e)
			}
		}
		return strings.Join(evidence, ", "), true
	}
}

// either takes the first proof that holds.
func either(proofs ...proof) proof {
	return func(p *place) (string, bool) {
		for _, q := range proofs {
			if e, ok := q(p); ok {
				return e, true
			}
		}
		return "", false
	}
}

// unless refuses what another proof takes for something else.
func unless(not, q proof) proof {
	return func(p *place) (string, bool) {
		if _, ok := not(p); ok {
			return "", false
		}
		return q(p)
	}
}

// atLeast wants a file, or all files together in a directory, to weigh something.
func atLeast(size int64) proof {
	return func(p *place) (string, bool) {
		n := p.inv.Size(p.id)
		if p.isDir {
			p.inv.Walk(p.sub, func(id buildcontext.ID, _ string) bool {
				n += p.inv.Size(id)
				return n < size
			})
		}
		return "", n >= size
	}
}

// header wants the first bytes of a file to be what the evidence says.
func header(evidence string, is func(head []byte) bool) proof {
	return func(p *place) (string, bool) {
		if p.isDir {
			return "", false
		}
		return evidence, is(p.head(p.id, p.path))
	}
}

func begins(magic string) func([]byte) bool {
	return func(head []byte) bool { return bytes.HasPrefix(head, []byte(magic)) }
}

const sqliteMagic = "SQLite format 3\x00"

func isSQLite(head []byte) bool { return bytes.HasPrefix(head, []byte(sqliteMagic)) }

// besideSQLite proves the files that SQLite keeps beside a database while it is
// open.
func besideSQLite(p *place) (string, bool) {
	name := p.inv.Name(p.id)
	for _, end := range []string{"-wal", "-shm", "-journal"} {
		database, ok := strings.CutSuffix(name, end)
		if !ok {
			continue
		}
		id, ok := p.inv.Child(p.base, database)
		if ok && isSQLite(p.head(id, p.inv.DirPath(p.base)+database)) {
			return "it belongs to " + database + ", which has the SQLite header", true
		}
	}
	return "", false
}

// isCore tells whether a file is an ELF core dump. (elf(5): e_type is ET_CORE)
func isCore(head []byte) bool {
	const typeAt, core = 16, 4
	if len(head) < typeAt+2 || !bytes.HasPrefix(head, []byte("\x7fELF")) {
		return false
	}
	const bigEndian = 2
	if head[5] == bigEndian {
		return binary.BigEndian.Uint16(head[typeAt:]) == core
	}
	return binary.LittleEndian.Uint16(head[typeAt:]) == core
}

// isPrivateKey looks at the first line that says anything: certificates, public
// keys and bundles of certificates have another. OpenSSL writes "Bag Attributes"
// above the key that it takes from a PKCS #12 file.
func isPrivateKey(head []byte) bool {
	for line := range bytes.Lines(head) {
		line = bytes.TrimSpace(line)
		if bytes.HasPrefix(line, []byte("-----BEGIN ")) {
			return bytes.HasSuffix(line, []byte("PRIVATE KEY-----")) || bytes.Equal(line, []byte("-----BEGIN PGP PRIVATE KEY BLOCK-----"))
		}
		if bytes.HasPrefix(line, []byte("PuTTY-User-Key-File-")) {
			return true
		}
	}
	return false
}

// isArchive knows zip, gzip, bzip2, xz, zstd, 7z, ar (deb), tar.
func isArchive(head []byte) bool {
	const tarAt = 257
	for _, magic := range []string{"PK\x03\x04", "\x1f\x8b", "BZh", "\xfd7zXZ\x00", "\x28\xb5\x2f\xfd", "7z\xbc\xaf\x27\x1c", "!<arch>\n"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return len(head) > tarAt+5 && bytes.HasPrefix(head[tarAt:], []byte("ustar"))
}

// cacheTag is what a CACHEDIR.TAG begins with. (https://bford.info/cachedir/)
const cacheTag = "Signature: 8a477f597d28d172789f06886806bc55"

// taggedAsCache proves a directory that says itself that it is a cache.
func taggedAsCache(p *place) (string, bool) {
	if !p.isDir {
		return "", false
	}
	id, ok := p.inv.Child(p.sub, "CACHEDIR.TAG")
	if !ok {
		return "", false
	}
	// A tag that the caller may not open counts as what its name says only with
	// a rule that knows the directory by name as well.
	return "CACHEDIR.TAG inside", bytes.HasPrefix(p.head(id, p.path+"/CACHEDIR.TAG"), []byte(cacheTag))
}

// onlyLogs wants nothing but logs, old ones and compressed ones too.
func onlyLogs(p *place) (string, bool) {
	return "nothing but logs inside", p.isDir && p.everyFile(p.sub, isLogName)
}

func isLogName(name string) bool {
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	stem, end, ok := strings.Cut(name, ".log")
	if !ok || stem == "" {
		return false
	}
	// What rotation puts behind it: ".1", "-20260101", ".2026-01-01".
	return strings.Trim(end, "0123456789.-_") == ""
}

// isRotated wants the name of a log that was put aside.
func isRotated(p *place) (string, bool) {
	name := p.inv.Name(p.id)
	return "known by its name", isLogName(name) && !strings.HasSuffix(name, ".log")
}

// worktrees wants a directory of nothing but checkouts, each with the file that
// "git worktree add" puts into it.
func worktrees(p *place) (string, bool) {
	if !p.isDir {
		return "", false
	}
	first, count := p.inv.Entries(p.sub)
	for id := first; id < first+count; id++ {
		sub, ok := p.inv.Dir(id)
		if !ok {
			return "", false
		}
		git, ok := p.inv.Child(sub, ".git")
		if !ok || !p.inv.Mode(git).IsRegular() {
			return "", false
		}
	}
	return "a .git file in each directory inside", count > 0
}

// gitFile proves the file that stands for .git in worktrees and submodules.
func gitFile(p *place) (string, bool) {
	if p.isDir || !p.inv.Mode(p.id).IsRegular() {
		return "", false
	}
	return "it points to the repository", bytes.HasPrefix(p.head(p.id, p.path), []byte("gitdir: "))
}

// isLink wants a symbolic link.
func isLink(p *place) (string, bool) { return "a link", p.inv.Mode(p.id)&fs.ModeSymlink != 0 }

// says wants one of the words in a marker beside the candidate.
func says(marker string, words ...string) proof {
	return func(p *place) (string, bool) {
		id, ok := p.glob(p.base, marker)
		if !ok {
			return "", false
		}
		text := p.read(id, p.inv.DirPath(p.base)+p.foundName(marker, id), manifestSize)
		for _, w := range words {
			if bytes.Contains(text, []byte(w)) {
				return p.foundName(marker, id) + " names " + strings.Trim(w, `"`), true
			}
		}
		return "", false
	}
}

// without wants the candidate to be no source: none of the names inside.
func without(names ...string) proof {
	return func(p *place) (string, bool) {
		if !p.isDir {
			return "", true
		}
		_, _, ok := p.any(p.sub, names)
		return "", !ok
	}
}

// contains wants one of the texts in the first bytes.
func contains(texts ...string) func([]byte) bool {
	return func(head []byte) bool {
		for _, t := range texts {
			if bytes.Contains(head, []byte(t)) {
				return true
			}
		}
		return false
	}
}

func containsAt(at int, magic string) func([]byte) bool {
	return func(head []byte) bool { return len(head) > at && bytes.HasPrefix(head[at:], []byte(magic)) }
}

// isProgram knows ELF, Mach-O and Windows programs.
func isProgram(head []byte) bool {
	for _, magic := range []string{"\x7fELF", "\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe", "MZ"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

// isObject knows ELF, Mach-O, COFF for x86, and what link-time optimisation
// writes instead.
func isObject(head []byte) bool {
	for _, magic := range []string{"\x7fELF", "\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe", "\x64\x86", "\x4c\x01", "BC\xc0\xde", "# "} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

func isNumber(head []byte) bool {
	head = bytes.TrimSpace(head)
	return len(head) > 0 && len(bytes.Trim(head, "0123456789")) == 0
}

// hasToken wants a token that is written out; one that stands for a variable is
// no secret.
func hasToken(text []byte) bool {
	for line := range bytes.Lines(text) {
		key, value, ok := bytes.Cut(line, []byte("="))
		if !ok {
			key, value, ok = bytes.Cut(line, []byte(":"))
		}
		key, value = bytes.TrimSpace(key), bytes.Trim(bytes.TrimSpace(value), `"'`)
		if !ok || bytes.HasPrefix(key, []byte("#")) || len(value) == 0 || bytes.HasPrefix(value, []byte("$")) {
			continue
		}
		for _, end := range []string{"_authToken", "_auth", "_password", "npmAuthToken", "npmAuthIdent"} {
			if bytes.HasSuffix(key, []byte(end)) {
				return true
			}
		}
	}
	return false
}
