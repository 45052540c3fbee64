package suggest

import (
	"io/fs"
	"path"
	"regexp"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// The proofs that look at more than one marker.

// besideSQLite proves the files that SQLite keeps beside a database while it is
// open.
var besideSQLite = proof{"the database that it belongs to beside it, with the SQLite header", func(p *place) (string, bool) {
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
}}

// cacheTag is what a CACHEDIR.TAG begins with. (https://bford.info/cachedir/)
const cacheTag = "Signature: 8a477f597d28d172789f06886806bc55"

// taggedAsCache proves a directory that says itself that it is a cache.
var taggedAsCache = proof{"`CACHEDIR.TAG` inside, with its signature", func(p *place) (string, bool) {
	if !p.isDir {
		return "", false
	}
	id, ok := p.inv.Child(p.sub, "CACHEDIR.TAG")
	if !ok {
		return "", false
	}
	return "CACHEDIR.TAG inside", begins(cacheTag)(p.head(id, p.path+"/CACHEDIR.TAG"))
}}

// onlyLogs wants nothing but logs, old ones and compressed ones too.
var onlyLogs = proof{"nothing but logs inside", func(p *place) (string, bool) {
	return "nothing but logs inside", p.isDir && p.everyFile(p.sub, isLogName)
}}

func isLogName(name string) bool {
	return strings.HasSuffix(name, ".log") && name != ".log" || isRotatedName(name) || datedText.MatchString(name)
}

// datedText is the name that some libraries give to the log of a day.
var datedText = regexp.MustCompile(`(^|\D)20\d\d-?[01]\d-?[0-3]\d(_\d+)?\.txt$`)

// isRotatedName tells whether a name is that of a log that was put aside: ".log"
// and a number or a date, perhaps compressed.
func isRotatedName(name string) bool {
	short := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst"), ".bz2")
	stem, end, ok := strings.Cut(short, ".log")
	if !ok || stem == "" {
		return false
	}
	// What rotation puts behind it: ".1", "-20260101", ".2026-01-01".
	return strings.Trim(end, "0123456789.-_") == "" && (end != "" || short != name)
}

// isRotated wants the name of a log that was put aside.
var isRotated = proof{"a number or a date behind `.log`", func(p *place) (string, bool) {
	return "known by its name", isRotatedName(p.inv.Name(p.id))
}}

// documentEnds are what files of documents and their pictures end in.
var documentEnds = map[string]bool{
	".md": true, ".mdx": true, ".rst": true, ".adoc": true, ".txt": true, ".pdf": true, ".png": true, ".jpg": true, ".jpeg": true,
	".gif": true, ".svg": true, ".webp": true, ".mp4": true, ".webm": true, ".mov": true, ".drawio": true, ".puml": true, ".excalidraw": true,
}

// onlyDocuments wants a directory of the root with nothing but documents and
// pictures, that weighs something: a site has settings beside its pages.
var onlyDocuments = proof{"in the root, nothing but documents and pictures inside, a hundred kilobytes of them", func(p *place) (string, bool) {
	const enough = 100_000
	if !p.isDir || p.base != 0 || !p.everyFile(p.sub, func(name string) bool { return documentEnds[strings.ToLower(path.Ext(name))] }) {
		return "", false
	}
	weight := int64(0)
	p.inv.Walk(p.sub, func(id buildcontext.ID, _ string) bool {
		weight += p.inv.Size(id)
		return weight < enough
	})
	return "nothing but documents and pictures inside", weight >= enough
}}

// worktrees wants a directory of nothing but checkouts, each with the file that
// "git worktree add" puts into it.
var worktrees = proof{"nothing but directories inside, each with a `.git` file", func(p *place) (string, bool) {
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
}}

// gitFile proves the file that stands for .git in worktrees and submodules.
var gitFile = proof{"a file that points to the repository", func(p *place) (string, bool) {
	return "it points to the repository", !p.isDir && begins("gitdir: ")(p.head(p.id, p.path))
}}

// isLink wants a symbolic link.
var isLink = proof{"a symbolic link", func(p *place) (string, bool) {
	return "a link", p.inv.Mode(p.id)&fs.ModeSymlink != 0
}}
