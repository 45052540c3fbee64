package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// build is one way of building a repository.
type build struct {
	dir  string // the context
	file string // "" for the default one
	// target is "" for the last stage.
	target string
	args   map[string]string
}

func (b build) String() string {
	s := b.dir + " -f " + b.path()
	if b.target != "" {
		s += " --target " + b.target
	}
	return s
}

// path is where the Dockerfile lies.
func (b build) path() string {
	if b.file == "" {
		return filepath.Join(b.dir, "Dockerfile")
	}
	return b.file
}

// everyBuild finds the Dockerfiles below root by their names and lists what
// could be built of them. One that cannot be read as a Dockerfile stays in the
// list: a refusal is compared, too.
func everyBuild(root string, args map[string]string) ([]build, error) {
	var all []build
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir() || !isDockerfile(d.Name()):
			return nil
		}
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			return nil //nolint:nilerr // a link that leads nowhere is no Dockerfile
		}
		targets := append([]string{""}, stageNames(path)...)
		dirs := []string{root}
		if own := filepath.Dir(path); own != root {
			dirs = append(dirs, own)
		}
		for _, dir := range dirs {
			file := path
			if file == filepath.Join(dir, "Dockerfile") {
				file = ""
			}
			for _, target := range targets {
				all = append(all, build{dir: dir, file: file, target: target, args: args})
			}
		}
		return nil
	})
	return all, err
}

// isDockerfile knows the names that people give to Dockerfiles.
func isDockerfile(name string) bool {
	name = strings.ToLower(name)
	if strings.HasSuffix(name, "ignore") {
		return false
	}
	base, _, _ := strings.Cut(name, ".")
	return base == "dockerfile" || base == "containerfile" || strings.HasPrefix(name, "dockerfile-") ||
		strings.HasSuffix(name, ".dockerfile") || strings.HasSuffix(name, ".containerfile")
}

// stageNames are the names of a Dockerfile's stages but the last, which is built
// anyway; none where it cannot be read.
func stageNames(path string) []string {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	parsed, err := parse(text)
	if err != nil || len(parsed.stages) == 0 {
		return nil
	}
	var names []string
	for _, stage := range parsed.stages[:len(parsed.stages)-1] {
		if stage.Name != "" {
			names = append(names, stage.Name)
		}
	}
	return names
}
