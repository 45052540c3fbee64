package report

import (
	"fmt"
	"io"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/ignore"
	"github.com/ctxsize/ctxsize/internal/plan"
)

// ExplainText writes explanations for people; begun tells that something was
// printed before them.
func ExplainText(w io.Writer, all []plan.Explanation, dockerfile string, style Style, begun bool) error {
	p := &printer{w: w, begun: begun}
	for _, e := range all {
		p.gap()
		p.explanation(e, dockerfile, style)
	}
	return p.err
}

func (p *printer) explanation(e plan.Explanation, dockerfile string, style Style) {
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
	if e.Builders != nil {
		p.printf("  %s\n", style.paint(yellow, "the builders part: "+parting(e.Builders)))
	}
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
	case e.Sent && e.Rule != nil && !e.Rule.Exception():
		verdict = style.paint(green, "is sent, for something in it is brought back")
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
		return Name(r.Pattern) + " (tried)"
	}
	return fmt.Sprintf("%s:%d: %s", Name(r.File), r.Line, Name(r.Pattern))
}

func via(e plan.Explanation) string {
	if e.Via == "" {
		return " decides"
	}
	return " decides, by the directory " + Name(e.Via)
}

// parting says which builders do what, those that do the same together.
func parting(verdicts []plan.Verdict) string {
	var order []string
	who := map[string][]string{}
	for _, v := range verdicts {
		does := "keeps it"
		switch {
		case v.Refused != nil:
			does = "refuses the build: " + v.Refused.Error()
		case v.Emptied:
			does = "sends it without its content"
		case !v.Kept:
			does = "ignores it"
		}
		if who[does] == nil {
			order = append(order, does)
		}
		who[does] = append(who[does], builderName(v))
	}
	parts := make([]string, len(order))
	for i, does := range order {
		names := who[does]
		verb := does
		if len(names) > 1 {
			verb = strings.Replace(does, "s ", " ", 1) // they keep it
		}
		parts[i] = strings.Join(names, " and ") + " " + Escape(verb)
	}
	return strings.Join(parts, ", ")
}

// builderName names a builder with the ignore file that it reads, where that is
// not the usual one.
func builderName(v plan.Verdict) string {
	name := "classic"
	switch v.Builder {
	case buildcontext.BuildKit:
		name = "BuildKit"
	case buildcontext.Podman:
		name = "Podman"
	case buildcontext.Classic:
	}
	switch {
	case v.Refused != nil || v.File == ".dockerignore":
		return name
	case v.File == "":
		return name + " (without an ignore file)"
	default:
		return name + " (with " + Name(v.File) + ")"
	}
}

// TryText writes what lines would change for people.
func TryText(w io.Writer, builder buildcontext.Builder, all []plan.Effect, style Style) error {
	p := &printer{w: w}
	for _, e := range all {
		p.gap()
		p.printf("%s\n", style.paint(bold, Name(e.Rule.Pattern)))
		p.change(builder, e, "would be sent")
	}
	if len(all) > 1 {
		first, last := all[0].Before.Sent, all[len(all)-1].After.Sent
		p.printf("\ntogether: sent %s in %s, before %s in %s\n", builder.Shown(last.Bytes), plural(last.Files, "file"),
			builder.Shown(first.Bytes), plural(first.Files, "file"))
	}
	return p.err
}

// change says what a line takes away from what is sent, and what it adds.
func (p *printer) change(builder buildcontext.Builder, e plan.Effect, verb string) {
	before, after := e.Before.Sent, e.After.Sent
	if e.LostFiles == 0 && e.GainedFiles == 0 && before == after {
		p.printf("  the same %s\n", verb)
		return
	}
	p.printf("  %s in %s %s, and %s in %s without it\n", builder.Shown(after.Bytes), plural(after.Files, "file"), verb,
		builder.Shown(before.Bytes), plural(before.Files, "file"))
	p.some("less", e.Lost, e.LostFiles)
	p.some("more", e.Gained, e.GainedFiles)
}

// some lists the first of some paths.
func (p *printer) some(label string, paths []string, n int) {
	if n == 0 {
		return
	}
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = Name(path)
	}
	more := ""
	if n > len(paths) {
		more = fmt.Sprintf(" and %s more", thousands(n-len(paths)))
	}
	p.printf("  %s: %s%s\n", label, strings.Join(names, ", "), more)
}

// RuleText writes what a line does for people.
func RuleText(w io.Writer, builder buildcontext.Builder, e *plan.RuleEffect, style Style) error {
	p := &printer{w: w}
	p.printf("%s\n", style.paint(bold, ruleText(e.Rule)))
	verb, nothing := "ignores", "ignores nothing that no other line ignores"
	if e.Rule.Exception() {
		verb, nothing = "brings back", "brings nothing back"
	}
	d := e.Decides
	if d == (buildcontext.Totals{}) {
		p.printf("  %s\n", nothing)
	} else {
		p.printf("  %s %s in %s\n", verb, builder.Shown(d.Bytes), plural(d.Files, "file"))
		p.some("such as", e.Examples, len(e.Examples))
	}
	if e.LostFiles == 0 && e.GainedFiles == 0 {
		p.printf("  without it the same would be sent\n")
	} else {
		without, with := e.Before.Sent, e.After.Sent
		p.printf("  without it %s in %s would be sent, now %s in %s\n", builder.Shown(without.Bytes), plural(without.Files, "file"),
			builder.Shown(with.Bytes), plural(with.Files, "file"))
	}
	return p.err
}
