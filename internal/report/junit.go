package report

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/ctxsize/ctxsize/internal/finding"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr,omitempty"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr,omitempty"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	ClassName string        `xml:"classname,attr"`
	File      string        `xml:"file,attr,omitempty"`
	Line      int           `xml:"line,attr,omitempty"`
	Failure   *junitFailure `xml:"failure"`
	Skipped   *junitSkipped `xml:"skipped"`
	Output    string        `xml:"system-out,omitempty"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
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
	var suites []junitSuite
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
			} else {
				test.Output = f.Severity.String() + ": " + Escape(oneText(f))
			}
			suite.Cases = append(suite.Cases, test)
		}
		if len(suite.Cases) == 0 {
			suite.Cases = []junitCase{{Name: "nothing found", ClassName: Escape(l.Path)}}
		}
		suites = append(suites, suite)
	}
	return writeJUnit(w, "ctxsize lint", suites)
}

// writeJUnit counts what the suites hold, and writes them.
func writeJUnit(w io.Writer, name string, suites []junitSuite) error {
	doc := junitSuites{Name: name, Suites: suites}
	for i := range suites {
		s := &suites[i]
		s.Tests = len(s.Cases)
		for _, c := range s.Cases {
			if c.Failure != nil {
				s.Failures++
			}
			if c.Skipped != nil {
				s.Skipped++
			}
		}
		doc.Tests += s.Tests
		doc.Failures += s.Failures
		doc.Skipped += s.Skipped
	}
	return writeXML(w, doc)
}
