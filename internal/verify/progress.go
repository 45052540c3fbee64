package verify

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// solveStatus is one line of --progress=rawjson, as far as it is needed.
// (moby/buildkit, client/graph.go, SolveStatus)
type solveStatus struct {
	Vertexes []struct {
		Digest    string     `json:"digest"`
		Name      string     `json:"name"`
		Inputs    []string   `json:"inputs"`
		Started   *time.Time `json:"started"`
		Completed *time.Time `json:"completed"`
		Error     string     `json:"error"`
	} `json:"vertexes"`
	Statuses []struct {
		ID        string     `json:"id"`
		Vertex    string     `json:"vertex"`
		Current   int64      `json:"current"`
		Completed *time.Time `json:"completed"`
	} `json:"statuses"`
}

// vertex is one step of a build.
type vertex struct {
	name   string
	inputs []string
	// started and ended are when the step did so by the daemon's clock, nil before,
	// and error is how badly it ended. A step starts twice: its cache key is asked
	// for, and it runs.
	started, ended *time.Time
	again          bool
	error          string
	// local tells that the step is a transfer, of this kind and name.
	local      bool
	kind, from string
	// bytes is what has arrived, and arrived is when the last of it came, nil while
	// more may come.
	bytes   int64
	arrived *time.Time
}

// over tells whether a transfer has come to a good end.
func (v *vertex) over() bool {
	return v.ended != nil && v.error == "" && (v.again || v.told())
}

// told tells whether the last number of a transfer was told. Where two transfers
// of one source go on side by side, BuildKit may lose one's.
func (v *vertex) told() bool {
	return v.arrived != nil && v.ended != nil && !v.ended.Before(*v.arrived)
}

// tracker reads the standard error of a BuildKit client. It is safe for
// concurrent use.
type tracker struct {
	// said is what is no progress: warnings, and the error at the end.
	said tail
	// changed is signalled after every line of progress.
	changed chan struct{}

	mu       sync.Mutex
	partial  []byte
	vertices map[string]*vertex
	order    []*vertex
}

func newTracker() *tracker {
	return &tracker{changed: make(chan struct{}, 1), vertices: map[string]*vertex{}}
}

func (t *tracker) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.partial = append(t.partial, p...)
	for {
		line, rest, found := bytes.Cut(t.partial, []byte("\n"))
		if !found {
			return len(p), nil
		}
		t.line(line)
		t.partial = rest
	}
}

func (t *tracker) line(line []byte) {
	var s solveStatus
	if !bytes.HasPrefix(line, []byte("{")) || json.Unmarshal(line, &s) != nil {
		_, _ = t.said.Write(append(line, '\n')) // it never fails
		return
	}
	for _, u := range s.Vertexes {
		v := t.vertex(u.Digest)
		if u.Name != "" && v.name == "" {
			v.name = u.Name
			v.kind, v.from, v.local = source(u.Name)
		}
		if len(u.Inputs) > 0 {
			v.inputs = u.Inputs
		}
		v.again = v.again || v.started != nil && u.Started != nil && !u.Started.Equal(*v.started)
		if u.Started != nil {
			v.started = u.Started
		}
		v.ended, v.error = u.Completed, u.Error
	}
	for _, u := range s.Statuses {
		if !strings.HasPrefix(u.ID, "transferring ") {
			continue
		}
		v := t.vertex(u.Vertex)
		v.bytes, v.arrived = u.Current, u.Completed
	}
	select {
	case t.changed <- struct{}{}:
	default: // it is signalled already
	}
}

func (t *tracker) vertex(digest string) *vertex {
	v := t.vertices[digest]
	if v == nil {
		v = &vertex{}
		t.vertices[digest] = v
		t.order = append(t.order, v)
	}
	return v
}

// The names of the steps that transfer something, and of those that fetch.
// (moby/buildkit, frontend/dockerui/config.go and namedcontext.go;
// frontend/dockerfile/dockerfile2llb/convert.go)
var (
	internalStep = regexp.MustCompile(`^\[(?:\S+ )?internal\] (.*)$`)
	contextStep  = regexp.MustCompile(`^\[context (.+?)(?:::\S+)?\] load (\.dockerignore|from client|metadata for .*)$`)
	imageStep    = regexp.MustCompile(`^load metadata for (\S+)$`)
)

