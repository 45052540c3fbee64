package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ctxsize/ctxsize/suggest"
)

// jsonSources declare the fields of the JSON that docs/json.md is about.
var jsonSources = []string{
	"report/json.go", "report/*_json.go", "report/list.go", "report/verify.go", "report/config.go", "report/history_data.go", "report/undo.go",
	"plan/transfers.go", "finding/finding.go",
}

// jsonValues are the words of docs/json.md that are no fields, the classes aside.
var jsonValues = []string{
	"null", "dir", "link", "other", "error", "warning", "info", "safe", "review", "allowlist", "equal", "differs", "eligible", "wire", "count",
	"context", "dockerfile", "ignorefile", "file", "sent", "bytes", "files", "repair",
}

var (
	jsonTag   = regexp.MustCompile("`json:\"([^\",]+)")
	codeWord  = regexp.MustCompile("`([^`]+)`")
	fieldName = regexp.MustCompile(`^[a-z]+([A-Z0-9][a-z0-9]*)*$`)
)

// jsonWords returns the words of a text that may be fields.
func jsonWords(text string) map[string]bool {
	words := map[string]bool{}
	for _, code := range codeWord.FindAllStringSubmatch(text, -1) {
		for word := range strings.SplitSeq(code[1], ".") {
			if fieldName.MatchString(word) {
				words[word] = true
			}
		}
	}
	return words
}

// jsonPage returns what docs/json.md says: all of it, and by command.
func jsonPage(t *testing.T) (page string, sections map[string]string) {
	t.Helper()
	data, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	measured, others, ok := strings.Cut(string(data), "\n## The other commands\n")
	if !ok {
		t.Fatal("the page has lost its second part")
	}
	sections = map[string]string{"": measured}
	for _, item := range strings.Split(others, "\n* ")[1:] {
		command, text, _ := strings.Cut(item, "`: ")
		sections[strings.TrimPrefix(command, "`")] = text
	}
	return string(data), sections
}

// TestJSONDocs wants docs/json.md to name every field and every class, and nothing
// that is none.
func TestJSONDocs(t *testing.T) {
	t.Parallel()
	page, sections := jsonPage(t)
	documented := jsonWords(page)
	fields := map[string]bool{}
	for _, pattern := range jsonSources {
		files, err := filepath.Glob(filepath.Join("../../internal", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", pattern, files, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, tag := range jsonTag.FindAllStringSubmatch(string(text), -1) {
				fields[tag[1]] = true
			}
		}
	}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if !documented[field] {
			t.Errorf("the field %q is not explained", field)
		}
	}
	forbid, err := os.ReadFile("../../docs/check.md")
	if err != nil {
		t.Fatal(err)
	}
	known := slices.Clone(jsonValues)
	for _, class := range suggest.Classes() {
		known = append(known, string(class))
		for name, text := range map[string]string{"json.md": sections[""], "check.md": string(forbid)} {
			if !strings.Contains(text, "`"+string(class)+"`") {
				t.Errorf("%s does not name the class %q", name, class)
			}
		}
	}
	for command := range sections {
		known = append(known, command)
	}
	for _, word := range slices.Sorted(maps.Keys(documented)) {
		if !fields[word] && !slices.Contains(known, word) {
			t.Errorf("%q is no field, no value and no command", word)
		}
	}
}

// TestJSONDocsByCommand wants every field that a command prints named where the page
// tells of the command, or of the measurement, which the others refer to.
func TestJSONDocsByCommand(t *testing.T) {
	t.Parallel()
	_, sections := jsonPage(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"Dockerfile": "FROM scratch\nCOPY . /\nCOPY --from=nobody a /\n", ".dockerignore": "docs\n*.y\n*.y\n!docs/a.md\n# ctxsize:ignore dead-rule\n*.x\n",
		"package.json": "{}", "node_modules/a/index.js": "a", "debug.log": "a", "docs/a.md": "a", "docs/b.md": "b", ".env": "TOKEN=abcdefgh12345678\n", "dist/x": "x",
		".ctxsize.yaml": "accept: [{id: secret-sent, reason: none}]\nlint: {rules: {dead-rule: info}}\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		line string
		// more are the sections that the section refers to.
		more []string
	}{
		{line: "", more: nil},
		{line: "ls"},
		{line: "explain debug.log docs/a.md"},
		{line: "explain --pattern *.log debug.log", more: []string{"explain"}},
		{line: "explain --rule 1"},
		{line: "lint"},
		{line: "lint --fix --dry-run"},
		{line: "lint --list-rules"},
		{line: "fix --dry-run"},
		{line: "fix --repair --dry-run", more: []string{"lint"}},
		{line: "check --max-size 1 --max-files 1 --forbid dependencies", more: []string{"diff"}},
		{line: "config"},
	} {
		t.Run(tt.line, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			p := &program{
				args: append(strings.Fields(tt.line), "--format", "json"), stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, dir: dir,
				getenv: func(string) (string, bool) { return "", false }, environ: func() []string { return nil }, columns: func() int { return 0 },
			}
			if status := p.run(t.Context()); status == exitUsage {
				t.Fatal(stderr.String())
			}
			words := strings.Fields(tt.line)
			section := ""
			if len(words) > 0 {
				section = words[0]
			}
			text := sections[""] + sections[section]
			for name := range sections {
				if strings.HasPrefix(name, section+" --") || slices.Contains(tt.more, name) {
					text += sections[name]
				}
			}
			named := jsonWords(text)
			for _, field := range slices.Sorted(maps.Keys(keysOf(t, &stdout))) {
				if !named[field] {
					t.Errorf("%q is printed, and not explained for this command", field)
				}
			}
		})
	}
}

// keysOf returns the fields of all objects in a stream of JSON.
func keysOf(t *testing.T, r io.Reader) map[string]bool {
	t.Helper()
	keys := map[string]bool{}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, value := range v {
				keys[key] = true
				walk(value)
			}
		case []any:
			for _, value := range v {
				walk(value)
			}
		}
	}
	for d := json.NewDecoder(r); ; {
		var v any
		switch err := d.Decode(&v); err {
		case nil:
			walk(v)
		case io.EOF:
			if len(keys) == 0 {
				t.Error("nothing was printed")
			}
			return keys
		default:
			t.Fatal(err)
		}
	}
}
