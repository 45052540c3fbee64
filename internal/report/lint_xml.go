package report

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/ctxsize/ctxsize/internal/finding"
	"github.com/ctxsize/ctxsize/internal/lint"
	"github.com/ctxsize/ctxsize/internal/plan"
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
	all.each(func(l *plan.Lint, f lint.Finding, _ string) {
		where := lintPlace(l, f)
		i, ok := index[where]
		if !ok {
			i = len(doc.Files)
			index[where] = i
			doc.Files = append(doc.Files, checkstyleFile{Name: Escape(where)})
		}
		doc.Files[i].Errors = append(doc.Files[i].Errors, checkstyleError{
			Line: f.Line, Column: f.Column, Severity: f.Severity.String(), Message: Escape(oneText(f)), Source: "ctxsize." + f.ID,
		})
	})
	return writeXML(w, doc)
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	ClassName string        `xml:"classname,attr"`
	File      string        `xml:"file,attr,omitempty"`
	Line      int           `xml:"line,attr,omitempty"`
	Failure   *junitFailure `xml:"failure"`
	Output    string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// LintJUnit writes findings as JUnit's XML: a suite for each context, a failed test
// for each finding that fails, a passed one for any other, and one passed test
// where nothing was found, for a suite without tests counts as broken.
func LintJUnit(w io.Writer, all Lints, failing func(finding.Severity) bool) error {
	doc := junitSuites{Name: "ctxsize lint"}
	for _, l := range all {
		suite := junitSuite{Name: Escape(l.Path)}
		for _, f := range l.Findings {
			where := lintPlace(l, f)
			test := junitCase{Name: f.ID, ClassName: Escape(where), File: Escape(where), Line: f.Line}
			if f.Line > 0 {
				test.Name = fmt.Sprintf("%s:%d", f.ID, f.Line)
			}
			if failing(f.Severity) {
				test.Failure = &junitFailure{Message: Escape(f.Message), Type: f.Severity.String(), Text: Escape(oneText(f))}
				suite.Failures++
			} else {
				test.Output = f.Severity.String() + ": " + Escape(oneText(f))
			}
			suite.Cases = append(suite.Cases, test)
		}
		if len(suite.Cases) == 0 {
			suite.Cases = []junitCase{{Name: "nothing found", ClassName: Escape(l.Path)}}
		}
		suite.Tests = len(suite.Cases)
		doc.Tests += suite.Tests
		doc.Failures += suite.Failures
		doc.Suites = append(doc.Suites, suite)
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
