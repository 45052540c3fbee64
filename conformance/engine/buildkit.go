package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/session"
	spb "github.com/moby/buildkit/sourcepolicy/pb"

	// The codec of buildctl and buildx, which does not mind names that are not
	// UTF-8 (their main.go).
	_ "github.com/moby/buildkit/util/grpcutil/encoding/proto"

	"github.com/ctxsize/ctxsize/conformance/cases"
)

// BuildKit is a running buildkitd.
type BuildKit struct {
	daemon *daemon
	client *client.Client
	builds atomic.Int64
}

// Transfer kinds, in the words of ctxsize's JSON.
const (
	KindDockerfile = "dockerfile"
	KindIgnoreFile = "ignorefile"
	KindContext    = "context"
)

// Transfer is one local source that a build asked for.
type Transfer struct {
	Kind string
	// Vertex and Shown are the engine's words: the step's name, and the number
	// that is printed beside "transferring <Dir>:". Shown is -1 where the engine
	// never told one.
	Vertex string
	Shown  int64
	// Dir, Follow, Excludes, Entries, Bytes and Err are what the client saw.
	Dir      string
	Follow   []string
	Excludes []string
	Entries  []Entry
	Bytes    int64
	Err      error
}

// Sent lists the entries, a directory with a slash at its end.
func (t *Transfer) Sent() []string {
	sent := make([]string, len(t.Entries))
	for i, e := range t.Entries {
		sent[i] = e.Stat.Path
		if e.Stat.IsDir() {
			sent[i] += "/"
		}
	}
	return sent
}

// Build is one build that was run.
type Build struct {
	Transfers []Transfer
	// Err is why the build failed.
	Err error
}

// Settled tells whether every transfer came to its own end, good or bad, so
// that its number is final. Where a build fails in one place, transfers for
// another may be cut off.
func (b *Build) Settled() bool {
	return !slices.ContainsFunc(b.Transfers, func(t Transfer) bool {
		if t.Err == nil {
			return t.Shown != t.Bytes
		}
		return b.Err == nil || !strings.Contains(b.Err.Error(), t.Err.Error())
	})
}

// Context returns the transfer of the build context itself, nil where there
// was none.
func (b *Build) Context() *Transfer {
	i := slices.IndexFunc(b.Transfers, func(t Transfer) bool { return t.Kind == KindContext && t.Dir == "context" })
	if i < 0 {
		return nil
	}
	return &b.Transfers[i]
}

// instead is a rule that puts [URL] in the place of what would be fetched from
// elsewhere, so that ADD does not fail where there is no network.
func instead(of string) *spb.Rule {
	return &spb.Rule{
		Action:   spb.PolicyAction_CONVERT,
		Selector: &spb.Selector{Identifier: of, MatchType: spb.MatchType_WILDCARD},
		Updates:  &spb.Update{Identifier: URL},
	}
}

// entitlements are what RUN --security and --network may want.
var entitlements = []string{"security.insecure", "network.host"}

// StartBuildKit starts a buildkitd of its own state. Nothing is pulled, and
// RUN has the host's network namespace: no CNI plug-ins are needed.
func StartBuildKit(ctx context.Context) (*BuildKit, error) {
	program, err := Bin("buildkitd")
	if err != nil {
		return nil, err
	}
	d, err := startDaemon(ctx, "buildkitd", program,
		"--root", "$STATE/root", "--addr", "unix://$STATE/buildkitd.sock",
		"--oci-worker-snapshotter=native", "--oci-worker-binary=runc", "--oci-worker-net=host",
		"--oci-worker-gc=false", "--containerd-worker=false",
		"--allow-insecure-entitlement="+entitlements[0], "--allow-insecure-entitlement="+entitlements[1])
	if err != nil {
		return nil, err
	}
	c, err := client.New(ctx, d.Address())
	if err != nil {
		d.stop()
		return nil, err
	}
	return &BuildKit{daemon: d, client: c}, nil
}

// ConnectBuildKit speaks to a buildkitd that somebody else has started.
func ConnectBuildKit(ctx context.Context, address string) (*BuildKit, error) {
	c, err := client.New(ctx, address)
	if err != nil {
		return nil, err
	}
	return &BuildKit{client: c}, nil
}

// Address is where the daemon listens that [StartBuildKit] has started.
func (b *BuildKit) Address() string { return b.daemon.Address() }

// Share lets every user of this machine build with the daemon.
func (b *BuildKit) Share() error {
	return errors.Join(os.Chmod(b.daemon.state, 0o711), os.Chmod(b.daemon.socket, 0o666))
}

// Stop ends the daemon, if it is this program's own, and removes all that it
// kept.
func (b *BuildKit) Stop() {
	_ = b.client.Close()
	if b.daemon != nil {
		b.daemon.stop()
	}
}

