package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/ctxsize/ctxsize/internal/finding"
)

// gitlabIssue is a finding as GitLab's code quality report has it.
// (GitLab, doc/ci/testing/code_quality.md, "Code Quality report format")
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

// LintGitLab writes findings as GitLab's code quality report.
func LintGitLab(w io.Writer, all Lints) error { return writeGitLab(w, all.issues()) }

func writeGitLab(w io.Writer, all []issue) error {
	issues := []gitlabIssue{}
	seen := map[string]int{}
	for _, f := range unsuppressed(all) {
		// The fingerprint tells issues apart from one run to the next: it must not
		// change where lines move.
		key := f.ID + "\x00" + f.where + "\x00" + f.Excerpt + "\x00" + f.Path + f.subject
		seen[key]++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
		issues = append(issues, gitlabIssue{
			Description: Escape(oneText(f.Finding)), CheckName: f.ID, Fingerprint: hex.EncodeToString(sum[:]), Severity: gitlabSeverity(f.Severity),
			Location: gitlabLocation{Path: f.where, Lines: gitlabLines{Begin: max(1, f.Line)}},
		})
	}
	return writeJSON(w, issues)
}

func gitlabSeverity(s finding.Severity) string {
	switch s {
	case finding.Error:
		return "major"
	case finding.Warning:
		return "minor"
	default:
		return "info"
	}
}
