package treetest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

// Parse makes a tree of a txtar archive. The lines of its comment that make
// nothing are returned, trimmed, without blank ones and such that begin with "#".
func Parse(tb testing.TB, text string) (tree *Tree, rest []string) {
	tb.Helper()
	tree = &Tree{}
	archive := txtar.Parse([]byte(text))
	for _, f := range archive.Files {
		name := unquote(tb, f.Name)
		if dir, ok := strings.CutSuffix(name, "/"); ok {
			tree.Dir(dir)
			continue
		}
		tree.Text(name, string(f.Data))
	}
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !tree.directive(tb, split(tb, line)) {
			rest = append(rest, line)
		}
	}
	return tree, rest
}

func (t *Tree) directive(tb testing.TB, words []string) bool {
	tb.Helper()
	number := func(s string, base, bits int) int64 {
		n, err := strconv.ParseInt(s, base, bits)
		if err != nil {
			tb.Fatalf("%q: %v", words, err)
		}
		return n
	}
	switch {
	case words[0] == "filesize" && len(words) == 3:
		t.File(words[2], number(words[1], 0, 64), "")
	case words[0] == "filesize" && len(words) == 4:
		t.File(words[2], number(words[1], 0, 64), words[3])
	case words[0] == "symlink" && len(words) == 4 && words[2] == "->":
		t.Symlink(words[1], words[3])
	case words[0] == "hardlink" && len(words) == 4 && words[2] == "->":
		t.Link(words[1], words[3])
	case words[0] == "mkdir" && len(words) == 2:
		t.Dir(words[1])
	case words[0] == "chmod" && len(words) == 3:
		t.Chmod(words[2], fs.FileMode(number(words[1], 8, 32)))
	default:
		return false
	}
	return true
}

// split cuts a line into words; one in single quotes is the inside of a string.
func split(tb testing.TB, line string) []string {
	tb.Helper()
	var words []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if line[0] != '\'' {
			word, rest, _ := strings.Cut(line, " ")
			words, line = append(words, word), rest
			continue
		}
		word, rest, ok := strings.Cut(line[1:], "'")
		if !ok {
			tb.Fatalf("no closing quote: %s", line)
		}
		words, line = append(words, unquote(tb, "'"+word+"'")), rest
	}
	return words
}

func unquote(tb testing.TB, word string) string {
	tb.Helper()
	if len(word) < 2 || word[0] != '\'' || word[len(word)-1] != '\'' {
		return word
	}
	out, err := strconv.Unquote(`"` + strings.ReplaceAll(word[1:len(word)-1], `"`, `\"`) + `"`)
	if err != nil {
		tb.Fatalf("%s: %v", word, err)
	}
	return out
}

// Write puts the tree into a directory that exists. Zeros behind the head of a
// file take no room where the file system knows sparse files.
func (t *Tree) Write(dir string) error {
	first := map[*content]string{}
	return t.root.write(dir, first)
}

func (n *node) write(dir string, first map[*content]string) error {
	for name, child := range n.children {
		full := dir + string(filepath.Separator) + name
		if err := child.make(full, first); err != nil {
			return fmt.Errorf("treetest: %w", err)
		}
	}
	return nil
}

func (n *node) make(full string, first map[*content]string) error {
	switch {
	case n.data == nil && n.mode&fs.ModeSymlink != 0:
		return os.Symlink(n.target, full)
	case n.data == nil:
		if err := os.Mkdir(full, 0o755); err != nil {
			return err
		}
		if err := n.write(full, first); err != nil {
			return err
		}
	case first[n.data] != "":
		return os.Link(first[n.data], full)
	default:
		first[n.data] = full
		if err := os.WriteFile(full, []byte(n.data.head), 0o644); err != nil {
			return err
		}
		if err := os.Truncate(full, n.data.size); err != nil {
			return err
		}
	}
	if err := os.Chmod(full, n.mode.Perm()); err != nil {
		return err
	}
	return os.Chtimes(full, time.Unix(Seconds, 0), time.Unix(Seconds, 0))
}
