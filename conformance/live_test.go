package conformance

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ctxsize/ctxsize/conformance/cases"
	"github.com/ctxsize/ctxsize/conformance/random"
	"github.com/ctxsize/ctxsize/conformance/shrink"
)

var (
	randomCases = flag.Int("cases", fromEnv("CTXSIZE_CASES", 2000), "number of random cases of TestLive")
	firstSeed   = flag.Uint64("seed", uint64(fromEnv("CTXSIZE_SEED", 1)), "seed of the first random case; each next has the next seed")
	daemonCases = flag.Int("daemon-cases", fromEnv("CTXSIZE_DAEMON_CASES", 300), "how many random cases go through a real dockerd too")
)

// fromEnv is an integer from the environment, so that continuous integration
// can set a flag of one package while it tests all.
func fromEnv(key string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(key)); err == nil {
		return n
	}
	return otherwise
}

const (
	// shrinkTries is how often the engines may be asked to make one mismatch
	// smaller: about half a minute.
	shrinkTries = 150
	// shrinkMost is how many mismatches are made smaller; one cause tends to
	// show many times.
	shrinkMost = 10
)

// TestLive holds ctxsize to the running engines: every transfer, every list and
// every byte, for the recorded cases and for random ones.
func TestLive(t *testing.T) {
	b := newBench(t)
	t.Run("recorded", func(t *testing.T) { b.hold(t, recorded(t)) })
	t.Run("random", func(t *testing.T) {
		t.Logf("%d cases from seed %d; again: go test -run TestLive/random -args -cases %[1]d -seed %[2]d", *randomCases, *firstSeed)
		all := make([]cases.Case, *randomCases)
		for i := range all {
			all[i] = random.Case(*firstSeed + uint64(i))
		}
		b.hold(t, all)
	})
	// A build that fails in one place may be cut off in another. A few are, of
	// those that read several contexts; were it many, the test would test little.
	if open := b.open.Load(); open > int64(5+*randomCases/50) {
		t.Errorf("%d builds came to no certain end", open)
	} else {
		t.Logf("%d builds came to no certain end and were left out", open)
	}
}

// hold checks cases side by side, and makes what mismatches small.
func (b *bench) hold(t *testing.T, all []cases.Case) {
	t.Helper()
	var mu sync.Mutex
	shrunk := 0
	t.Run("all", func(t *testing.T) {
		for _, c := range all {
			t.Run(c.Name, func(t *testing.T) {
				t.Parallel()
				found, err := b.check(t.Context(), &c)
				if err != nil {
					t.Fatalf("%v\n%s", err, c.Line())
				}
				for _, m := range found {
					mu.Lock()
					shrunk++
					small, last := shrunk <= shrinkMost, c
					mu.Unlock()
					if small {
						last, m = b.shrink(t.Context(), c, m)
					}
					t.Errorf("%s (-engine +ctxsize):\n%s\n%s", m.builder, m.diff, describe(&last))
				}
			})
		}
	})
}

// shrink makes a mismatch smaller: the same builder must still be contradicted,
// in the same way as far as one can tell.
func (b *bench) shrink(ctx context.Context, c cases.Case, m mismatch) (cases.Case, mismatch) {
	small := shrink.Case(c, shrinkTries, func(c *cases.Case) bool {
		found, err := b.check(ctx, c)
		if err != nil {
			return false // what cannot be planted or sent shows nothing
		}
		for _, f := range found {
			if f.builder == m.builder && kind(f.diff) == kind(m.diff) {
				m = f
				return true
			}
		}
		return false
	})
	return small, m
}

// kind is what a mismatch is about: an exit, or numbers and lists.
func kind(diff string) string {
	for _, k := range []string{"the engine refuses", "the engine accepts", "ls exits"} {
		if strings.HasPrefix(diff, k) {
			return k
		}
	}
	return "numbers"
}

// describe writes a case as a line for cases.jsonl, and its texts to be read.
func describe(c *cases.Case) string {
	var s strings.Builder
	s.WriteString(c.Line())
	for name, text := range map[string]*cases.Text{".dockerignore": c.Dockerignore, c.DockerfilePath: c.Dockerfile} {
		if text != nil {
			fmt.Fprintf(&s, "\n-- %s --\n%s", name, *text)
		}
	}
	return s.String()
}

// TestDaemon sends the recorded cases and some random ones to a real dockerd:
// it must take what the stub takes, and the client must print the same number.
func TestDaemon(t *testing.T) {
	needEngines(t)
	daemon, stub := startClassic(t), startStub(t)
	all := recorded(t)
	for i := range *daemonCases {
		all = append(all, random.Case(*firstSeed+uint64(i)))
	}
	for _, c := range all {
		if len(c.NamedContexts) > 0 {
			continue // the classic client has no such flag
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			p := plant(t, &c)
			if _, err := os.Lstat(filepath.Join(p.Context, ".dockerignore")); err != nil && strings.HasPrefix(c.DockerfilePath, "../") {
				t.Skip("the number is one of two, at random")
			}
			want, err := daemon.Send(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			got, err := stub.Build(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			if want.Printed != "" && want.Printed != got.Printed {
				t.Errorf("to dockerd the client shows %s, to the stub %s\n%s", want.Printed, got.Printed, describe(&c))
			}
			if want.Printed == "" && got.Received {
				t.Errorf("dockerd got nothing: %v\n%s", want.Err, describe(&c))
			}
		})
	}
}
