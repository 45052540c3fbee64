// Engines installs the real builders, or runs them.
//
//	go run ./cmd/engines install   bring whatever is missing; may be repeated
//	go run ./cmd/engines run       start both daemons, print where they listen,
//	                               and stop them at an interrupt
//
// The tests start daemons of their own; run is for trying things by hand.
// $CTXSIZE_ENGINES names the folder of the built programs.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/ctxsize/ctxsize/conformance/engine"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "engines:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: engines install|run")
	}
	switch args[0] {
	case "install":
		return engine.Install(ctx, os.Stderr)
	case "run":
		return serve(ctx)
	}
	return fmt.Errorf("unknown command %q: install or run", args[0])
}

func serve(ctx context.Context) error {
	if err := engine.Missing(); err != nil {
		return err
	}
	buildkit, err := engine.StartBuildKit(ctx)
	if err != nil {
		return err
	}
	defer buildkit.Stop()
	classic, err := engine.StartClassic(ctx)
	if err != nil {
		return err
	}
	defer classic.Stop()
	fmt.Printf("BUILDKIT_HOST=%s\nDOCKER_HOST=%s\n", buildkit.Address(), classic.Address())
	<-ctx.Done()
	return nil
}
