package buildcontext

import (
	"slices"
	"sync"
)

// job is a directory to read, or a piece of a large one to look at.
type job struct {
	dir   DirID
	state state // of the policy
	// above is the directory above, where that is kept open for this one, and length
	// that of the path in bytes.
	above  *openDir
	length int
	slow   bool // the directory above is on a slow file system
	// closed tells that the directory is listed to see whether it can be, and
	// nothing of it is kept.
	closed bool
	piece  *piece
}

// below returns the length of the path of an entry of the directory.
func (j job) below(name string) int {
	if j.dir == 0 {
		return len(name)
	}
	return j.length + 1 + len(name)
}

// queue holds what is still to be done. What came last is done first, so that the
// goroutines stay in one subtree, and what waits stays little: a lock for all is
// held for so short a time that there is no need to steal.
type queue struct {
	mu      sync.Mutex
	wake    sync.Cond
	jobs    []job
	idle    int
	busy    int // jobs that were taken and not finished
	stopped bool
}

func (q *queue) init() { q.wake.L = &q.mu }

// push adds jobs; the first of them is done first.
func (q *queue) push(jobs ...job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range slices.Backward(jobs) {
		q.jobs = append(q.jobs, j)
	}
	for range min(q.idle, len(jobs)) {
		q.wake.Signal()
	}
}

// next returns a job, once the one before is finished; none where all is done.
func (q *queue) next(finished bool) (job, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if finished {
		q.busy--
	}
	for len(q.jobs) == 0 && q.busy > 0 && !q.stopped {
		q.idle++
		q.wake.Wait()
		q.idle--
	}
	if len(q.jobs) == 0 || q.stopped {
		q.wake.Broadcast()
		return job{}, false
	}
	last := len(q.jobs) - 1
	j := q.jobs[last]
	q.jobs[last] = job{}
	q.jobs = q.jobs[:last]
	q.busy++
	return j, true
}

func (q *queue) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped = true
	q.wake.Broadcast()
}
