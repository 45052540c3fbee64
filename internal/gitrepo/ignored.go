package gitrepo

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// rules are the ignore rules of a repository, read as they are met.
type rules struct {
	once sync.Once
	// fold ignores case, as core.ignoreCase says.
	fold bool
	// global are the patterns of core.excludesFile and of info/exclude.
	global []pattern
	mu     sync.Mutex
	// dirs are the directories that were met, by path with a slash behind; "" is
	// the top of the work tree.
	dirs map[string]*ruleDir
}

// ruleDir is one directory of the work tree.
type ruleDir struct {
	// ignored tells that everything in it is.
	ignored bool
	// above is the directory that holds it, patterns those of its .gitignore.
	above    *ruleDir
	patterns []pattern
	// nested is the repository whose work tree begins here, if another does.
	nested *Repo
}

// Ignored tells whether git's rules ignore a path of the context: those of
// .gitignore files from the top of the work tree down, of .git/info/exclude and of
// core.excludesFile. dir says that the path is a directory. Whether the path is
// tracked, so that git never asks, makes no difference. In the work tree of
// another repository, such as a submodule, that repository's rules count. Nothing
// in a .git directory is ignored: git never asks about it. (git/git, dir.c, treat_path)
//
// A file of rules that cannot be read has none, as for git. Nothing is ignored in
// a bare repository.
func (r *Repo) Ignored(path string, dir bool) bool {
	if r.top == "" {
		return false
	}
	return r.ignored(r.prefix+path, dir)
}

// ignored is for a path from the top of the work tree.
func (r *Repo) ignored(path string, dir bool) bool {
	r.rules.once.Do(r.startRules)
	r.rules.mu.Lock()
	defer r.rules.mu.Unlock()
	at := r.rules.dirs[""]
	for i := range len(path) {
		if path[i] != '/' {
			continue
		}
		if isGitName(path[:i]) {
			return false
		}
		if at = r.ruleDir(at, path[:i+1]); at.ignored {
			return true
		}
		if at.nested != nil {
			return at.nested.ignored(path[i+1:], dir)
		}
	}
	return r.decide(at, path, dir)
}

func (r *Repo) startRules() {
	r.rules.fold = r.settings.all.flag("core.ignorecase")
	path, ok := r.settings.all.last("core.excludesfile")
	if !ok {
		path = userFile("ignore")
	}
	// The later a list, the more it counts.
	r.rules.global = append(readIgnore(resolve(path, r.top), ""), readIgnore(filepath.Join(r.commonDir, "info", "exclude"), "")...)
	r.rules.dirs = map[string]*ruleDir{"": {patterns: readGitignore(r.top, "")}}
}

// ruleDir returns the directory at path, which lies in above.
func (r *Repo) ruleDir(above *ruleDir, path string) *ruleDir {
	if d := r.rules.dirs[path]; d != nil {
		return d
	}
	d := &ruleDir{above: above}
	r.rules.dirs[path] = d
	if d.ignored = r.decide(above, strings.TrimSuffix(path, "/"), true); d.ignored {
		return d
	}
	full := filepath.Join(r.top, filepath.FromSlash(path))
	if gitDir, err := gitDirAt(full); err == nil && gitDir != "" {
		if d.nested, err = Open(full); err == nil && d.nested.top != "" {
			return d
		}
		d.nested = nil
	}
	d.patterns = readGitignore(full, path)
	return d
}

// decide asks the patterns from the nearest to the farthest; the first that
// matches decides. (git/git, dir.c, last_matching_pattern_from_lists)
func (r *Repo) decide(at *ruleDir, path string, dir bool) bool {
	for ; at != nil; at = at.above {
		if p := lastMatch(at.patterns, path, dir, r.rules.fold); p != nil {
			return !p.negated
		}
	}
	p := lastMatch(r.rules.global, path, dir, r.rules.fold)
	return p != nil && !p.negated
}

func lastMatch(patterns []pattern, path string, dir, fold bool) *pattern {
	for i := len(patterns) - 1; i >= 0; i-- {
		if patterns[i].match(path, dir, fold) {
			return &patterns[i]
		}
	}
	return nil
}

// readIgnore reads a file of patterns.
func readIgnore(path, base string) []pattern {
	data, err := readFile(path, 100<<20)
	if err != nil {
		return nil
	}
	return parseIgnore(data, base)
}

// readGitignore reads the patterns of a directory of the work tree. Git does not
// follow a link there, for it may lead out of the repository.
// (git/git, dir.c, add_patterns, PATTERN_NOFOLLOW)
func readGitignore(dir, base string) []pattern {
	path := filepath.Join(dir, ".gitignore")
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	return readIgnore(path, base)
}

// Rules is a .gitignore file above the context.
type Rules struct {
	// Path is where it lies, and Below the way from there to the context.
	Path, Below string
}

// Above returns the .gitignore files above the context in its work tree, from the
// top down. Links are none, as for git.
func (r *Repo) Above() []Rules {
	var all []Rules
	for at, rest := "", strings.TrimSuffix(r.prefix, "/"); rest != "" && r.top != ""; {
		path := filepath.Join(r.top, filepath.FromSlash(at), ".gitignore")
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
			all = append(all, Rules{Path: path, Below: rest})
		}
		name, more, _ := strings.Cut(rest, "/")
		at, rest = at+name+"/", more
	}
	return all
}
