package ci

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// input is where GitLab puts the value of an input.
var input = regexp.MustCompile(`\$\[\[ inputs\.([a-z]+) \]\]`)

// tryGitLab runs the job that an example includes, as a runner of GitLab's does.
func (j *job) tryGitLab(text string) step {
	j.t.Helper()
	var pipeline struct {
		Include []struct {
			Remote string
			Inputs map[string]string
		}
	}
	j.parse(text, &pipeline)
	path, ok := strings.CutPrefix(pipeline.Include[0].Remote, "https://raw.githubusercontent.com/ctxsize/ctxsize/main/")
	if !ok {
		j.t.Fatalf("%s is nothing of ours", pipeline.Include[0].Remote)
	}
	data, err := os.ReadFile(filepath.Join("..", path))
	if err != nil {
		j.t.Fatal(err)
	}
	header, body, _ := strings.Cut(string(data), "\n---\n")
	var included struct {
		Spec struct {
			Inputs map[string]struct{ Default string }
		}
	}
	j.parse(header, &included)
	given := pipeline.Include[0].Inputs
	for name := range given {
		if _, ok := included.Spec.Inputs[name]; !ok {
			j.t.Errorf("%s has no input %q", path, name)
		}
	}
	body = input.ReplaceAllStringFunc(body, func(found string) string {
		name := input.FindStringSubmatch(found)[1]
		spec, ok := included.Spec.Inputs[name]
		if !ok {
			j.t.Errorf("%s has no input %q", path, name)
		}
		if value, ok := given[name]; ok {
			return value
		}
		return spec.Default
	})
	var jobs map[string]struct {
		Variables    map[string]string
		BeforeScript []string `yaml:"before_script"`
		Script       []string
		Artifacts    struct {
			Reports map[string]string
		}
	}
	j.parse(body, &jobs)
	work := jobs["ctxsize"]
	env := map[string]string{}
	for name, value := range work.Variables {
		env[name] = os.Expand(value, func(name string) string { return j.env[name] })
	}
	// The shell is what the image has: Bash, or else sh.
	script := strings.Join(append(work.BeforeScript, work.Script...), "\n")
	env["SCRIPT"] = j.put("script.sh", script)
	s := j.run(`sh -e "$SCRIPT"`, env)
	var issues []struct{ Fingerprint string }
	if err := json.Unmarshal([]byte(j.read(filepath.Join(j.dir, work.Artifacts.Reports["codequality"]))), &issues); err != nil {
		j.t.Errorf("the code quality report: %v\n%s", err, s.log)
	}
	if err := xml.Unmarshal([]byte(j.read(filepath.Join(j.dir, work.Artifacts.Reports["junit"]))), new(struct{ XMLName xml.Name })); err != nil {
		j.t.Errorf("the test report: %v\n%s", err, s.log)
	}
	return s
}
