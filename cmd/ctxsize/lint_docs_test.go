package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/ctxsize/ctxsize/internal/lint"
)

// unshown are the rules whose examples no archive can hold: a directory that
// cannot be read, a socket.
var unshown = []string{"context-refused", "ignore-file-unreadable", "socket-sent"}

// example is a tree and what ctxsize prints about it, in docs/lint.md.
var example = regexp.MustCompile("(?s)```txtar\n(.*?)```\n\n```console\n\\$ ([^\n]*)\n(.*?)```\n")

// TestLintDocs wants docs/lint.md to explain every rule, in their order, with an
// example in which the rule finds something and which prints what the page shows.
// With -update it writes that.
func TestLintDocs(t *testing.T) { //nolint:tparallel // what the subtests update is read behind them
	t.Parallel()
	const page = "../../docs/lint.md"
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	sections := strings.Split(string(data), "\n### ")
	var documented []string
	dir := t.TempDir()
	for _, section := range sections[1:] {
		id, _, _ := strings.Cut(section, "\n")
		documented = append(documented, id)
		found := example.FindStringSubmatch(section)
		if found == nil {
			if !slices.Contains(unshown, id) {
				t.Errorf("%s has no example", id)
			}
			continue
		}
		if !*update && !strings.Contains(found[3], "["+id+"]") {
			t.Errorf("the example of %s does not show it", id)
		}
		script := exampleScript(found)
		file := filepath.Join(dir, id+".txtar")
		if err := os.WriteFile(file, txtar.Format(script), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var rules []string
	for _, r := range lint.Rules() {
		rules = append(rules, r.ID)
	}
	if !slices.Equal(documented, rules) {
		t.Errorf("the page explains\n%q\nthe rules are\n%q", documented, rules)
	}
	if !t.Run("example", func(t *testing.T) { runScripts(t, dir) }) || !*update {
		return
	}
	for i, section := range sections[1:] {
		id, _, _ := strings.Cut(section, "\n")
		updated, err := txtar.ParseFile(filepath.Join(dir, id+".txtar"))
		if err != nil {
			continue
		}
		output := updated.Files[len(updated.Files)-1].Data
		at := example.FindStringSubmatchIndex(section)
		sections[i+1] = section[:at[6]] + string(output) + section[at[7]:]
	}
	if err := os.WriteFile(page, []byte(strings.Join(sections, "\n### ")), 0o600); err != nil {
		t.Fatal(err)
	}
}

// exampleScript makes a script of an example: its tree in a directory of its own,
// with a Dockerfile where it has none.
func exampleScript(example []string) *txtar.Archive {
	tree := txtar.Parse([]byte(example[1]))
	script := &txtar.Archive{Comment: []byte("cd app\n" + string(tree.Comment))}
	if strings.Contains(string(tree.Comment), "exec git ") {
		script.Comment = append([]byte("[!exec:git] skip\n"), script.Comment...)
	}
	if !slices.ContainsFunc(tree.Files, func(f txtar.File) bool { return strings.HasSuffix(f.Name, "Dockerfile") }) {
		tree.Files = append(tree.Files, txtar.File{Name: "Dockerfile", Data: []byte("FROM scratch\nCOPY . /\n")})
	}
	for _, f := range tree.Files {
		script.Files = append(script.Files, txtar.File{Name: "app/" + f.Name, Data: f.Data})
	}
	script.Comment = fmt.Appendf(script.Comment, "exec %s --fail-on none\ncmp stdout ../want.txt\n", example[2])
	script.Files = append(script.Files, txtar.File{Name: "want.txt", Data: []byte(example[3])})
	return script
}
