package verify

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"
)

// stub is a Docker daemon that reads the context of a classic build to its end
// and calls the build a success. The client parses no Dockerfile, so that it
// sends to a stub what it sends to any daemon.
type stub struct {
	// address is what the client's -H takes.
	address string
	server  *http.Server

	mu sync.Mutex
	// asked tells that a client has spoken to the stub.
	asked  bool
	upload *upload
}

// upload is the body of one classic build.
type upload struct {
	// bytes is its length, and entries what it holds, in order.
	bytes   int64
	entries []entry
	// rewritten tells that the client has put a Dockerfile from outside the
	// context into the body, and its name into the ignore file.
	rewritten bool
	err       error
}

// apiVersion is higher than any client's: each then speaks its own version.
// (docker/docker, client/client.go, negotiateAPIVersionPing)
const apiVersion = "1.99"

// startStub listens on a socket in dir, or on the loopback interface where the
// client knows no such sockets (Windows) or the path is too long for one.
func startStub(dir string) (*stub, error) {
	socket := filepath.Join(dir, "docker.sock")
	s := &stub{address: "unix://" + socket}
	listener, err := net.Listen("unix", socket)
	if err == nil && runtime.GOOS == "windows" {
		err = errors.Join(errors.ErrUnsupported, listener.Close())
	}
	if err != nil {
		if listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, fmt.Errorf("listen for the docker client: %w", err)
		}
		s.address = "tcp://" + listener.Addr().String()
	}
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.server.Serve(listener) }() // it ends with stop
	return s, nil
}

func (s *stub) stop() { _ = s.server.Close() }

// seen returns what has arrived, nil where no context has, and whether a client
// has spoken to the stub at all.
func (s *stub) seen() (*upload, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.upload, s.asked
}

// ServeHTTP answers the three requests that a build makes.
func (s *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = true
	s.mu.Unlock()
	w.Header().Set("Api-Version", apiVersion)
	w.Header().Set("Ostype", "linux")
	switch {
	case strings.HasSuffix(r.URL.Path, "/_ping"):
		fmt.Fprint(w, "OK")
	case strings.HasSuffix(r.URL.Path, "/version"):
		fmt.Fprintf(w, `{"ApiVersion":%q,"MinAPIVersion":"1.12","Os":"linux"}`, apiVersion)
	case strings.HasSuffix(r.URL.Path, "/build") && r.Method == http.MethodPost:
		u := receive(r.Body)
		s.mu.Lock()
		s.upload = u
		s.mu.Unlock()
		fmt.Fprintln(w, `{"stream":"ctxsize has read the context, and builds nothing\n"}`)
	default:
		http.NotFound(w, r)
	}
}

// madeUpDockerfile is the random name that the client gives a Dockerfile from
// outside the context. (docker/cli, cli/command/image/build/context.go,
// AddDockerfileToBuildContext)
var madeUpDockerfile = regexp.MustCompile(`^\.dockerfile\.[0-9a-f]{20}$`)

// receive reads a body to its last byte. That of a Dockerfile from outside the
// context has no trailer, and its last entry no padding (docker/docker,
// pkg/archive/archive.go, ReplaceFileTarWrapper).
func receive(body io.Reader) *upload {
	u := &upload{}
	count := &counter{from: body}
	archive := tar.NewReader(count)
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			u.err = fmt.Errorf("the context that the client sent cannot be read: %w", err)
			break
		}
		if madeUpDockerfile.MatchString(h.Name) {
			u.rewritten = true
			continue
		}
		e := entry{path: h.Name, size: -1}
		if h.Typeflag == tar.TypeReg {
			e.size = h.Size
		}
		u.entries = append(u.entries, e)
	}
	if _, err := io.Copy(io.Discard, count); err != nil {
		u.err = fmt.Errorf("the context did not arrive whole: %w", err)
	}
	u.bytes = count.n
	return u
}

type counter struct {
	from io.Reader
	n    int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}
