package lint

import (
	"sync"

	buildcontext "github.com/ctxsize/ctxsize/context"
)

// Memory spares [Check] a second search of the tree for rules that it has looked for
// in an earlier text of the file, as long as both texts keep the same: where nothing is
// kept, nothing is searched. The zero value is ready. It serves one inventory, and one
// call at a time.
type Memory struct {
	docker  *buildcontext.Selection // of the text before
	mu      sync.Mutex              // guards effects
	effects map[string]effect
}

// turnTo prepares for a text, by what Docker keeps with it.
func (m *Memory) turnTo(docker *buildcontext.Selection) {
	if m.docker == nil || !Equal(m.docker, docker) {
		m.effects = map[string]effect{}
	}
	m.docker = docker
}

// effectOf returns what is known of a rule.
func (m *Memory) effectOf(r *rule) (effect, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	known, ok := m.effects[m.key(r)]
	return known, ok
}

func (m *Memory) keep(r *rule) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.effects[m.key(r)] = r.effect
}

func (m *Memory) key(r *rule) string {
	if r.exception {
		return "!" + r.text
	}
	return " " + r.text
}
