package verify

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// oldestClient is the first major version of the classic client that matches
// patterns as predicted (conformance/README.md).
const oldestClient = 23

const classicHint = "install Docker's command-line client (docker-ce-cli, or docker-cli); it needs no daemon"

var (
	printedSize   = regexp.MustCompile(`Sending build context to Docker daemon\s+(\S+)`)
	clientVersion = regexp.MustCompile(`^Docker version ((\d+)\.[^\s,]+)`)
)

// dockerVariables point the client at a daemon, at credentials, or at another
// builder: it must see none of them. An empty configuration also keeps it from
// sending the user's credentials along.
var dockerVariables = []string{
	"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH",
	"DOCKER_API_VERSION", "DOCKER_BUILDKIT", "DOCKER_CONTENT_TRUST", "DOCKER_DEFAULT_PLATFORM",
}

// classic sends the context with the docker client of the PATH to a stub.
func classic(ctx context.Context, res *plan.Result, r *room) (*Verification, error) {
	program, version, err := classicClient(ctx)
	if err != nil {
		return nil, err
	}
	config, err := r.mkdir()
	if err != nil {
		return nil, err
	}
	s, err := startStub(r.dir)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	args := []string{"-H", s.address, "build"}
	if res.File != "" {
		args = append(args, "-f", res.File)
	}
	c := &child{
		program: program, args: append(args, res.Path), dir: res.Dir,
		env: without(dockerVariables, "DOCKER_CONFIG="+config, "DOCKER_BUILDKIT=0", "DOCKER_CLI_HINTS=false"),
	}
	if res.File == "-" {
		c.stdin = res.Dockerfile.Data
	}
	var stdout bytes.Buffer
	stderr := &tail{}
	failure := c.run(ctx, &stdout, stderr)
	v := &Verification{Program: "docker", Version: version.text}
	if version.major < oldestClient {
		v.Notes = append(v.Notes, "predictions are of clients from "+strconv.Itoa(oldestClient)+".0.0 on: this one is older, and reads some patterns differently")
	}
	sent, asked := s.seen()
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case sent != nil && sent.err == nil && failure == nil:
		v.compareUpload(res, sent, stdout.Bytes())
		return v, nil
	case asked && sent == nil:
		v.Refused = lastWord(stderr.all(), failure)
		v.Transfers = compareTransfers(res.Transfers, 0, nil)
		return v, nil
	case sent != nil && sent.err != nil:
		failure = sent.err
	case failure == nil:
		failure = errors.New("it sent nothing")
	}
	return nil, clientFailed("docker", failure, stderr.all())
}

// compareUpload compares a context that has arrived whole.
func (v *Verification) compareUpload(res *plan.Result, sent *upload, stdout []byte) {
	alternative := res.Measurement.Wire.Alternative
	v.Transfers = compareTransfers(res.Transfers, alternative, []stream{{kind: "context", name: "context", bytes: sent.bytes}})
	predicted := predictedEntries(res.Selection)
	for _, path := range res.Selection.MadeUp() {
		predicted = append(predicted, entry{path: path, size: -1})
	}
	if sent.rewritten {
		// The client has added the Dockerfile's name to the ignore file.
		for i := range predicted {
			if predicted[i].path == ".dockerignore" {
				predicted[i].size = -1
			}
		}
	}
	v.List = compareLists(predicted, sent.entries, !sent.rewritten)
	if m := printedSize.FindSubmatch(stdout); m != nil {
		v.Printed = &Printed{Predicted: buildcontext.Classic.Shown(res.Measurement.Wire.Bytes), Sent: string(m[1])}
		if sent.bytes == alternative {
			v.Printed.Predicted = buildcontext.Classic.Shown(alternative)
		}
	}
}

type dockerVersion struct {
	text  string
	major int
}

// classicClient finds the docker client and asks for its version, which needs no
// daemon. What Podman installs under its name is none.
func classicClient(ctx context.Context) (string, dockerVersion, error) {
	const what = "classic client"
	program, err := exec.LookPath("docker")
	if err != nil {
		return "", dockerVersion{}, missing(what, classicHint, "docker is not in PATH")
	}
	answer, last, err := ask(ctx, program, "--version")
	m := clientVersion.FindStringSubmatch(answer)
	switch {
	case ctx.Err() != nil:
		return "", dockerVersion{}, context.Cause(ctx)
	case err != nil:
		return "", dockerVersion{}, missing(what, classicHint, program+" --version fails: "+wordsOf(err, last))
	case m == nil:
		return "", dockerVersion{}, missing(what, classicHint, program+" is not Docker's, it calls itself "+strconv.Quote(last))
	}
	major, _ := strconv.Atoi(m[2]) // digits; a number too long is no old one
	return program, dockerVersion{text: m[1], major: major}, nil
}

func clientFailed(program string, err error, output []string) error {
	return &plan.UsageError{
		Err:  &ClientError{Err: errors.New(program + " failed: " + err.Error()), Output: output},
		Hint: "see what it said above",
	}
}

// lastWord is what a client said at its end, without the mark of an error.
func lastWord(output []string, err error) string {
	if len(output) == 0 {
		return wordsOf(err, "")
	}
	last := output[len(output)-1]
	for _, mark := range []string{"ERROR: ", "error: ", "Error: "} {
		last = strings.TrimPrefix(last, mark)
	}
	return last
}
