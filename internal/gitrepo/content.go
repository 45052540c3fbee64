package gitrepo

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// treeEntry is one entry of a tree.
type treeEntry struct {
	name string
	mode uint32
	id   string
}

// parseTree reads the content of a tree, in the byte order of the names; a tree
// itself has "a.b" before the directory "a". What git would not check out is an
// error.
func parseTree(data []byte, idSize int) ([]treeEntry, error) {
	entries := make([]treeEntry, 0, len(data)/(idSize+16))
	for rest := string(data); rest != ""; {
		mode, after, ok := strings.Cut(rest, " ")
		name, id, ok2 := strings.Cut(after, "\x00")
		bits, err := strconv.ParseUint(mode, 8, 32)
		if !ok || !ok2 || err != nil || len(id) < idSize {
			return nil, errDamaged
		}
		if name == "" || name == "." || name == ".." || strings.EqualFold(name, ".git") || strings.Contains(name, "/") {
			return nil, fmt.Errorf("%w: an entry is called %q", errDamaged, name)
		}
		entries = append(entries, treeEntry{name, uint32(bits), id[:idSize]})
		rest = id[idSize:]
	}
	slices.SortFunc(entries, func(a, b treeEntry) int { return strings.Compare(a.name, b.name) })
	for i := 1; i < len(entries); i++ {
		if entries[i].name == entries[i-1].name {
			return nil, fmt.Errorf("%w: two entries are called %q", errDamaged, entries[i].name)
		}
	}
	return entries, nil
}

// findEntry finds an entry by its name.
func findEntry(entries []treeEntry, name string) (treeEntry, bool) {
	i, ok := slices.BinarySearchFunc(entries, name, func(e treeEntry, name string) int { return strings.Compare(e.name, name) })
	if !ok {
		return treeEntry{}, false
	}
	return entries[i], true
}

// fields reads the lines "name value" that a commit or a tag begins with, and
// returns the text behind the empty line.
func fields(data []byte, field func(name, value string)) (text string) {
	for {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		if len(line) == 0 {
			return string(rest)
		}
		if name, value, ok := strings.Cut(string(line), " "); ok && name != "" {
			field(name, value)
		}
		data = rest
	}
}

// rawID returns the id that is written in hexadecimal, or "".
func (r *Repo) rawID(text string) string {
	id, err := hex.DecodeString(text)
	if err != nil || len(id) != r.idSize {
		return ""
	}
	return string(id)
}
