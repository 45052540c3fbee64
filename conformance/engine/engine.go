// Package engine installs, starts and talks to the builders that ctxsize
// predicts: the classic client and daemon, and BuildKit.
//
// [Install] builds pinned clients and BuildKit from the module proxy and takes
// the classic daemon from Debian's packages. [StartBuildKit] and [StartClassic]
// give running ones; [NewStub] gives a daemon that only swallows the context,
// for the many builds of which nothing but the sending matters.
package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// What the predictions are held to. All are pinned by a go.mod as well: BuildKit
// by this module's, the client by that of folder classic, buildx by that of
// folder buildx.
const (
	BuildKitVersion = "v0.34.2"
	ClientVersion   = "28.2.2"
	BuildxVersion   = "v0.38.2"
)

// packages is what Debian must give: the classic daemon, and the runtime that
// both daemons start containers with.
var packages = []string{"docker.io", "runc"}

// Dir is the folder of the built programs: $CTXSIZE_ENGINES, or one in the
// user's cache.
func Dir() (string, error) {
	if dir := os.Getenv("CTXSIZE_ENGINES"); dir != "" {
		return filepath.Abs(dir)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "ctxsize-engines"), nil
}

// Bin is the path of a built program. The version is part of the name, so that
// a new pin is a new program.
func Bin(name string) (string, error) {
	dir, err := Dir()
	if err != nil {
		return "", err
	}
	version := BuildKitVersion
	switch name {
	case "docker", "tarlist":
		version = "v" + ClientVersion
	case "buildx":
		version = BuildxVersion
	}
	return filepath.Join(dir, name+"-"+version), nil
}

// built are the programs that Install builds, with the folder whose go.mod pins
// them (relative to this module) and the package to build.
var built = []struct{ name, dir, pkg, ldflags string }{
	{name: "buildkitd", dir: ".", pkg: "github.com/moby/buildkit/cmd/buildkitd"},
	{
		name: "buildctl", dir: ".", pkg: "github.com/moby/buildkit/cmd/buildctl",
		ldflags: "-X github.com/moby/buildkit/version.Version=" + BuildKitVersion,
	},
	{
		name: "buildx", dir: "buildx", pkg: "github.com/docker/buildx/cmd/buildx",
		ldflags: "-X github.com/docker/buildx/version.Version=" + BuildxVersion,
	},
	{
		name: "docker", dir: "classic", pkg: "github.com/docker/cli/cmd/docker",
		ldflags: "-X github.com/docker/cli/cli/version.Version=" + ClientVersion,
	},
	{name: "tarlist", dir: "classic", pkg: "./tarlist"},
}

// Missing tells what keeps the engines from being used, nil if nothing does.
func Missing() error {
	if os.Geteuid() != 0 {
		return errors.New("the engines need root's rights")
	}
	for _, b := range built {
		path, err := Bin(b.name)
		if err != nil {
			return err
		}
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("%w (run: go run ./cmd/engines install)", err)
		}
	}
	for _, name := range []string{"dockerd", "runc"} {
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("%w (run: go run ./cmd/engines install)", err)
		}
	}
	return nil
}

// Install brings whatever [Missing] misses. The working directory must lie in
// this module. It may be run any number of times.
func Install(ctx context.Context, log io.Writer) error {
	if os.Geteuid() != 0 {
		return errors.New("installing packages needs root's rights")
	}
	if err := installPackages(ctx, log); err != nil {
		return err
	}
	module, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("find the conformance module: %w", err)
	}
	for _, b := range built {
		path, err := Bin(b.name)
		if err != nil {
			return err
		}
		if _, err := os.Stat(path); err == nil && b.name != "tarlist" { // tarlist is ours and may have changed
			continue
		}
		start := time.Now()
		cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-ldflags", b.ldflags, "-o", path, b.pkg)
		cmd.Dir = filepath.Join(strings.TrimSpace(string(module)), b.dir)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		cmd.Stdout, cmd.Stderr = log, log
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("build %s: %w", b.name, err)
		}
		fmt.Fprintf(log, "built %s in %.0fs\n", path, time.Since(start).Seconds())
	}
	return nil
}

// installPackages asks apt for what is not there, again when a mirror stumbles.
func installPackages(ctx context.Context, log io.Writer) error {
	if _, err := exec.LookPath("dockerd"); err == nil {
		if _, err := exec.LookPath("runc"); err == nil {
			return nil
		}
	}
	script := "apt-get update -q && apt-get install -qy --no-install-recommends " + strings.Join(packages, " ")
	var err error
	for try := range 3 {
		time.Sleep(time.Duration(try) * 10 * time.Second)
		cmd := exec.CommandContext(ctx, "sh", "-c", script)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		cmd.Stdout, cmd.Stderr = log, log
		if err = cmd.Run(); err == nil {
			return nil
		}
	}
	return fmt.Errorf("install %s: %w", strings.Join(packages, ", "), err)
}
