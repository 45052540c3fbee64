package gitrepo

import (
	"cmp"
	"slices"
	"strings"
)

// Note is about a path whose size in a [Tree] needs a word.
type Note struct {
	Kind NoteKind
	// Path is that in the context.
	Path string
	// Detail is the filter or the encoding.
	Detail string
}

// NoteKind says what a note is about.
type NoteKind uint8

const (
	// Submodule is an empty directory in the tree; a checkout with submodules has
	// files there.
	Submodule NoteKind = iota
	// LFS is a file whose size is that which its pointer of Git LFS says.
	LFS
	// Filtered files are changed by a program when they are checked out, which is
	// not run: the size is that in the repository.
	Filtered
	// Encoded files are checked out in another encoding (working-tree-encoding):
	// the size is that in UTF-8.
	Encoded
)

// String returns a word for the kind.
func (k NoteKind) String() string {
	return [...]string{"submodule", "lfs", "filtered", "encoded"}[k]
}

// Notes returns what was met so far in the parts of the context that were read,
// sorted by path.
func (t *Tree) Notes() []Note {
	t.mu.Lock()
	defer t.mu.Unlock()
	return sortedNotes(t.notes, t.prefix)
}

// sortedNotes returns the notes about what lies below prefix, which is cut off.
func sortedNotes(all map[Note]bool, prefix string) []Note {
	notes := make([]Note, 0, len(all))
	for n := range all {
		if path, ok := strings.CutPrefix(n.Path, prefix); ok {
			n.Path = path
			notes = append(notes, n)
		}
	}
	slices.SortFunc(notes, func(a, b Note) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Kind, b.Kind))
	})
	return notes
}

func (t *Tree) note(kind NoteKind, full, detail string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.notes[Note{Kind: kind, Path: full, Detail: detail}] = true
}
