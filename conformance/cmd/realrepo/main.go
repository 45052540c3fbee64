// Realrepo holds ctxsize to the engines on a real repository: it builds the
// repository's own Dockerfile and compares every transfer.
//
//	go run ./cmd/realrepo [-f FILE] [--target STAGE] [--build-arg K=V]… DIR
//
// Nothing is pulled: each base image is a named context that holds a shell which
// ends well, so that every RUN passes. What a real base image would add (ENV,
// ONBUILD) is therefore missing, in both. A RUN of any other program fails, as
// does a COPY of what a RUN would have made, but both come after the context has
// been asked for.
//
// It needs the engines (go run ./cmd/engines install) and root's rights. The
// exit status is 1 where anything differs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/ctxsize/ctxsize/conformance/cases"
	"github.com/ctxsize/ctxsize/conformance/engine"
	"github.com/ctxsize/ctxsize/conformance/outcome"
	"github.com/ctxsize/ctxsize/conformance/program"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "realrepo:", err)
		os.Exit(1)
	}
}

// buildArgs is the repeated flag --build-arg.
type buildArgs map[string]string

func (a buildArgs) String() string { return "" }

func (a buildArgs) Set(s string) error {
	key, value, _ := strings.Cut(s, "=")
	a[key] = value
	return nil
}

func run(ctx context.Context) error {
	args := buildArgs{}
	file := flag.String("f", "", "the Dockerfile, DIR/Dockerfile by default")
	target := flag.String("target", "", "the stage to build, the last by default")
	flag.Var(args, "build-arg", "a build argument, K=V; may be repeated")
	flag.Parse()
	if flag.NArg() != 1 {
		return errors.New("usage: realrepo [flags] DIR")
	}
	if err := engine.Missing(); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "ctxsize-realrepo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	dir := flag.Arg(0)
	text, err := os.ReadFile(defaultTo(*file, filepath.Join(dir, "Dockerfile")))
	if err != nil {
		return err
	}
	images, users, err := needs(text, args)
	if err != nil {
		return err
	}
	standIn := filepath.Join(scratch, "image")
	if err := plantStandIn(standIn, users); err != nil {
		return err
	}
	p := &cases.Planted{
		Case:    &cases.Case{Target: *target, BuildArgs: args, DockerfilePath: defaultTo(*file, "Dockerfile")},
		Context: dir, File: *file, Named: map[string]string{},
	}
	for _, image := range images {
		p.Named[image] = standIn
	}
	ctxsize, err := program.Build(ctx, scratch)
	if err != nil {
		return err
	}
	same, err := compareBuildKit(ctx, ctxsize, p)
	if err != nil {
		return err
	}
	classic, err := compareClassic(ctx, ctxsize, p)
	if err != nil {
		return err
	}
	if !same || !classic {
		return errors.New("ctxsize and the engines differ")
	}
	return nil
}

func defaultTo(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// compareBuildKit builds with BuildKit and prints each transfer beside what
// ctxsize says.
func compareBuildKit(ctx context.Context, ctxsize *program.Program, p *cases.Planted) (bool, error) {
	buildkit, err := engine.StartBuildKit(ctx)
	if err != nil {
		return false, err
	}
	defer buildkit.Stop()
	build, err := buildkit.Build(ctx, p)
	if err != nil {
		return false, err
	}
	for _, t := range build.Transfers {
		fmt.Printf("%-60s %7d entries %12d bytes\n", t.Vertex, len(t.Entries), t.Bytes)
	}
	if build.Err != nil {
		fmt.Printf("the build then failed: %v\n", build.Err)
	}
	return report(ctx, ctxsize, program.BuildKit, p, outcome.OfBuild(p.Case, build))
}

// compareClassic sends the context with the classic client. It knows no named
// contexts, and needs none: it reads no Dockerfile.
func compareClassic(ctx context.Context, ctxsize *program.Program, p *cases.Planted) (bool, error) {
	stub, err := engine.NewStub()
	if err != nil {
		return false, err
	}
	defer stub.Stop()
	plain := *p
	plain.Named = nil
	upload, err := stub.Build(ctx, &plain)
	if err != nil {
		return false, err
	}
	fmt.Printf("%-60s %7d entries %12d bytes\n", "Sending build context to Docker daemon", len(upload.Entries), upload.Bytes)
	return report(ctx, ctxsize, program.Classic, &plain, outcome.OfUpload(p.Case, upload))
}

func report(ctx context.Context, ctxsize *program.Program, builder string, p *cases.Planted, want *outcome.Outcome) (bool, error) {
	got, err := ctxsize.Run(ctx, builder, p)
	if err != nil {
		return false, err
	}
	diff := want.Diff(got)
	if diff == "" {
		fmt.Printf("ctxsize --builder %s: the same, all lists and bytes\n", builder)
		return true, nil
	}
	fmt.Printf("ctxsize --builder %s differs (-engine +ctxsize):\n%s\n", builder, diff)
	return false, nil
}
