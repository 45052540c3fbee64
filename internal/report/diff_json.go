package report

import (
	"io"

	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/plan"
)

type diffDocument struct {
	SchemaVersion int               `json:"schemaVersion"`
	Context       string            `json:"context"`
	Builder       string            `json:"builder"`
	Base          diffSide          `json:"base"`
	Now           diffSide          `json:"now"`
	Local         diffLocal         `json:"local"`
	Dirs          []dirChange       `json:"dirs"`
	Files         []fileChange      `json:"files"`
	Rules         []ruleChange      `json:"rules"`
	Findings      []finding.Finding `json:"findings"`
}

type diffSide struct {
	Revision string `json:"revision"`
	Commit   string `json:"commit"`
	// File is the baseline that a side is taken from; left out for a revision.
	File      string `json:"file,omitempty"`
	Sent      totals `json:"sent"`
	Eligible  totals `json:"eligible"`
	WireBytes int64  `json:"wireBytes"`
	Shown     string `json:"shown"`
}

type diffLocal struct {
	Bytes     int64       `json:"bytes"`
	Files     int         `json:"files"`
	WireBytes int64       `json:"wireBytes"`
	Paths     []localPath `json:"paths"`
}

type localPath struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"`
	Files int    `json:"files"`
}

type dirChange struct {
	Path      string `json:"path"`
	BaseBytes int64  `json:"baseBytes"`
	NowBytes  int64  `json:"nowBytes"`
	BaseFiles int    `json:"baseFiles"`
	NowFiles  int    `json:"nowFiles"`
}

type fileChange struct {
	Path      string `json:"path"`
	InBase    bool   `json:"inBase"`
	InNow     bool   `json:"inNow"`
	BaseBytes int64  `json:"baseBytes"`
	NowBytes  int64  `json:"nowBytes"`
}

type ruleChange struct {
	Pattern   string `json:"pattern"`
	BaseFile  string `json:"baseFile"`
	NowFile   string `json:"nowFile"`
	BaseLine  int    `json:"baseLine"`
	NowLine   int    `json:"nowLine"`
	BaseBytes int64  `json:"baseIgnoredBytes"`
	NowBytes  int64  `json:"nowIgnoredBytes"`
	BaseFiles int    `json:"baseIgnoredFiles"`
	NowFiles  int    `json:"nowIgnoredFiles"`
}

// DiffJSON writes a comparison as one object.
func DiffJSON(w io.Writer, c *plan.Comparison) error { return writeJSON(w, diffDocumentOf(c)) }

func diffDocumentOf(c *plan.Comparison) diffDocument {
	side := func(revision, commit string, s plan.Size) diffSide {
		return diffSide{
			Revision: revision, Commit: commit, Sent: totalsOf(s.Sent), Eligible: totalsOf(s.Eligible),
			WireBytes: s.WireBytes, Shown: c.Builder.Shown(s.WireBytes),
		}
	}
	doc := diffDocument{
		SchemaVersion: schemaVersion, Context: c.Context, Builder: c.Builder.String(),
		Base:  side(c.Revision, c.Commit, c.Base),
		Now:   side(c.NowRevision, c.NowCommit, c.Now),
		Local: diffLocal{Bytes: c.Local.Bytes, Files: c.Local.Files, WireBytes: c.Local.WireBytes, Paths: []localPath{}},
		Dirs:  []dirChange{}, Files: []fileChange{}, Rules: []ruleChange{}, Findings: append([]finding.Finding{}, c.Findings...),
	}
	doc.Base.File = c.BaseFile
	for _, l := range c.LocalPaths {
		doc.Local.Paths = append(doc.Local.Paths, localPath(l))
	}
	for _, d := range c.Dirs {
		doc.Dirs = append(doc.Dirs, dirChange(d))
	}
	for _, f := range c.Files {
		doc.Files = append(doc.Files, fileChange(f))
	}
	for _, r := range c.Rules {
		doc.Rules = append(doc.Rules, ruleChange(r))
	}
	return doc
}
