package config_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/ctxsize/ctxsize/internal/config"
)

var update = flag.Bool("update", false, "write the schema into docs")

const schemaFile = "../../docs/ctxsize.schema.json"

type object = map[string]any

// schema is what editors may know of the file, made of the settings themselves.
func schema() object {
	word := object{"type": []any{"string", "number"}}
	mapping := func(value object) object {
		return object{"oneOf": []any{object{"type": "object", "additionalProperties": value}, object{"const": "off"}}}
	}
	settings := object{}
	for _, s := range config.Settings() {
		is := object{}
		switch {
		case s.Key == "build-args":
			is = mapping(object{"type": []any{"string", "number", "boolean", "null"}})
		case s.Kind == config.Pairs:
			is = mapping(word)
		case s.Kind == config.List:
			is = object{"oneOf": []any{word, object{"type": "array", "items": word}}}
		case s.Words != nil:
			is["enum"] = s.Words
		default:
			is["type"] = word["type"]
		}
		is["description"] = s.Says
		settings[s.Key] = is
	}
	with := func(more object) object {
		out := object{}
		for _, from := range []object{settings, more} {
			maps.Copy(out, from)
		}
		return out
	}
	accept := object{
		"type": "array", "description": "findings, secrets and artifacts that do no harm",
		"items": object{
			"type": "object", "additionalProperties": false, "required": []any{"id", "reason"},
			"properties": object{
				"id":     object{"type": "string", "description": "the id of the finding, such as secret-sent"},
				"path":   object{"type": "string", "description": "what it is about, as a line of an ignore file; anything without"},
				"reason": object{"type": "string", "minLength": 1, "description": "why it does no harm"},
			},
		},
	}
	return object{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     "https://raw.githubusercontent.com/ctxsize/ctxsize/main/docs/ctxsize.schema.json",
		"title":   config.FileName, "type": []any{"object", "null"}, "additionalProperties": false,
		"properties": with(object{
			"accept": accept,
			"contexts": object{
				"type": "array", "description": "contexts with settings of their own",
				"items": object{
					"type": "object", "additionalProperties": false, "required": []any{"path"},
					"properties": with(object{
						"path":   object{"type": "string", "description": "the directory, relative to this file"},
						"accept": accept,
					}),
				},
			},
			"lint": object{
				"type": "object", "additionalProperties": false, "description": "what ctxsize lint makes of its rules",
				"properties": object{"rules": object{
					"type": "object", "description": "severities by rule",
					"additionalProperties": object{"enum": []any{"error", "warning", "info", "off"}},
				}},
			},
		}),
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	var want bytes.Buffer
	e := json.NewEncoder(&want)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(schema()); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(schemaFile, want.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is not what the settings say; go test ./internal/config -update writes it", schemaFile)
	}
}

// valid holds a value to the part of JSON Schema that is used.
func valid(s object, v any) error {
	if one, ok := s["oneOf"].([]any); ok {
		n := 0
		for _, of := range one {
			if valid(of.(object), v) == nil {
				n++
			}
		}
		if n != 1 {
			return fmt.Errorf("%v is %d of %v", v, n, one)
		}
	}
	if is, ok := s["const"]; ok && fmt.Sprint(is) != fmt.Sprint(v) {
		return fmt.Errorf("%v is not %v", v, is)
	}
	if words, ok := s["enum"].([]any); ok && !slices.ContainsFunc(words, func(w any) bool { return fmt.Sprint(w) == fmt.Sprint(v) }) {
		return fmt.Errorf("%v is none of %v", v, words)
	}
	if types, ok := s["type"].([]any); ok && !slices.Contains(types, any(typeOf(v))) {
		return fmt.Errorf("%v is no %v", v, types)
	}
	if kind, ok := s["type"].(string); ok && kind != typeOf(v) {
		return fmt.Errorf("%v is no %s", v, kind)
	}
	switch v := v.(type) {
	case string:
		if least, ok := s["minLength"].(float64); ok && len(v) < int(least) {
			return fmt.Errorf("%q is too short", v)
		}
	case []any:
		of, _ := s["items"].(object)
		for _, item := range v {
			if err := valid(of, item); err != nil {
				return err
			}
		}
	case object:
		required, _ := s["required"].([]any)
		for _, key := range required {
			if _, ok := v[key.(string)]; !ok {
				return fmt.Errorf("%v lacks %v", v, key)
			}
		}
		properties, _ := s["properties"].(object)
		for key, value := range v {
			of, ok := properties[key].(object)
			if !ok {
				of, _ = s["additionalProperties"].(object)
			}
			if !ok && s["additionalProperties"] == false {
				return fmt.Errorf("%q is not known", key)
			}
			if err := valid(of, value); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
		}
	}
	return nil
}

func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case object:
		return "object"
	default:
		return "number"
	}
}

