package conformance

import (
	"os"
	"testing"

	"github.com/ctxsize/ctxsize/conformance/cases"
	"github.com/ctxsize/ctxsize/conformance/engine"
)

// needEngines skips a test where the engines are not installed. With
// CTXSIZE_CONFORMANCE=require, as in continuous integration, their absence
// fails it instead.
func needEngines(t *testing.T) {
	t.Helper()
	if err := engine.Missing(); err != nil {
		if os.Getenv("CTXSIZE_CONFORMANCE") == "require" {
			t.Fatalf("the engines are required: %v", err)
		}
		t.Skipf("without the engines: %v", err)
	}
}

// needRoot skips a test that plants devices, owners and security attributes.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() == 0 {
		return
	}
	if os.Getenv("CTXSIZE_CONFORMANCE") == "require" {
		t.Fatal("root's rights are required")
	}
	t.Skip("planting the trees needs root's rights")
}

// startBuildKit starts a BuildKit that ends with the test.
func startBuildKit(t *testing.T) *engine.BuildKit {
	t.Helper()
	b, err := engine.StartBuildKit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Stop)
	return b
}

// startStub starts a stub daemon that ends with the test.
func startStub(t *testing.T) *engine.Stub {
	t.Helper()
	s, err := engine.NewStub()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// startClassic starts a dockerd that ends with the test.
func startClassic(t *testing.T) *engine.Classic {
	t.Helper()
	c, err := engine.StartClassic(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	return c
}

// recorded reads the recorded cases.
func recorded(t *testing.T) []cases.Case {
	t.Helper()
	all, err := cases.Load("cases.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// plant puts a case in a folder of its own.
func plant(t *testing.T, c *cases.Case) *cases.Planted {
	t.Helper()
	p, err := c.Plant(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return p
}
