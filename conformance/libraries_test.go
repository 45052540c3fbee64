package conformance

import (
	"flag"
	"testing"

	"github.com/ctxsize/ctxsize/conformance/engine"
	"github.com/ctxsize/ctxsize/conformance/formula"
	"github.com/ctxsize/ctxsize/conformance/library"
	"github.com/ctxsize/ctxsize/conformance/outcome"
	"github.com/ctxsize/ctxsize/conformance/program"
	"github.com/ctxsize/ctxsize/conformance/random"
)

var requests = flag.Int("requests", fromEnv("CTXSIZE_REQUESTS", 500), "number of random requests of TestLibraries")

// TestLibraries holds ctxsize to the engines' libraries: fsutil's filter, and
// the classic client's packages. It needs no daemon.
func TestLibraries(t *testing.T) {
	needEngines(t) // for tarlist
	ctxsize := buildProgram(t)
	tarlist, err := library.StartTarlist()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tarlist.Stop(); err != nil {
			t.Errorf("tarlist: %v", err)
		}
	})
	t.Logf("%d requests from seed %d", *requests, *firstSeed)
	for i := range *requests {
		c, follow := random.Request(*firstSeed + uint64(i))
		t.Run(c.Name, func(t *testing.T) {
			p := plant(t, &c)

			entries, err := library.BuildKit(t.Context(), p.Context, follow)
			transfer := engine.Transfer{Entries: entries}
			buildkit := outcome.OfList(transfer.Sent(), formula.Packets(entries), err)

			sent, bytes, err := tarlist.List(p.Context)
			classic := outcome.OfList(sent, bytes, err)

			for builder, want := range map[string]*outcome.Outcome{program.BuildKit: buildkit, program.Classic: classic} {
				got, err := ctxsize.Run(t.Context(), builder, p)
				if err != nil {
					t.Fatalf("%s: %v", builder, err)
				}
				if diff := want.Diff(got); diff != "" {
					t.Errorf("%s (-library +ctxsize):\n%s\nrequest %q\n%s", builder, diff, follow, describe(&c))
				}
			}
		})
	}
}
