package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ctxsize/ctxsize/conformance/cases"
	"github.com/ctxsize/ctxsize/conformance/engine"
	"github.com/ctxsize/ctxsize/conformance/outcome"
	"github.com/ctxsize/ctxsize/conformance/program"
)

// tries is how often a build is run whose failure in one place cut off a
// transfer for another. Most fail for want of what a RUN would have made: each
// time the stand-in gets what was missed.
const tries = 25

// engines are both builders, running, and the ctxsize that is held to them.
type engines struct {
	scratch  string
	ctxsize  *program.Program
	buildkit *engine.BuildKit
	stub     *engine.Stub
	stopURL  func()
}

func startEngines(ctx context.Context) (*engines, error) {
	scratch, err := os.MkdirTemp("", "ctxsize-realrepo-")
	if err != nil {
		return nil, err
	}
	e := &engines{scratch: scratch}
	if e.ctxsize, err = program.Build(ctx, scratch); err != nil {
		e.stop()
		return nil, err
	}
	if e.buildkit, err = engine.StartBuildKit(ctx); err != nil {
		e.stop()
		return nil, err
	}
	if e.stub, err = engine.NewStub(); err != nil {
		e.stop()
		return nil, err
	}
	if e.stopURL, err = engine.ServeURL(ctx); err != nil {
		e.stop()
		return nil, err
	}
	return e, nil
}

func (e *engines) stop() {
	if e.buildkit != nil {
		e.buildkit.Stop()
	}
	if e.stub != nil {
		e.stub.Stop()
	}
	if e.stopURL != nil {
		e.stopURL()
	}
	_ = os.RemoveAll(e.scratch)
}

// compare runs one build with both builders and prints what came of it.
func (e *engines) compare(ctx context.Context, b build) (bool, error) {
	fmt.Printf("== %v\n", b)
	p, err := e.plant(b)
	if err != nil {
		return false, err
	}
	same, err := e.compareBuildKit(ctx, p)
	if err != nil {
		return false, err
	}
	if b.target != "" {
		return same, nil // a target is nothing to the classic client
	}
	classic, err := e.compareClassic(ctx, p)
	return same && classic, err
}

// plant gives a build the stand-ins that it needs.
func (e *engines) plant(b build) (*cases.Planted, error) {
	p := &cases.Planted{
		Case:    &cases.Case{Target: b.target, BuildArgs: b.args, DockerfilePath: "Dockerfile"},
		Context: b.dir, File: b.file, Named: map[string]string{},
	}
	if b.file != "" {
		p.DockerfilePath = b.file
	}
	text, err := os.ReadFile(b.path())
	if err != nil {
		return nil, err
	}
	parsed, err := parse(text)
	if err != nil {
		fmt.Printf("no stand-ins: %v\n", err) // to be refused
		return p, nil
	}
	images, users := parsed.needs(b.args)
	if err := os.RemoveAll(e.standIn()); err != nil {
		return nil, err
	}
	if err := plantStandIn(e.standIn(), users); err != nil {
		return nil, err
	}
	for _, image := range images {
		p.Named[image] = e.standIn()
	}
	return p, nil
}

// standIn is the directory that takes the place of every base image.
func (e *engines) standIn() string { return filepath.Join(e.scratch, "image") }

// compareBuildKit builds with BuildKit and prints each transfer.
func (e *engines) compareBuildKit(ctx context.Context, p *cases.Planted) (bool, error) {
	for try := 1; ; try++ {
		build, err := e.buildkit.Build(ctx, p)
		if err != nil {
			return false, err
		}
		if err := e.buildkit.Prune(ctx); err != nil {
			return false, err
		}
		got, err := e.ctxsize.Run(ctx, program.BuildKit, p)
		if err != nil {
			return false, err
		}
		want := outcome.OfBuild(p.Case, build)
		if try < tries && (!build.Settled() || want.CutOff(got)) {
			if err := provide(e.standIn(), build.Err); err != nil {
				return false, err
			}
			continue
		}
		for _, t := range build.Transfers {
			fmt.Printf("%-60s %7d entries %12d bytes\n", t.Vertex, len(t.Entries), t.Bytes)
		}
		if build.Err != nil {
			fmt.Printf("the build then failed: %v\n", build.Err)
		}
		if !build.Settled() {
			fmt.Printf("its failure cut off a transfer, %d times\n", tries)
			return false, nil
		}
		return report(program.BuildKit, want, got), nil
	}
}

// compareClassic sends the context with the classic client. It knows no named
// contexts, and needs none: it reads no Dockerfile.
func (e *engines) compareClassic(ctx context.Context, p *cases.Planted) (bool, error) {
	plain := *p
	plain.Named = nil
	upload, err := e.stub.Build(ctx, &plain)
	if err != nil {
		return false, err
	}
	fmt.Printf("%-60s %7d entries %12d bytes\n", "Sending build context to Docker daemon", len(upload.Entries), upload.Bytes)
	got, err := e.ctxsize.Run(ctx, program.Classic, &plain)
	if err != nil {
		return false, err
	}
	return report(program.Classic, outcome.OfUpload(p.Case, upload), got), nil
}

// report prints how a comparison ended and tells whether nothing differs.
func report(builder string, want *outcome.Outcome, got *program.Result) bool {
	switch diff := want.Diff(got); {
	case diff == "" && want.Fate == outcome.Refused:
		fmt.Printf("ctxsize --builder %s: refused by both: %s\n", builder, got.Stderr)
	case diff == "":
		fmt.Printf("ctxsize --builder %s: the same, all lists and bytes\n", builder)
	default:
		fmt.Printf("ctxsize --builder %s differs (-engine +ctxsize):\n%s\n", builder, diff)
		return false
	}
	return true
}
