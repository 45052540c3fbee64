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
	{"pyproject.toml", "setuptools_scm setuptools-scm hatch-vcs versioneer versioningit poetry-dynamic-versioning dunamai uv-dynamic-versioning flit_scm setuptools-git-versioning setuptools-git miniver \"pbr source=\"scm\" source='scm' source=\"vcs\" source='vcs'", nil},
	{"setup.py", "use_scm_version setuptools_scm setuptools_git versioneer miniver pbr=True \"git\" 'git'", nil},
	{"setup.cfg", "setuptools_scm setuptools-scm [versioneer]", nil},
	{"*.csproj *.fsproj *.vbproj Directory.*.props Directory.*.targets", "MinVer GitVersion Nerdbank.GitVersioning GitInfo git·describe git·rev-parse git·log", nil},
	{"GitVersion.yml version.json", "mode: next-version publicReleaseRefSpec", nil},
	{"Cargo.toml", "vergen git-version shadow-rs git-testament rustc-tools-util auto-git-version build-data built={", nil},
	{"build.rs", `"git" git2:: git·describe git·rev-parse .git/HEAD`, nil},
	{"build.zig", `"git"`, nil},
	{"pom.xml", "git-commit-id git-build-hook jgitver buildnumber-maven-plugin <executable>git</executable>", nil},
	{"build.gradle* settings.gradle* libs.versions.toml", "gradle-git-properties axion-release git-version nebula.release grgit jgitver reckon 'git', \"git\", git·rev-parse git·describe git·log", nil},
	{"plugins.sbt build.sbt build.sc build.mill", "sbt-git sbt-dynver sbt-git-versioning mill-vcs-version git·describe git·rev-parse", nil},
	{"project.clj build.clj deps.edn", "lein-git-version lein-v git-count-revs git-process git·describe", nil},
	{"*.cabal package.yaml", "gitrev githash", nil},
	{"dist.ini", "Git::", nil},
	{"*.gemspec", "git·ls-files", nil},
	{"mix.exs", `cmd("git"`, nil},
	{"package.json", "git·describe git·rev-parse git·log \"simple-git\" \"isomorphic-git\" \"nodegit\" git-last-commit git-repo-info git-rev-sync git-revision-webpack-plugin git-describe git-commit-info unplugin-info vite-plugin-git", nodeRuns},
	{"*.config.* vite.* vue.config.* gulpfile.* Gruntfile.* webpack.*", "git·describe git·rev-parse git·log git·show ('git', (\"git\", simple-git", nodeRuns},
	{"Makefile GNUmakefile makefile", "git·describe git·rev-parse git·log git·show git·tag", runsMake},
	{"*.mk justfile Justfile Taskfile.yml Rakefile magefile.go", "git·describe git·rev-parse git·log git·show git·tag (\"git\",", runsTasks},
	{"CMakeLists.txt *.cmake", "find_package(Git git·describe git·rev-parse", nil},
	{"meson.build", "vcs_tag run_command('git',", nil},
	{".bazelrc", "workspace_status_command", nil},
	{"mkdocs.yml mkdocs.yaml", "git-revision-date git-committers git-authors", regexp.MustCompile(`\bmkdocs\b`)},
	{"docusaurus.config.*", "showLastUpdateTime showLastUpdateAuthor", nodeRuns},
	{"config.mts config.ts config.js", "lastUpdated:·true", nodeRuns},
	{"hugo.* config.toml config.yaml", "enableGitInfo", regexp.MustCompile(`\bhugo\b`)},
}

// runsMake and runsTasks find what runs the recipes of a project.
var (
	runsMake  = regexp.MustCompile(`\bg?make\b`)
	runsTasks = regexp.MustCompile(`\b(make|just|task|rake|mage|gmake)\b`)
)

