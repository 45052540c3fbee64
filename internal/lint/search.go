package lint

import (
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// search looks for what a single rule matches, not below another match. It is done
// for every rule over every entry: states tell where nothing can match any more, and
// paths are made only of what is found.
type search struct {
	*evidence
	matcher *ignore.Matcher
	// folded tells that names are compared in lower case.
	folded bool
	// reach is what some rule reaches: nothing else is looked through.
	reach reach
	// everywhere tells that closed directories are looked into, too.
	everywhere bool
	// visit takes a match and tells whether the search goes on.
	visit func(in buildcontext.DirID, id buildcontext.ID) bool
}

// directory looks through a directory and tells whether the search goes on.
func (s *search) directory(dir buildcontext.DirID, state *ignore.State) bool {
	if ignored, certain := state.Certain(); certain && !ignored {
		return true
	}
	first, count := s.Inventory.Entries(dir)
	for id := first; id < first+count; id++ {
		name := s.Inventory.Name(id)
		if s.folded {
			name = strings.ToLower(name)
		}
		sub, isDir := s.Inventory.Dir(id)
		var d ignore.Decision
		var below *ignore.State
		var err error
		if isDir {
			d, below, err = s.matcher.Enter(state, name)
		} else {
			d, err = s.matcher.Entry(state, name)
		}
		goesOn := true
		switch {
		case err != nil:
		case d.Ignored:
			goesOn = s.visit(dir, id)
		case isDir && s.reach.has(sub) && (s.everywhere || !s.closed(id)):
			goesOn = s.directory(sub, below)
		}
		if !goesOn {
			return false
		}
	}
	return true
}

// reach tells of each directory whether some rule matches anything below it. It is nil
// where that is not known.
type reach []bool

func (r reach) has(dir buildcontext.DirID) bool { return r == nil || r[dir] }

// reachOf goes through the tree once for many patterns, each of which then is looked
// for where one of them matches. Folded patterns are in lower case.
func (e *evidence) reachOf(texts []string, folded bool) reach {
	for i, text := range texts {
		if strings.HasPrefix(text, "!") {
			texts[i] = `\` + text
		}
	}
	m, err := ignore.Compile(ignore.Patterns(texts...))
	if err != nil {
		return nil
	}
	r := make(reach, e.Inventory.Dirs())
	var directory func(dir buildcontext.DirID, state *ignore.State)
	directory = func(dir buildcontext.DirID, state *ignore.State) {
		first, count := e.Inventory.Entries(dir)
		for id := first; id < first+count; id++ {
			name := e.Inventory.Name(id)
			if folded {
				name = strings.ToLower(name)
			}
			sub, isDir := e.Inventory.Dir(id)
			var d ignore.Decision
			var below *ignore.State
			var err error
			if isDir {
				if d, below, err = m.Enter(state, name); err == nil {
					directory(sub, below)
				}
			} else {
				d, err = m.Entry(state, name)
			}
			r[dir] = r[dir] || err != nil || d.Ignored || isDir && r[sub]
		}
	}
	directory(0, m.Root())
	return r
}
