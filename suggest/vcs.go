package suggest

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
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
	// one that counts anyway. What only documents a project is often built
	// elsewhere: see [siteTools].
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
	{"CMakeLists.txt *.cmake", "rev-parse describe·-- git·log get_git_head_revision git_describe", nil},
	{"meson.build", "vcs_tag run_command('git',", nil},
	{".bazelrc", "workspace_status_command", nil},
	{"mkdocs.yml mkdocs.yaml", "git-revision-date git-committers git-authors", siteTools["mkdocs"]},
	{"docusaurus.config.*", "showLastUpdateTime showLastUpdateAuthor", siteTools["docusaurus"]},
	{"config.mts config.ts config.js", "lastUpdated:·true", siteTools["vitepress"]},
	{"hugo.* config.toml config.yaml", "enableGitInfo", siteTools["hugo"]},
}

// runsMake and runsTasks find what runs the recipes of a project.
var (
	runsMake  = regexp.MustCompile(`\bg?make\b`)
	runsTasks = regexp.MustCompile(`\b(make|just|task|rake|mage|gmake)\b`)
)

// nodeRuns finds what runs the scripts and the settings of a Node project.
var nodeRuns = regexp.MustCompile(`\b(npm|npx|yarn|pnpm|bun|bunx|node|deno|turbo|nx|make)\b`)

// siteTools find what builds a site. The settings of one count without it, too, where
// they lie in the root, or a RUN instruction has the name of their directory.
var siteTools = map[string]*regexp.Regexp{
	"mkdocs":     regexp.MustCompile(`\bmkdocs\b`),
	"docusaurus": regexp.MustCompile(`\bdocusaurus\b`),
	"vitepress":  regexp.MustCompile(`\bvitepress\b`),
	"hugo":       regexp.MustCompile(`\bhugo\b`),
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
			path := r.inv.DirPath(dir) + name
			if m.tool != nil && !m.tool.MatchString(ran) && !m.isBuiltSite(path, ran) {
				continue
			}
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

// isBuiltSite tells whether a manifest is that of a site which a build may make
// without calling the tool by name.
func (n *named) isBuiltSite(path, ran string) bool {
	if !slices.Contains(slices.Collect(maps.Values(siteTools)), n.tool) {
		return false
	}
	dirs := slices.DeleteFunc(strings.Split(path, "/"), func(name string) bool { return anySite[name] })
	_, ok := containsWord([]byte(ran), dirs[:len(dirs)-1])
	return ok || len(dirs) == 1
}

// anySite are directories of which the name does not tell one site from another.
var anySite = map[string]bool{".vitepress": true, "config": true, "_default": true, "apps": true, "packages": true, "src": true}

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
