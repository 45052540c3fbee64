package report

import (
	"io"
	"strconv"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/verify"
)

// shownNames is how many names of one kind of difference the text shows.
const shownNames = 10

type verifyDocument struct {
	SchemaVersion int              `json:"schemaVersion"`
	Context       string           `json:"context"`
	Builder       string           `json:"builder"`
	Program       string           `json:"program"`
	Version       string           `json:"version"`
	Engine        string           `json:"engine"`
	Equal         bool             `json:"equal"`
	Refused       string           `json:"refused"`
	Transfers     []verifyTransfer `json:"transfers"`
	List          *verifyList      `json:"list"`
	Shown         *verifyShown     `json:"shown"`
	Notes         []string         `json:"notes"`
}

type verifyTransfer struct {
	Kind                 string        `json:"kind"`
	Name                 string        `json:"name"`
	Status               verify.Status `json:"status"`
	WireBytes            int64         `json:"wireBytes"`
	AlternativeWireBytes int64         `json:"alternativeWireBytes,omitempty"`
	SentWireBytes        int64         `json:"sentWireBytes"`
}

type verifyList struct {
	Equal        bool          `json:"equal"`
	Entries      int           `json:"entries"`
	SentEntries  int           `json:"sentEntries"`
	NotSent      []string      `json:"notSent"`
	NotPredicted []string      `json:"notPredicted"`
	Resized      []verifySized `json:"resized"`
	Reordered    bool          `json:"reordered"`
}

type verifySized struct {
	Path      string `json:"path"`
	Bytes     int64  `json:"bytes"`
	SentBytes int64  `json:"sentBytes"`
}

type verifyShown struct {
	Predicted string `json:"predicted"`
	Printed   string `json:"printed"`
}

// VerifyJSON writes a verification as one object.
func VerifyJSON(w io.Writer, res *plan.Result, v *verify.Verification) error {
	doc := verifyDocument{
		SchemaVersion: schemaVersion, Context: res.Path, Builder: res.Builder.String(),
		Program: v.Program, Version: v.Version, Engine: v.Engine,
		Equal: v.Equal(), Refused: v.Refused, Transfers: []verifyTransfer{}, Notes: append([]string{}, v.Notes...),
	}
	for _, t := range v.Transfers {
		doc.Transfers = append(doc.Transfers, verifyTransfer{
			Kind: t.Kind, Name: t.Name, Status: t.Status,
			WireBytes: t.Predicted, AlternativeWireBytes: t.Alternative, SentWireBytes: t.Sent,
		})
	}
	if l := v.List; l != nil {
		doc.List = &verifyList{
			Equal: l.Equal(), Entries: l.Predicted, SentEntries: l.Sent, Reordered: l.Reordered,
			NotSent: append([]string{}, l.NotSent...), NotPredicted: append([]string{}, l.NotPredicted...), Resized: []verifySized{},
		}
		for _, s := range l.Resized {
			doc.List.Resized = append(doc.List.Resized, verifySized{Path: s.Path, Bytes: s.Predicted, SentBytes: s.Sent})
		}
	}
	if v.Printed != nil {
		doc.Shown = &verifyShown{Predicted: v.Printed.Predicted, Printed: v.Printed.Sent}
	}
	return writeJSON(w, doc)
}

// VerifyText writes a verification for people.
func VerifyText(w io.Writer, res *plan.Result, v *verify.Verification, opts TextOptions) error {
	t := verifyText{text{printer: printer{w: w}, res: res, opts: opts}, v}
	t.head()
	t.with()
	for _, tr := range v.Transfers {
		t.transfer(tr)
	}
	t.list()
	t.printed()
	t.names()
	if !opts.Quiet {
		for _, note := range v.Notes {
			t.printf("\n  %s", opts.paint(dim, Escape(note)))
		}
		if len(v.Notes) > 0 {
			t.printf("\n")
		}
	}
	t.verdict()
	return t.err
}

type verifyText struct {
	text
	v *verify.Verification
}

// with says who sent.
func (t *verifyText) with() {
	line := t.v.Program
	if t.v.Version != "" {
		line += " " + t.v.Version
	}
	if t.v.Engine != "" {
		line += ", BuildKit " + t.v.Engine
	}
	t.printf("  sent with %s\n\n", Escape(line))
}

