package conformance

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ctxsize/ctxsize/conformance/cases"
	"github.com/ctxsize/ctxsize/conformance/engine"
	"github.com/ctxsize/ctxsize/conformance/formula"
	"github.com/ctxsize/ctxsize/conformance/outcome"
	"github.com/ctxsize/ctxsize/conformance/program"
)

// bench is everything that a case is held against.
type bench struct {
	ctxsize  *program.Program
	buildkit *engine.BuildKit
	stub     *engine.Stub
	// open counts the builds whose end nobody can tell: they failed in one place
	// and were cut off in another, however often they were tried.
	open atomic.Int64
}

// newBench starts the engines and builds ctxsize.
func newBench(t *testing.T) *bench {
	t.Helper()
	needEngines(t)
	stop, err := engine.ServeURL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return &bench{ctxsize: buildProgram(t), buildkit: startBuildKit(t), stub: startStub(t)}
}

// mismatch is a case of which an engine and ctxsize tell different things.
type mismatch struct {
	builder string
	diff    string
}

// check runs a case through the engines and ctxsize.
func (b *bench) check(ctx context.Context, c *cases.Case) ([]mismatch, error) {
	root, err := os.MkdirTemp("", "ctxsize-case-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(root)
	p, err := c.Plant(root)
	if err != nil {
		return nil, err
	}
	return b.checkPlanted(ctx, p)
}

// checkPlanted runs a case that lies on disk through the engines and ctxsize.
func (b *bench) checkPlanted(ctx context.Context, p *cases.Planted) ([]mismatch, error) {
	var found []mismatch
	for builder, run := range map[string]func(context.Context, *cases.Planted) (*outcome.Outcome, error){
		program.BuildKit: b.runBuildKit, program.Classic: b.runClassic,
	} {
		if builder == program.Classic && len(p.NamedContexts) > 0 {
			continue // the classic client has no such flag
		}
		want, err := run(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", builder, err)
		}
		if want == nil {
			b.open.Add(1)
			continue
		}
		got, err := b.ctxsize.Run(ctx, builder, p)
		if err != nil {
			found = append(found, mismatch{builder, err.Error()})
			continue
		}
		if diff := want.Diff(got); diff != "" {
			if want.CutOff(got) {
				b.open.Add(1)
				continue
			}
			found = append(found, mismatch{builder, diff})
		}
	}
	return found, nil
}

// runBuildKit builds a case until its transfers come to their ends. It returns
// nil if they never do.
func (b *bench) runBuildKit(ctx context.Context, p *cases.Planted) (*outcome.Outcome, error) {
	for range 5 {
		build, err := b.buildkit.Build(ctx, p)
		if err != nil {
			return nil, err
		}
		if build.Err != nil && strings.Contains(build.Err.Error(), "failed to resolve source metadata for docker.io/") {
			return nil, fmt.Errorf("the case needs an image: %w", build.Err)
		}
		if !build.Settled() {
			continue
		}
		for _, t := range build.Transfers {
			if computed := formula.Packets(t.Entries); t.Err == nil && computed != t.Bytes {
				return nil, fmt.Errorf("%s: the list weighs %d bytes, the engine counts %d", t.Vertex, computed, t.Bytes)
			}
		}
		return outcome.OfBuild(p.Case, build), nil
	}
	return nil, nil
}

// runClassic sends a case to the stub. Where the client makes up two entries,
// it writes them in the random order of a map: the likelier order, which is
// the one that ctxsize tells, is waited for.
func (b *bench) runClassic(ctx context.Context, p *cases.Planted) (*outcome.Outcome, error) {
	_, err := os.Lstat(filepath.Join(p.Context, ".dockerignore"))
	missing := os.IsNotExist(err)
	for range 100 {
		u, err := b.stub.Build(ctx, p)
		if err != nil {
			return nil, err
		}
		if computed := formula.Tar(u.Entries, u.Rewritten()); u.Err == nil && computed != u.Bytes {
			return nil, fmt.Errorf("the list weighs %d bytes, the client sent %d", computed, u.Bytes)
		}
		sent := u.Sent()
		if i := slices.Index(sent, engine.MadeUpDockerfile); missing && i == len(sent)-1 {
			continue
		}
		return outcome.OfUpload(p.Case, u), nil
	}
	return nil, nil
}
