package suggest

import (
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// Rewrite is a new text for the ignore file that is more than a few rules added.
type Rewrite struct {
	// Text is the whole file; every byte that was there stays.
	Text []byte
	// Notes are what a person should know of it.
	Notes []Note

	// needed are the paths that an instruction names, opened those that the text is
	// meant to let through, and tooMany those that it would lose and cannot save.
	needed, opened, tooMany []string
}

// Note is something that could not be said, or that will need care.
type Note struct {
	// File and Line say where the cause is written; empty and 0 for nowhere.
	File string
	Line int
	// Pattern is what is written there.
	Pattern string
	// Path is what it is about in the context, or "".
	Path string
	// Message says what is so.
	Message string
}

// Compare finds what a text, which is that of the rewrite with suggestions
// followed, would lose of what an instruction names, and what is kept back now and
// would come back, because what stands before an exception of a person's gives it
// another meaning. Every builder that has a say is asked. Where it finds anything,
// the text must not be written. The error is that of a builder which refuses.
func (w *Rewrite) Compare(facts Facts, text []byte) (lost, back []string, err error) {
	podman := facts.Selection.Builder == buildcontext.Podman
	file, err := ignore.Parse("", text)
	if podman {
		file, err = ignore.ParsePodman("", text), nil
	}
	if err != nil {
		return nil, nil, err
	}
	lost = slices.Clone(w.tooMany)
	builders := []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic}
	if podman {
		builders = []buildcontext.Builder{buildcontext.Podman}
	}
	inv := facts.Selection.Inventory()
	for _, builder := range builders {
		before, err := buildcontext.Select(inv, buildcontext.Request{Builder: builder, Rules: facts.Selection.Request.Rules})
		if err != nil {
			return nil, nil, err
		}
		after, err := buildcontext.Select(inv, buildcontext.Request{Builder: builder, Rules: file.Rules()})
		if err != nil {
			return nil, nil, err
		}
		for _, path := range w.needed {
			if id, ok := inv.Lookup(path); ok && holdsEligible(before, id) && !holdsEligible(after, id) {
				lost = append(lost, path)
			}
		}
		inv.Walk(0, func(id buildcontext.ID, path string) bool {
			_, isDir := inv.Dir(id)
			switch {
			case isDir || !after.Eligible(id):
			case !before.Eligible(id) && !liesIn(path, w.opened):
				back = append(back, path)
			case after.Emptied(id) && !before.Emptied(id):
				lost = append(lost, path)
			}
			return true
		})
	}
	slices.Sort(lost)
	slices.Sort(back)
	return slices.Compact(lost), slices.Compact(back), nil
}

func liesIn(path string, paths []string) bool {
	return slices.ContainsFunc(paths, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

// holdsEligible tells whether an entry is eligible, or something below it is: the
// classic client sends files without the directories above them.
func holdsEligible(sel *buildcontext.Selection, id buildcontext.ID) bool {
	found := sel.Eligible(id)
	if sub, ok := sel.Inventory().Dir(id); ok {
		sel.Inventory().Walk(sub, func(id buildcontext.ID, _ string) bool {
			found = found || sel.Eligible(id)
			return !found
		})
	}
	return found
}
