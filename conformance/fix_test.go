package conformance

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/ctxsize/ctxsize/conformance/cases"
	"github.com/ctxsize/ctxsize/conformance/program"
)

// habits is an ignore file as somebody writes one who knows .gitignore: --repair has
// much to do.
const habits = `# from our .gitignore
node_modules # installed
!README.md
*.md
*.log
__pycache__/
old/gone
*.log
!**/keep.txt
`

// TestFixBreaksNoBuild builds the same Dockerfiles with the running engines before
// and after ctxsize fix, with each of the things that it writes, on developers'
// machines of some twenty ecosystems: not one may break.
func TestFixBreaksNoBuild(t *testing.T) {
	needEngines(t)
	buildkit, classic, ctxsize := startBuildKit(t), startClassic(t), buildProgram(t)
	builders := map[string]func(context.Context, *cases.Planted) error{
		program.BuildKit: func(ctx context.Context, p *cases.Planted) error {
			build, err := buildkit.Build(ctx, p)
			if err != nil {
				return err
			}
			return build.Err
		},
		program.Classic: func(ctx context.Context, p *cases.Planted) error {
			upload, err := classic.Build(ctx, p)
			if err != nil {
				return err
			}
			return upload.Err
		},
	}
	machines, err := program.PlantMachines(t.Context(), int(*firstSeed), t.TempDir()) //nolint:gosec // a seed
	if err != nil {
		t.Fatal(err)
	}
	var built, written atomic.Int64
	t.Run("machines", func(t *testing.T) {
		for name, dir := range machines {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				p := &cases.Planted{Case: &cases.Case{}, Context: dir}
				ignoreFile, state := filepath.Join(dir, ".dockerignore"), t.TempDir()
				for _, way := range []struct {
					name, old string
					flags     []string
					builders  []string // a classic build takes seconds, and the rules are the same
				}{
					{"fix", "", nil, []string{program.BuildKit}},
					{"fix --repair", habits, []string{"--repair"}, []string{program.BuildKit}},
					{"fix --allowlist", "", []string{"--allowlist"}, []string{program.BuildKit, program.Classic}},
					{"fix --from-gitignore", "", []string{"--from-gitignore"}, []string{program.BuildKit}},
				} {
					for _, builder := range way.builders {
						build := builders[builder]
						write(t, ignoreFile, way.old)
						if err := build(t.Context(), p); err != nil {
							continue // it needs what a RUN would have made
						}
						built.Add(1)
						ok, err := ctxsize.Fix(t.Context(), builder, state, p, way.flags...)
						if err != nil {
							t.Fatal(err)
						}
						if !ok {
							continue
						}
						written.Add(1)
						if err := build(t.Context(), p); err != nil {
							text, _ := os.ReadFile(ignoreFile)
							t.Errorf("%s: %s breaks the build: %v\n%s", builder, way.name, err, text)
						}
					}
				}
			})
		}
	})
	if n := int64(len(machines)); built.Load() < 4*n || written.Load() < 3*n {
		t.Errorf("of %d machines %d builds were possible and %d fixed: that is no test", n, built.Load(), written.Load())
	}
	t.Logf("%d builds before, %d after a fix, none broken", built.Load(), written.Load())
}

// write makes the ignore file of a machine what it was, "" for none.
func write(t *testing.T, path, text string) {
	t.Helper()
	err := os.Remove(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if text == "" {
		return
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