// line writes one thing that was compared. The mark is one of equal, differs or
// what it is not.
func (t *verifyText) line(color, mark, what string) {
	const column = len("not predicted")
	t.printf("  %s%s  %s\n", t.opts.paint(color, mark), pad("", column-len(mark)), what)
}

func (t *verifyText) transfer(tr verify.Transfer) {
	name := Name(tr.Name)
	if tr.Kind == "ignorefile" {
		name += " (.dockerignore)"
	}
	switch predicted, sent := t.bytes(tr.Predicted), t.bytes(tr.Sent); tr.Status {
	case verify.Equal:
		t.line(green, "equal", name+": "+sent)
	case verify.Differs:
		t.line(red, "differs", name+": "+predicted+" predicted, "+sent+" sent")
	case verify.NotSent:
		t.line(red, "not sent", name+": "+predicted+" predicted")
	case verify.NotPredicted:
		t.line(red, "not predicted", name+": "+sent+" sent")
	case verify.NotCompared:
		t.line(dim, "not compared", name)
	}
}

func (t *verifyText) list() {
	l := t.v.List
	switch {
	case l == nil && t.res.Builder == buildcontext.BuildKit && t.v.Refused == "":
		t.line(dim, "not compared", "the names: "+t.v.Program+" tells numbers only")
	case l == nil:
	case l.Equal():
		t.line(green, "equal", "the names: "+counted(l.Sent))
	case l.Reordered:
		t.line(red, "differs", "the order of the names: "+counted(l.Sent))
	default:
		t.line(red, "differs", "the names: "+counted(l.Predicted)+" predicted, "+counted(l.Sent)+" sent")
	}
}

func (t *verifyText) printed() {
	p := t.v.Printed
	switch {
	case p == nil:
	case p.Predicted == p.Sent:
		t.line(green, "equal", "what "+t.v.Program+" printed: "+Escape(p.Sent))
	default:
		t.line(red, "differs", "what "+t.v.Program+" printed: "+p.Predicted+" predicted, "+Escape(p.Sent)+" printed")
	}
}

// names lists what differs.
func (t *verifyText) names() {
	l := t.v.List
	if l == nil {
		return
	}
	t.some("predicted, and not sent", l.NotSent)
	t.some("sent, and not predicted", l.NotPredicted)
	var resized []string
	for _, s := range l.Resized {
		resized = append(resized, Name(s.Path)+": "+t.bytes(s.Predicted)+" measured, "+t.bytes(s.Sent)+" sent")
	}
	t.lines("sent with another size", resized)
}

func (t *verifyText) some(title string, paths []string) {
	lines := make([]string, len(paths))
	for i, path := range paths {
		lines[i] = Name(path)
	}
	t.lines(title, lines)
}

func (t *verifyText) lines(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	t.printf("\n  %s\n", t.opts.paint(bold, title))
	for _, line := range lines[:min(len(lines), shownNames)] {
		t.printf("    %s\n", line)
	}
	if more := len(lines) - shownNames; more > 0 {
		t.printf("    %s\n", t.opts.paint(dim, "and "+thousands(more)+" more (--format json lists them)"))
	}
}

func (t *verifyText) verdict() {
	switch {
	case t.v.Refused != "":
		t.printf("\n  %s, and ctxsize predicts that it does not: %s\n", t.opts.paint(red, t.v.Program+" refuses to send"), Escape(t.v.Refused))
	case t.v.Equal():
		t.printf("\n  %s\n", t.opts.paint(green, "What is sent is what ctxsize predicts, to the byte."))
	default:
		t.printf("\n  %s\n", t.opts.paint(red, "What is sent is not what ctxsize predicts."))
	}
}

func counted(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return thousands(n) + " entries"
}

// bytes writes a number of bytes out, for verify is about every one, and as the
// builder prints it where that is shorter.
func (t *verifyText) bytes(n int64) string {
	switch {
	case n == 1:
		return "1 byte"
	case n < 1000:
		return strconv.FormatInt(n, 10) + " bytes"
	default:
		return strconv.FormatInt(n, 10) + " bytes (" + t.size(n) + ")"
	}
}
