package suggest

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// gitID is the rule that a build may need the repository for.
const gitID = "git"

// manifestSize is how much of a manifest is read.
const manifestSize = 64 << 10

// manifests name the tools that read a version, a date or a list of files out of
// the repository while they build. A build without it fails, or makes up another
// version. A manifest without words is enough by itself.
var manifests = []struct {
	names, words string
	// tool is what a RUN instruction must call for the manifest to count; nil for
	// one that counts anyway.
	tool *regexp.Regexp
}{
	{"pyproject.toml", "setuptools_scm setuptools-scm hatch-vcs versioneer versioningit poetry-dynamic-versioning dunamai uv-dynamic-versioning flit_scm \"pbr source=\"scm\" source=\"vcs\"", nil},
	{"setup.py", "use_scm_version setuptools_scm versioneer pbr=True \"git\" 'git'", nil},
	{"setup.cfg", "setuptools_scm setuptools-scm [versioneer]", nil},
	{"*.csproj *.fsproj *.vbproj Directory.*.props Directory.*.targets", "MinVer GitVersion Nerdbank.GitVersioning GitInfo", nil},
	{"GitVersion.yml version.json", "mode: next-version publicReleaseRefSpec", nil},
	{"Cargo.toml", "vergen git-version shadow-rs git-testament built={", nil},
	{"build.rs", `"git"`, nil},
	{"pom.xml", "git-commit-id git-build-hook jgitver buildnumber-maven-plugin", nil},
	{"build.gradle* settings.gradle* libs.versions.toml", "gradle-git-properties axion-release git-version nebula.release grgit jgitver reckon", nil},
	{"plugins.sbt build.sbt", "sbt-git sbt-dynver sbt-git-versioning", nil},
	{"*.gemspec", "git·ls-files", nil},
	{"mix.exs", `cmd("git"`, nil},
	{"package.json", "git·describe git·rev-parse git·log git-rev-sync git-revision-webpack-plugin git-describe \"simple-git\" \"isomorphic-git\" \"git-repo-info\" \"nodegit\"", regexp.MustCompile(`\b(npm|npx|yarn|pnpm|bun|node)\b`)},
	{"Makefile GNUmakefile makefile *.mk justfile Justfile Taskfile.yml Rakefile magefile.go", "git·describe git·rev-parse git·log git·show git·tag", regexp.MustCompile(`\b(make|just|task|rake|mage|gmake)\b`)},
	{"CMakeLists.txt *.cmake", "find_package(Git git·describe git·rev-parse", nil},
	{"meson.build", "vcs_tag", nil},
	{"mkdocs.yml mkdocs.yaml", "git-revision-date git-committers git-authors", nil},
	{"docusaurus.config.*", "showLastUpdateTime showLastUpdateAuthor", nil},
	{"config.mts config.ts config.js", "lastUpdated:·true", nil},
	{"hugo.* config.toml config.yaml", "enableGitInfo", nil},
}

var manifestIndex = func() *index {
	x := &index{exact: map[string][]*named{}}
	for _, m := range manifests {
		wanted := words(m.words)
		for i := range wanted {
			wanted[i] = strings.ReplaceAll(wanted[i], "·", " ")
		}
		for _, text := range words(m.names) {
			n := newNamed(nil, text)
			n.words, n.tool = wanted, m.tool
			x.add(n)
		}
	}
	return x
}()

// foreign directories hold manifests of other people's packages.
var foreign = map[string]bool{
	"node_modules": true, "vendor": true, ".git": true, ".venv": true, "venv": true, "site-packages": true,
	"bower_components": true, "target": true, ".tox": true, ".nox": true, ".cargo": true, "Pods": true, "deps": true,
	"testdata": true, ".next": true, ".yarn": true, ".gradle": true, ".terraform": true,
}

// whyGit returns why the build needs the repository, or "".
func whyGit(r *reader, runs []Run) string {
	var ran strings.Builder // everything that is run
	for _, run := range runs {
		if call := needsRepository(run.Text); call != "" {
			return run.where() + " " + call
		}
		ran.WriteString(run.Text + "\n")
		for _, script := range scriptsOf(run.Text) {
			id, ok := r.inv.Lookup(script)
			if !ok {
				continue
			}
			text := string(r.read(id, script, manifestSize))
			if call := needsRepository(text); call != "" {
				return script + ", which " + run.where() + " runs, " + call
			}
			ran.WriteString(text + "\n")
		}
	}
	return manifestNeedsGit(r, 0, ran.String())
}

