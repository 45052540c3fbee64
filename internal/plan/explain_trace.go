package plan

import (
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// tracer finds the rules that match a path, as the builder matches.
type tracer struct {
	rules []ignore.Rule
	// docker is nil for Podman, which has single rules in its place.
	docker *ignore.Matcher
	podman []*ignore.PodmanMatcher
}

func (r *Run) newTracer(rules []ignore.Rule) (tracer, error) {
	t := tracer{rules: rules}
	var err error
	if r.Builder != buildcontext.Podman {
		t.docker, err = ignore.Compile(rules)
		return t, err
	}
	list, err := ignore.CompilePodman(rules)
	if err != nil {
		return t, err
	}
	for _, rule := range list.Rules() {
		rule.Pattern = strings.TrimPrefix(strings.TrimSpace(rule.Pattern), "!")
		one, err := ignore.CompilePodman([]ignore.Rule{rule})
		if err != nil {
			return t, err
		}
		t.podman = append(t.podman, one)
	}
	return t, nil
}

// matches returns the rules that match a path or a directory above it, in order.
// Each names the topmost directory at which it does.
func (t *tracer) matches(path string) ([]ignore.Match, error) {
	if t.docker != nil {
		_, matches, err := t.docker.Trace(path)
		return matches, err
	}
	var matches []ignore.Match
	for i, one := range t.podman {
		for at := 0; at <= len(path); at++ {
			if at < len(path) && path[at] != '/' {
				continue
			}
			d, err := one.Match(path[:at])
			if err != nil {
				return nil, err
			}
			if !d.Ignored {
				continue
			}
			m := ignore.Match{Rule: i}
			if at < len(path) {
				m.Via = path[:at]
			}
			matches = append(matches, m)
			break
		}
	}
	return matches, nil
}
