package ignore

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
)

// maxLine is the longest line, in bytes and without its line feed, that
// Docker's reader takes: bufio.MaxScanTokenSize is its whole buffer.
const maxLine = bufio.MaxScanTokenSize - 1

const bom = "\xef\xbb\xbf"

// ErrLineTooLong is wrapped by the [ParseError] of a line of 65,536 bytes or
// more, which stops every build.
var ErrLineTooLong = errors.New("the line has 65,536 bytes or more, and the builder reads at most 65,535")

// ParseError tells which line of which ignore file the builder cannot read.
type ParseError struct {
	File string
	Line int // from 1
	Err  error
}

func (e *ParseError) Error() string { return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err) }

func (e *ParseError) Unwrap() error { return e.Err }

// File is an ignore file that kept every byte: the texts of its lines, put
// together, are the file.
type File struct {
	// Name is what errors and findings call the file.
	Name  string
	Lines []Line
}

// Line is one line of an ignore file.
type Line struct {
	// Text is the line with its ending, and with the BOM on the first line.
	Text string
	// Pattern is what the builder makes of the line: trimmed, cleaned, with "!"
	// in front of an exception. Empty for a comment or a blank line.
	Pattern string
}

// Parse splits data into lines and reads each as Docker does
// (moby/patternmatcher, ignorefile/ignorefile.go, ReadAll). The only error is a
// [ParseError] for a line that is too long.
func Parse(name string, data []byte) (*File, error) {
	f := &File{Name: name}
	for len(data) > 0 {
		end := len(data)
		text := data
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			end, text = i+1, data[:i]
		}
		if len(text) > maxLine {
			return nil, &ParseError{File: name, Line: len(f.Lines) + 1, Err: ErrLineTooLong}
		}
		line := string(bytes.TrimSuffix(text, []byte("\r")))
		if len(f.Lines) == 0 {
			line = strings.TrimPrefix(line, bom)
		}
		f.Lines = append(f.Lines, Line{Text: string(data[:end]), Pattern: readLine(line)})
		data = data[end:]
	}
	return f, nil
}

// readLine turns one line, without its ending, into a pattern.
func readLine(line string) string {
	if strings.HasPrefix(line, "#") {
		return ""
	}
	pattern := strings.TrimSpace(line)
	if pattern == "" {
		return ""
	}
	exception := pattern[0] == '!'
	if exception {
		pattern = strings.TrimSpace(pattern[1:])
	}
	if pattern != "" {
		pattern = path.Clean(pattern)
		if len(pattern) > 1 && pattern[0] == '/' {
			pattern = pattern[1:]
		}
	}
	if exception {
		pattern = "!" + pattern
	}
	return pattern
}

// Bytes returns the file as it was read.
func (f *File) Bytes() []byte {
	var b bytes.Buffer
	for _, l := range f.Lines {
		b.WriteString(l.Text)
	}
	return b.Bytes()
}

// Rules returns the rules of the file in order.
func (f *File) Rules() []Rule {
	var rules []Rule
	for i, l := range f.Lines {
		if l.Pattern != "" {
			rules = append(rules, Rule{File: f.Name, Line: i + 1, Pattern: l.Pattern})
		}
	}
	return rules
}
