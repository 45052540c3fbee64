package plan

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/dockerfile"
)

// Options is one docker build command line, as far as it concerns the context.
type Options struct {
	// Path is the context as given, relative to Dir.
	Path string
	// Dir is the working directory.
	Dir     string
	Builder buildcontext.Builder
	// File is the Dockerfile as given, relative to Dir; "-" is standard input;
	// "" is the default.
	File   string
	Target string
	// BuildArgs are "NAME=value", or "NAME" to take the value of the environment.
	BuildArgs []string
	// BuildContexts are "name=value".
	BuildContexts []string
	Platform      string
	// IgnoreFile is podman's --ignorefile, relative to Dir.
	IgnoreFile string
	// Compress tells that the classic client compresses what it sends.
	Compress bool
	// Policy is what the configuration says about findings.
	Policy Policy
	Stdin  io.Reader
	Getenv func(string) (string, bool)
}

// UsageError is an input that cannot be used: the command line asks for what
// does not exist, or what the builder refuses. Hint says what to do next.
type UsageError struct {
	Err  error
	Hint string
}

func (e *UsageError) Error() string { return e.Err.Error() }

func (e *UsageError) Unwrap() error { return e.Err }

func usage(hint, format string, args ...any) error {
	return &UsageError{Err: fmt.Errorf(format, args...), Hint: hint}
}

// gitContext recognizes what docker build clones instead of reading.
// (docker/cli, cli/command/image/build; moby/moby, builder/remotecontext/urlutil, IsGitURL)
var gitContext = regexp.MustCompile(`^(git://|git@|ssh://|github\.com/)|^https?://.*\.git(#.*)?$`)

// openContext opens a context directory, or says why it is none. It returns the
// path without symbolic links, too.
func (r *Run) openContext(path string) (buildcontext.Source, string, error) {
	switch path {
	case "-":
		return nil, "", usage("unpack it into a directory and name that", "a context on standard input cannot be measured")
	case "":
		return nil, "", usage("use . for the working directory", "the context path is empty")
	}
	full := path
	if !filepath.IsAbs(full) {
		full = filepath.Join(r.Dir, path)
	}
	src, root, err := r.files.directory(full)
	if err == nil {
		return src, root, nil
	}
	resolved, statErr := r.files.resolve(full)
	if statErr != nil && isURL(path) {
		return nil, "", usage("clone or download it and name the directory",
			"%q is a remote context: the builder fetches it, and nothing is sent from here", path)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "", usage("name the directory that docker build is given", "the context %q does not exist", path)
	case errors.Is(err, fs.ErrPermission):
		return nil, "", usage("run as somebody who may read it", "the context %q cannot be read: permission denied", path)
	}
	if mode, err := r.files.lstat(resolved); statErr == nil && err == nil && !mode.IsDir() {
		return nil, "", usage("name the directory, and a Dockerfile with -f", "the context %q is not a directory", path)
	}
	return nil, "", &UsageError{Err: err}
}

func isURL(path string) bool {
	if gitContext.MatchString(path) {
		return true
	}
	u, err := url.Parse(path)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// buildArgs resolves --build-arg; a name that the environment does not have is
// left out, as docker leaves it out.
func (o *Options) buildArgs() map[string]string {
	args := map[string]string{}
	for _, a := range o.BuildArgs {
		name, value, ok := strings.Cut(a, "=")
		if !ok && o.Getenv != nil {
			value, ok = o.Getenv(name)
		}
		if ok {
			args[name] = value
		}
	}
	return args
}

// namedContext is one --build-context.
type namedContext struct {
	name, value string
	// src is nil where the value is no local directory; root is its path without
	// symbolic links.
	src  buildcontext.Source
	root string
}

// namedContexts resolves --build-context. (docker/buildx, build/opt.go, loadInputs)
func (r *Run) namedContexts() ([]namedContext, error) {
	var all []namedContext
	for _, c := range r.BuildContexts {
		name, value, ok := strings.Cut(c, "=")
		if !ok || name == "" || value == "" {
			return nil, usage("write --build-context name=directory", "the build context %q is not of the form name=value", c)
		}
		if !dockerfile.LocalContext(value) {
			all = append(all, namedContext{name: name, value: value})
			continue
		}
		src, root, err := r.openContext(value)
		if err != nil {
			if u, ok := errors.AsType[*UsageError](err); ok {
				return nil, usage(u.Hint, "build context %q: %v", name, u.Err)
			}
			return nil, err
		}
		all = append(all, namedContext{name: name, value: value, src: src, root: root})
	}
	return all, nil
}
