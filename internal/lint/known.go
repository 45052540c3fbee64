package lint

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/ctxsize/ctxsize/suggest"
)

// inAdvance tells whether a pattern is one that people write before there is
// anything to match: the name of something that tools leave, or what git is told
// to ignore, too.
func (e *evidence) inAdvance(text string) bool {
	known := text
	if gone := e.missingDir(text); gone != "" {
		known = gone // and nobody expects anything in it
	}
	if knownName(known) || strings.HasPrefix(known, ".") || strings.Contains(known, "/.") {
		return true
	}
	if e.Git == nil {
		return false
	}
	sample := sampleOf(text)
	return e.Git.Ignored(sample, false) || e.Git.Ignored(sample, true) || e.Git.Ignored(sample+"/x", false)
}

// base returns the last component of a pattern.
func base(text string) string { return text[strings.LastIndexByte(text, '/')+1:] }

// class is a class that is not negated, and its first character.
var class = regexp.MustCompile(`\[([^\]^!\\])[^\]]*\]`)

// sampleOf returns a path that a pattern is likely to match.
func sampleOf(text string) string {
	if strings.Contains(text, "[") {
		text = class.ReplaceAllString(text, "$1")
	}
	return strings.TrimPrefix(wildcards.Replace(text), "/")
}

// wildcards makes a name of each wildcard.
var wildcards = strings.NewReplacer("**", "x", "*", "x", "?", "x")

// artifactNames are the names of the catalogue, of one component and of several.
var artifactNames = sync.OnceValue(func() (all []string) {
	for _, r := range suggest.Rules() {
		all = append(all, r.Names...)
	}
	return all
})

// moreNames are what the templates of Docker and of GitHub list beside the
// catalogue, so that many files have them in advance.
var moreNames = strings.Fields(`
	docker-compose* compose* Dockerfile* Containerfile* charts values.dev.yaml secrets.dev.yaml *.*proj.user
	LICENSE* README* CHANGELOG* CONTRIBUTING* npm-debug.log* yarn-debug.log* yarn-error.log* Makefile Jenkinsfile Vagrantfile
	*.md *.swp *.swo *.tmp *.temp *.bak *.backup *.orig *.pid *.seed *.lock *.out *.exe *.dll *.so *.dylib *.a *.o *.test *.prof *.cache
	bin obj out dist build target tmp temp log logs coverage cache vendor packages docs doc test tests spec examples
	playwright playwright-report test-results env venv data Thumbs.db desktop.ini *~`)

// knownName tells whether the last component of a pattern names something that
// many ignore files name in advance, or is a pattern for such names.
func knownName(text string) bool {
	return isOneOf(artifactNames(), text) || isOneOf(moreNames, text) || matchesOneOf(artifactNames(), text) || matchesOneOf(moreNames, text)
}

// isArtifactName tells whether the last component of a pattern is the name of
// something that tools leave.
func isArtifactName(text string) bool { return isOneOf(artifactNames(), text) }

// isOneOf tells whether whatever the last component of a pattern matches has one
// of some names.
func isOneOf(names []string, text string) bool {
	last := lastName(text)
	sample := sampleOf(last)
	return slices.ContainsFunc(names, func(n string) bool {
		name := base(n)
		if strings.Trim(name, "*") == "" {
			return false // whatever lies in a directory
		}
		ok, err := filepath.Match(name, sample)
		return err == nil && ok || name == last
	})
}

// matchesOneOf tells whether the last component of a pattern matches one of some
// names.
func matchesOneOf(names []string, text string) bool {
	last := lastName(text)
	return strings.Trim(last, "*") != "" && slices.ContainsFunc(names, func(n string) bool {
		name := base(n)
		ok, err := filepath.Match(last, sampleOf(name))
		return err == nil && ok && strings.Trim(name, "*") != ""
	})
}

// lastName is the last component of a pattern that names something.
func lastName(text string) string {
	return base(strings.TrimSuffix(strings.TrimSuffix(text, "/**"), "/*"))
}