// nodeRuns finds what runs the scripts and the settings of a Node project.
var nodeRuns = regexp.MustCompile(`\b(npm|npx|yarn|pnpm|bun|bunx|node|deno|turbo|nx|make)\b`)

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
			if m.tool == runsMake {
				text = madeBy(text, ran)
				if script, call := scriptNeedsGit(r, dir, text); call != "" {
					return fmt.Sprintf("%s, which %s runs, %s", script, path, call)
				}
			}
			if word, ok := containsWord(withoutBlanks(text, m.words), m.words); ok {
				return fmt.Sprintf("%s has %s, which reads the repository", path, strings.Trim(word, "\"'(,"))
			}
		}
	}
	return ""
}

// scriptNeedsGit returns the first script that a text runs in a directory and that
// needs the repository, and for what.
func scriptNeedsGit(r *reader, dir buildcontext.DirID, text []byte) (script, call string) {
	for _, script := range scriptsOf(string(text)) {
		script = r.inv.DirPath(dir) + script
		id, ok := r.inv.Lookup(script)
		if !ok {
			continue
		}
		if call := needsRepository(string(r.read(id, script, manifestSize))); call != "" {
			return script, call
		}
	}
	return "", ""
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

// continued finds where a line goes on in the next one, and comments between the
// two: a word of a list of packages begins no command.
var continued = regexp.MustCompile(`\\[ \t]*\r?\n(?:\s*#.*\n)*`)

// runOptions finds the options of a RUN instruction.
var runOptions = regexp.MustCompile(`(?i)^(\s*RUN)(?:\s+--[a-z]\S*)+`)

// command is what may stand before the first word of a command: the beginning of
// a line, an operator, a substitution, a quote, or a word that runs a command.
const command = `(?m)(?:^\s*@?|[;&|(\[{!,"'` + "`" + `]\s*|(?:\b(?:then|do|else|if|elif|while|until|sudo|exec|time|xargs|env)(?:\s+-\S+)*|(?:^|\s)RUN|\w=\S*)\s+)`

// gitCall finds git where a command begins, and its first word that is no option.
var gitCall = regexp.MustCompile(command + `(?:/usr/bin/)?git["']?[\s,]+((?:-\S+\s+(?:[^-\s]\S*\s+)??)*)["']?([a-z-]+)`)

// gitRead finds a command that reads files of the repository.
var gitRead = regexp.MustCompile(`\b(?:cat|cp|head|tail|cut|grep|sed|awk|mv|test|ls|stat|find|source|\[)[^;&|\n]*?[\s"'=/]\.git(?:/|["'\s]|$)`)

var goreleaser = regexp.MustCompile(command + `goreleaser\b`)

// readsRepository are git's commands that fail outside of a repository, or find
// nothing there. Others work anywhere, or are words of another command: "apt-get
// install a=1 git curl".
var readsRepository = func() map[string]bool {
	subs := map[string]bool{}
	for _, sub := range words("add am annotate archive bisect blame branch bundle cat-file check-ignore checkout cherry cherry-pick " +
		"clean commit describe diff diff-files diff-index diff-tree fetch for-each-ref format-patch fsck gc grep log ls-files ls-tree merge " +
		"merge-base mv name-rev notes pull push rebase reflog remote reset restore rev-list rev-parse revert rm shortlog show show-ref " +
		"sparse-checkout stash status submodule switch symbolic-ref tag update-index update-ref whatchanged worktree write-tree") {
		subs[sub] = true
	}
	return subs
}()

// needsRepository returns what the first command does that needs the repository
// of the context, or "". Behind a clone or an init in the same text it has
// another.
func needsRepository(text string) string {
	text = continued.ReplaceAllString(runOptions.ReplaceAllString(text, "$1"), " ")
	for _, m := range gitCall.FindAllStringSubmatch(text, -1) {
		switch sub := m[2]; {
		case sub == "clone" || sub == "init":
			return ""
		case sub == "config" && !strings.Contains(text, "--global") && !strings.Contains(text, "--system"):
			return "calls git config"
		case readsRepository[sub]:
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
