package report

import (
	"io"

	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/plan"
)

type fixDocument struct {
	SchemaVersion int    `json:"schemaVersion"`
	Context       string `json:"context"`
	Builder       string `json:"builder"`
	File          string `json:"file"`
	// Basis is "", "repair", "allowlist" or "from-gitignore".
	Basis   string       `json:"basis"`
	Changed bool         `json:"changed"`
	Written bool         `json:"written"`
	Diff    string       `json:"diff"`
	Before  fixSent      `json:"before"`
	After   fixSent      `json:"after"`
	Applied []suggestion `json:"applied"`
	Left    []suggestion `json:"left"`
	Repairs []fixRepair  `json:"repairs"`
	// BasisSaves and Growth complete the sum: before - basisSaves - the marginal
	// savings of applied + growth = after.
	BasisSaves fixSaving         `json:"basisSaves"`
	Growth     fixSaving         `json:"growth"`
	Findings   []finding.Finding `json:"findings"`
	Lost       []lost            `json:"lost"`
}

type fixSent struct {
	totals
	WireBytes int64 `json:"wireBytes"`
}

type fixSaving struct {
	Bytes     int64 `json:"bytes"`
	Files     int   `json:"files"`
	WireBytes int64 `json:"wireBytes"`
}

type fixRepair struct {
	finding.Finding
	// Applied tells that it is made, and not only offered.
	Applied        bool   `json:"applied"`
	Excerpt        string `json:"excerpt"`
	CostBytes      int64  `json:"costBytes"`
	WalkedEntries  int    `json:"walkedEntries"`
	SavesBytes     int64  `json:"savesBytes"`
	SavesFiles     int    `json:"savesFiles"`
	SavesWireBytes int64  `json:"savesWireBytes"`
	marginal
}

type lost struct {
	Path string `json:"path"`
	Why  string `json:"why"`
}

// FixJSON writes a fix as one object.
func FixJSON(w io.Writer, f *plan.Fix, o FixOptions) error {
	doc := fixDocument{
		SchemaVersion: schemaVersion, Context: f.Path, Builder: f.Builder.String(), File: f.File, Basis: f.Basis.String(),
		Changed: f.Changed(), Written: o.Written, Diff: diff(f),
		Before:  fixSent{totals: totalsOf(f.Measurement.Sent), WireBytes: f.ContextWire()},
		After:   fixSent{totals: totalsOf(f.After.Sent), WireBytes: f.After.Wire.Bytes},
		Applied: suggestionsOf(f.Applied), Left: suggestionsOf(f.Left), Repairs: []fixRepair{},
		BasisSaves: fixSaving(f.Rewritten), Growth: fixSaving(f.Growth),
		Findings: []finding.Finding{}, Lost: []lost{},
	}
	for _, r := range f.Repairs {
		doc.Repairs = append(doc.Repairs, fixRepair{
			Finding: r.Finding.Finding, Applied: f.Basis == plan.Repaired, Excerpt: r.Excerpt,
			CostBytes: r.CostBytes, WalkedEntries: r.WalkedEntries,
			SavesBytes: r.Saves.Bytes, SavesFiles: r.Saves.Files, SavesWireBytes: r.Saves.WireBytes,
			marginal: marginalOf(r.Marginal),
		})
	}
	doc.Findings = append(doc.Findings, f.Notes...)
	for _, l := range f.Lost {
		doc.Lost = append(doc.Lost, lost{l.Path, l.Why})
	}
	return writeJSON(w, doc)
}
