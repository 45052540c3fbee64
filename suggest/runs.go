package suggest

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
)

// What the instructions that run something say of artifacts.

// mentioned returns where a RUN instruction has the name of the file, or "".
func (k *keeper) mentioned(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	for _, run := range k.Runs {
		if hasName(run.Text, name) {
			return run.where()
		}
	}
	return ""
}

// hasName tells whether a name stands in a text by itself, or behind "./".
func hasName(text, name string) bool {
	for range names(text, name) {
		return true
	}
	return false
}

// names yields where a name stands in a text by itself, or as part of a path.
func names(text, name string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for start := 0; ; {
			at := strings.Index(text[start:], name)
			if at < 0 {
				return
			}
			at += start
			before, after := text[:at], text[at+len(name):]
			if (before == "" || !isNameByte(before[len(before)-1])) && (after == "" || !isNameByte(after[0])) && !yield(at) {
				return
			}
			start = at + len(name)
		}
	}
}

func isNameByte(c byte) bool {
	return c == '.' || c == '-' || c == '_' || c == '*' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// where says where the instruction stands.
func (r Run) where() string {
	if r.File == "" {
		return fmt.Sprintf("line %d", r.Line)
	}
	return fmt.Sprintf("%s:%d", r.File, r.Line)
}

// makers find the commands that make an artifact again, by the first word of what
// the catalogue says of it.
var makers = map[string]*regexp.Regexp{
	"npm":      regexp.MustCompile(`\b(npm|npx|yarn|pnpm|bun|bunx|deno|corepack|ng|next|nuxt|vite|turbo|nx)\b`),
	"python":   regexp.MustCompile(`\b(pip3?|uv|poetry|pdm|pipenv|hatch|rye|venv|virtualenv)\b`),
	"conda":    regexp.MustCompile(`\b(conda|mamba|micromamba|pixi)\b`),
	"cargo":    regexp.MustCompile(`\b(cargo|rustc|trunk|wasm-pack)\b`),
	"mvn":      regexp.MustCompile(`\bmvnw?\b`),
	"gradle":   regexp.MustCompile(`\bgradlew?\b`),
	"dotnet":   regexp.MustCompile(`\b(dotnet|msbuild|nuget)\b`),
	"bundle":   regexp.MustCompile(`\b(bundler?|gem)\b`),
	"composer": regexp.MustCompile(`\bcomposer\b`),
	"cmake":    regexp.MustCompile(`\b(cmake|ninja|ctest)\b`),
	"swift":    regexp.MustCompile(`\bswift\b`),
	"mix":      regexp.MustCompile(`\b(mix|rebar3)\b`),
	"sbt":      regexp.MustCompile(`\bsbt\b`),
	"stack":    regexp.MustCompile(`\b(stack|cabal)\b`),
	"next":     regexp.MustCompile(`\b(npm|npx|yarn|pnpm|bun|bunx|next)\b`),
	"nuxt":     regexp.MustCompile(`\b(npm|npx|yarn|pnpm|bun|bunx|nuxt|nuxi)\b`),
}

// scripts find what runs commands that nobody sees here.
var scripts = regexp.MustCompile(`\b(make|just|task|rake|bash|ant|bazel|nix|earthly)\b|\.sh\b|\bsh\s+[^-\s]`)

// readAsBuilt returns where a RUN instruction reads what lies in a directory that
// no RUN instruction makes, or "": the image is made of a build on the host.
func (k *keeper) readAsBuilt(r *Rule, path string) string {
	maker := makers[strings.SplitN(r.Again, " ", 2)[0]]
	if maker == nil {
		return ""
	}
	where := ""
	for _, run := range k.Runs {
		if maker.MatchString(run.Text) || scripts.MatchString(run.Text) {
			return ""
		}
		if where == "" && hasPathIn(run.Text, path) {
			where = run.where()
		}
	}
	return where
}

// usedAsBuilt returns where an instruction says that the container runs or finds
// an artifact which nothing in its stages makes, or "": the host's is copied.
func (k *keeper) usedAsBuilt(n *named, path string, isDir bool) string {
	r := n.rule
	maker := makers[strings.SplitN(r.Again, " ", 2)[0]]
	if r.Class == Database {
		maker = fillsDatabase
	}
	if maker == nil || !isDir && r.Class != Database {
		return ""
	}
	name := lastComponents(path, 1+len(n.above))
	for _, use := range k.Uses {
		text := systemPaths.ReplaceAllString(use.Text, " ")
		if isDir && !strings.Contains(name, "/") && !isInPath(text, name) || !hasName(text, name) {
			continue
		}
		if !slices.ContainsFunc(use.Makers(), func(run Run) bool { return run.makes(maker, name) }) {
			return use.where()
		}
	}
	return ""
}

// lastComponents returns the last n components of a path.
func lastComponents(path string, n int) string {
	at := len(path)
	for ; n > 0 && at > 0; n-- {
		at = strings.LastIndexByte(path[:at], '/')
	}
	return path[at+1:]
}

// makes tells whether the instruction may leave something of a name in the image.
// A command that only fetches a tool does not.
func (r Run) makes(maker *regexp.Regexp, name string) bool {
	if strings.HasPrefix(r.Text, "COPY") {
		return hasName(r.Text, name)
	}
	for command := range commands(r.Text) {
		if !fetchesTool.MatchString(command) && (scripts.MatchString(command) || maker.MatchString(command)) {
			return true
		}
	}
	return false
}

// fillsDatabase finds the commands that make a database without its name.
var fillsDatabase = regexp.MustCompile(`migrat|\bseed|\bdb:\w|\bdb (push|init|upgrade)\b|init[-_]?db`)

// fetchesTool finds a command that installs tools into the system.
var fetchesTool = regexp.MustCompile(`\b(apt|apt-get|apk|dnf|yum|microdnf|zypper)\s.*\b(install|add|update|upgrade)\b|` +
	`\b(npm|pnpm|yarn)\s.*(\s-g\b|--global\b|\bglobal\s)|\bcorepack (enable|prepare|install -g)\b|\bgem install (-\S+ )*bundler\b|` +
	`\bpip3? install (-\S+ )*["']?(pip|uv|poetry|pdm|pipenv|virtualenv|setuptools|wheel)\b["']?\S*\s*$`)

// systemPaths finds the programs of the system, of which the names say nothing.
var systemPaths = regexp.MustCompile(`(^|[\s:="'\[,])(/usr(/local)?)?/s?bin(/[^\s:"',\]]*)?`)

// systemDirs finds the directories of the system that are called like those of a
// project.
var systemDirs = regexp.MustCompile(`(^|[\s:="'\[,])(/var)?/(tmp|cache|log|run|spool|lib)(/[^\s:"',\]]*)?`)

// isInPath tells whether a name stands in a text as a component of a path.
func isInPath(text, name string) bool {
	for at := range names(text, name) {
		if strings.HasSuffix(text[:at], "/") || strings.HasPrefix(text[at+len(name):], "/") {
			return true
		}
	}
	return false
}

// commands yields the commands of a shell's text.
func commands(text string) iter.Seq[string] {
	return strings.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune(";&|\n", c) })
}

