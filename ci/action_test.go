package ci

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// manifest is what action.yml says.
type manifest struct {
	Inputs map[string]struct {
		Default string
	}
	Outputs map[string]struct {
		Value string
	}
	Runs struct {
		Using string
		Steps []actionStep
	}
}

type actionStep struct {
	ID, If, Shell, Run, Uses string
	Env, With                map[string]string
	ContinueOnError          bool `yaml:"continue-on-error"`
}

// readYAML reads a file of this repository.
func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// run is what a run of the action left behind.
type run struct {
	status  int
	log     string
	outputs map[string]string
	// uploaded are the files that went to code scanning.
	uploaded []string
}

// use runs the steps of action.yml as the runner does, with inputs. In place of the
// one action that they use, it notes the file; where refuse is true that fails.
func (j *job) use(with map[string]string, refuse bool) run {
	j.t.Helper()
	var action manifest
	readYAML(j.t, "../action.yml", &action)
	values := map[string]string{"github.token": "secret-token"}
	for name := range with {
		if _, ok := action.Inputs[name]; !ok {
			j.t.Fatalf("action.yml has no input %q", name)
		}
	}
	for name, input := range action.Inputs {
		values["inputs."+name] = evaluate(j.t, input.Default, values)
		if value, ok := with[name]; ok {
			values["inputs."+name] = value
		}
	}
	var result run
	for _, s := range action.Runs.Steps {
		if result.status != 0 || s.If != "" && evaluate(j.t, s.If, values) != "true" {
			continue
		}
		outcome, status := "success", 0
		if s.Uses != "" {
			if !strings.HasPrefix(s.Uses, "github/codeql-action/upload-sarif@") {
				j.t.Fatalf("an unknown action: %s", s.Uses)
			}
			result.uploaded = append(result.uploaded, j.read(evaluate(j.t, s.With["sarif_file"], values)))
			if refuse {
				status = 1
			}
		} else {
			if strings.Contains(s.Run, "${{") {
				j.t.Errorf("an expression in a script: %s", s.Run)
			}
			env := map[string]string{}
			for name, value := range s.Env {
				env[name] = evaluate(j.t, value, values)
			}
			done := j.run(s.Run, env)
			status = done.status
			result.log += done.log
			for name, value := range done.outputs {
				values["steps."+s.ID+".outputs."+name] = value
			}
		}
		if status != 0 {
			outcome = "failure"
		}
		values["steps."+s.ID+".outcome"] = outcome
		if !s.ContinueOnError {
			result.status = status
		}
	}
	result.outputs = map[string]string{}
	for name, output := range action.Outputs {
		result.outputs[name] = evaluate(j.t, output.Value, values)
	}
	return result
}

// expression is what of GitHub's expressions action.yml uses: a value, or one that
// is compared with a text.
var expression = regexp.MustCompile(`\$\{\{ ([a-z.A-Z_-]+)(?: (==|!=) '([^']*)')? \}\}`)

func evaluate(t *testing.T, text string, values map[string]string) string {
	t.Helper()
	text = expression.ReplaceAllStringFunc(text, func(found string) string {
		parts := expression.FindStringSubmatch(found)
		value := values[parts[1]]
		switch parts[2] {
		case "==":
			return fmt.Sprint(value == parts[3])
		case "!=":
			return fmt.Sprint(value != parts[3])
		}
		return value
	})
	if strings.Contains(text, "${{") {
		t.Fatalf("an expression that is not understood: %s", text)
	}
	return text
}

func TestAction(t *testing.T) {
	t.Parallel()
	limits := map[string]string{"args": "--max-size 50MB --max-growth 5MB", "against": "base", "sarif": "true", "token": "secret-token"}
	for _, test := range []struct {
		name     string
		change   string
		with     map[string]string
		hub      *hub
		noUpload bool
		status   int
		report   string // what the report says
		log      string // what the log says
	}{
		{name: "within the limits", hub: &hub{}, report: "max-size"},
		{name: "too large", change: fat, hub: &hub{}, status: 1, report: "dump.bin", log: "::error "},
		{name: "no limit", with: map[string]string{"args": ""}, hub: &hub{}, status: 2, report: "could not check", log: "::error title=ctxsize could not"},
		{
			name: "a fork", change: fat, status: 1, report: "dump.bin", log: "::notice title=ctxsize::The report is in the job summary",
			hub: &hub{refuse: func(method, _ string) int {
				if method == http.MethodPost {
					return http.StatusForbidden
				}
				return 0
			}},
		},
		{name: "no code scanning", noUpload: true, hub: &hub{}, report: "max-size", log: "::warning title=ctxsize::The findings are not in code scanning"},
		{name: "no comment", with: map[string]string{"comment": "false"}, hub: &hub{}, report: "max-size"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			j := newJob(t, "pull_request", pullRequest)
			server := httptest.NewServer(test.hub)
			t.Cleanup(server.Close)
			j.env["GITHUB_API_URL"], j.env["GITHUB_GRAPHQL_URL"] = server.URL, server.URL+"/graphql"
			j.install()
			j.shop(test.change)
			with := maps.Clone(limits)
			maps.Copy(with, test.with)
			got := j.use(with, test.noUpload)
			if got.status != test.status || got.outputs["status"] != fmt.Sprint(test.status) || !strings.Contains(got.log, test.log) {
				t.Errorf("exit status %d, outputs %q, log:\n%s", got.status, got.outputs, got.log)
			}
			report := j.read(got.outputs["report"])
			if !strings.HasPrefix(report, marker) || !strings.Contains(report, test.report) || !strings.HasPrefix(j.summary(), report) {
				t.Errorf("report:\n%s\nsummary:\n%s", report, j.summary())
			}
			posted := test.hub.refuse == nil && test.with["comment"] != "false"
			if want := []string{us + ": " + report}; posted && !slices.Equal(test.hub.bodies(), want) || !posted && len(test.hub.comments) > 0 {
				t.Errorf("comments: %q", test.hub.bodies())
			}
			if measured := test.status < 2; measured != (len(got.uploaded) == 1) {
				t.Errorf("uploaded %q", got.uploaded)
			}
			for _, sarif := range got.uploaded {
				var log struct{ Version string }
				if err := json.Unmarshal([]byte(sarif), &log); err != nil || log.Version != "2.1.0" {
					t.Errorf("%v: %s", err, sarif)
				}
			}
		})
	}
}
