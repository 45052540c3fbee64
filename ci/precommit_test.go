package ci

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"go.yaml.in/yaml/v4"
)

// hook is one of .pre-commit-hooks.yaml, and one of a repository's configuration.
type hook struct {
	ID            string   `yaml:"id"`
	Name          string   `yaml:"name"`
	Description   string   `yaml:"description"`
	Language      string   `yaml:"language"`
	Entry         string   `yaml:"entry"`
	Args          []string `yaml:"args"`
	Files         string   `yaml:"files"`
	PassFilenames bool     `yaml:"pass_filenames"`
	AlwaysRun     bool     `yaml:"always_run"`
	Minimum       string   `yaml:"minimum_pre_commit_version"`
}

func hooks(t *testing.T) map[string]hook {
	t.Helper()
	data, err := os.ReadFile("../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	var list []hook
	if err := decoder.Decode(&list); err != nil {
		t.Fatal(err)
	}
	all := map[string]hook{}
	for _, h := range list {
		all[h.ID] = h
	}
	return all
}

// tryPreCommit runs the hooks that an example names with pre-commit, but with the
// program that is here: pre-commit would build it from a clone.
func (j *job) tryPreCommit(text string) step {
	j.t.Helper()
	need(j.t, "pre-commit")
	var config struct {
		Repos []struct {
			Repo  string
			Rev   string
			Hooks []struct {
				ID   string
				Args []string
			}
		}
	}
	j.parse(text, &config)
	if config.Repos[0].Repo != "https://github.com/ctxsize/ctxsize" {
		j.t.Errorf("%s is nothing of ours", config.Repos[0].Repo)
	}
	published := hooks(j.t)
	var used []hook
	for _, h := range config.Repos[0].Hooks {
		local, ok := published[h.ID]
		if !ok {
			j.t.Fatalf("there is no hook %q", h.ID)
		}
		local.Language, local.Args = "system", h.Args
		used = append(used, local)
	}
	data, err := yaml.Marshal(map[string]any{"repos": []any{map[string]any{"repo": "local", "hooks": used}}})
	if err != nil {
		j.t.Fatal(err)
	}
	return j.run(`pre-commit run --all-files --color never --config "$CONFIG"`, map[string]string{
		"CONFIG": j.put("pre-commit.yaml", string(data)), "PRE_COMMIT_HOME": filepath.Join(j.temp, "pre-commit"),
	})
}

// TestHooks wants the hooks to name commands that exist, built as pre-commit builds
// them, and to run where they should.
func TestHooks(t *testing.T) {
	t.Parallel()
	j := newJob(t, "push", map[string]any{})
	j.install()
	all := hooks(t)
	for id, h := range all {
		if s := j.run(h.Entry+" --help", nil); s.status != 0 || h.Language != "golang" {
			t.Errorf("%s: %s %q: %s", id, h.Language, h.Entry, s.log)
		}
	}
	files := regexp.MustCompile(all["ctxsize-lint"].Files)
	for _, name := range []string{".dockerignore", "app/.dockerignore", "Dockerfile", "a/prod.Dockerfile", "Dockerfile.dev", "Dockerfile.dev.dockerignore", ".containerignore", "Containerfile"} {
		if !files.MatchString(name) {
			t.Errorf("ctxsize-lint does not run for %s", name)
		}
	}
	for _, name := range []string{".gitignore", "docker/main.go", "README.md", "docker-compose.yml", "Dockerfile/x"} {
		if files.MatchString(name) {
			t.Errorf("ctxsize-lint runs for %s", name)
		}
	}
}
