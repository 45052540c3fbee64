package check_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/check"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/treetest/machines"
)

// TestRunIsExact sets limits to what a whole measurement says, and wants them to hold;
// one less, and wants them not to: leaving unread what is ignored changes no number.
func TestRunIsExact(t *testing.T) {
	t.Parallel()
	for i, m := range machines.All(7) {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := m.Tree.Write(dir); err != nil {
				t.Fatal(err)
			}
			// Something is ignored, and of that something comes back.
			ignored := "**/node_modules\n.git\n**/*.log\n" + []string{"", "src\n!src/*\n", "*\n!**/*.md\n"}[i%3]
			if err := os.WriteFile(filepath.Join(dir, ".dockerignore"), []byte(ignored), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, builder := range []buildcontext.Builder{buildcontext.BuildKit, buildcontext.Classic, buildcontext.Podman} {
				options := plan.Options{Path: ".", Dir: dir, Builder: builder}
				run, err := plan.Prepare(options)
				if err != nil {
					t.Fatal(err)
				}
				whole, err := run.Measure(t.Context(), plan.MeasureOptions{})
				if err != nil {
					t.Fatal(err)
				}
				exact(t, options, whole)
			}
		})
	}
}

func exact(t *testing.T, options plan.Options, whole *plan.Result) {
	t.Helper()
	m := whole.Measurement
	for _, test := range []struct {
		rule, prefix string
		on           budget.On
		actual       int64
	}{
		{budget.MaxSize, "", budget.Sent, m.Sent.Bytes},
		{budget.MaxSize, "", budget.Eligible, m.Eligible.Bytes},
		{budget.MaxSize, "", budget.Wire, whole.ContextWire()},
		{budget.MaxFiles, "", budget.Sent, int64(m.Sent.Files)},
		{budget.MaxFiles, "", budget.Eligible, int64(m.Eligible.Files)},
		{budget.MaxDirSize, ".=", budget.Sent, m.Dirs[0].SentBytes},
		{budget.MaxDirSize, ".=", budget.Eligible, m.Dirs[0].EligibleBytes},
	} {
		if test.on == budget.Wire && options.Builder == buildcontext.Podman || test.actual == 0 {
			continue
		}
		for less, want := range []budget.Status{budget.Pass, budget.Fail} {
			text := test.prefix + strconv.FormatInt(test.actual-int64(less), 10)
			limit, err := budget.ParseLimit(test.rule, text, "a test")
			if err != nil {
				t.Fatal(err)
			}
			c, err := check.Run(t.Context(), check.Options{Options: options, Limits: check.Limits{On: test.on, All: []budget.Limit{limit}}})
			if err != nil {
				t.Fatal(err)
			}
			if o := c.Outcomes[0]; o.Status != want || o.Actual != test.actual || o.Excess() != int64(less) {
				t.Errorf("%v, %s %s on %v: %v, %d and an excess of %d; want %v, %d and %d",
					options.Builder, test.rule, text, test.on, o.Status, o.Actual, o.Excess(), want, test.actual, less)
			}
		}
	}
	if m.Sent.Bytes != m.Dirs[0].SentBytes || m.Eligible.Bytes != m.Dirs[0].EligibleBytes || m.Eligible.Files != m.Dirs[0].EligibleFiles {
		t.Errorf("the root does not hold all: %+v, %+v", m.Dirs[0], m)
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	off, err := budget.ParseLimit(budget.MaxSize, "off", "a test")
	if err != nil {
		t.Fatal(err)
	}
	for name, limits := range map[string][]budget.Limit{"nothing": nil, "off": {off}} {
		_, err := check.Run(t.Context(), check.Options{Options: plan.Options{Path: ".", Dir: dir}, Limits: check.Limits{All: limits}})
		if usage, ok := errors.AsType[*plan.UsageError](err); !ok || usage.Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
