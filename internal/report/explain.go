package report

import (
	"fmt"
	"io"

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
}

type instruction struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

func refTo(r ignore.Rule) ruleRef { return ruleRef{File: r.File, Line: r.Line, Pattern: r.Pattern} }

// ExplainJSON writes explanations as one list.
func ExplainJSON(w io.Writer, all []plan.Explanation) error {
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
	}
	return writeJSON(w, out)
}

// ExplainText writes explanations for people.
func ExplainText(w io.Writer, all []plan.Explanation, dockerfile string, style Style) error {
	p := &printer{w: w}
	for i, e := range all {
		if i > 0 {
			p.printf("\n")
		}
		p.printf("%s  %s\n", style.paint(bold, Name(e.Path)), verdictOf(e, style))
		if e.Rule == nil {
			p.printf("  no rule matches it\n")
		} else {
			p.printf("  %s%s\n", ruleText(*e.Rule), via(e))
		}
		for _, r := range e.Overruled {
			p.printf("  %s\n", style.paint(dim, ruleText(r)+" matches, too, and is overruled"))
		}
		if e.Read != nil {
			p.printf("  %s:%d: %s\n", Name(dockerfile), e.Read.Line, Escape(e.Read.Text))
		}
	}
	return p.err
}

func verdictOf(e plan.Explanation, style Style) string {
	verdict := style.paint(green, "is sent")
	switch {
	case e.Emptied:
		verdict = style.paint(red, "is sent without its content")
	case e.Ignored && e.Sent:
		verdict = style.paint(green, "is ignored, and sent all the same: the builder needs it")
	case e.Ignored:
		verdict = style.paint(yellow, "is ignored")
	case !e.Sent:
		verdict = style.paint(yellow, "is not ignored, and not sent: no instruction reads it")
	}
	if !e.Exists {
		verdict += " (it does not exist: as if it were a file)"
	}
	return verdict
}

func ruleText(r ignore.Rule) string {
	if r.File == "" {
		return Name(r.Pattern)
	}
	return fmt.Sprintf("%s:%d: %s", Name(r.File), r.Line, Name(r.Pattern))
}

func via(e plan.Explanation) string {
	if e.Via == "" {
		return " decides"
	}
	return " decides, by the directory " + Name(e.Via)
}
