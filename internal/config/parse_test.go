package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ctxsize/ctxsize/internal/config"
)

func TestParse(t *testing.T) {
	t.Parallel()
	f, err := config.Parse("deploy/.ctxsize.yaml", []byte(`# limits
max-size: 50MB
max-files: 5000
forbid: [secrets, "pattern:*.psd"]
contexts:
  - path: .
    max-dir-size: {assets: 20MB, a/b: off}
    max-file-size: off
  - path: ../web
    file: ../web/prod.Dockerfile
    build-args:
      VERSION: 1.20
      TOKEN:
    build-contexts:
      lib: ../lib
      base: docker-image://alpine
    forbid: vcs
    accept:
      - {id: secret-sent, path: keys, reason: "a test's own"}
accept:
  - id: dead-rule
    reason: >
      generated
lint:
  rules:
    root-only: off
`))
	if err != nil {
		t.Fatal(err)
	}
	const name = "deploy/.ctxsize.yaml"
	value := func(text, at string) []config.Value { return []config.Value{{Text: text, From: name + ":" + at}} }
	want := &config.File{
		Name: name,
		Values: config.Values{
			"max-size": value("50MB", "2:11"), "max-files": value("5000", "3:12"),
			"forbid": {{Text: "secrets", From: name + ":4:10"}, {Text: "pattern:*.psd", From: name + ":4:19"}},
		},
		Contexts: []config.Context{
			{Path: "deploy", Place: config.Place{File: name, Line: 6, Column: 11}, Values: config.Values{
				"max-dir-size":  {{Text: "assets=20MB", From: name + ":7:28"}, {Text: "a/b=off", From: name + ":7:39"}},
				"max-file-size": value("off", "8:20"),
			}},
			{
				Path: "web", Place: config.Place{File: name, Line: 9, Column: 11}, Values: config.Values{
					"file":           value("web/prod.Dockerfile", "10:11"),
					"build-args":     {{Text: "VERSION=1.20", From: name + ":12:16"}, {Text: "TOKEN", From: name + ":13:13"}},
					"build-contexts": {{Text: "lib=lib", From: name + ":15:12"}, {Text: "base=docker-image://alpine", From: name + ":16:13"}},
					"forbid":         value("vcs", "17:13"),
				},
				Accept: []config.Accept{{Place: config.Place{File: name, Line: 19, Column: 14}, ID: "secret-sent", Path: "keys", Reason: "a test's own"}},
			},
		},
		Accept: []config.Accept{{Place: config.Place{File: name, Line: 21, Column: 9}, ID: "dead-rule", Reason: "generated"}},
		Lint:   []config.Lint{{Place: config.Place{File: name, Line: 26, Column: 16}, Rule: "root-only", Severity: "off"}},
	}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := f.For("/", "/web"); len(got) != 1 || got[0].Path != "web" {
		t.Errorf("For(/web) = %+v", got)
	}
}

func TestParseNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n", "# a comment\n", "---\n", "~", "{}"} {
		if f, err := config.Parse("c", []byte(text)); err != nil || len(f.Values) != 0 {
			t.Errorf("Parse(%q) = %+v, %v", text, f, err)
		}
	}
}

// TestParseErrors wants each to name its place and what to do.
func TestParseErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"max-sise: 50MB\n":                   {`c:1:1: the configuration has no setting "max-sise"`, "did you mean max-size?"},
		"colour: red\n":                      {`c:1:1: the configuration has no setting "colour"`, "the settings are builder, file"},
		"max-size: 1MB\nmax-size: 2MB\n":     {`c:2:1: "max-size" stands there twice`, "keep one"},
		"max-size:\n":                        {"c:1:10: max-size has no value", "write one"},
		"max-size: [1MB]\n":                  {"c:1:11: max-size is no single value", "write one word"},
		"max-dir-size: assets\n":             {"c:1:15: max-dir-size is no mapping", "write name: value"},
		"forbid: {a: b}\n":                   {"c:1:9: forbid is no single value", "one word"},
		"builder: docker\n":                  {`c:1:10: "docker" is no builder`, "buildkit, classic, podman"},
		"contexts: {path: .}\n":              {"c:1:11: contexts is no list", "behind a dash"},
		"contexts:\n  - target: a\n":         {"c:2:5: the context has no path", "add path:"},
		"contexts:\n  - path: .\n    max: 1": {`c:3:5: a context has no setting "max"`, "the settings are path"},
		"- max-size: 1MB\n":                  {"c:1:1: the configuration is no mapping", "key: value"},
		"accept:\n  - id: secret-sent\n":     {"c:2:5: secret-sent is accepted without a reason", "add reason:"},
		"accept:\n  - reason: x\n":           {"c:2:5: nothing says what is accepted", "add id:"},
		"lint: {rules: {a: loud}}\n":         {`c:1:19: "loud" is no severity`, "error, warning, info or off"},
		"lint: {dead-rule: off}\n":           {`c:1:8: lint has no setting "dead-rule"`, "rules"},
		"max-size: &a 1MB\non: *a\n":         {"c:2:5: aliases are not read", "write the value out"},
		"forbid: [&a vcs, *a]\n":             {"c:1:18: aliases are not read", "write the value out"},
		"max-size: 1MB\n---\non: sent\n":     {"c: there are several documents", "keep one"},
		"max-size: \"1MB\n":                  {"c:2:1:", "docs/check.md"},
		"a: b: c\n":                          {"c:1:", "docs/check.md"},
		"\tmax-size: 1MB\n":                  {"c:1:", "docs/check.md"},
	} {
		_, err := config.Parse("c", []byte(text))
		e, ok := errors.AsType[*config.Error](err)
		if !ok || !strings.HasPrefix(err.Error(), want[0]) || !strings.Contains(e.Hint, want[1]) {
			t.Errorf("Parse(%q): %v; want %s and the hint %s", text, err, want[0], want[1])
			if ok {
				t.Logf("hint: %s", e.Hint)
			}
		}
	}
}

// FuzzParse wants an answer to everything: settings whose places are in the file, or
// an error with a hint.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"max-size: 1MB\n", "contexts: [{path: a, forbid: [x]}]", "accept: [{id: a, reason: b}]", "a: &a [*a]", "? [a]: b", "!!binary x", "--- |\n x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := config.Parse("c", []byte(text))
		if err == nil {
			for key, values := range file.Values {
				for _, v := range values {
					if _, ok := config.Lookup(key); !ok || !strings.HasPrefix(v.From, "c:") {
						t.Errorf("%s: %+v", key, v)
					}
				}
			}
			return
		}
		if e, ok := errors.AsType[*config.Error](err); !ok || e.Hint == "" || e.Reason == "" {
			t.Errorf("%v", err)
		}
	})
}
