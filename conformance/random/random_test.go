package random

import "testing"

// TestCaseIsAFunctionOfItsSeed: a mismatch must be there again when its seed is.
func TestCaseIsAFunctionOfItsSeed(t *testing.T) {
	for seed := range uint64(300) {
		a, b := Case(seed), Case(seed)
		if a.Line() != b.Line() {
			t.Fatalf("seed %d:\n%s\n%s", seed, a.Line(), b.Line())
		}
	}
}

// TestCasesCanBePlanted makes up trees and puts them on disk.
func TestCasesCanBePlanted(t *testing.T) {
	for seed := range uint64(300) {
		c := Case(seed)
		if _, err := c.Plant(t.TempDir()); err != nil {
			t.Errorf("seed %d: %v\n%s", seed, err, c.Line())
		}
	}
}
