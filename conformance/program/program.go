// Package program runs ctxsize as its users do: as a program.
package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/ctxsize/ctxsize/conformance/cases"
)

// The builders that are held to real engines.
const (
	BuildKit = "buildkit"
	Classic  = "classic"
)

// Exit statuses of ctxsize that a build can give.
const (
	ExitFine    = 0
	ExitRefused = 2 // the input cannot be used
)

// Program is a built ctxsize.
type Program struct {
	path string
}

// Build builds ctxsize, whose module holds this one's folder, into dir.
// $CTXSIZE_BINARY names one that is built already.
func Build(ctx context.Context, dir string) (*Program, error) {
	if path := os.Getenv("CTXSIZE_BINARY"); path != "" {
		return &Program{path: path}, nil
	}
	module, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("find the conformance module: %w", err)
	}
	p := &Program{path: filepath.Join(dir, "ctxsize")}
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", p.path, "./cmd/ctxsize")
	cmd.Dir = filepath.Dir(strings.TrimSpace(string(module)))
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build ctxsize: %w\n%s", err, out)
	}
	return p, nil
}

// Path is where the program lies.
func (p *Program) Path() string { return p.path }

// Result is what ctxsize says of a build.
type Result struct {
	// Exit and Stderr are those of the measuring run.
	Exit   int
	Stderr string
	// Shown, WireBytes and Transfers are the JSON's.
	Shown     string
	WireBytes int64
	Transfers []Transfer
	// List is what `ls --dirs` lists, in its order.
	List []string
}

// Transfer is one of the JSON's sent.transfers.
type Transfer struct {
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	WireBytes int64  `json:"wireBytes"`
}

// report is the part of ctxsize's JSON that engines can contradict.
type report struct {
	SchemaVersion int `json:"schemaVersion"`
	Sent          struct {
		WireBytes int64      `json:"wireBytes"`
		Shown     string     `json:"shown"`
		Transfers []Transfer `json:"transfers"`
	} `json:"sent"`
}

// Run measures and lists a planted case for a builder.
func (p *Program) Run(ctx context.Context, builder string, c *cases.Planted) (*Result, error) {
	out, stderr, exit, err := p.exec(ctx, c, "--builder", builder, "--format", "json")
	if err != nil {
		return nil, err
	}
	r := &Result{Exit: exit, Stderr: stderr}
	if exit != ExitFine {
		return r, nil
	}
	var rep report
	if err := json.Unmarshal(out, &rep); err != nil {
		return nil, fmt.Errorf("read the report: %w", err)
	}
	r.Shown, r.WireBytes, r.Transfers = rep.Sent.Shown, rep.Sent.WireBytes, rep.Sent.Transfers
	out, stderr, exit, err = p.exec(ctx, c, "ls", "--dirs", "-0", "--builder", builder)
	if err != nil {
		return nil, err
	}
	if exit != ExitFine {
		return nil, fmt.Errorf("ls exits %d where measuring exits 0: %s", exit, stderr)
	}
	if len(out) > 0 {
		r.List = strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	}
	return r, nil
}

// Command is ctxsize with a case's own flags after args.
func (p *Program) Command(ctx context.Context, c *cases.Planted, args ...string) *exec.Cmd {
	if c.File != "" {
		args = append(args, "--file", c.File)
	}
	if c.Target != "" {
		args = append(args, "--target", c.Target)
	}
	for k, v := range c.BuildArgs {
		args = append(args, "--build-arg", k+"="+v)
	}
	for k, v := range c.Named {
		args = append(args, "--build-context", k+"="+v)
	}
	cmd := exec.CommandContext(ctx, p.path, append(args, c.Context)...)
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "DOCKER_BUILDKIT=")
	return cmd
}

// exec runs ctxsize with a case's own flags after args.
func (p *Program) exec(ctx context.Context, c *cases.Planted, args ...string) (stdout []byte, stderr string, exit int, err error) {
	var out, errs bytes.Buffer
	cmd := p.Command(ctx, c, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); ok {
		err = nil
	}
	return out.Bytes(), strings.TrimSpace(errs.String()), cmd.ProcessState.ExitCode(), err
}
