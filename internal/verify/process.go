package verify

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// patience is how long a program that is asked to stop may take before it is
	// killed.
	patience = 3 * time.Second
	// probing is how long a builder may take to say that it is there.
	probing = 15 * time.Second
)

// child is one run of somebody else's program.
type child struct {
	program string
	args    []string
	// dir is the working directory, "" for that of this process.
	dir string
	// env is the environment, nil for that of this process.
	env   []string
	stdin []byte
}

// run runs the program to its end. When ctx is done the program and all that it
// has started are asked to stop, then killed.
func (c *child) run(ctx context.Context, stdout, stderr io.Writer) error {
	cmd := exec.CommandContext(ctx, c.program, c.args...) //nolint:gosec // G204: running the user's own builder is what this package is for
	cmd.Dir, cmd.Env = c.dir, c.env
	if c.stdin != nil {
		cmd.Stdin = bytes.NewReader(c.stdin)
	}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	ownGroup(cmd)
	cmd.Cancel = func() error { return interrupt(cmd) }
	cmd.WaitDelay = patience
	if err := cmd.Start(); err != nil {
		return err
	}
	err := cmd.Wait()
	killGroup(cmd)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// ask runs a program that answers a question at once, and returns what it wrote
// to its standard output, or the last line that it wrote to either.
func ask(ctx context.Context, program string, args ...string) (answer, last string, err error) {
	ctx, cancel := context.WithTimeout(ctx, probing)
	defer cancel()
	c := child{program: program, args: args}
	var out bytes.Buffer
	said := &tail{}
	err = c.run(ctx, io.MultiWriter(&out, said), said)
	return strings.TrimSpace(out.String()), said.last(), err
}

// without returns the environment of this process without some variables, and
// with others added.
func without(names []string, added ...string) []string {
	env := slices.DeleteFunc(os.Environ(), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		return slices.Contains(names, name)
	})
	return append(env, added...)
}

const (
	tailLines  = 20
	tailLength = 500
)

// tail keeps the last lines that are written to it. It is safe for concurrent use.
type tail struct {
	mu      sync.Mutex
	lines   []string
	partial []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.partial = append(t.partial, p...)
	for {
		line, rest, found := bytes.Cut(t.partial, []byte("\n"))
		if !found {
			t.partial = t.partial[max(0, len(t.partial)-tailLength):]
			return len(p), nil
		}
		t.add(string(line))
		t.partial = rest
	}
}

func (t *tail) add(line string) {
	line = strings.TrimRight(line, "\r \t")
	if line == "" {
		return
	}
	t.lines = append(t.lines, line[:min(len(line), tailLength)])
	t.lines = t.lines[max(0, len(t.lines)-tailLines):]
}

// all returns the lines, also one that has no end yet.
func (t *tail) all() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if line := strings.TrimSpace(string(t.partial)); line != "" {
		return append(slices.Clone(t.lines), line)
	}
	return slices.Clone(t.lines)
}

// last returns the last line, "" where there is none.
func (t *tail) last() string {
	if all := t.all(); len(all) > 0 {
		return all[len(all)-1]
	}
	return ""
}
