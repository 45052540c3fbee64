package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ctxsize/ctxsize/conformance/cases"
	"github.com/ctxsize/ctxsize/conformance/engine"
	"github.com/ctxsize/ctxsize/conformance/outcome"
	"github.com/ctxsize/ctxsize/conformance/program"
)

// The exit statuses of ctxsize verify.
const (
	verifyEqual   = 0
	verifyDiffers = 1
	verifyUnknown = 2
)

// user is somebody who runs ctxsize verify: what is in the PATH, and whom the
// clients are set up for.
type user struct {
	ctxsize *program.Program
	env     []string
}

// newUser is a user of these programs and nothing else but what scripts need.
func newUser(t *testing.T, ctxsize *program.Program, programs map[string]string, env ...string) *user {
	t.Helper()
	bin := t.TempDir()
	for name, path := range programs {
		if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	return &user{ctxsize: ctxsize, env: append([]string{"PATH=" + bin, "BUILDKIT_HOST=", "DOCKER_HOST=unix:///nowhere"}, env...)}
}

// verify runs ctxsize verify on a planted case.
func (u *user) verify(ctx context.Context, p *cases.Planted, args ...string) (stdout, stderr string, exit int, err error) {
	cmd := u.ctxsize.Command(ctx, p, append([]string{"verify"}, args...)...)
	cmd.Env = append(cmd.Env, u.env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); ok {
		err = nil
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode(), err
}

// wants runs ctxsize verify and checks how it exits and what it says.
func (u *user) wants(t *testing.T, p *cases.Planted, exit int, says []string, args ...string) {
	t.Helper()
	stdout, stderr, got, err := u.verify(t.Context(), p, args...)
	if err != nil {
		t.Fatal(err)
	}
	if got != exit {
		t.Errorf("exit %d, want %d\n%s%s", got, exit, stdout, stderr)
	}
	for _, s := range says {
		if !strings.Contains(stdout+stderr, s) {
			t.Errorf("%q is not said in\n%s%s", s, stdout, stderr)
		}
	}
}

func bin(t *testing.T, name string) string {
	t.Helper()
	path, err := engine.Bin(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// plugBuildx is a Docker configuration with buildx.
func plugBuildx(t *testing.T) (config string) {
	t.Helper()
	config = t.TempDir()
	plugins := filepath.Join(config, "cli-plugins")
	if err := os.Mkdir(plugins, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(bin(t, "buildx"), filepath.Join(plugins, "docker-buildx")); err != nil {
		t.Fatal(err)
	}
	return config
}

// withBuildx is the environment of a user whose buildx builds with a BuildKit.
func withBuildx(t *testing.T, buildkit *engine.BuildKit) []string {
	t.Helper()
	config := plugBuildx(t)
	create := exec.CommandContext(t.Context(), bin(t, "docker"), "buildx", "create", "--name=ctxsize", "--driver=remote", buildkit.Address())
	create.Env = append(os.Environ(), "DOCKER_CONFIG="+config)
	if out, err := create.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return []string{"DOCKER_CONFIG=" + config, "BUILDX_BUILDER=ctxsize"}
}

// TestVerify lets ctxsize verify itself with the real clients: it must say equal
// where the records say that it is, and refuse to say anything where the builder
// sends nothing.
func TestVerify(t *testing.T) {
	needEngines(t)
	ctxsize, buildkit := buildProgram(t), startBuildKit(t)
	docker := map[string]string{"docker": bin(t, "docker")}
	for _, tt := range []struct {
		name, builder string
		user          *user
		every         int
	}{
		{"docker", program.Classic, newUser(t, ctxsize, docker), 1},
		{"buildctl", program.BuildKit, newUser(t, ctxsize, map[string]string{"buildctl": bin(t, "buildctl")}, "BUILDKIT_HOST="+buildkit.Address()), 2},
		{"buildx", program.BuildKit, newUser(t, ctxsize, docker, withBuildx(t, buildkit)...), 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for i, c := range recorded(t) {
				if i%tt.every != 0 || tt.builder == program.Classic && c.Classic == nil {
					continue
				}
				t.Run(c.Name, func(t *testing.T) {
					t.Parallel()
					exit := verifyUnknown
					if recordedFate(&c, tt.builder) == outcome.Sent {
						exit = verifyEqual
					}
					tt.user.wants(t, plant(t, &c), exit, nil, "--builder", tt.builder)
				})
			}
		})
	}
}

func recordedFate(c *cases.Case, builder string) outcome.Fate {
	if builder == program.Classic {
		return outcome.OfRecordedClassic(c).Fate
	}
	return outcome.OfRecordedBuildKit(c).Fate
}

// script is a program that does something first and then is another.
func script(t *testing.T, program, first string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script")
	text := fmt.Sprintf("#!/bin/sh\nPATH=/usr/bin:/bin\nfor last; do :; done\n%s\nexec %s \"$@\"\n", first, program)
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// meddled is a context of which clients that meddle send something else than
// what was measured.
func meddled() *cases.Case {
	return &cases.Case{
		Name:           "meddled",
		Files:          []cases.File{{Path: "a", Type: "file", Size: 10}, {Path: "d/b", Type: "file", Size: 10}},
		Dockerfile:     cases.T("FROM scratch\nCOPY . /\n"),
		DockerfilePath: "Dockerfile", DefaultMtimeNS: cases.DefaultMtimeNS,
	}
}

// TestVerifySaysNo: a client that sends something else than what was predicted
// must be noticed, with the names where they are to be had.
func TestVerifySaysNo(t *testing.T) {
	needEngines(t)
	ctxsize, buildkit := buildProgram(t), startBuildKit(t)
	docker, buildctl, buildx := bin(t, "docker"), bin(t, "buildctl"), withBuildx(t, buildkit)
	host := "BUILDKIT_HOST=" + buildkit.Address()
	// Each client is another program for a moment, in which the context changes.
	classic := func(first string) map[string]string {
		return map[string]string{"docker": script(t, docker, `case "$3" in build) `+first+`;; esac`)}
	}
	for _, tt := range []struct {
		name, builder string
		programs      map[string]string
		env           []string
		says          []string
	}{
		{
			"a file more", program.Classic, classic(`echo x > "$last/added"`), nil,
			[]string{"differs        context: 4608 bytes (4.608kB) predicted, 5632 bytes (5.632kB) sent", "sent, and not predicted\n    added\n", "the context has changed while it was verified"},
		},
		{
			"a file less", program.Classic, classic(`rm "$last/d/b"`), nil,
			[]string{"predicted, and not sent\n    d/b\n"},
		},
		{
			"a file that has grown", program.Classic, classic(`cat "$last/Dockerfile" >> "$last/a"`), nil,
			[]string{"sent with another size\n    a: 10 bytes measured, 32 bytes sent\n"},
		},
		{
			"another directory", program.Classic,
			map[string]string{"docker": script(t, docker, `case "$3" in build) set -- "$1" "$2" build "$last/d/.." -f "$last/Dockerfile"; mv "$last/a" "$last/z";; esac`)},
			nil,
			[]string{"predicted, and not sent\n    a\n", "sent, and not predicted\n    z\n"},
		},
		{
			"a client that refuses", program.Classic, classic(`printf '[' > "$last/.dockerignore"`), nil,
			[]string{"docker refuses to send, and ctxsize predicts that it does not: ", "syntax error in pattern"},
		},
		{
			"buildctl: a file more", program.BuildKit,
			map[string]string{"buildctl": script(t, buildctl, `case "$1" in build) for dir; do case "$dir" in --local=*-dockerfile=*) echo x > "${dir##*=}/added";; esac; done;; esac`)},
			[]string{host},
			[]string{"equal          dockerfile: ", "differs        context: ", "the context has changed while it was verified"},
		},
		{
			"buildctl: a target that reads less", program.BuildKit,
			map[string]string{"buildctl": script(t, buildctl, `case "$1" in build) for dir; do case "$dir" in --local=*-dockerfile=*) printf 'FROM scratch\nCOPY a /\n' > "${dir##*=}/Dockerfile";; esac; done;; esac`)},
			[]string{host},
			[]string{"differs        context: "},
		},
		{
			"buildx: refused", program.BuildKit,
			map[string]string{"docker": script(t, docker, `case "$2" in build) printf '[' > "$last/.dockerignore";; esac`)},
			buildx,
			[]string{"docker buildx refuses to send", "not sent       context: "},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u := newUser(t, ctxsize, tt.programs, tt.env...)
			u.wants(t, plant(t, meddled()), verifyDiffers, tt.says, "--builder", tt.builder)
		})
	}
	// The clients themselves meddle with nothing.
	newUser(t, ctxsize, map[string]string{"docker": docker}).wants(t, plant(t, meddled()), verifyEqual, nil, "--builder", "classic")
	newUser(t, ctxsize, map[string]string{"buildctl": buildctl}, host).wants(t, plant(t, meddled()), verifyEqual, nil)
}

// TestVerifyOldClient: Debian's client is older than the predictions, and reads
// this ignore file differently (README.md).
func TestVerifyOldClient(t *testing.T) {
	needEngines(t)
	const debian = "/usr/bin/docker"
	out, err := exec.CommandContext(t.Context(), debian, "--version").Output()
	if err != nil || !strings.HasPrefix(string(out), "Docker version 20.10.") {
		t.Skipf("no old client: %s%v", out, err)
	}
	all := recorded(t)
	i := slices.IndexFunc(all, func(c cases.Case) bool { return c.Name == "reexclude-file" })
	newUser(t, buildProgram(t), map[string]string{"docker": debian}).wants(t, plant(t, &all[i]), verifyDiffers,
		[]string{"predictions are of clients from 23.0.0 on", "predicted, and not sent"}, "--builder", "classic")
}

// TestVerifyWithoutBuilder: where nobody answers, it is said who was asked.
func TestVerifyWithoutBuilder(t *testing.T) {
	needEngines(t)
	ctxsize := buildProgram(t)
	newUser(t, ctxsize, nil).wants(t, plant(t, meddled()), verifyUnknown, []string{"docker is not in PATH; buildx is not in PATH; buildctl is not in PATH"})
	newUser(t, ctxsize, map[string]string{"docker": bin(t, "docker")}).wants(t, plant(t, meddled()), verifyUnknown,
		[]string{"docker buildx is not installed"})
	newUser(t, ctxsize, map[string]string{"buildctl": bin(t, "buildctl")}, "BUILDKIT_HOST=unix:///nowhere").wants(t, plant(t, meddled()), verifyUnknown,
		[]string{"buildctl finds no daemon at BUILDKIT_HOST=unix:///nowhere"})
}

// TestVerifyBaseImages: nothing is fetched for a Dockerfile that builds on images
// and names a front end, and no RUN that fails in a stand-in cuts off a context
// that takes a while.
func TestVerifyBaseImages(t *testing.T) {
	needEngines(t)
	ctxsize, buildkit := buildProgram(t), startBuildKit(t)
	c := &cases.Case{
		Name:  "images",
		Files: []cases.File{{Path: "big", Type: "sparse", Size: 200 << 20}, {Path: "src/main.go", Type: "file", Size: 10}},
		Dockerfile: cases.T(`# syntax=docker/dockerfile:1
ARG GO=1.25
FROM golang:$GO AS tools
RUN --mount=type=secret,id=token,required go install example.com/tool
FROM ghcr.io/example/node:22 AS web
RUN ["npm", "ci"]
COPY src /src
FROM golang:$GO
COPY --from=tools /go/bin/tool /usr/bin/
COPY --from=nginx /etc/nginx /usr/share/nginx/*.html /web/
COPY --from=web /src/dist /web/
COPY --from=assets /logo.svg /web/
COPY . .
`),
		DockerfilePath: "Dockerfile", DefaultMtimeNS: cases.DefaultMtimeNS,
	}
	says := []string{
		"empty stand-ins took the place of assets, ghcr.io/example/node:22, golang:1.25, nginx: ",
		"the builder's own front end took the place of docker/dockerfile:1 ",
		"equal          context: 209",
	}
	assets := "--build-context=assets=docker-image://registry.example/assets:2"
	t.Run("buildctl", func(t *testing.T) {
		u := newUser(t, ctxsize, map[string]string{"buildctl": bin(t, "buildctl")}, "BUILDKIT_HOST="+buildkit.Address())
		u.wants(t, plant(t, c), verifyEqual, append(says, "equal          dockerfile: "), assets)
		// What such a build leaves in the daemon is taken away.
		du := exec.CommandContext(t.Context(), bin(t, "buildctl"), "--addr", buildkit.Address(), "du", "--verbose")
		if out, err := du.Output(); err != nil || strings.Contains(string(out), "ctxsize-verify") {
			t.Errorf("left behind: %v\n%s", err, out)
		}
	})
	t.Run("buildx", func(t *testing.T) {
		u := newUser(t, ctxsize, map[string]string{"docker": bin(t, "docker")}, withBuildx(t, buildkit)...)
		u.wants(t, plant(t, c), verifyEqual, append(says, "not compared   dockerfile\n"), assets)
	})
}

// TestVerifyPull: what a base image brings cannot be predicted. With --pull it is
// the real image, and the difference shows with its likely reason.
func TestVerifyPull(t *testing.T) {
	needEngines(t)
	ctxsize, daemon := buildProgram(t), startClassic(t)
	host := "DOCKER_HOST=" + daemon.Address()
	load := exec.CommandContext(t.Context(), bin(t, "docker"), "import", "--change=ONBUILD COPY d/b /b", "-", "based:1")
	load.Env = append(os.Environ(), host)
	load.Stdin = bytes.NewReader(make([]byte, 1024)) // a tar of nothing
	if out, err := load.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	u := newUser(t, ctxsize, map[string]string{"docker": bin(t, "docker")}, "DOCKER_CONFIG="+plugBuildx(t), host)
	c := meddled()
	c.Dockerfile = cases.T("FROM based:1\nCOPY a /\n")
	u.wants(t, plant(t, c), verifyDiffers,
		[]string{"differs        context: ", "this may be why: Dockerfile:1: based:1 may have ONBUILD lines that read the context"}, "--pull")
	// That daemon is too old to put anything in the place of an image.
	u.wants(t, plant(t, c), verifyUnknown, []string{"the builder is too old to put anything in the place of a base image", "--pull"})
	c.Dockerfile = cases.T("FROM scratch\nCOPY a /\n")
	u.wants(t, plant(t, c), verifyEqual, nil, "--pull")
}
