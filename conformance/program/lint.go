package program

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ctxsize/ctxsize/conformance/cases"
)

// Finding is one of the findings of `ctxsize lint`.
type Finding struct {
	ID   string `json:"id"`
	File string `json:"file"`
	Line int    `json:"line"`
}

// Lint returns what ctxsize finds wrong with a planted case.
func (p *Program) Lint(ctx context.Context, builder string, c *cases.Planted) ([]Finding, error) {
	out, stderr, exit, err := p.exec(ctx, c, "lint", "--fail-on", "none", "--builder", builder, "--format", "json")
	if err != nil {
		return nil, err
	}
	if exit != ExitFine {
		return nil, fmt.Errorf("lint exits %d: %s", exit, stderr)
	}
	var doc struct {
		Findings []Finding `json:"findings"`
	}
	if err := json.Unmarshal(out, &doc); err != nil {
		return nil, fmt.Errorf("read the findings: %w", err)
	}
	return doc.Findings, nil
}

// Eligible returns the files that the ignore file keeps, by path; ok is false
// where the builder refuses.
func (p *Program) Eligible(ctx context.Context, builder string, c *cases.Planted) (kept map[string]bool, ok bool, err error) {
	out, _, exit, err := p.exec(ctx, c, "ls", "--which", "eligible", "-0", "--builder", builder)
	if err != nil || exit != ExitFine {
		return nil, false, err
	}
	kept = map[string]bool{}
	for path := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		kept[path] = true
	}
	return kept, true, nil
}

// IgnoreFile returns the path of the ignore file that a builder reads, relative to
// the context or absolute, "" where it reads none; ok is false where it refuses.
func (p *Program) IgnoreFile(ctx context.Context, builder string, c *cases.Planted) (name string, ok bool, err error) {
	out, _, exit, err := p.exec(ctx, c, "--builder", builder, "--format", "json")
	if err != nil || exit != ExitFine {
		return "", false, err
	}
	var doc struct {
		IgnoreFile string `json:"ignoreFile"`
	}
	err = json.Unmarshal(out, &doc)
	return doc.IgnoreFile, true, err
}
