package report_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/budget"
	"github.com/ctxsize/ctxsize/internal/check"
	"github.com/ctxsize/ctxsize/internal/lint"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
	"github.com/ctxsize/ctxsize/internal/treetest"
)

// sarif is what the schema of SARIF 2.1.0 asks of the fields that are written.
type sarif struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name, InformationURI string
				Rules                []struct {
					ID, HelpURI      string
					ShortDescription struct{ Text string }
				}
			}
		}
		ColumnKind string
		Results    []struct {
			RuleID    string
			RuleIndex int
			Level     string
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           *struct{ StartLine, StartColumn, EndColumn int }
				}
			}
			Fixes []struct {
				ArtifactChanges []struct {
					Replacements []struct {
						DeletedRegion struct{ StartLine, EndLine int }
					}
				}
			}
			Suppressions []struct{ Kind string }
		}
	}
}

// TestLintSARIF holds the log to the parts of the standard that it uses: what must
// be there, what the values may be, and that what refers to something finds it.
func TestLintSARIF(t *testing.T) {
	t.Parallel()
	tree, _ := treetest.Parse(t, `
-- Dockerfile --
FROM scratch
COPY . /
ADD *.zip /zip/
-- .dockerignore --
docs # text
a|b*
# ctxsize:ignore never-matches reason
/
docs
docs/img
-- docs/img/a.png --
-- odd name é.dockerignore --
-- ab --
`)
	dir := t.TempDir()
	if err := tree.Write(dir); err != nil {
		t.Fatal(err)
	}
	l, err := plan.LintContext(t.Context(), plan.LintOptions{Options: plan.Options{Path: ".", Dir: dir, Builder: buildcontext.BuildKit}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := report.LintSARIF(&out, report.Lints{l}, "v1.2.3"); err != nil {
		t.Fatal(err)
	}
	var log sarif
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 || log.Runs[0].ColumnKind != "unicodeCodePoints" {
		t.Fatalf("no log of version 2.1.0 with one run: %+v", log)
	}
	driver, results := log.Runs[0].Tool.Driver, log.Runs[0].Results
	if driver.Name != "ctxsize" || len(driver.Rules) != len(lint.Rules()) {
		t.Errorf("%s has %d rules, want %d", driver.Name, len(driver.Rules), len(lint.Rules()))
	}
	if len(results) != len(l.Findings)+len(l.Suppressed) || len(l.Suppressed) != 1 || len(results) < 6 {
		t.Errorf("%d results for %d findings and %d that are suppressed", len(results), len(l.Findings), len(l.Suppressed))
	}
	suppressed, fixes := 0, 0
	for _, r := range results {
		if r.Message.Text == "" || !slices.Contains([]string{"error", "warning", "note"}, r.Level) {
			t.Errorf("%+v", r)
		}
		if driver.Rules[r.RuleIndex].ID != r.RuleID || !strings.HasSuffix(driver.Rules[r.RuleIndex].HelpURI, "#"+r.RuleID) {
			t.Errorf("%s refers to %+v", r.RuleID, driver.Rules[r.RuleIndex])
		}
		for _, at := range r.Locations {
			place := at.PhysicalLocation
			if u, err := url.Parse(place.ArtifactLocation.URI); err != nil || u.IsAbs() || strings.ContainsAny(place.ArtifactLocation.URI, " é") {
				t.Errorf("%s is at %q: %v", r.RuleID, place.ArtifactLocation.URI, err)
			}
			if region := place.Region; region != nil && (region.StartLine < 1 || region.EndColumn != 0 && region.EndColumn <= region.StartColumn) {
				t.Errorf("%s is at %+v", r.RuleID, region)
			}
		}
		for _, fix := range r.Fixes {
			fixes++
			if at := fix.ArtifactChanges[0].Replacements[0].DeletedRegion; at.EndLine != at.StartLine+1 {
				t.Errorf("%s replaces %+v", r.RuleID, at)
			}
		}
		suppressed += len(r.Suppressions)
	}
	if suppressed != 1 || fixes < 2 {
		t.Errorf("%d suppressions and %d fixes", suppressed, fixes)
	}
}

// TestCheckSARIF wants a place for everything that fails, and a page for every rule.
func TestCheckSARIF(t *testing.T) {
	t.Parallel()
	tree, _ := treetest.Parse(t, `
-- Dockerfile --
FROM scratch
COPY . /
-- .env --
PASSWORD=hunter2
-- a/b --
12345
`)
	dir := t.TempDir()
	if err := tree.Write(dir); err != nil {
		t.Fatal(err)
	}
	var limits []budget.Limit
	for _, l := range [][2]string{
		{budget.MaxSize, "1"},
		{budget.MaxFiles, "1"},
		{budget.MaxFileSize, "1"},
		{budget.MaxDirSize, "a=1"},
		{budget.Forbid, "secrets"},
		{budget.Forbid, "pattern:a/b"},
	} {
		limit, err := budget.ParseLimit(l[0], l[1], "--"+l[0])
		if err != nil {
			t.Fatal(err)
		}
		limits = append(limits, limit)
	}
	c, err := check.Run(t.Context(), check.Options{Options: plan.Options{Path: ".", Dir: dir, Builder: buildcontext.BuildKit}, Limits: check.Limits{All: limits}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := report.CheckSARIF(&out, report.Checks{c}, "v1.2.3"); err != nil {
		t.Fatal(err)
	}
	var log sarif
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	driver, results := log.Runs[0].Tool.Driver, log.Runs[0].Results
	if len(results) != len(limits) {
		t.Errorf("%d results for %d limits that are exceeded", len(results), len(limits))
	}
	for _, r := range results {
		uri, line := ".dockerignore", 1
		if r.RuleID == "secret-sent" {
			uri = ".env"
		}
		place := r.Locations[0].PhysicalLocation
		if driver.Rules[r.RuleIndex].ID != r.RuleID || r.Level != "error" || place.ArtifactLocation.URI != uri || place.Region.StartLine != line {
			t.Errorf("%+v", r)
		}
	}
	for _, r := range driver.Rules {
		_, place, _ := strings.Cut(r.HelpURI, "/docs/")
		file, anchor, _ := strings.Cut(place, "#")
		page, err := os.ReadFile("../../docs/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(page), "# "+anchor+"\n") {
			t.Errorf("docs/%s has no heading %q", file, anchor)
		}
	}
}
