// Package dockerfiles holds ctxsize's reading of Dockerfiles to BuildKit's own
// front end: the same Dockerfile goes through
// moby/buildkit frontend/dockerfile/builder.Build, with a client that answers from
// memory, and the sources in the definition that the front end hands to the
// solver are compared.
package dockerfiles

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/builder"
	"github.com/moby/buildkit/frontend/gateway/client"
	gwpb "github.com/moby/buildkit/frontend/gateway/pb"
	"github.com/moby/buildkit/solver/pb"
	digest "github.com/opencontainers/go-digest"
	fstypes "github.com/tonistiigi/fsutil/types"
)

// transfer is one local source of the definition: the paths that it follows, nil
// for everything.
type transfer []string

// answer is what the front end asks of the client.
type answer struct {
	// locals are the transfers by the name of the local source.
	locals map[string][]transfer
	// ignores are the contexts whose ignore file is fetched.
	ignores map[string]bool
	err     error
}

// imageConfig is the configuration that every image is said to have.
type imageConfig struct {
	Env        []string
	WorkingDir string
	OnBuild    []string
}

// fake is a gateway client that has one Dockerfile, no ignore file and every
// image in the world.
type fake struct {
	dockerfile string
	opts       map[string]string
	image      imageConfig
	answer     answer
}

// ask runs BuildKit's front end.
func ask(ctx context.Context, dockerfile string, opts map[string]string, image imageConfig) answer {
	f := &fake{
		dockerfile: dockerfile, opts: maps.Clone(opts), image: image,
		answer: answer{locals: map[string][]transfer{}, ignores: map[string]bool{}},
	}
	if f.opts == nil {
		f.opts = map[string]string{}
	}
	// The syntax directive has been followed already.
	f.opts["cmdline"] = "docker/dockerfile:1"
	_, f.answer.err = builder.Build(ctx, f)
	return f.answer
}

func (f *fake) BuildOpts() client.BuildOpts {
	return client.BuildOpts{
		Opts:      f.opts,
		SessionID: "session",
		LLBCaps:   pb.Caps.CapSet(pb.Caps.All()),
		Caps:      gwpb.Caps.CapSet(gwpb.Caps.All()),
	}
}

func (f *fake) Inputs(context.Context) (map[string]llb.State, error) { return nil, nil }

func (f *fake) NewContainer(context.Context, client.NewContainerRequest) (client.Container, error) {
	return nil, errors.ErrUnsupported
}

func (f *fake) Warn(context.Context, digest.Digest, string, client.WarnOpts) error { return nil }

func (f *fake) ResolveSourceMetadata(context.Context, *pb.SourceOp, sourceresolver.Opt) (*sourceresolver.MetaResponse, error) {
	// The time of a source matters to SOURCE_DATE_EPOCH alone.
	modified := time.Unix(1700000000, 0)
	return &sourceresolver.MetaResponse{HTTP: &sourceresolver.ResolveHTTPResponse{LastModified: &modified}}, nil
}

func (f *fake) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	dt, err := json.Marshal(map[string]any{
		"architecture": "amd64", "os": "linux", "config": f.image,
		"rootfs": map[string]any{"type": "layers", "diff_ids": []digest.Digest{digest.FromString("layer")}},
	})
	return ref, digest.FromString(ref), dt, err
}

func (f *fake) Solve(_ context.Context, req client.SolveRequest) (*client.Result, error) {
	if req.Frontend != "" {
		return nil, errors.New("another front end")
	}
	res := client.NewResult()
	res.SetRef(&reference{})
	for _, dt := range req.Definition.GetDef() {
		var op pb.Op
		if err := op.UnmarshalVT(dt); err != nil {
			return nil, err
		}
		src := op.GetSource()
		name, local := strings.CutPrefix(src.GetIdentifier(), "local://")
		if !local {
			continue
		}
		var follow transfer
		if v := src.GetAttrs()[pb.AttrFollowPaths]; v != "" {
			if err := json.Unmarshal([]byte(v), &follow); err != nil {
				return nil, err
			}
		}
		switch {
		case name == "dockerfile":
			res.SetRef(&reference{file: f.dockerfile})
		case slices.Equal(follow, transfer{".dockerignore"}) && src.GetAttrs()[pb.AttrLocalDiffer] == pb.AttrLocalDifferNone:
			f.answer.ignores[name] = true
		default:
			f.answer.locals[name] = append(f.answer.locals[name], follow)
		}
	}
	return res, nil
}

// reference is a result with at most the Dockerfile in it.
type reference struct{ file string }

func (r *reference) ReadFile(_ context.Context, req client.ReadRequest) ([]byte, error) {
	if req.Filename == "Dockerfile" {
		return []byte(r.file), nil
	}
	return nil, os.ErrNotExist
}

func (r *reference) StatFile(context.Context, client.StatRequest) (*fstypes.Stat, error) {
	return nil, os.ErrNotExist
}

func (r *reference) ReadDir(context.Context, client.ReadDirRequest) ([]*fstypes.Stat, error) {
	return nil, os.ErrNotExist
}
func (r *reference) Evaluate(context.Context) error { return nil }
func (r *reference) ToState() (llb.State, error)    { return llb.Scratch(), nil }
