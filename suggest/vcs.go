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
// version.
var manifests = []struct {
	name  *named
	words []string
}{
	{newNamed(nil, "pyproject.toml"), []string{
		"setuptools_scm", "setuptools-scm", "hatch-vcs", "versioneer", "versioningit", "poetry-dynamic-versioning",
		"dunamai", `source = "scm"`, `source = "vcs"`, "uv-dynamic-versioning", "pbr",
	}},
	{newNamed(nil, "setup.py"), []string{"use_scm_version", "setuptools_scm", "versioneer", "pbr=True"}},
	{newNamed(nil, "setup.cfg"), []string{"setuptools_scm", "setuptools-scm", "[versioneer]"}},
	{newNamed(nil, "*.csproj"), []string{"MinVer", "GitVersion", "Nerdbank.GitVersioning", "GitInfo"}},
	{newNamed(nil, "*.fsproj"), []string{"MinVer", "GitVersion", "Nerdbank.GitVersioning", "GitInfo"}},
	{newNamed(nil, "Directory.*.props"), []string{"MinVer", "GitVersion", "Nerdbank.GitVersioning", "GitInfo"}},
	{newNamed(nil, "GitVersion.yml"), []string{""}},
	{newNamed(nil, "Cargo.toml"), []string{"vergen", "git-version", "shadow-rs", "git-testament"}},
	{newNamed(nil, "build.rs"), []string{`"git"`}},
	{newNamed(nil, "pom.xml"), []string{"git-commit-id", "git-build-hook", "jgitver", "buildnumber-maven-plugin"}},
	{newNamed(nil, "build.gradle*"), []string{"gradle-git-properties", "axion-release", "git-version", "nebula.release", "grgit", "jgitver", "reckon"}},
	{newNamed(nil, "plugins.sbt"), []string{"sbt-git", "sbt-dynver"}},
	{newNamed(nil, "*.gemspec"), []string{"git ls-files"}},
	{newNamed(nil, "package.json"), []string{"git describe", "git rev-parse", "git-rev-sync", "git-revision-webpack-plugin", "git log"}},
	{newNamed(nil, "mkdocs.yml"), []string{"git-revision-date", "git-committers", "git-authors"}},
	{newNamed(nil, "hugo.*"), []string{"enableGitInfo"}},
}

// gitNeedsNoRepository are the subcommands that work outside of a repository.
var gitNeedsNoRepository = map[string]bool{
	"clone": true, "init": true, "ls-remote": true, "lfs": true, "version": true, "--version": true,
	"help": true, "credential": true, "config": true,
}

// gitCall finds git where a command begins: at the start, behind an operator, in
// a substitution, or behind a word that runs a command.
var gitCall = regexp.MustCompile(`(?:^|[;&|(` + "`" + `"'\[,\n!{]|\b(?:then|do|else|sudo|exec|time|xargs|env|RUN)\s|\w=\S*\s)\s*(?:/usr/bin/)?git["']?[\s,]+((?:-\S+\s+(?:[^-\s]\S*\s+)??)*)["']?([a-z-]+)`)

// mountFlags are what stands between RUN and its command.
var mountFlags = regexp.MustCompile(`^\s*(?:RUN\s+)?(?:--\S+\s+)*`)

// whyGit returns why the build needs the repository, or "".
func whyGit(r *reader, runs []Run) string {
	for _, run := range runs {
		if call := callsGit(run.Text); call != "" {
			where := fmt.Sprintf("line %d", run.Line)
			if run.File != "" {
				where = fmt.Sprintf("%s:%d", run.File, run.Line)
			}
			return where + " calls " + call
		}
	}
	why := ""
	var walk func(dir buildcontext.DirID, prefix string)
	walk = func(dir buildcontext.DirID, prefix string) {
		first, count := r.inv.Entries(dir)
		for id := first; id < first+count && why == ""; id++ {
			name := r.inv.Name(id)
			if sub, ok := r.inv.Dir(id); ok {
				if r.visible(id) && !foreign[name] {
					walk(sub, prefix+name+"/")
				}
				continue
			}
			why = manifestNeedsGit(r, id, name, prefix)
		}
	}
	walk(0, "")
	return why
}

// foreign directories hold manifests of other people's packages.
var foreign = map[string]bool{
	"node_modules": true, "vendor": true, ".git": true, ".venv": true, "venv": true, "site-packages": true,
	"bower_components": true, "target": true, ".tox": true, ".nox": true, ".cargo": true, "Pods": true, "deps": true,
}

func manifestNeedsGit(r *reader, id buildcontext.ID, name, prefix string) string {
	for _, m := range manifests {
		if !m.name.matches(name) {
			continue
		}
		text := r.read(id, prefix+name, manifestSize)
		for _, word := range m.words {
			if len(text) > 0 && bytes.Contains(text, []byte(word)) {
				if word == "" {
					return prefix + name + " reads the repository"
				}
				return fmt.Sprintf("%s%s has %s, which reads the repository", prefix, name, strings.Trim(word, `"`))
			}
		}
	}
	return ""
}

// callsGit returns the first call of git that needs the repository of the
// context. Behind a clone or an init in the same instruction it has another.
func callsGit(text string) string {
	text = mountFlags.ReplaceAllString(text, "")
	for _, m := range gitCall.FindAllStringSubmatch(text, -1) {
		switch sub := m[2]; {
		case sub == "clone" || sub == "init":
			return ""
		case sub == "config" && !strings.Contains(text, "--global") && !strings.Contains(text, "--system"):
			return "git config"
		case !gitNeedsNoRepository[sub]:
			return "git " + sub
		}
	}
	return ""
}