// removes finds a command that is content with nothing.
var removes = regexp.MustCompile(`^\s*(RUN\s+)?(rm|mkdir|echo|test|\[)\s`)

// hasPathIn tells whether a command of a text names a directory or something in it.
func hasPathIn(text, dir string) bool {
	for segment := range commands(text) {
		if !removes.MatchString(segment) && hasName(segment, dir) {
			return true
		}
	}
	return false
}

// stores are the rules for what package managers install from where there is no
// network.
var stores = map[string]bool{
	"npm-cache": true, "pnpm-store": true, "yarn-cache": true, "deno-cache": true, "cargo-home": true, "go-mod-cache": true,
	"tool-caches": true, "js-cache": true, "maven-repository": true, "nuget-cache": true, "pub-cache": true, "gradle-cache": true,
	"uv-cache": true, "pdm": true,
}

// offline finds a command that is told to do without a network.
var offline = regexp.MustCompile(`--offline\b|--no-index\b|--immutable-cache\b|\bGOPROXY=off\b|\bCARGO_NET_OFFLINE=|\bmvnw? (\S+ )*-o\b|--network[= ]none`)

// installsFrom returns where a RUN instruction installs without a network, if the
// rule is for a store that it may install from.
func (k *keeper) installsFrom(r *Rule) string {
	if !stores[r.ID] {
		return ""
	}
	for _, run := range k.Runs {
		if offline.MatchString(run.Text) {
			return run.where()
		}
	}
	return ""
}

// remade tells whether every Dockerfile makes again what a build on the host left, and
// adds that to the evidence.
func (k *keeper) remade(c *candidate) bool {
	if c.rule.Remade == nil {
		return false
	}
	made := map[string]bool{} // by file
	where := ""
	for _, run := range k.Runs {
		makes := run.calls(c.rule.Remade)
		made[run.File] = made[run.File] || makes
		if where == "" && makes {
			where = run.where()
		}
	}
	for _, use := range k.Uses {
		made[use.File] = made[use.File] || false
	}
	for _, ok := range made {
		if !ok {
			return false
		}
	}
	if where == "" {
		return false
	}
	c.evidence += ", made again in " + where
	return true
}

// calls tells whether one of the instruction's commands is what a pattern finds. One
// that fetches a tool is not.
func (r Run) calls(tool *regexp.Regexp) bool {
	for command := range commands(continued.ReplaceAllString(r.Text, " ")) {
		if !fetchesTool.MatchString(command) && tool.MatchString(command) {
			return true
		}
	}
	return false
}

// namesContents returns where an instruction names a path in a directory whose contents
// go, or says that the container finds something in that, or "".
func (k *keeper) namesContents(c *candidate) string {
	if !c.rule.Contents {
		return ""
	}
	for _, run := range k.Runs {
		if strings.Contains(run.Text, c.path) && hasPathIn(run.Text, c.path) {
			return run.where()
		}
	}
	dir := strings.Join(c.named.above, "/")
	for _, use := range k.Uses {
		if strings.Contains(use.Text, dir) && isInPath(systemDirs.ReplaceAllString(use.Text, " "), dir) {
			return use.where()
		}
	}
	return ""
}
