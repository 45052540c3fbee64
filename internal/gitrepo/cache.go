package gitrepo

import "sync"

// content is an object as it was read.
type content struct {
	kind kind
	data []byte
}

type baseKey struct {
	pack   *pack
	offset int64
}

// baseCache keeps objects that others may be deltas of, as trees of neighbouring
// commits are: those that were asked for of late, in two generations of which the
// elder is dropped when the younger is full.
type baseCache struct {
	mu         sync.Mutex
	young, old map[baseKey]content
	size       int // of the young, in bytes
}

const (
	generationSize = 16 << 20
	largestCached  = 1 << 20
)

func (c *baseCache) get(key baseKey) (content, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if obj, ok := c.young[key]; ok {
		return obj, true
	}
	obj, ok := c.old[key]
	if ok {
		c.add(key, obj)
	}
	return obj, ok
}

func (c *baseCache) put(key baseKey, obj content) {
	if len(obj.data) > largestCached {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(key, obj)
}

func (c *baseCache) add(key baseKey, obj content) {
	if c.young == nil || c.size > generationSize {
		c.old, c.young, c.size = c.young, map[baseKey]content{}, 0
	}
	c.young[key] = obj
	c.size += len(obj.data) + 64
}
