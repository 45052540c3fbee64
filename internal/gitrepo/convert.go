package gitrepo

import (
	"bytes"
	"runtime"
	"strings"
)

// conversion is what checking a file out does to its content.
type conversion struct {
	crlf  crlfAction
	ident bool
	// inCore tells that git changes the content as a whole, not as a stream: it
	// has two programs for keywords, which differ.
	inCore bool
	// filter is the name of the program's settings that changes it, encoding what
	// it is encoded in.
	filter, encoding string
}

// crlfAction says when a line feed becomes CR LF.
type crlfAction uint8

const (
	crlfNever crlfAction = iota
	// crlfAuto is for what looks like text and has no CR yet.
	crlfAuto
	crlfAlways
)

// none tells that a checkout has the content of the repository.
func (c conversion) none() bool {
	return c.crlf == crlfNever && !c.ident && c.filter == "" && c.encoding == ""
}

// conversionOf returns what the attributes of a file and the settings ask for.
// (git/git, convert.c, convert_attrs and output_eol)
func (r *Repo) conversionOf(attributes map[string]string) conversion {
	c := conversion{ident: attributes["ident"] == attrSet}
	if value := attributes["filter"]; value != attrSet && value != attrUnset && value != "" {
		if r.filterHas(value, "smudge", "process") {
			c.filter = value
		}
		c.inCore = r.filterHas(value, "smudge", "process", "clean")
	}
	switch value := attributes["working-tree-encoding"]; strings.ToLower(value) {
	case "", attrSet, attrUnset, "utf-8", "utf8":
	default:
		c.encoding = value
	}
	var auto bool
	c.crlf, auto = r.crlfOf(attributes)
	c.inCore = c.inCore || auto
	return c
}

// crlfOf tells when the attributes and the settings make CR LF of line feeds, and
// whether git looks at the content first.
func (r *Repo) crlfOf(attributes map[string]string) (action crlfAction, auto bool) {
	text, eol := attributes["text"], attributes["eol"]
	if !isTextState(text) {
		text = attributes["crlf"] // its old name
	}
	autocrlf, _ := r.settings.all.last("core.autocrlf")
	switch {
	case text == attrUnset, eol == "lf":
		return crlfNever, false
	case text == "auto" && (eol == "crlf" || r.textIsCRLF(autocrlf)), eol != "crlf" && !isTextState(text) && isTrue(autocrlf):
		return crlfAuto, true
	case text == "auto":
		return crlfNever, true
	case eol == "crlf", text == attrSet && r.textIsCRLF(autocrlf):
		return crlfAlways, false
	}
	return crlfNever, false
}

// isTextState tells whether a value of text means something.
func isTextState(value string) bool {
	return value == attrSet || value == attrUnset || value == "auto" || value == "input"
}

// textIsCRLF tells whether text has CR LF on this machine.
// (git/git, convert.c, text_eol_is_crlf)
func (r *Repo) textIsCRLF(autocrlf string) bool {
	switch {
	case isTrue(autocrlf):
		return true
	case strings.EqualFold(autocrlf, "input"):
		return false
	}
	eol, _ := r.settings.all.last("core.eol")
	return strings.EqualFold(eol, "crlf") || !strings.EqualFold(eol, "lf") && runtime.GOOS == "windows"
}

// filterHas tells whether a filter has one of some programs.
func (r *Repo) filterHas(filter string, programs ...string) bool {
	for _, program := range programs {
		if value, _ := r.settings.all.last("filter." + filter + "." + program); value != "" {
			return true
		}
	}
	return false
}

// convert returns what a file's content is once it is checked out, but for
// encoding and filter. id is the file's, in hexadecimal.
func (c conversion) convert(data []byte, id string) []byte {
	switch {
	case c.ident && c.inCore:
		data = expandIdent(data, id)
	case c.ident:
		data = streamIdent(data, id)
	}
	if c.crlf == crlfAlways || c.crlf == crlfAuto && looksLikeText(data) {
		data = addCR(data)
	}
	return data
}

// addCR puts a CR before each line feed that has none.
func addCR(data []byte) []byte {
	alone := bytes.Count(data, []byte("\n")) - bytes.Count(data, []byte("\r\n"))
	if alone == 0 {
		return data
	}
	out := make([]byte, 0, len(data)+alone)
	for i, c := range data {
		if c == '\n' && (i == 0 || data[i-1] != '\r') {
			out = append(out, '\r')
		}
		out = append(out, c)
	}
	return out
}

// looksLikeText tells whether git takes content for text whose line ends it may
// change by itself: it has no CR at all. (git/git, convert.c, gather_stats and
// convert_is_binary)
func looksLikeText(data []byte) bool {
	var printable, other int
	for _, c := range data {
		switch {
		case c == '\r', c == 0:
			return false
		case c == '\n':
		case c == '\b', c == '\t', c == '\f', c == 0x1b:
			printable++
		case c < ' ', c == 127:
			other++
		default:
			printable++
		}
	}
	if len(data) > 0 && data[len(data)-1] == 0x1a { // the end of a file of DOS
		other--
	}
	return printable>>7 >= other
}
