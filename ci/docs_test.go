package ci

import (
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// example is a block of docs/ci.md: its language, and what it says.
var example = regexp.MustCompile("(?s)\n```([a-z]+)\n(.*?)```\n")

// TestDocs runs each example of docs/ci.md in a repository that is within its limits,
// where it must succeed, and in one that is not, where it must fail.
func TestDocs(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]int{}
	for _, found := range example.FindAllSubmatch(page, -1) {
		language, text := string(found[1]), string(found[2])
		// A file says its name in its first line.
		first, _, _ := strings.Cut(text, "\n")
		file, named := strings.CutPrefix(first, "# ")
		if !named {
			file = language
		}
		try := tries[filepath.Base(file)]
		if try == nil {
			t.Errorf("nothing knows how to try %q", file)
			continue
		}
		tried[file]++
		for _, repository := range []struct {
			name, change string
			status       int
		}{{"within", "", 0}, {"beyond", fat, 1}} {
			t.Run(file+" "+repository.name, func(t *testing.T) {
				t.Parallel()
				j := newJob(t, "pull_request", pullRequest)
				j.install()
				j.program("docker", `echo "$@" >"$RUNNER_TEMP/docker"`)
				j.shop(repository.change)
				s := try(j, text)
				if s.status != repository.status {
					t.Errorf("exit status %d, want %d:\n%s", s.status, repository.status, s.log)
				}
				if s.status != 0 && j.read(filepath.Join(j.temp, "docker")) != "" {
					t.Error("it builds what the gate refuses")
				}
			})
		}
	}
	for file := range tries {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(tried)), func(name string) bool { return filepath.Base(name) == file }) {
			t.Errorf("the page has no example of %s", file)
		}
	}
}

// tries are the ways to run an example, by the last part of its file's name or by its
// language.
var tries = map[string]func(j *job, text string) step{
	"context.yml":             (*job).tryWorkflow,
	".gitlab-ci.yml":          (*job).tryGitLab,
	".pre-commit-config.yaml": (*job).tryPreCommit,
	"Makefile":                (*job).tryMake,
	".ctxsize.yaml": func(j *job, text string) step {
		return j.run(`printf %s "$CONFIG" >.ctxsize.yaml; ctxsize check`, map[string]string{"CONFIG": text})
	},
	"sh": func(j *job, text string) step { return j.run(text, nil) },
}

// parse reads an example.
func (j *job) parse(text string, into any) {
	j.t.Helper()
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		j.t.Fatal(err)
	}
}

// tryMake makes the first target. Make exits with 2 where a command does with 1.
func (j *job) tryMake(text string) step {
	need(j.t, "make")
	s := j.run(`make -f "$MAKEFILE"`, map[string]string{"MAKEFILE": j.put("Makefile", text)})
	if strings.Contains(s.log, " Error 1\n") {
		s.status = 1
	}
	return s
}

// tryWorkflow runs the jobs of a workflow of GitHub's.
func (j *job) tryWorkflow(text string) step {
	j.t.Helper()
	if missing(j.t, "actionlint") == nil {
		if lint := j.run(`actionlint - <<<"$WORKFLOW"`, map[string]string{"WORKFLOW": text}); lint.status != 0 {
			j.t.Error(lint.log)
		}
	}
	server := httptest.NewServer(&hub{})
	j.t.Cleanup(server.Close)
	j.env["GITHUB_API_URL"], j.env["GITHUB_GRAPHQL_URL"] = server.URL, server.URL+"/graphql"
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				Uses, Run string
				With      map[string]string
			}
		}
	}
	j.parse(text, &workflow)
	var last step
	for _, work := range workflow.Jobs {
		for _, s := range work.Steps {
			name, _, _ := strings.Cut(s.Uses, "@")
			switch {
			case last.status != 0:
			case s.Run != "":
				last = j.run(s.Run, nil)
			case name == "ctxsize/ctxsize":
				used := j.use(s.With, false)
				last = step{status: used.status, log: used.log}
			case name != "actions/checkout" && name != "actions/setup-go":
				j.t.Errorf("an unknown action: %s", s.Uses)
			}
		}
	}
	return last
}

// TestInputsAreExplained wants the page to name the inputs of action.yml, and of the
// job for GitLab.
func TestInputsAreExplained(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	github, gitlab, _ := strings.Cut(string(page), "\n## GitLab\n")
	var action manifest
	readYAML(t, "../action.yml", &action)
	for name := range action.Inputs {
		if !strings.Contains(github, "\n| `"+name+"` |") {
			t.Errorf("the input %s is not explained", name)
		}
	}
	if rows := strings.Count(github, "\n| `"); rows != len(action.Inputs) {
		t.Errorf("%d rows for %d inputs", rows, len(action.Inputs))
	}
	for name := range action.Outputs {
		if !strings.Contains(github, "`"+name+"` (") {
			t.Errorf("the output %s is not explained", name)
		}
	}
	gitlab, _, _ = strings.Cut(gitlab, "\n## ")
	var job struct {
		Spec struct{ Inputs map[string]any }
	}
	readYAML(t, "gitlab.yml", &job)
	for name := range job.Spec.Inputs {
		if !strings.Contains(gitlab, name+":") && !strings.Contains(gitlab, "`"+name+"` (") {
			t.Errorf("the input %s of the job for GitLab is not explained", name)
		}
	}
}
