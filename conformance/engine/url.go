package engine

import (
	"fmt"
	"net"
	"net/http"
)

// URL is an address that ADD can fetch while [ServeURL] serves it. The port is
// fixed, for it is part of the Dockerfiles that a seed makes up.
const URL = "http://127.0.0.1:47811/file"

// ServeURL serves URL until stop is called.
func ServeURL() (stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:47811")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "hi") })}
	go func() { _ = server.Serve(listener) }() // it ends with stop
	return func() { _ = server.Close() }, nil
}