func manifestNeedsGit(r *reader, dir buildcontext.DirID, ran string) string {
	var matches []match
	first, count := r.inv.Entries(dir)
	for id := first; id < first+count; id++ {
		name := r.inv.Name(id)
		if sub, ok := r.inv.Dir(id); ok {
			if foreign[name] || !r.visible(id) {
				continue
			}
			if why := manifestNeedsGit(r, sub, ran); why != "" {
				return why
			}
			continue
		}
		matches = manifestIndex.match(r.inv, dir, name, matches[:0])
		for _, m := range matches {
			if m.tool != nil && !m.tool.MatchString(ran) {
				continue
			}
			path := r.inv.DirPath(dir) + name
			text := r.read(id, path, manifestSize)
			if word, ok := containsWord(withoutBlanks(text, m.words), m.words); ok {
				return fmt.Sprintf("%s has %s, which reads the repository", path, strings.Trim(word, `"`))
			}
		}
	}
	return ""
}

// containsWord returns the first of some words that stands in a text by itself:
// MinVer is a tool, MinVersion none.
func containsWord(text []byte, words []string) (string, bool) {
	for _, w := range words {
		for rest := text; ; {
			at := bytes.Index(rest, []byte(w))
			if at < 0 {
				break
			}
			end := at + len(w)
			if (at == 0 || !isWordByte(rest[at-1]) || !isWordByte(w[0])) &&
				(end == len(rest) || !isWordByte(rest[end]) || !isWordByte(w[len(w)-1])) {
				return w, true
			}
			rest = rest[end:]
		}
	}
	return "", false
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// withoutBlanks takes the blanks around "=" out where a word has "=".
func withoutBlanks(text []byte, words []string) []byte {
	for _, w := range words {
		if strings.Contains(w, "=") {
			return blanksAround.ReplaceAll(text, []byte("="))
		}
	}
	return text
}

var blanksAround = regexp.MustCompile(`[ \t]*=[ \t]*`)

// command is what may stand before the first word of a command: the beginning of
// a line, an operator, a substitution, a quote, or a word that runs a command.
const command = `(?m)(?:^\s*@?|[;&|(\[{!,"'` + "`" + `]\s*|(?:\b(?:then|do|else|if|elif|while|until|sudo|exec|time|xargs|env)|(?:^|\s)RUN|\w=\S*|--\S+)\s+)`

// gitCall finds git where a command begins, and its first word that is no option.
var gitCall = regexp.MustCompile(command + `(?:/usr/bin/)?git["']?[\s,]+((?:-\S+\s+(?:[^-\s]\S*\s+)??)*)["']?([a-z-]+)`)

// gitRead finds a command that reads files of the repository.
var gitRead = regexp.MustCompile(`\b(?:cat|cp|head|tail|cut|grep|sed|awk|mv|test|ls|stat|find|source|\[)[^;&|\n]*?[\s"'=/]\.git(?:/|["'\s]|$)`)

var goreleaser = regexp.MustCompile(command + `goreleaser\b`)

// needsNoRepository are the subcommands that work outside of a repository.
var needsNoRepository = map[string]bool{
	"clone": true, "init": true, "ls-remote": true, "lfs": true, "version": true, "--version": true,
	"help": true, "credential": true, "config": true,
}

// needsRepository returns what the first command does that needs the repository
// of the context, or "". Behind a clone or an init in the same text it has
// another.
func needsRepository(text string) string {
	for _, m := range gitCall.FindAllStringSubmatch(text, -1) {
		switch sub := m[2]; {
		case sub == "clone" || sub == "init":
			return ""
		case sub == "config" && !strings.Contains(text, "--global") && !strings.Contains(text, "--system"):
			return "calls git config"
		case !needsNoRepository[sub]:
			return "calls git " + sub
		}
	}
	if gitRead.MatchString(text) {
		return "reads .git"
	}
	if goreleaser.MatchString(text) {
		return "calls goreleaser, which asks git for the version"
	}
	return ""
}

// script finds what a command runs from the context: ./x, or the argument of a
// shell.
var script = regexp.MustCompile(`(?:^|[\s;&|("'])(?:\./|(?:ba|da|z|k)?sh\s+(?:-\w+\s+)*(?:\./)?)([\w./-]+)`)

func scriptsOf(text string) []string {
	var paths []string
	for _, m := range script.FindAllStringSubmatch(text, -1) {
		paths = append(paths, strings.Trim(m[1], "/"))
	}
	return paths
}
