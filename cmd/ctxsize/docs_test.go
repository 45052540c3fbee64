package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// shownCode is what a page shows as code: a span or a line of a block that begins with
// a flag or with the program.
var shownCode = regexp.MustCompile("(?m)`((?:ctxsize|-)[^`\n]*)`|^ *(?:\\$ |run: |- run: )?(ctxsize .*)$")

// foreignFlags are shown, and belong to other programs: walk of bench/.
var foreignFlags = []string{"x"}

// TestDocumentedFlags wants every flag that the pages show to be one of the command
// that it is shown with, and the README to list every command.
func TestDocumentedFlags(t *testing.T) {
	t.Parallel()
	root := newRootCommand(&program{})
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range shownCode.FindAllStringSubmatch(string(text), -1) {
			words := strings.Fields(code[1] + code[2])
			candidates := append(root.Commands(), root)
			if words[0] == "ctxsize" {
				cmd, _, err := root.Find(words[1:])
				if err != nil {
					continue // a sentence that begins with the name
				}
				candidates = []*cobra.Command{cmd}
			}
			for _, word := range words {
				if name := flagOf(word); name != "" && !slices.Contains(foreignFlags, name) {
					shown++
					if !slices.ContainsFunc(candidates, func(c *cobra.Command) bool { return takes(c, name) }) {
						t.Errorf("%s: %q: there is no %s", filepath.Base(page), strings.Join(words, " "), word)
					}
				}
			}
		}
	}
	if shown < 50 {
		t.Errorf("only %d flags were found", shown)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, cmd := range root.Commands() {
		if cmd.IsAvailableCommand() && cmd.Name() != "help" && !strings.Contains(string(readme), "\n| `ctxsize "+cmd.Name()+" ") {
			t.Errorf("the README does not list ctxsize %s", cmd.Name())
		}
	}
}

// flagOf returns the name of a flag without what belongs to the sentence around it,
// "" for another word.
func flagOf(word string) string {
	name, _, _ := strings.Cut(strings.TrimLeft(strings.TrimRight(word, "`,.;:)"), "("), "=")
	if long, ok := strings.CutPrefix(name, "--"); ok {
		return long
	}
	if len(name) == 2 && name[0] == '-' {
		return name[1:]
	}
	return ""
}

func takes(cmd *cobra.Command, flag string) bool {
	if len(flag) == 1 {
		return flag == "h" || flag == "v" || cmd.Flags().ShorthandLookup(flag) != nil
	}
	return flag == "help" || flag == "version" || cmd.Flags().Lookup(flag) != nil
}
