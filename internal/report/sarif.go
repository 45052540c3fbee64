package report

import (
	"io"
	"net/url"
	"strings"

	"github.com/ctxsize/ctxsize/internal/finding"
)

// The part of SARIF 2.1.0 that is written. The field names are the standard's
// (OASIS, sarif-v2.1.0, section 3); a library for all of it would bring a
// validator of schemas into the program for these few.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version,omitempty"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string             `json:"id"`
	ShortDescription sarifText          `json:"shortDescription"`
	HelpURI          string             `json:"helpUri"`
	Default          sarifConfiguration `json:"defaultConfiguration"`
}

type sarifConfiguration struct {
	Level string `json:"level"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        string             `json:"level"`
	Message      sarifText          `json:"message"`
	Locations    []sarifLocation    `json:"locations,omitempty"`
	Fixes        []sarifFix         `json:"fixes,omitempty"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	Properties   *sarifCost         `json:"properties,omitempty"`
}

type sarifCost struct {
	CostBytes     int64 `json:"costBytes"`
	WalkedEntries int   `json:"walkedEntries"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Justification string `json:"justification,omitempty"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
	EndLine     int `json:"endLine,omitempty"`
	EndColumn   int `json:"endColumn,omitempty"`
}

type sarifFix struct {
	Description sarifText     `json:"description"`
	Changes     []sarifChange `json:"artifactChanges"`
}

type sarifChange struct {
	Artifact     sarifArtifact      `json:"artifactLocation"`
	Replacements []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	Deleted  sarifRegion `json:"deletedRegion"`
	Inserted *sarifText  `json:"insertedContent,omitempty"`
}

// LintSARIF writes findings as SARIF 2.1.0, with the version of the program that
// found them.
func LintSARIF(w io.Writer, all Lints, version string) error {
	return writeSARIF(w, lintRules(), all.issues(), version)
}

func writeSARIF(w io.Writer, rules []issueRule, all []issue, version string) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}, Tool: sarifTool{Driver: sarifDriver{
		Name: "ctxsize", Version: version, InformationURI: "https://github.com/ctxsize/ctxsize", Rules: []sarifRule{},
	}}}
	index := map[string]int{}
	for i, r := range rules {
		index[r.id] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: r.id, ShortDescription: sarifText{r.title}, HelpURI: r.page, Default: sarifConfiguration{sarifLevel(r.severity)},
		})
	}
	for _, f := range all {
		run.Results = append(run.Results, sarifResultOf(f, index[f.ID]))
	}
	return writeJSON(w, sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func sarifLevel(s finding.Severity) string {
	if s == finding.Info {
		return "note"
	}
	return s.String()
}

func sarifResultOf(f issue, rule int) sarifResult {
	r := sarifResult{RuleID: f.ID, RuleIndex: rule, Level: sarifLevel(f.Severity), Message: sarifText{Escape(oneText(f.Finding))}}
	if f.suppressed != "" {
		r.Suppressions = []sarifSuppression{{Kind: f.suppressed, Justification: Escape(f.Accepted)}}
	}
	if f.CostBytes != 0 || f.WalkedEntries != 0 {
		r.Properties = &sarifCost{f.CostBytes, f.WalkedEntries}
	}
	if f.where == "" {
		return r
	}
	artifact := sarifArtifact{URI: uri(f.where)}
	at := sarifLocation{sarifPhysical{Artifact: artifact}}
	if f.Line > 0 {
		region := sarifRegion{StartLine: f.Line, StartColumn: f.Column}
		if f.Column > 0 && f.Width > 0 {
			region.EndColumn = f.Column + f.Width
		}
		at.Physical.Region = &region
	}
	r.Locations = []sarifLocation{at}
	if f.Certain() {
		change := sarifChange{Artifact: artifact}
		for _, c := range f.Edit {
			replacement := sarifReplacement{Deleted: sarifRegion{StartLine: c.Line, StartColumn: 1, EndLine: c.Line + 1, EndColumn: 1}}
			if len(c.With) > 0 {
				replacement.Inserted = &sarifText{strings.Join(c.With, "\n") + "\n"}
			}
			change.Replacements = append(change.Replacements, replacement)
		}
		r.Fixes = []sarifFix{{Description: sarifText{Escape(f.Repair)}, Changes: []sarifChange{change}}}
	}
	return r
}

// uri makes a relative reference of a path.
func uri(path string) string { return (&url.URL{Path: path}).EscapedPath() }
