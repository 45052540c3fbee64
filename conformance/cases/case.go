// Package cases reads, writes and plants conformance cases: a tree, its ignore
// file, its Dockerfile, and what each builder sent for them.
//
// Start with [Load] for the recorded cases and with [Case.Plant] to put one on
// disk. A case is one line of JSON, so that a mismatch found today can be kept
// as a recorded case tomorrow.
package cases

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// DefaultMtimeNS is the time that everything of a case has which names none.
const DefaultMtimeNS = 1700000000000000000

// Case is one tree with its build, and what the engines recorded for it.
type Case struct {
	Name  string `json:"name"`
	Group string `json:"group,omitempty"`
	Note  string `json:"note,omitempty"`
	Files []File `json:"files"`
	// Dockerignore is the context's .dockerignore, nil where the tree has none
	// or has it among Files (as a link, say).
	Dockerignore *Text `json:"dockerignore"`
	// DockerignoreB64 is how the recorded cases hold an ignore file that is not
	// UTF-8; Load moves it to Dockerignore.
	DockerignoreB64 []byte `json:"dockerignore_b64,omitempty"`
	// Dockerfile is written at DockerfilePath, nil where there is none or where
	// Files has it.
	Dockerfile *Text `json:"dockerfile"`
	// DockerfilePath is relative to the context. "Dockerfile" means that no
	// --file is given.
	DockerfilePath string            `json:"dockerfile_path"`
	Target         string            `json:"target,omitempty"`
	BuildArgs      map[string]string `json:"build_args,omitempty"`
	// NamedContexts maps a --build-context name to a directory relative to the
	// context.
	NamedContexts  map[string]string `json:"named_contexts,omitempty"`
	DefaultMtimeNS int64             `json:"default_mtime_ns"`

	Classic  *Classic  `json:"classic,omitempty"`
	BuildKit *BuildKit `json:"buildkit,omitempty"`
}

// File is one entry of a case's tree.
type File struct {
	// Path is relative to the context; "../x" lies beside it.
	Path Text `json:"path"`
	// Type is file, dir, symlink, hardlink, fifo, socket, char, block or sparse.
	Type string `json:"type"`
	// Size is the number of 'x' bytes in a file, or of bytes in a hole.
	Size    int64 `json:"size,omitempty"`
	Content *Text `json:"content,omitempty"`
	// Mode is octal, "" for 0644 or 0755.
	Mode string `json:"mode,omitempty"`
	// Target is a symlink's text, or the path of the file a hard link repeats.
	Target    Text              `json:"target,omitempty"`
	MtimeNS   *int64            `json:"mtime_ns,omitempty"`
	XattrsB64 map[string]string `json:"xattrs_b64,omitempty"`
	UID       int               `json:"uid,omitempty"`
	GID       int               `json:"gid,omitempty"`
	Major     uint32            `json:"major,omitempty"`
	Minor     uint32            `json:"minor,omitempty"`
}

// Classic is what the classic client sent.
type Classic struct {
	Sent    []string `json:"sent"`
	Bytes   int64    `json:"bytes"`
	Printed string   `json:"printed,omitempty"`
	Error   string   `json:"error,omitempty"`
}

// BuildKit is what BuildKit's client sent, transfer by transfer.
type BuildKit struct {
	// Sent and Bytes are those of the context transfer; Bytes is -1 where there
	// was none.
	Sent              []string   `json:"sent"`
	Bytes             int64      `json:"bytes"`
	DockerfileBytes   int64      `json:"dockerfile_bytes"`
	DockerignoreBytes int64      `json:"dockerignore_bytes"`
	Error             string     `json:"error,omitempty"`
	Transfers         []Transfer `json:"transfers"`
}

// Transfer is one local source that BuildKit asked the client for.
type Transfer struct {
	Vertex string `json:"vertex"`
	// Dir is the local source's name: context, dockerfile, or a named context.
	Dir             string   `json:"dir"`
	FollowPaths     []string `json:"follow_paths,omitempty"`
	ExcludePatterns []string `json:"exclude_patterns,omitempty"`
	Sent            []string `json:"sent"`
	Bytes           int64    `json:"bytes"`
	Error           string   `json:"error,omitempty"`
}

// Load reads a file of cases, one a line.
func Load(path string) ([]Case, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var all []Case
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data)+1)
	for n := 1; lines.Scan(); n++ {
		var c Case
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		if c.DockerignoreB64 != nil {
			c.Dockerignore, c.DockerignoreB64 = T(string(c.DockerignoreB64)), nil
		}
		all = append(all, c)
	}
	return all, lines.Err()
}

// Line is the case as one line of JSON.
func (c *Case) Line() string {
	data, err := json.Marshal(c)
	if err != nil {
		panic(err) // a Case holds nothing that JSON cannot
	}
	return string(data)
}
