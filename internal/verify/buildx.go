package verify

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// buildx is Docker's BuildKit client with the builder that is selected in it.
type buildx struct {
	// words are the program and its first argument, if it is a plug-in.
	words           []string
	shown           string
	version, engine string
}

func (x *buildx) describe(v *Verification) {
	v.Program, v.Version, v.Engine = x.shown, x.version, x.engine
}

// tidy leaves all to the daemon's garbage collection: buildx gives every context
// one name, by which the copy of this build cannot be told from the user's.
func (x *buildx) tidy(context.Context) {}

// command gives the context by a link with a name that nobody has had before: the
// daemon keeps the last tree by the base name of the path as it was given
// (docker/buildx, build/opt.go, loadInputs, SharedKey; moby/buildkit,
// source/local/source.go, snapshot).
func (x *buildx) command(b *build) (*child, error) {
	link := filepath.Join(b.room.dir, b.room.fresh())
	if err := os.Symlink(b.Root, link); err != nil {
		return nil, err
	}
	args := append(slices.Clone(x.words[1:]), "build", "--progress=rawjson", "--output=type=cacheonly")
	file, stdin, err := x.dockerfile(b)
	if err != nil {
		return nil, err
	}
	if file != "" {
		args = append(args, "--file="+file)
	}
	if b.Target != "" {
		args = append(args, "--target="+b.Target)
	}
	if b.Platform != "" {
		args = append(args, "--platform="+b.Platform)
	}
	for _, arg := range b.BuildArgs {
		if name, _, _ := strings.Cut(arg, "="); name != "BUILDKIT_SYNTAX" || b.pull {
			args = append(args, "--build-arg="+arg)
		}
	}
	for _, c := range b.NamedContexts() {
		if !b.images.has(familiar(c.Name)) {
			args = append(args, "--build-context="+c.Name+"="+c.Value)
		}
	}
	for name, in := range b.images {
		args = append(args, "--build-context="+name+"="+in.dir)
	}
	return &child{
		program: x.words[0], args: append(args, link), dir: b.Dir, stdin: stdin,
		env: without(nil, "BUILDX_NO_DEFAULT_ATTESTATIONS=1", "DOCKER_CLI_HINTS=false"),
	}, nil
}

// dockerfile returns the argument of --file, and what is to be read from standard
// input. No flag keeps buildx's front end from fetching the one that the
// Dockerfile names, so that a copy without that line takes its place.
func (x *buildx) dockerfile(b *build) (file string, stdin []byte, err error) {
	syntax := foreignSyntax(b.Result)
	b.copied = syntax != "" && !b.pull
	switch {
	case b.File == "-" && b.copied:
		return "-", withoutSyntax(b.Dockerfile.Data, syntax), nil
	case b.File == "-":
		return "-", b.Dockerfile.Data, nil
	case b.copied:
		file, err = copyWithoutSyntax(b.Result, b.room)
		return file, nil, err
	default:
		return b.File, nil, nil
	}
}