// source tells what a step transfers, by its name.
func source(name string) (kind, from string, ok bool) {
	if m := internalStep.FindStringSubmatch(name); m != nil {
		switch {
		case strings.HasPrefix(m[1], "load build definition from "):
			return "dockerfile", "dockerfile", true
		case m[1] == "load .dockerignore":
			return "ignorefile", "context", true
		case m[1] == "load build context":
			return "context", "context", true
		}
		return "", "", false
	}
	if m := contextStep.FindStringSubmatch(name); m != nil {
		switch m[2] {
		case ".dockerignore":
			return "ignorefile", m[1], true
		case "from client":
			return "context", m[1], true
		}
	}
	return "", "", false
}

// image returns the image that a step asks a registry for, or the named context
// that is an image; "" where it asks for none.
func (v *vertex) image() string {
	if m := contextStep.FindStringSubmatch(v.name); m != nil && !v.local {
		return m[1]
	}
	if m := internalStep.FindStringSubmatch(v.name); m != nil {
		if m = imageStep.FindStringSubmatch(m[1]); m != nil {
			return m[1]
		}
	}
	return ""
}

// images returns the images whose metadata the build asks for: their names, and
// those of the contexts that are images.
func (t *tracker) images() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []string
	for _, v := range t.order {
		if name := v.image(); name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// settled tells whether every transfer has come to a good end, besides those of
// some named contexts. A build of which one fails ends by itself. The front end hands over all steps at once, which is known by their
// inputs; one that reads a context and does nothing else has no inputs.
func (t *tracker) settled(besides func(name string) bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	handed := false
	for _, v := range t.order {
		handed = handed || len(v.inputs) > 0 || v.local && v.kind == "context"
		for _, digest := range v.inputs {
			if t.vertices[digest] == nil {
				return false
			}
		}
		if v.local && !besides(v.from) && !v.over() {
			return false
		}
	}
	return handed
}

// observation is what a build did, as far as transfers are concerned.
type observation struct {
	// sent are the transfers that came to a good end, in the order in which they
	// were asked for.
	sent []stream
	// open counts the transfers that were begun, or only asked for, and did not
	// come to an end of their own.
	open int
	// untold counts the transfers that came to a good end, and nobody told with
	// which number.
	untold int
	// handed tells that the front end was done with the Dockerfile.
	handed bool
	// any tells that the builder did anything at all.
	any bool
	// images are those whose metadata the build asked for.
	images []string
	// refused is the error of a transfer that failed by itself, and unfetched
	// that of an image that could not be had.
	refused, unfetched string
}

// observe sums up a build that has ended.
func (t *tracker) observe(besides func(name string) bool) observation {
	o := observation{images: t.images()}
	t.mu.Lock()
	defer t.mu.Unlock()
	failed := t.failed()
	for _, v := range t.order {
		o.any = true
		o.handed = o.handed || len(v.inputs) > 0 || v.local && v.kind == "context"
		fetches := v.image() != "" || strings.HasPrefix(v.name, "resolve image config for ")
		switch {
		case v.local && besides(v.from):
		case v.local && v.over() && (failed == nil || v.ended.Before(*failed)):
			if v.told() {
				o.sent = append(o.sent, stream{kind: v.kind, name: v.from, bytes: v.bytes})
			} else {
				o.untold++
			}
		case v.local && v.error != "" && !elsewhere(v.error):
			o.refused = v.error
		case v.local:
			o.open++
		case fetches && v.error != "" && !elsewhere(v.error):
			o.unfetched = v.error
		}
	}
	return o
}

// failed is when the first step failed that did so by itself, nil where none has.
// A transfer that seems to end well after that may have been cut off: it is told
// that it has ended before it is told that it has failed.
func (t *tracker) failed() *time.Time {
	var first *time.Time
	for _, v := range t.order {
		if v.error != "" && !elsewhere(v.error) && v.ended != nil && (first == nil || v.ended.Before(*first)) {
			first = v.ended
		}
	}
	return first
}

// elsewhere tells an error that has its cause in another step, or in the names
// that this package has given to directories, from one of the step's own.
func elsewhere(message string) bool {
	return strings.Contains(message, "context canceled") || strings.Contains(message, "Canceled") ||
		strings.Contains(message, "no access allowed to dir")
}
