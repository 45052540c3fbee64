package engine

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"syscall"

	"golang.org/x/sys/unix"
)

// URL is an address that ADD can fetch while [ServeURL] serves it. The port is
// fixed, for it is part of the Dockerfiles that a seed makes up.
const URL = "http://127.0.0.1:47811/file"

// ServeURL serves URL until stop is called.
func ServeURL(ctx context.Context) (stop func(), err error) {
	// Two test runs side by side share the port, and either's answer will do.
	shared := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		var err error
		if e := c.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1) }); e != nil {
			return e
		}
		return err
	}}
	listener, err := shared.Listen(ctx, "tcp", "127.0.0.1:47811")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "hi") })}
	go func() { _ = server.Serve(listener) }() // it ends with stop
	return func() { _ = server.Close() }, nil
}
