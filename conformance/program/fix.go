package program

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/ctxsize/ctxsize/conformance/cases"
)

// ExitNo is the status with which ctxsize refuses to write.
const ExitNo = 1

// Fix runs ctxsize fix on a planted case and tells whether it wrote, or had nothing
// to write; false is a refusal. What can be undone is kept in state.
func (p *Program) Fix(ctx context.Context, builder, state string, c *cases.Planted, flags ...string) (bool, error) {
	cmd := p.Command(ctx, c, append([]string{"fix", "--builder", builder}, flags...)...)
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+state)
	out, err := cmd.CombinedOutput()
	if exit, ok := err.(*exec.ExitError); ok && (exit.ExitCode() == ExitNo || exit.ExitCode() == ExitRefused) { //nolint:errorlint // it comes bare
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("fix %v: %w\n%s", flags, err, out)
	}
	return true, nil
}

// PlantMachines writes the developers' machines of a seed below dir: see
// internal/treetest/machines/plant in ctxsize's module. It returns their
// directories, by name.
func PlantMachines(ctx context.Context, seed int, dir string) (map[string]string, error) {
	module, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("find the conformance module: %w", err)
	}
	cmd := exec.CommandContext(ctx, "go", "run", "./internal/treetest/machines/plant", strconv.Itoa(seed), dir)
	cmd.Dir = filepath.Dir(strings.TrimSpace(string(module)))
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("plant machines: %w\n%s", err, out)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, e := range entries {
		all[e.Name()] = filepath.Join(dir, e.Name())
	}
	return all, nil
}
