package report

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/plan"
)

type historyDocument struct {
	SchemaVersion int               `json:"schemaVersion"`
	Context       string            `json:"context"`
	Builder       string            `json:"builder"`
	Older         bool              `json:"older"`
	Commits       []historyPoint    `json:"commits"`
	Moves         []historyMove     `json:"moves"`
	Findings      []finding.Finding `json:"findings"`
}

type historyPoint struct {
	Commit        string `json:"commit"`
	Time          string `json:"time"`
	Subject       string `json:"subject"`
	Bytes         int64  `json:"bytes"`
	Files         int    `json:"files"`
	EligibleBytes int64  `json:"eligibleBytes"`
	EligibleFiles int    `json:"eligibleFiles"`
	SentBytes     int64  `json:"sentBytes"`
	SentFiles     int    `json:"sentFiles"`
	Error         string `json:"error,omitempty"`
}

type historyMove struct {
	Commit      string `json:"commit"`
	ChangeBytes int64  `json:"changeBytes"`
	ChangeFiles int    `json:"changeFiles"`
}

// HistoryJSON writes the size of a context over commits as one object.
func HistoryJSON(w io.Writer, h *plan.History) error {
	doc := historyDocument{
		SchemaVersion: schemaVersion, Context: h.Context, Builder: h.Builder.String(), Older: h.Older,
		Commits: []historyPoint{}, Moves: []historyMove{}, Findings: h.Findings,
	}
	for _, p := range h.Points {
		doc.Commits = append(doc.Commits, historyPoint{
			Commit: p.Commit, Time: p.Time.Format(time.RFC3339), Subject: p.Subject,
			Bytes: p.Bytes, Files: p.Files, EligibleBytes: p.EligibleBytes, EligibleFiles: p.EligibleFiles,
			SentBytes: p.SentBytes, SentFiles: p.SentFiles, Error: failure(p),
		})
	}
	for _, m := range h.Moves() {
		doc.Moves = append(doc.Moves, historyMove{m.Commit, m.Bytes, m.Files})
	}
	return writeJSON(w, doc)
}

func failure(p plan.Point) string {
	if p.Err == nil {
		return ""
	}
	return p.Err.Error()
}

// HistoryCSV writes one line for each commit, the oldest first. A commit without a
// size has empty fields.
func HistoryCSV(w io.Writer, h *plan.History) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"commit", "time", "sentBytes", "sentFiles", "eligibleBytes", "eligibleFiles", "bytes", "files", "error", "subject"}) // Error tells
	for _, p := range h.Points {
		sizes := make([]string, 6)
		if p.Err == nil {
			for i, n := range []int64{p.SentBytes, int64(p.SentFiles), p.EligibleBytes, int64(p.EligibleFiles), p.Bytes, int64(p.Files)} {
				sizes[i] = strconv.FormatInt(n, 10)
			}
		}
		_ = out.Write(slices.Concat([]string{p.Commit, p.Time.Format(time.RFC3339)}, sizes, []string{Escape(failure(p)), Escape(p.Subject)}))
	}
	out.Flush()
	return out.Error()
}
