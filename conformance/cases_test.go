package conformance

import (
	"testing"

	"github.com/ctxsize/ctxsize/conformance/outcome"
	"github.com/ctxsize/ctxsize/conformance/program"
)

// buildProgram builds ctxsize for a test.
func buildProgram(t *testing.T) *program.Program {
	t.Helper()
	p, err := program.Build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestCases holds ctxsize to every recorded case. It needs no engine, but
// root's rights for the trees.
func TestCases(t *testing.T) {
	needRoot(t)
	ctxsize := buildProgram(t)
	for _, c := range recorded(t) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			planted := plant(t, &c)
			want := map[string]*outcome.Outcome{program.BuildKit: outcome.OfRecordedBuildKit(&c)}
			if c.Classic != nil {
				want[program.Classic] = outcome.OfRecordedClassic(&c)
			}
			for builder, engine := range want {
				got, err := ctxsize.Run(t.Context(), builder, planted)
				if err != nil {
					t.Fatalf("%s: %v", builder, err)
				}
				if diff := engine.Diff(got); diff != "" {
					t.Errorf("%s (-engine +ctxsize):\n%s\n%s", builder, diff, c.Line())
				}
			}
		})
	}
}
