package verify

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
)

// buildctl is BuildKit's own client with the daemon that it finds.
type buildctl struct {
	program         string
	version, engine string
	// room is the name that all trees of these builds begin with, "" before the
	// first build.
	room string
}

func (c *buildctl) describe(v *Verification) {
	v.Program, v.Version, v.Engine = "buildctl", c.version, c.engine
}

// tidy removes the trees that these builds have left in the daemon's cache. They
// are free a moment after the build has ended.
func (c *buildctl) tidy(ctx context.Context) {
	if c.room == "" {
		return
	}
	_, _, _ = ask(ctx, c.program, "prune", "--filter", "description~="+c.room) // the daemon's garbage collection does it otherwise
}

// command builds as buildx does (docker/buildx, build/opt.go, loadInputs), with
// local names that nobody has had before: the daemon keeps the last tree by the
// name, for buildctl has no other key. The front end asks for the main context by
// a fixed name, which a session's id may have a prefix for (moby/buildkit,
// source/local/source.go, Identifier); the id itself is left empty, and so any
// session serves. Newer daemons put the prefix there twice (solver/llbsolver/
// policy.go, normalizedSourceIdentifier).
func (c *buildctl) command(b *build) (*child, error) {
	c.room = b.room.name
	name := b.room.fresh()
	dir, base := b.Dockerfile.Place()
	if dir == "" { // from standard input
		var err error
		if dir, err = b.room.mkdir(); err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(dir, base), b.Dockerfile.Data, 0o644); err != nil {
			return nil, err
		}
	}
	args := []string{"build", "--progress=rawjson", "--frontend=dockerfile.v0"}
	opt := func(key, value string) { args = append(args, "--opt="+key+"="+value) }
	local := func(name, dir string) { args = append(args, "--local="+name+"="+dir) }
	opt("filename", base)
	opt("dockerfilekey", name+"-dockerfile")
	local(name+"-dockerfile", dir)
	opt("local-sessionid:context", name+":")
	local(name+"-context", b.Root)
	local(name+"-"+name+"-context", b.Root)
	if !b.pull {
		// A front end that has a command line is the one that was named
		// (frontend/dockerfile/builder/build.go, Build).
		opt("cmdline", "built-in")
	}
	if b.Target != "" {
		opt("target", b.Target)
	}
	if b.Platform != "" {
		opt("platform", b.Platform)
	}
	for arg, value := range b.GivenBuildArgs() {
		opt("build-arg:"+arg, value)
	}
	for i, c := range b.NamedContexts() {
		switch short := familiar(c.Name); {
		case b.images.has(short):
		case c.Dir == "":
			opt("context:"+short, c.Value)
		default:
			opt("context:"+short, "local:"+name+"-named-"+strconv.Itoa(i))
			local(name+"-named-"+strconv.Itoa(i), c.Dir)
		}
	}
	i := 0
	for image, in := range b.images {
		opt("context:"+image, "local:"+name+"-image-"+strconv.Itoa(i))
		local(name+"-image-"+strconv.Itoa(i), in.dir)
		i++
	}
	return &child{program: c.program, args: args}, nil
}
