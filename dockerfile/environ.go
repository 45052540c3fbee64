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
	// open tells that a base image may define more variables.
	open bool
}

func (e *environ) clone() *environ {
	return &environ{vars: maps.Clone(e.vars), open: e.open}
}

func (e *environ) set(key string, v variable) {
	if e.vars == nil {
		e.vars = map[string]variable{}
	}
	e.vars[key] = v
}

func (e *environ) delete(key string) { delete(e.vars, key) }

// Get makes environ a shell.EnvGetter, with Keys.
func (e *environ) Get(key string) (string, bool) {
	v, ok := e.vars[key]
	return v.value, ok
}

// Keys returns the names in order.
func (e *environ) Keys() []string { return slices.Sorted(maps.Keys(e.vars)) }

// watch is an environment that notes the first variable whose value is a guess.
type watch struct {
	*environ
	guess string
	// pretend answers what a base image may define with a word of its own.
	pretend bool
}

// Get takes note of the question.
func (w *watch) Get(key string) (string, bool) {
	v, ok := w.vars[key]
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
