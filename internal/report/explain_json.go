package report

import (
	"io"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/plan"
)

type explained struct {
	Path        string       `json:"path"`
	Exists      bool         `json:"exists"`
	Ignored     bool         `json:"ignored"`
	Sent        bool         `json:"sent"`
	Rule        *ruleRef     `json:"rule"`
	Via         string       `json:"via"`
	Overruled   []ruleRef    `json:"overruled"`
	Instruction *instruction `json:"instruction"`
	// Builders is left out where all builders do the same.
	Builders []builderVerdict `json:"builders,omitempty"`
}

type instruction struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

type builderVerdict struct {
	Builder    string `json:"builder"`
	IgnoreFile string `json:"ignoreFile"`
	Ignored    bool   `json:"ignored"`
	Emptied    bool   `json:"emptied"`
	Refused    string `json:"refused"`
}

func refTo(r ignore.Rule) ruleRef { return ruleRef{File: r.File, Line: r.Line, Pattern: r.Pattern} }

// ExplainJSON writes explanations as one list.
func ExplainJSON(w io.Writer, all []plan.Explanation) error { return writeJSON(w, explainedOf(all)) }

func explainedOf(all []plan.Explanation) []explained {
	out := make([]explained, len(all))
	for i, e := range all {
		out[i] = explained{
			Path: e.Path, Exists: e.Exists, Ignored: e.Ignored, Sent: e.Sent, Via: e.Via, Overruled: []ruleRef{},
		}
		if e.Rule != nil {
			ref := refTo(*e.Rule)
			out[i].Rule = &ref
		}
		for _, r := range e.Overruled {
			out[i].Overruled = append(out[i].Overruled, refTo(r))
		}
		if e.Read != nil {
			out[i].Instruction = &instruction{Line: e.Read.Line, Text: e.Read.Text}
		}
		for _, v := range e.Builders {
			b := builderVerdict{Builder: v.Builder.String(), IgnoreFile: v.File, Ignored: !v.Kept, Emptied: v.Emptied}
			if v.Refused != nil {
				b.Refused = v.Refused.Error()
			}
			out[i].Builders = append(out[i].Builders, b)
		}
	}
	return out
}

type triedDocument struct {
	SchemaVersion int          `json:"schemaVersion"`
	Builder       string       `json:"builder"`
	Patterns      []lineEffect `json:"patterns"`
	Paths         []explained  `json:"paths"`
	Before        transferred  `json:"before"`
	After         transferred  `json:"after"`
}

type transferred struct {
	totals
	WireBytes int64 `json:"wireBytes"`
}

type lineEffect struct {
	Pattern string      `json:"pattern"`
	Before  transferred `json:"before"`
	After   transferred `json:"after"`
	// Lost and Gained are the first files that are no longer sent, or newly.
	Lost        []string `json:"lost"`
	LostFiles   int      `json:"lostFiles"`
	Gained      []string `json:"gained"`
	GainedFiles int      `json:"gainedFiles"`
}

func transferredOf(m *buildcontext.Measurement) transferred {
	return transferred{totals: totalsOf(m.Sent), WireBytes: m.Wire.Bytes}
}

func effectOf(e plan.Effect) lineEffect {
	return lineEffect{
		Pattern: e.Rule.Pattern, Before: transferredOf(e.Before), After: transferredOf(e.After),
		Lost: append([]string{}, e.Lost...), LostFiles: e.LostFiles,
		Gained: append([]string{}, e.Gained...), GainedFiles: e.GainedFiles,
	}
}

// TryJSON writes what lines would change, and what they would make of some paths,
// as one object.
func TryJSON(w io.Writer, builder buildcontext.Builder, effects []plan.Effect, paths []plan.Explanation) error {
	doc := triedDocument{SchemaVersion: schemaVersion, Builder: builder.String(), Patterns: []lineEffect{}, Paths: explainedOf(paths)}
	for _, e := range effects {
		doc.Patterns = append(doc.Patterns, effectOf(e))
	}
	doc.Before, doc.After = doc.Patterns[0].Before, doc.Patterns[len(effects)-1].After
	return writeJSON(w, doc)
}

type ruleDocument struct {
	SchemaVersion int         `json:"schemaVersion"`
	Builder       string      `json:"builder"`
	Rule          ruleRef     `json:"rule"`
	Exception     bool        `json:"exception"`
	Decides       totals      `json:"decides"`
	Examples      []string    `json:"examples"`
	Sent          transferred `json:"sent"`
	Without       transferred `json:"without"`
}

// RuleJSON writes what a line does as one object.
func RuleJSON(w io.Writer, builder buildcontext.Builder, e *plan.RuleEffect) error {
	return writeJSON(w, ruleDocument{
		SchemaVersion: schemaVersion, Builder: builder.String(), Rule: refTo(e.Rule), Exception: e.Rule.Exception(),
		Decides: totalsOf(e.Decides), Examples: append([]string{}, e.Examples...),
		Sent: transferredOf(e.After), Without: transferredOf(e.Before),
	})
}
