// Realrepo holds ctxsize to the engines on a real repository: it builds the
// repository's own Dockerfile and compares every transfer.
//
//	go run ./cmd/realrepo [-f FILE] [--target STAGE] [--build-arg K=V]… DIR
//	go run ./cmd/realrepo -all DIR
//
// With -all it does so for every Dockerfile that it finds, from DIR and from the
// Dockerfile's own directory, for the last stage and for each that has a name.
//
// Nothing is pulled: each base image is a named context that holds a shell which
// ends well, so that every RUN passes. What a real base image would add (ENV,
// ONBUILD) is therefore missing, in both. What ADD would fetch is one small file. A RUN of any other program fails, as
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

	"github.com/ctxsize/ctxsize/conformance/engine"
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
	all := flag.Bool("all", false, "every Dockerfile below DIR, every stage that has a name")
	flag.Var(args, "build-arg", "a build argument, K=V; may be repeated")
	flag.Parse()
	if flag.NArg() != 1 || *all && (*file != "" || *target != "") {
		return errors.New("usage: realrepo [flags] DIR")
	}
	if err := engine.Missing(); err != nil {
		return err
	}
	dir := filepath.Clean(flag.Arg(0))
	builds := []build{{dir: dir, file: *file, target: *target, args: args}}
	if *all {
		var err error
		if builds, err = everyBuild(dir, args); err != nil {
			return err
		}
	}
	e, err := startEngines(ctx)
	if err != nil {
		return err
	}
	defer e.stop()
	differ := 0
	for _, b := range builds {
		same, err := e.compare(ctx, b)
		if err != nil {
			return fmt.Errorf("%v: %w", b, err)
		}
		if !same {
			differ++
		}
	}
	if differ > 0 {
		return fmt.Errorf("ctxsize and the engines differ in %d of %d builds", differ, len(builds))
	}
	return nil
}