// example is a configuration in the documentation.
var example = regexp.MustCompile("(?s)```yaml\n(# \\.ctxsize\\.yaml.*?)```")

// TestSchemaAgrees holds the schema and the parser to one another: what one takes,
// the other does.
func TestSchemaAgrees(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var published object
	if err := json.Unmarshal(text, &published); err != nil {
		t.Fatal(err)
	}
	type document struct {
		text  string
		takes bool
	}
	var all []document
	for _, d := range []string{
		"", "max-size: 50MB", "max-size: 50000", "max-files: 10", "max-size: off", "forbid: secrets", "forbid: [vcs, log]", "on: wire",
		"max-dir-size: {a: 1MB, b: 10, c: off}", "max-dir-size: off", "builder: podman", "build-args: {A: 1, B: true, C: , D: x}",
		"contexts: [{path: a, file: b, target: c}]", "contexts: []", "lint: {rules: {dead-rule: off}}",
		"accept: [{id: a, reason: b}, {id: a, path: c, reason: d}]", "contexts: [{path: a, accept: [{id: a, reason: b}]}]",
	} {
		all = append(all, document{d, true})
	}
	for _, d := range []string{
		"max-sise: 1MB", "max-size: [1]", "max-size: {a: 1}", "max-size: ", "on: disk", "builder: docker", "forbid: {a: b}",
		"forbid: [[a]]", "max-dir-size: assets", "max-dir-size: [a=1]", "max-dir-size: {a: [1]}", "contexts: {path: a}", "contexts: [{target: a}]",
		"contexts: [{path: a, contexts: []}]", "contexts: [{path: a, lint: {}}]", "accept: [{id: a}]", "accept: [{reason: a}]", "accept: [{id: a, reason: ''}]",
		"accept: {id: a, reason: b}", "lint: {dead-rule: off}", "lint: {rules: {dead-rule: loud}}", "- a", "word",
	} {
		all = append(all, document{d, false})
	}
	examples := 0
	for _, file := range []string{"../../docs/check.md", "../../docs/ci.md"} {
		page, err := os.ReadFile(file)
		if err != nil {
			continue // not every page is there
		}
		for _, match := range example.FindAllStringSubmatch(string(page), -1) {
			examples++
			all = append(all, document{match[1], true})
		}
	}
	if examples == 0 {
		t.Error("the documentation shows no configuration")
	}
	for _, d := range all {
		_, err := config.Parse("c", []byte(d.text))
		var v any
		if yamlErr := yaml.Unmarshal([]byte(d.text), &v); yamlErr != nil {
			t.Fatalf("%s: %v", d.text, yamlErr)
		}
		schemaErr := valid(published, plainly(v))
		if (err == nil) != d.takes || (schemaErr == nil) != d.takes {
			t.Errorf("%s\nthe parser says %v, the schema %v; want %v", strings.TrimSpace(d.text), err, schemaErr, d.takes)
		}
	}
}

// plainly makes of YAML what JSON would be.
func plainly(v any) any {
	switch v := v.(type) {
	case map[any]any:
		out := object{}
		for key, value := range v {
			out[fmt.Sprint(key)] = plainly(value)
		}
		return out
	case object:
		for key, value := range v {
			v[key] = plainly(value)
		}
	case []any:
		for i := range v {
			v[i] = plainly(v[i])
		}
	}
	return v
}
