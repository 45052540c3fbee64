// Package ci holds what runs ctxsize in other people's CI: the scripts of action.yml
// and GitLab's job. There is no Go here but its tests, which run all of it: against a
// stub of GitHub's API, and with the real program.
package ci

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// missing tells why a program is not installed. The project's own gate installs all
// that are run here, and says so with CI_TOOLS=require.
func missing(t *testing.T, program string) error {
	t.Helper()
	_, err := exec.LookPath(program)
	if err != nil && os.Getenv("CI_TOOLS") == "require" {
		t.Fatal(err)
	}
	return err
}

// need skips a test where a program that it runs is not installed.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if err := missing(t, program); err != nil {
			t.Skip(err)
		}
	}
}

// job is a job of a GitHub workflow: what the runner gives to each step.
type job struct {
	t *testing.T
	// dir is the workspace, temp the directory that the runner empties.
	dir, temp string
	env       map[string]string
}

// newJob makes a job of an event, in an empty workspace.
func newJob(t *testing.T, name string, event any) *job {
	t.Helper()
	need(t, "bash", "curl", "jq", "git")
	if err := look(); err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	data, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(temp, "event.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	action, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return &job{t: t, dir: dir, temp: temp, env: map[string]string{
		"PATH":                os.Getenv("PATH"),
		"HOME":                temp,
		"RUNNER_TEMP":         temp,
		"GITHUB_ACTION_PATH":  action,
		"GITHUB_EVENT_NAME":   name,
		"GITHUB_EVENT_PATH":   path,
		"GITHUB_REPOSITORY":   "team/shop",
		"GITHUB_RUN_ID":       "42",
		"GITHUB_SERVER_URL":   "https://github.example",
		"GITHUB_WORKSPACE":    dir,
		"GITHUB_STEP_SUMMARY": filepath.Join(temp, "summary.md"),
		"GITHUB_OUTPUT":       filepath.Join(temp, "output.txt"),
	}}
}

// step is what a step left behind.
type step struct {
	status  int
	log     string
	outputs map[string]string
}

// run runs a step of Bash with env besides the job's.
func (j *job) run(script string, env map[string]string) step {
	j.t.Helper()
	if err := os.WriteFile(j.env["GITHUB_OUTPUT"], nil, 0o600); err != nil {
		j.t.Fatal(err)
	}
	// As the runner calls it for shell: bash. (GitHub's documentation of workflow
	// syntax, jobs.<job_id>.steps[*].shell)
	cmd := exec.CommandContext(j.t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
	cmd.Dir = j.dir
	all := maps.Clone(j.env)
	maps.Copy(all, env)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		cmd.Env = append(cmd.Env, key+"="+all[key])
	}
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		j.t.Fatal(err)
	}
	s := step{status: cmd.ProcessState.ExitCode(), log: log.String(), outputs: map[string]string{}}
	for line := range strings.Lines(j.read(j.env["GITHUB_OUTPUT"])) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		s.outputs[key] = value
	}
	return s
}

// script runs a script of this directory as action.yml does.
func (j *job) script(name string, env map[string]string) step {
	j.t.Helper()
	return j.run(`bash "$GITHUB_ACTION_PATH/ci/`+name+`"`, env)
}

// summary is what the job summary shows so far.
func (j *job) summary() string { return j.read(j.env["GITHUB_STEP_SUMMARY"]) }

func (j *job) read(path string) string {
	j.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		j.t.Fatal(err)
	}
	return string(data)
}

// put writes a file below the directory that the runner empties, and returns its path.
func (j *job) put(name, text string) string {
	j.t.Helper()
	path := filepath.Join(j.temp, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		j.t.Fatal(err)
	}
	// A process that another test starts meanwhile would hold the file open for
	// writing for a moment, and so it could not be run.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		j.t.Fatal(err)
	}
	return path
}

// program puts a script of Bash first in the PATH of the job's steps.
func (j *job) program(name, text string) string {
	j.t.Helper()
	path := j.put("bin/"+name, "#!/usr/bin/env bash\n"+text)
	j.env["PATH"] = fmt.Sprintf("%s%c%s", filepath.Dir(path), os.PathListSeparator, os.Getenv("PATH"))
	return path
}
