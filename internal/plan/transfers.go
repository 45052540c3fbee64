package plan

import (
	"context"
	"fmt"
	"path"
	"slices"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
)

// Transfer is one stream of bytes to the builder.
type Transfer struct {
	// Kind is "dockerfile", "ignorefile" or "context".
	Kind string `json:"kind"`
	// Name is what the builder calls the source: "dockerfile", "context", or the
	// name of a named context.
	Name string `json:"name"`
	// WireBytes is what the builder prints, WarmWireBytes the least that it
	// receives when it has every file already. The small transfers are always
	// sent in full.
	WireBytes     int64  `json:"wireBytes"`
	WarmWireBytes *int64 `json:"warmWireBytes,omitempty"`
}

// transfers measures everything that goes to the builder besides the context,
// whose own transfer the caller puts in its place.
func (r *Run) transfers(ctx context.Context, main *buildcontext.Measurement) ([]Transfer, error) {
	switch r.Builder {
	case buildcontext.Classic:
		return []Transfer{{Kind: "context", Name: "context", WireBytes: main.Wire.Bytes}}, nil
	case buildcontext.Podman:
		return []Transfer{}, nil
	case buildcontext.BuildKit:
	}
	var all []Transfer
	small := func(kind, name string, src buildcontext.Source, paths ...string) error {
		wire, err := scoped(ctx, src, paths, nil)
		if err == nil {
			all = append(all, Transfer{Kind: kind, Name: name, WireBytes: wire.Bytes})
		}
		return err
	}
	if !r.Dockerfile.Missing {
		if err := small("dockerfile", "dockerfile", r.Dockerfile.source(), r.Dockerfile.request()...); err != nil {
			return nil, err
		}
	}
	if !r.IgnoreFile.Specific {
		if err := small("ignorefile", "context", r.Source, dockerignore); err != nil {
			return nil, err
		}
	}
	if r.Reads().Used && !r.Loaded(r.Rules()) {
		warm := main.Wire.Warm
		all = append(all, Transfer{Kind: "context", Name: "context", WireBytes: main.Wire.Bytes, WarmWireBytes: &warm})
	}
	for _, c := range r.named {
		if c.src == nil || r.Build == nil {
			continue
		}
		reads, ok := r.Build.Named[c.name]
		if !ok {
			continue
		}
		if err := small("ignorefile", c.name, c.src, dockerignore); err != nil {
			return nil, err
		}
		for _, asked := range reads {
			t, err := r.namedTransfer(ctx, c, asked)
			if err != nil {
				return nil, fmt.Errorf("build context %q: %w", c.name, err)
			}
			if t != nil {
				all = append(all, *t)
			}
		}
	}
	return all, nil
}

// namedTransfer measures a named context under its own .dockerignore. It is nil
// where nothing is transferred: see [loaded].
// (moby/buildkit, frontend/dockerui/namedcontext.go)
func (r *Run) namedTransfer(ctx context.Context, c namedContext, reads buildcontext.Reads) (*Transfer, error) {
	ignoreFile, err := ignoreFileBuildKit(c.src, c.root)
	if err != nil {
		return nil, err
	}
	rules := ignoreFile.rules(r.Builder)
	if err := ignore.TravelError(rules); err != nil {
		return nil, refused(err)
	}
	if loaded(reads, rules) {
		return nil, nil
	}
	var paths []string
	if !reads.Whole {
		if paths, err = r.askable(reads); err != nil {
			return nil, refused(err)
		}
	}
	wire, err := scoped(ctx, c.src, paths, rules)
	return &Transfer{Kind: "context", Name: c.name, WireBytes: wire.Bytes, WarmWireBytes: &wire.Warm}, err
}

// scoped measures a transfer of the paths that are asked for; of none, of the
// whole source.
func scoped(ctx context.Context, src buildcontext.Source, paths []string, rules []ignore.Rule) (buildcontext.Wire, error) {
	include, err := buildcontext.FollowPaths(src, paths)
	if err != nil {
		return buildcontext.Wire{}, err
	}
	inv, err := buildcontext.ScanOnly(ctx, src, include)
	if err != nil {
		return buildcontext.Wire{}, err
	}
	sel, err := buildcontext.Select(inv, buildcontext.Request{Include: include, Rules: rules})
	if err == nil {
		err = sel.Complete(ctx, src)
	}
	if err != nil {
		return buildcontext.Wire{}, wrapRefusal(err)
	}
	m, err := buildcontext.Measure(sel)
	if err != nil {
		return buildcontext.Wire{}, wrapRefusal(err)
	}
	return m.Wire, nil
}

// request returns what BuildKit asks of the Dockerfile's directory.
// (moby/buildkit, frontend/dockerui/config.go, ReadEntrypoint)
func (d *Dockerfile) request() []string {
	paths := []string{d.base, d.base + dockerignore}
	if path.Base(d.base) == defaultDockerfile {
		paths = append(paths, "dockerfile")
	}
	slices.Sort(paths)
	return paths
}

// source returns the directory that holds the Dockerfile. One from standard input
// is written to an empty directory first.
func (d *Dockerfile) source() buildcontext.Source {
	if d.dir != nil {
		return d.dir
	}
	return stdinDockerfile{size: int64(len(d.Data))}
}
