package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"github.com/ctxsize/ctxsize/conformance/cases"
)

// Upload is one build by the classic client.
type Upload struct {
	// Printed is the size that the client showed, "" where it showed none.
	Printed string
	// Entries and Bytes are the body's; Received is false where none was sent,
	// and both are unknown where the daemon was a real one.
	Received bool
	Entries  []TarEntry
	Bytes    int64
	// Err is the client's last word where it failed.
	Err error
}

// MadeUpDockerfile replaces the random name that the client gives a Dockerfile
// from outside the context.
const MadeUpDockerfile = ".dockerfile.<20 hex>"

var (
	printedSize    = regexp.MustCompile(`Sending build context to Docker daemon\s+(\S+)`)
	madeUpName     = regexp.MustCompile(`^\.dockerfile\.[0-9a-f]{20}$`)
	legacyNotice   = "DEPRECATED: The legacy builder"
	legacyNotices  = 3 // its lines, and the empty one after them
	classicNoProxy = []string{"DOCKER_BUILDKIT=0", "DOCKER_CLI_HINTS=false", "PATH=" + os.Getenv("PATH"), "HOME=/nonexistent"}
)

// runClient runs the pinned client on a case against a daemon.
func runClient(ctx context.Context, address, config, tag string, p *cases.Planted) (*Upload, error) {
	program := os.Getenv("CTXSIZE_DOCKER") // another version, to be compared with the pinned one
	if program == "" {
		var err error
		if program, err = Bin("docker"); err != nil {
			return nil, err
		}
	}
	args := []string{"-H", address, "build", "--no-cache", "-t", tag}
	if p.File != "" {
		args = append(args, "-f", p.File)
	}
	if p.Target != "" {
		args = append(args, "--target", p.Target)
	}
	for k, v := range p.BuildArgs {
		args = append(args, "--build-arg", k+"="+v)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program, append(args, p.Context)...)
	cmd.Env = append([]string{"DOCKER_CONFIG=" + config}, classicNoProxy...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	u := &Upload{}
	if m := printedSize.FindSubmatch(stdout.Bytes()); m != nil {
		u.Printed = string(m[1])
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit):
		u.Err = errors.New(lastWord(stderr.String()))
	default:
		return nil, fmt.Errorf("run the client: %w", err)
	}
	return u, nil
}

// lastWord is what the client said on its standard error, without the notice
// that its builder is deprecated.
func lastWord(stderr string) string {
	lines := strings.Split(stderr, "\n")
	if strings.HasPrefix(lines[0], legacyNotice) {
		lines = lines[min(legacyNotices, len(lines)):]
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// Classic is a running dockerd, of Debian's package.
type Classic struct {
	daemon *daemon
}

// StartClassic starts a dockerd without networks and with the storage driver
// that works anywhere.
func StartClassic(ctx context.Context) (*Classic, error) {
	d, err := startDaemon(ctx, "dockerd", "dockerd",
		"--data-root", "$STATE/root", "--exec-root", "$STATE/exec", "--pidfile", "$STATE/pid", "-H", "unix://$STATE/dockerd.sock",
		"--bridge=none", "--iptables=false", "--ip6tables=false", "--storage-driver=vfs")
	if err != nil {
		return nil, err
	}
	return &Classic{daemon: d}, nil
}

// Address is where the daemon listens.
func (c *Classic) Address() string { return c.daemon.Address() }

// Stop ends the daemon and removes all that it kept.
func (c *Classic) Stop() { c.daemon.stop() }

// Build builds a case to its end.
func (c *Classic) Build(ctx context.Context, p *cases.Planted) (*Upload, error) {
	return runClient(ctx, c.Address(), c.daemon.state, "ctxsize", p)
}

// Send sends a case and stops there: the target that it names is in no
// Dockerfile, which the daemon finds out when it has taken the whole context.
// What was sent is not seen, only what was printed.
func (c *Classic) Send(ctx context.Context, p *cases.Planted) (*Upload, error) {
	other := *p.Case
	other.Target = "ctxsize-no-such-target"
	return runClient(ctx, c.Address(), c.daemon.state, "ctxsize", &cases.Planted{Case: &other, Context: p.Context, File: p.File})
}
