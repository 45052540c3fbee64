package dockerfile

import (
	"maps"
	"slices"
)

// variable is the value of a variable.
type variable struct {
	value string
	// from names the variable of the base image that the value depends on, if
	// there is one: the value is then a guess.
	from string
}

// environ is the environment that words are expanded in. It keeps the exact case
// of the names, as the builder does, which runs on Linux.
type environ struct {
	vars map[string]variable
	// base holds what vars adds to, and is never changed: a stage does not copy what
	// those before it have set.
	base *environ
	// open tells that a base image may define more variables.
	open bool
}

// child returns an environment that begins as e, which must not change any more. A
// layer joins the one below unless that is more than twice as large, so that a
// variable is looked for in few of them.
func (e *environ) child() *environ {
	if e == nil {
		return &environ{}
	}
	top := e
	for top.base != nil && 2*len(top.vars) >= len(top.base.vars) {
		joined := make(map[string]variable, len(top.vars)+len(top.base.vars))
		maps.Copy(joined, top.base.vars)
		maps.Copy(joined, top.vars)
		top = &environ{vars: joined, base: top.base.base}
	}
	return &environ{base: top, open: e.open}
}

// clone returns a copy that may go another way than e.
func (e *environ) clone() *environ {
	return &environ{vars: maps.Clone(e.vars), base: e.base, open: e.open}
}

func (e *environ) set(key string, v variable) {
	if e.vars == nil {
		e.vars = map[string]variable{}
	}
	e.vars[key] = v
}

// delete takes away a variable that e itself has set.
func (e *environ) delete(key string) { delete(e.vars, key) }

func (e *environ) lookup(key string) (variable, bool) {
	for ; e != nil; e = e.base {
		if v, ok := e.vars[key]; ok {
			return v, true
		}
	}
	return variable{}, false
}

// Get makes environ a shell.EnvGetter, with Keys.
func (e *environ) Get(key string) (string, bool) {
	v, ok := e.lookup(key)
	return v.value, ok
}

// Keys returns the names in order.
func (e *environ) Keys() []string {
	var all []string
	for ; e != nil; e = e.base {
		all = slices.AppendSeq(all, maps.Keys(e.vars))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// watch is an environment that notes the first variable whose value is a guess.
type watch struct {
	*environ
	guess string
	// pretend answers what a base image may define with a word of its own.
	pretend bool
}

// Get takes note of the question.
func (w *watch) Get(key string) (string, bool) {
	v, ok := w.lookup(key)
	from := v.from
	if !ok && w.open {
		from = key
		if w.pretend {
			v.value, ok = key, true
		}
	}
	if w.guess == "" {
		w.guess = from
	}
	return v.value, ok
}
