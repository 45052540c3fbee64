package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/finding"
)

// suppression is a comment that suppresses the findings of one rule on the line
// below it, or, above everything else, those about the file as a whole.
type suppression struct {
	number int // of the comment's line
	text   string
	column int // of the rule's id
	id     string
	// lines are those whose findings are suppressed.
	lines []int
	used  bool
}

// UnusedID is the rule that finds suppressions which suppress nothing.
const UnusedID = "unused-suppression"

// directive is the comment. The colon and "ctxsize" are there for nothing else, so
// that a comment which means something else is not taken for one.
var directive = regexp.MustCompile(`^#\s*ctxsize:ignore(?:\s+(\S+))?(?:\s.*)?$`)

// Suppress takes out the findings that comments in the ignore file suppress, and
// adds findings about comments that suppress nothing. Findings about another file
// stay. Where only the text was looked at, a comment may be for what is not known.
func Suppress(file *ignore.File, findings []Finding, textOnly bool) (left, suppressed []Finding) {
	if file == nil {
		Sort(findings)
		return findings, nil
	}
	all := suppressions(file)
	for _, f := range findings {
		if f.File == file.Name && suppresses(all, f) {
			suppressed = append(suppressed, f)
		} else {
			left = append(left, f)
		}
	}
	for _, s := range all {
		if _, known := Known(s.id); s.used || known && textOnly && s.lines != nil {
			continue
		}
		left = append(left, s.unused(file))
	}
	Sort(left)
	return left, suppressed
}

func suppresses(all []*suppression, f Finding) bool {
	found := false
	for _, s := range all {
		if s.id == f.ID && slices.Contains(s.lines, f.Line) {
			s.used, found = true, true
		}
	}
	return found
}

// suppressions reads the comments. Several may stand above one line.
func suppressions(file *ignore.File) []*suppression {
	var all, pending []*suppression
	top := true // nothing but comments and blank lines so far
	for i, l := range file.Lines {
		text := newLine(i+1, l).text
		if l.Pattern != "" {
			for _, s := range pending {
				s.lines = append(s.lines, i+1)
			}
			pending, top = nil, false
			continue
		}
		match := directive.FindStringSubmatchIndex(text)
		if match == nil {
			if strings.TrimSpace(text) == "" {
				pending = nil
			}
			continue
		}
		s := &suppression{number: i + 1, text: text, column: 1}
		if match[2] >= 0 {
			s.id, s.column = text[match[2]:match[3]], utf8.RuneCountInString(text[:match[2]])+1
		}
		if top {
			s.lines = append(s.lines, 0)
		}
		all, pending = append(all, s), append(pending, s)
	}
	return all
}

// unused says why a suppression suppresses nothing.
func (s *suppression) unused(file *ignore.File) Finding {
	f := Finding{
		Finding: finding.Finding{ID: UnusedID, Severity: finding.Warning, File: file.Name, Line: s.number, Column: s.column},
		Width:   max(1, utf8.RuneCountInString(s.id)), Excerpt: s.text,
	}
	_, known := Known(s.id)
	switch {
	case s.id == "":
		f.Width = utf8.RuneCountInString(s.text)
		f.Message = "the comment names no rule, and suppresses nothing"
		f.Repair = "write # ctxsize:ignore RULE reason"
	case !known:
		f.Message = fmt.Sprintf("there is no rule %q: the comment suppresses nothing", s.id)
		f.Repair = "ctxsize lint --list-rules lists the rules"
	case len(s.lines) == 0:
		f.Message = "no rule stands on the line below: the comment suppresses nothing"
		f.Repair = "put it on the line above the rule that it is for"
	default:
		f.Message = fmt.Sprintf("the rule below gives no finding of %s: the comment suppresses nothing", s.id)
		f.Repair = "remove it, if it is not for what lies in the context elsewhere"
		f.Severity = finding.Info
	}
	return f
}
