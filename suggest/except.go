package suggest

import (
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// What a person's exceptions are about: nothing of it is proposed.

// exception is one "!" line.
type exception struct {
	at   int // which of the rules
	rule ignore.Rule
	text string // without the "!" and slashes around
	wild bool
	m    *ignore.Matcher
}

func exceptionsOf(rules []ignore.Rule) []exception {
	var all []exception
	for i, r := range rules {
		text, ok := strings.CutPrefix(r.Pattern, "!")
		if !ok {
			continue
		}
		m, err := ignore.Compile(ignore.Patterns(text))
		if err != nil {
			continue // a list that does not compile selects nothing
		}
		all = append(all, exception{at: i, rule: r, text: strings.Trim(text, "/"), wild: strings.ContainsAny(text, `*?[]\`), m: m})
	}
	return all
}

// excepts tells whether an exception is about the path, or names something below
// it; whether or not anything before the exception ignores it.
func (k *keeper) excepts(path string) bool {
	for i := range k.exceptions {
		e := &k.exceptions[i]
		if matchesItself(e.m, path) || !e.wild && strings.HasPrefix(e.text, path+"/") {
			return true
		}
	}
	return false
}

// exceptedIn tells whether an exception matches a path in an artifact, or a
// directory of the artifact above it: what is put before the exception leaves it.
func (k *keeper) exceptedIn(path, artifact string) bool {
	for i := range k.exceptions {
		for end := len(path); end > len(artifact); end = strings.LastIndexByte(path[:end], '/') {
			if matchesItself(k.exceptions[i].m, path[:end]) {
				return true
			}
		}
	}
	return false
}

// broughtBack returns the exception that brought the entry back, if one did.
func (k *keeper) broughtBack(id buildcontext.ID) (ignore.Rule, bool) {
	at := k.Selection.Rule(id)
	for i := range k.exceptions {
		if k.exceptions[i].at == at {
			return k.exceptions[i].rule, true
		}
	}
	return ignore.Rule{}, false
}
