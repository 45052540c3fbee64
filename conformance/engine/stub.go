package engine

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/ctxsize/ctxsize/conformance/cases"
)

// TarEntry is one header of a classic context.
type TarEntry struct {
	tar.Header
}

// Stub is a daemon that reads a context to its end, keeps what it held, and
// calls the build a success. The classic client parses no Dockerfile, so that
// it sends to a stub what it sends to a daemon of any age.
type Stub struct {
	dir    string
	server *http.Server

	mu      sync.Mutex
	uploads map[string]*Upload // by tag
	builds  int
}

// NewStub starts a stub.
func NewStub() (*Stub, error) {
	dir, err := os.MkdirTemp("", "ctxsize-stub-")
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("unix", filepath.Join(dir, "stub.sock"))
	if err != nil {
		return nil, err
	}
	s := &Stub{dir: dir, uploads: map[string]*Upload{}}
	s.server = &http.Server{Handler: s}
	go func() { _ = s.server.Serve(listener) }() // it ends with Stop
	return s, nil
}

// Stop closes the stub.
func (s *Stub) Stop() {
	_ = s.server.Close()
	_ = os.RemoveAll(s.dir)
}

// Build sends a case with the real client.
func (s *Stub) Build(ctx context.Context, p *cases.Planted) (*Upload, error) {
	s.mu.Lock()
	s.builds++
	tag := fmt.Sprintf("build-%d", s.builds)
	s.mu.Unlock()
	u, err := runClient(ctx, "unix://"+filepath.Join(s.dir, "stub.sock"), s.dir, tag, p)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if got := s.uploads[tag]; got != nil {
		delete(s.uploads, tag)
		u.Received, u.Bytes, u.Entries = true, got.Bytes, got.Entries
		if u.Err == nil {
			u.Err = got.Err
		}
	}
	return u, nil
}

// ServeHTTP answers the three requests that a build makes.
func (s *Stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Api-Version", "1.41")
	w.Header().Set("Ostype", "linux")
	switch {
	case strings.HasSuffix(r.URL.Path, "/_ping"):
		fmt.Fprint(w, "OK")
	case strings.HasSuffix(r.URL.Path, "/version"):
		fmt.Fprint(w, `{"ApiVersion":"1.41","MinAPIVersion":"1.12","Os":"linux"}`)
	case strings.HasSuffix(r.URL.Path, "/build"):
		u := receive(r.Body)
		s.mu.Lock()
		s.uploads[strings.TrimSuffix(r.URL.Query().Get("t"), ":latest")] = u
		s.mu.Unlock()
		fmt.Fprintln(w, `{"stream":"Successfully built 000000000000\n"}`)
	default:
		http.NotFound(w, r)
	}
}

// receive reads one tar to its last byte. The stream of a Dockerfile from
// outside the context has no trailer, and its last entry no padding.
func receive(body io.Reader) *Upload {
	u := &Upload{}
	count := &counter{from: body}
	archive := tar.NewReader(count)
	headers := int64(0) // the end of the last one
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			u.Err = fmt.Errorf("read the context: %w", err)
			break
		}
		u.Entries = append(u.Entries, TarEntry{*h})
		headers = count.n
	}
	if _, err := io.Copy(io.Discard, count); err != nil {
		u.Err = fmt.Errorf("read the context: %w", err)
	}
	u.Bytes = count.n
	if n := len(u.Entries); n > 0 && u.Entries[n-1].Typeflag == tar.TypeReg && u.Entries[n-1].Size > 0 && headers == u.Bytes {
		u.Err = fmt.Errorf("the client broke off before the content of %q", u.Entries[n-1].Name)
	}
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

// Sent lists the entries as recorded cases do: in the order of the tar, a
// directory with a slash at its end.
func (u *Upload) Sent() []string {
	sent := make([]string, len(u.Entries))
	for i, e := range u.Entries {
		sent[i] = e.Name
		if madeUpName.MatchString(e.Name) {
			sent[i] = MadeUpDockerfile
		}
	}
	return sent
}

// Rewritten tells whether the client put a Dockerfile from outside the context
// into the stream.
func (u *Upload) Rewritten() bool { return slices.Contains(u.Sent(), MadeUpDockerfile) }
