package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// transcript is a block of the README that shows a terminal.
var transcript = regexp.MustCompile("(?s)```console\n(.*?)```\n")

// TestReadme types what the README shows into the team's repository, and wants
// the answers that the README shows. With -update it writes them there.
func TestReadme(t *testing.T) { //nolint:tparallel // what the subtest updates is read behind it
	t.Parallel()
	const readme, story = "../../README.md", "../../testdata/repos/team.txtar"
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	team, err := txtar.ParseFile(story)
	if err != nil {
		t.Fatal(err)
	}
	script := &txtar.Archive{Files: team.Files}
	for line := range strings.Lines(string(team.Comment)) {
		if strings.HasPrefix(line, "filesize ") {
			script.Comment = append(script.Comment, line...)
		}
	}
	blocks := transcript.FindAllStringSubmatch(string(text), -1)
	if len(blocks) == 0 {
		t.Fatal("the README shows no terminal")
	}
	for i, block := range blocks {
		command, output, _ := strings.Cut(block[1], "\n")
		command, ok := strings.CutPrefix(command, "$ ctxsize ")
		if !ok {
			t.Fatalf("%q is no command of ctxsize", block[1])
		}
		name := fmt.Sprintf("readme%d.txt", i)
		script.Comment = fmt.Appendf(script.Comment, "exec ctxsize %s\ncmp stdout %s\n", command, name)
		script.Files = append(script.Files, txtar.File{Name: name, Data: []byte(output)})
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "readme.txtar")
	if err := os.WriteFile(file, txtar.Format(script), 0o600); err != nil {
		t.Fatal(err)
	}
	if !t.Run("transcript", func(t *testing.T) { runScripts(t, dir) }) || !*update {
		return
	}
	updated, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	answers := updated.Files[len(updated.Files)-len(blocks):]
	next := 0
	text = transcript.ReplaceAllFunc(text, func(block []byte) []byte {
		command, _, _ := strings.Cut(string(block), "\n$ ctxsize ")
		_, rest, _ := strings.Cut(string(block), "$ ctxsize ")
		typed, _, _ := strings.Cut(rest, "\n")
		next++
		return fmt.Appendf(nil, "%s\n$ ctxsize %s\n%s```\n", command, typed, answers[next-1].Data)
	})
	if err := os.WriteFile(readme, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
