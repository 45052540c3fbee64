// Tarlist answers what the classic client's libraries make of a context: it
// reads requests from standard input, one line of JSON each, and writes one
// line for each.
//
// It goes the client's way (docker/cli cli/command/image/build.go : runBuild)
// with the client's own packages, and is a program so that their versions stay
// out of the module that has BuildKit's.
package main

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/docker/cli/cli/command/image/build"
	"github.com/moby/go-archive"
)

// request names a context and its Dockerfile (relative to the context).
type request struct {
	Context    string `json:"context"`
	Dockerfile string `json:"dockerfile"`
}

// response lists names as bytes, for they need not be UTF-8.
type response struct {
	Sent  [][]byte `json:"sent"`
	Bytes int64    `json:"bytes"`
	Error string   `json:"error,omitempty"`
}

func main() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var req request
		err := in.Decode(&req)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		res, err := list(req)
		if err != nil {
			res = response{Error: err.Error()}
		}
		if err := out.Encode(res); err != nil {
			log.Fatal(err)
		}
	}
}

func list(req request) (response, error) {
	var res response
	excludes, err := build.ReadDockerignore(req.Context)
	if err != nil {
		return res, err
	}
	if err := build.ValidateContextDirectory(req.Context, excludes); err != nil {
		return res, err
	}
	excludes = build.TrimBuildFilesFromExcludes(excludes, filepath.ToSlash(req.Dockerfile), false)
	body, err := archive.TarWithOptions(req.Context, &archive.TarOptions{
		ExcludePatterns: excludes,
		ChownOpts:       &archive.ChownOpts{UID: 0, GID: 0},
	})
	if err != nil {
		return res, err
	}
	defer body.Close()
	count := &counter{from: body}
	entries := tar.NewReader(count)
	for {
		h, err := entries.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return res, err
		}
		res.Sent = append(res.Sent, []byte(h.Name))
	}
	_, err = io.Copy(io.Discard, count)
	res.Bytes = count.n
	return res, err
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
