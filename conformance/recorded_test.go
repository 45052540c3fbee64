package conformance

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ctxsize/ctxsize/conformance/cases"
	"github.com/ctxsize/ctxsize/conformance/engine"
	"github.com/ctxsize/ctxsize/conformance/formula"
)

// TestRecordedBuildKit runs every recorded case through BuildKit again: what
// the records say must be what this engine says.
func TestRecordedBuildKit(t *testing.T) {
	needEngines(t)
	buildkit := startBuildKit(t)
	for _, c := range recorded(t) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			p := plant(t, &c)
			build, err := buildkit.Build(t.Context(), p)
			for try := 0; err == nil && !build.Settled() && try < 5; try++ { // the last status came too late
				build, err = buildkit.Build(t.Context(), p)
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(transfers(c.BuildKit.Transfers), transfers(asRecorded(build))); diff != "" {
				t.Errorf("transfers (-recorded +engine):\n%s", diff)
			}
			if (c.BuildKit.Error != "") != (build.Err != nil) {
				t.Errorf("recorded error %q, engine says %v", c.BuildKit.Error, build.Err)
			}
			for _, tr := range build.Transfers {
				if tr.Err == nil && tr.Shown != tr.Bytes {
					t.Errorf("%s: the engine shows %d bytes, the client sent %d", tr.Vertex, tr.Shown, tr.Bytes)
				}
				if computed := formula.Packets(tr.Entries); tr.Err == nil && computed != tr.Bytes {
					t.Errorf("%s: the list weighs %d bytes, the client sent %d", tr.Vertex, computed, tr.Bytes)
				}
			}
		})
	}
}

// TestRecordedClassic runs every recorded case through the classic client
// again, into a stub.
func TestRecordedClassic(t *testing.T) {
	needEngines(t)
	stub := startStub(t)
	for _, c := range recorded(t) {
		if c.Classic == nil {
			continue // the old daemon knows not its syntax, and was not asked
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			u, err := rebuild(t, stub, &c)
			if err != nil {
				t.Fatal(err)
			}
			if u.Received != (c.Classic.Sent != nil) {
				t.Fatalf("recorded %+v, now received is %v: %v", c.Classic, u.Received, u.Err)
			}
			if !u.Received {
				return
			}
			if diff := cmp.Diff(c.Classic.Sent, u.Sent()); diff != "" {
				t.Errorf("sent (-recorded +client):\n%s", diff)
			}
			if u.Bytes != c.Classic.Bytes || u.Printed != c.Classic.Printed && c.Classic.Printed != "" {
				t.Errorf("recorded %d (%s), client sent %d (%s)", c.Classic.Bytes, c.Classic.Printed, u.Bytes, u.Printed)
			}
			if computed := formula.Tar(u.Entries, u.Rewritten()); computed != u.Bytes {
				t.Errorf("the list weighs %d bytes, the client sent %d", computed, u.Bytes)
			}
		})
	}
}

// rebuild builds a recorded case. The client adds a Dockerfile from outside and the
// ignore file that hides it in an order that is chance, and the record has the
// likelier one, which comes 7 times in 8: the other is not what is asked about.
// (moby/go-archive, archive.go, ReplaceFileTarWrapper)
func rebuild(t *testing.T, stub *engine.Stub, c *cases.Case) (*engine.Upload, error) {
	t.Helper()
	const patience = 50
	planted := plant(t, c)
	for tries := 1; ; tries++ {
		u, err := stub.Build(t.Context(), planted)
		if err != nil || tries == patience || !u.Rewritten() || slices.Equal(u.Sent(), c.Classic.Sent) {
			return u, err
		}
	}
}

// asRecorded writes a build's transfers as records have them.
func asRecorded(b *engine.Build) []cases.Transfer {
	var all []cases.Transfer
	for _, t := range b.Transfers {
		r := cases.Transfer{Vertex: t.Vertex, Dir: t.Dir, FollowPaths: t.Follow, ExcludePatterns: t.Excludes, Sent: t.Sent(), Bytes: t.Bytes}
		if t.Err != nil {
			r.Error = t.Err.Error()
		}
		all = append(all, r)
	}
	return all
}

// transfers sorts what happens side by side, and forgets whether nothing is
// an empty list.
func transfers(all []cases.Transfer) []cases.Transfer {
	all = slices.Clone(all)
	for i := range all {
		all[i].FollowPaths = append([]string{}, all[i].FollowPaths...)
		all[i].ExcludePatterns = append([]string{}, all[i].ExcludePatterns...)
		all[i].Sent = append([]string{}, all[i].Sent...)
	}
	slices.SortFunc(all, func(a, b cases.Transfer) int { return strings.Compare(a.Vertex, b.Vertex) })
	return all
}
