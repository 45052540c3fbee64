package verify

import (
	"archive/tar"
	"bytes"
	"context"
	"net"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// body is a context with a directory, a file and a hard link to it, and a
// Dockerfile from outside under its made-up name.
func body(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range []tar.Header{
		{Name: "d/", Typeflag: tar.TypeDir, Mode: 0o755},
		{Name: "d/f", Typeflag: tar.TypeReg, Size: 5, Mode: 0o644},
		{Name: "d/g", Typeflag: tar.TypeLink, Linkname: "d/f", Mode: 0o644},
		{Name: ".dockerfile.0123456789abcdef0123", Typeflag: tar.TypeReg, Size: 5, Mode: 0o644},
	} {
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if _, err := w.Write([]byte("12345")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReceive(t *testing.T) {
	t.Parallel()
	whole := body(t)
	entries := []entry{{"d/", -1}, {"d/f", 5}, {"d/g", -1}}
	// The client ends such a body behind the last entry's content: four headers
	// and two files, of which the first is padded.
	short := whole[:4*512+512+5]
	for _, tt := range []struct {
		name string
		body []byte
		want upload
	}{
		{"whole", whole, upload{bytes: int64(len(whole)), entries: entries, rewritten: true}},
		{"without padding and trailer", short, upload{bytes: int64(len(short)), entries: entries, rewritten: true}},
		{"empty", nil, upload{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := receive(bytes.NewReader(tt.body)); !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", *got, tt.want)
			}
		})
	}
	t.Run("no tar", func(t *testing.T) {
		t.Parallel()
		got := receive(strings.NewReader(strings.Repeat("no tar ", 512)))
		if got.err == nil || got.bytes != 7*512 {
			t.Errorf("got %+v, want an error and every byte counted", *got)
		}
	})
	t.Run("broken off", func(t *testing.T) {
		t.Parallel()
		if got := receive(iotest.TimeoutReader(bytes.NewReader(whole))); got.err == nil {
			t.Error("want an error")
		}
	})
}

func TestStub(t *testing.T) {
	t.Parallel()
	s, err := startStub(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	network, address, _ := strings.Cut(s.address, "://")
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}}
	if u, asked := s.seen(); u != nil || asked {
		t.Error("something was seen before anything was asked")
	}
	get := func(path string) int {
		t.Helper()
		resp, err := client.Get("http://stub" + path)
		if err != nil {
			t.Fatal(err)
		}
		if v := resp.Header.Get("Api-Version"); v != apiVersion {
			t.Errorf("%s answers with API version %q", path, v)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode
	}
	if got := get("/_ping"); got != http.StatusOK {
		t.Errorf("_ping answers %d", got)
	}
	if got := get("/v1.50/images/json"); got != http.StatusNotFound {
		t.Errorf("an unknown request is answered with %d", got)
	}
	if u, asked := s.seen(); u != nil || !asked {
		t.Errorf("upload %v, asked %v; want none and true", u, asked)
	}
	resp, err := client.Post("http://stub/v1.50/build?t=x", "application/x-tar", bytes.NewReader(body(t)))
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if u, _ := s.seen(); u == nil || u.bytes != int64(len(body(t))) || u.err != nil {
		t.Errorf("the upload is %+v", u)
	}
}
