package plan

import (
	"fmt"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/ignore"
)

// Lost is a path that a change would lose, and why it must not.
type Lost struct {
	Path, Why string
	// Back tells that the change would not lose the path, but let it through.
	Back bool
}

// lost compares a selection with the one before: what the Dockerfile names, and
// what a person's exception brought back, must not be lost.
func (res *Result) lost(after *buildcontext.Selection) ([]Lost, error) {
	excepted, err := res.broughtBack()
	if err != nil {
		return nil, err
	}
	return res.lostOf(after, excepted), nil
}

// lostOf is lost for a caller who knows what exceptions bring back.
func (res *Result) lostOf(after *buildcontext.Selection, excepted []placed) []Lost {
	var lost []Lost
	gone := func(path string) bool {
		id, ok := after.Inventory().Lookup(path)
		return !ok || !after.Eligible(id)
	}
	for _, read := range res.allReads() {
		for _, path := range res.named(read.Read) {
			if id, ok := res.Inventory.Lookup(path); ok && res.Selection.Eligible(id) && gone(path) {
				lost = append(lost, Lost{Path: path, Why: fmt.Sprintf("%s:%d names it: %s", read.file, read.Line, read.Text)})
			}
		}
	}
	for _, e := range excepted {
		if path := res.Inventory.Path(e.in, e.id); gone(path) {
			lost = append(lost, Lost{Path: path, Why: "an exception brings it back: " + res.decidedBy(e.id)})
		}
	}
	return lost
}

// placed is an entry and the directory that holds it.
type placed struct {
	in buildcontext.DirID
	id buildcontext.ID
}

// broughtBack returns what would be ignored without the exceptions, in walk order.
func (res *Result) broughtBack() ([]placed, error) {
	rules := res.Selection.Rules()
	plain := slices.DeleteFunc(slices.Clone(rules), ignore.Rule.Exception)
	if len(plain) == len(rules) {
		return nil, nil
	}
	request := res.Selection.Request
	request.Rules = plain
	without, err := buildcontext.Select(res.Inventory, request)
	if err != nil {
		return nil, wrapRefusal(err)
	}
	var excepted []placed
	res.Inventory.Each(0, func(in buildcontext.DirID, id buildcontext.ID) bool {
		if res.Selection.Eligible(id) && !without.Eligible(id) {
			excepted = append(excepted, placed{in, id})
		}
		return true
	})
	return excepted, nil
}

// decidedBy names the rule that decides about an entry.
func (res *Result) decidedBy(id buildcontext.ID) string {
	if rule := res.Selection.Rule(id); rule >= 0 {
		return res.Selection.Rules()[rule].String()
	}
	return "none"
}

// allReads returns every read of every target of every Dockerfile in the context.
func (res *Result) allReads() []namedRead {
	var all []namedRead
	if res.Instructions != nil {
		all = res.readsOf(res.Instructions)
		for _, read := range res.Build.Context.Each {
			all = append(all, namedRead{Read: read, file: res.Dockerfile.Name})
		}
	}
	for _, other := range res.others {
		all = append(all, res.readsOf(other)...)
	}
	return all
}

// namedRead is a read with the name of its Dockerfile.
type namedRead struct {
	buildcontext.Read
	file string
}

// readsOf returns every read of every target of one Dockerfile. A target that
// cannot be resolved cannot be built either.
func (r *Run) readsOf(file *dockerfile.File) []namedRead {
	var all []namedRead
	for _, read := range file.ResolveAll(r.buildOptions()).Each {
		all = append(all, namedRead{Read: read, file: file.Name()})
	}
	return all
}

// named returns the paths that a read names: one, or those that its wildcard
// matches.
func (res *Result) named(read buildcontext.Read) []string {
	path := strings.TrimPrefix(read.Path, "/")
	if path == "" {
		return nil
	}
	if !read.Wildcard {
		return []string{path}
	}
	return res.Inventory.Glob(path)
}