// Build builds a case as buildx would send it: see buildx build/opt.go :
// loadInputs. Every build is cold, for its shared key is its own. The returned
// error is the engine's failure to run at all; that of the build is in Build.
func (b *BuildKit) Build(ctx context.Context, p *cases.Planted) (*Build, error) {
	dirs := map[string]string{"context": p.Context, "dockerfile": p.Context}
	filename := "Dockerfile"
	if p.File != "" {
		dirs["dockerfile"], filename = filepath.Dir(p.File), filepath.Base(p.File)
	}
	attrs := map[string]string{
		"filename": lowercase(dirs["dockerfile"], filename),
		// A Dockerfile that names another front end by "# syntax=" gets the
		// built-in one: to have a cmdline is to be that front end already
		// (frontend/dockerfile/builder/build.go : Build).
		"cmdline": "built-in",
	}
	if p.Target != "" {
		attrs["target"] = p.Target
	}
	for k, v := range p.BuildArgs {
		attrs["build-arg:"+k] = v
	}
	for name, dir := range p.Named {
		dirs[name] = dir
		attrs["context:"+name] = "local:" + name
	}
	c, err := newCapture(dirs)
	if err != nil {
		return nil, err
	}
	status := make(chan *client.SolveStatus)
	seen := make(chan *progress, 1)
	go func() { seen <- watch(status) }()
	build := &Build{}
	_, build.Err = b.client.Solve(ctx, nil, client.SolveOpt{
		Frontend:      "dockerfile.v0",
		FrontendAttrs: attrs,
		// As with --allow: a RUN that wants more is no reason not to send.
		AllowedEntitlements: entitlements,
		SourcePolicy:        &spb.Policy{Rules: []*spb.Rule{instead("https://*"), instead("git://*")}},
		SharedKey:           fmt.Sprintf("%d-%d", time.Now().UnixNano(), b.builds.Add(1)),
		Session:             []session.Attachable{c},
	}, status)
	shown := <-seen
	build.Transfers = pair(c.wait(), shown)
	return build, nil
}

// Prune forgets every result, so that a long run does not fill the disk.
func (b *BuildKit) Prune(ctx context.Context) error {
	return b.client.Prune(ctx, nil, client.PruneAll)
}

// lowercase is buildx build/opt.go : handleLowercaseDockerfile.
func lowercase(dir, name string) string {
	if name != "Dockerfile" {
		return name
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return name
	}
	found := name
	for _, e := range entries {
		switch e.Name() {
		case "Dockerfile":
			return name
		case "dockerfile":
			found = e.Name()
		}
	}
	return found
}

// progress is what the status stream told of the transfers, in the order in
// which they began.
type progress struct {
	names  map[string]string // of steps, by digest
	counts []*client.VertexStatus
}

func watch(status <-chan *client.SolveStatus) *progress {
	p := &progress{names: map[string]string{}}
	for s := range status {
		for _, v := range s.Vertexes {
			p.names[string(v.Digest)] = v.Name
		}
		for _, st := range s.Statuses {
			if !strings.HasPrefix(st.ID, "transferring ") {
				continue
			}
			i := slices.IndexFunc(p.counts, func(o *client.VertexStatus) bool { return o.Vertex == st.Vertex && o.ID == st.ID })
			if i < 0 {
				p.counts = append(p.counts, st)
			} else {
				p.counts[i] = st
			}
		}
	}
	slices.SortStableFunc(p.counts, func(a, b *client.VertexStatus) int { return a.Started.Compare(*b.Started) })
	return p
}

// pair joins what the client saw with what the engine told. No packet names its
// step, but the transfers of one directory happen one after the other: its
// ignore file is read before its content is asked for.
func pair(streams []*stream, p *progress) []Transfer {
	var all []Transfer
	for _, s := range streams {
		t := Transfer{Shown: -1, Dir: s.dir, Follow: s.follow, Excludes: s.excludes, Entries: s.entries, Bytes: s.bytes, Err: s.err}
		for i, st := range p.counts {
			if st != nil && st.ID == "transferring "+s.dir+":" {
				t.Vertex, t.Shown = p.names[string(st.Vertex)], st.Current
				p.counts[i] = nil
				break
			}
		}
		t.Kind = KindOf(t.Vertex)
		all = append(all, t)
	}
	return all
}

// KindOf is the kind of a transfer whose step has this name.
func KindOf(vertex string) string {
	switch {
	case strings.HasPrefix(vertex, "[internal] load build definition"):
		return KindDockerfile
	case strings.HasSuffix(vertex, " load .dockerignore"):
		return KindIgnoreFile
	}
	return KindContext
}
