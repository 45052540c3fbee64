package report

import (
	"encoding/json"
	"io"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// schemaVersion is that of every JSON object. Fields may be added under it,
// never changed.
const schemaVersion = 1

type document struct {
	SchemaVersion int               `json:"schemaVersion"`
	Context       string            `json:"context"`
	Builder       string            `json:"builder"`
	Dockerfile    string            `json:"dockerfile"`
	Target        string            `json:"target"`
	IgnoreFile    string            `json:"ignoreFile"`
	OnDisk        totals            `json:"onDisk"`
	Ignored       totals            `json:"ignored"`
	Eligible      totals            `json:"eligible"`
	Sent          sent              `json:"sent"`
	Heavy         []heavy           `json:"heavy"`
	Rules         []rule            `json:"rules"`
	Findings      []finding.Finding `json:"findings"`
	Suggestions   []suggestion      `json:"suggestions"`
	Accepted      []accepted        `json:"accepted"`
}

// accepted is a finding that the configuration accepts.
type accepted struct {
	finding.Finding
	Reason string `json:"reason"`
}

func acceptedOf(all []plan.AcceptedFinding) []accepted {
	out := make([]accepted, len(all))
	for i, a := range all {
		out[i] = accepted(a)
	}
	return out
}

type totals struct {
	Bytes int64 `json:"bytes"`
	Files int   `json:"files"`
	Dirs  int   `json:"dirs"`
	Other int   `json:"other"`
}

type sent struct {
	totals
	WireBytes int64 `json:"wireBytes"`
	// AlternativeWireBytes is the other number that the classic builder may
	// print; left out where there is one number.
	AlternativeWireBytes int64           `json:"alternativeWireBytes,omitempty"`
	Shown                string          `json:"shown"`
	Transfers            []plan.Transfer `json:"transfers"`
}

type heavy struct {
	Path      string `json:"path"`
	Type      string `json:"type"`
	Class     string `json:"class"`
	Bytes     int64  `json:"bytes"`
	Files     int    `json:"files"`
	SentBytes int64  `json:"sentBytes"`
	SentFiles int    `json:"sentFiles"`
}

type rule struct {
	File         string `json:"file"`
	Line         int    `json:"line"`
	Pattern      string `json:"pattern"`
	IgnoredBytes int64  `json:"ignoredBytes"`
	IgnoredFiles int    `json:"ignoredFiles"`
}

type suggestion struct {
	ID             string `json:"id"`
	Pattern        string `json:"pattern"`
	Class          string `json:"class"`
	Confidence     string `json:"confidence"`
	SavesBytes     int64  `json:"savesBytes"`
	SavesFiles     int    `json:"savesFiles"`
	SavesWireBytes int64  `json:"savesWireBytes"`
	marginal
	Why   string   `json:"why"`
	Paths []string `json:"paths"`
}

// marginal is what something saves on top of others.
type marginal struct {
	MarginalBytes     int64 `json:"marginalBytes"`
	MarginalFiles     int   `json:"marginalFiles"`
	MarginalWireBytes int64 `json:"marginalWireBytes"`
}

func marginalOf(s buildcontext.Saving) marginal { return marginal{s.Bytes, s.Files, s.WireBytes} }

// JSON writes a measurement as one object of version 1, with the heaviest top
// items.
func JSON(w io.Writer, res *plan.Result, top int) error {
	m := res.Measurement
	doc := document{
		SchemaVersion: schemaVersion,
		Context:       res.Path,
		Builder:       res.Builder.String(),
		Dockerfile:    res.Dockerfile.Name,
		Target:        res.Target,
		IgnoreFile:    res.IgnoreFile.Name,
		OnDisk:        totalsOf(m.OnDisk),
		Ignored:       totalsOf(m.Ignored),
		Eligible:      totalsOf(m.Eligible),
		Sent: sent{
			totals:               totalsOf(m.Sent),
			WireBytes:            res.ContextWire(),
			AlternativeWireBytes: m.Wire.Alternative,
			Shown:                res.Builder.Shown(res.ContextWire()),
			Transfers:            res.Transfers,
		},
		Heavy:       []heavy{},
		Rules:       []rule{},
		Findings:    res.Findings,
		Suggestions: suggestionsOf(res.Suggestions),
		Accepted:    acceptedOf(res.Accepted),
	}
	if res.Builder == buildcontext.Podman {
		doc.Sent.Shown = ""
	}
	if res.Dockerfile.Missing {
		doc.Dockerfile = ""
	}
	for _, h := range res.Heavy[:min(top, len(res.Heavy))] {
		doc.Heavy = append(doc.Heavy, heavy(h))
	}
	for i, r := range res.Selection.Rules() {
		doc.Rules = append(doc.Rules, rule{
			File: r.File, Line: r.Line, Pattern: r.Pattern,
			IgnoredBytes: m.Rules[i].Bytes, IgnoredFiles: m.Rules[i].Files,
		})
	}
	return writeJSON(w, doc)
}

func suggestionsOf(all []plan.Suggestion) []suggestion {
	out := make([]suggestion, len(all))
	for i, s := range all {
		out[i] = suggestion{
			ID: s.ID, Pattern: s.Pattern, Class: string(s.Class), Confidence: s.Confidence.String(),
			SavesBytes: s.SavesBytes, SavesFiles: s.SavesFiles, SavesWireBytes: s.SavesWireBytes,
			marginal: marginalOf(s.Marginal), Why: s.Why, Paths: s.Paths,
		}
	}
	return out
}

func totalsOf(t buildcontext.Totals) totals { return totals(t) }

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
