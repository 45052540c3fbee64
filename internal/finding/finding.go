// Package finding holds what every part of the program reports about a context:
// a value with a place, a severity and a repair. A finding is no error: the
// program did its work and found something.
package finding

import (
	"cmp"
	"slices"
)

// Severity says how much a finding matters. The zero value is Info.
type Severity uint8

const (
	// Info is worth knowing.
	Info Severity = iota
	// Warning is likely not what was meant.
	Warning
	// Error breaks the build or harms what it makes.
	Error
)

// String returns the severity as JSON and the command line have it.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	default:
		return "info"
	}
}

// MarshalText makes JSON of it.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Finding is one thing that was found. Names in it are raw: whoever prints them
// escapes them.
type Finding struct {
	// ID is stable, in lower case with dashes.
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	// Path is the entry of the context that is concerned, or "".
	Path string `json:"path"`
	// File, Line and Column say where the cause is written, from 1; 0 is the
	// file as a whole, or nowhere.
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	// Message says what is so, Repair what to do.
	Message string `json:"message"`
	Repair  string `json:"repair"`
}

// Sort puts the worst first, and equals in the order of their places.
func Sort(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.Path, b.Path),
		)
	})
}
