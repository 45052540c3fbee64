package report

import (
	"encoding/xml"
	"io"
)

type checkstyle struct {
	XMLName xml.Name         `xml:"checkstyle"`
	Version string           `xml:"version,attr"`
	Files   []checkstyleFile `xml:"file"`
}

type checkstyleFile struct {
	Name   string            `xml:"name,attr"`
	Errors []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     int    `xml:"line,attr"`
	Column   int    `xml:"column,attr,omitempty"`
	Severity string `xml:"severity,attr"`
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

// LintCheckstyle writes findings as Checkstyle's XML.
// (checkstyle/checkstyle, XMLLogger.java)
func LintCheckstyle(w io.Writer, all Lints) error {
	doc := checkstyle{Version: "4.3"}
	index := map[string]int{}
	for _, f := range unsuppressed(all.issues()) {
		i, ok := index[f.where]
		if !ok {
			i = len(doc.Files)
			index[f.where] = i
			doc.Files = append(doc.Files, checkstyleFile{Name: Escape(f.where)})
		}
		doc.Files[i].Errors = append(doc.Files[i].Errors, checkstyleError{
			Line: f.Line, Column: f.Column, Severity: f.Severity.String(), Message: Escape(oneText(f.Finding)), Source: "ctxsize." + f.ID,
		})
	}
	return writeXML(w, doc)
}

func writeXML(w io.Writer, v any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
