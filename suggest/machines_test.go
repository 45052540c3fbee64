package suggest_test

import (
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/treetest/machines"
)

// TestMachines wants the safe suggestions to take at least 99 % of the bytes that
// must go from the machines of twenty ecosystems, and no file that must stay.
func TestMachines(t *testing.T) {
	t.Parallel()
	const share = 0.99
	for seed := range uint64(3) {
		for _, m := range machines.All(seed) {
			t.Run(m.Name, func(t *testing.T) {
				t.Parallel()
				s := &scenario{tree: m.Tree, tracked: m.Tracked(), gitIgnored: m.GitIgnored}
				if s.tracked == nil {
					s.gitIgnored = nil
				}
				for _, builder := range []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic, buildcontext.Podman} {
					all := s.check(t, builder)
					patched := patch(t, nil, safeOf(all))
					after := s.selection(t, builder, patched)
					var must, left int64
					s.inv.Walk(0, func(id buildcontext.ID, path string) bool {
						if !s.inv.Mode(id).IsRegular() {
							return true
						}
						size := s.inv.Size(id)
						switch m.Fate(path) {
						case machines.Go:
							must += size
							if after.Eligible(id) {
								left += size
								t.Logf("left: %s (%d)", path, size)
							}
						case machines.Stay:
							if !after.Eligible(id) {
								t.Errorf("%s: lost: %s", builder, path)
							}
						case machines.May:
						}
						return true
					})
					if float64(must-left) < share*float64(must) {
						t.Errorf("%s: %d of %d bytes that must go are left", builder, left, must)
					}
					if t.Failed() {
						t.Logf("%s", patched)
					}
					if lines := strings.Count(string(patched), "\n"); lines > 30 {
						t.Errorf("%d lines: an expert writes fewer\n%s", lines, patched)
					}
				}
			})
		}
	}
}
