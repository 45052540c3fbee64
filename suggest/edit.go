package suggest

import (
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/ignore"
)

// atEnd is the place behind the last line of a file.
const atEnd = -1

// editor puts lines between the lines of a text and changes none of them.
type editor struct {
	bom   string
	lines []string // with their endings; the BOM is kept apart
	eol   string
	// open tells that the last line has no ending, and shall have none.
	open bool
}

func newEditor(file *ignore.File) *editor {
	e := &editor{eol: "\n"}
	crlf := 0
	for i, l := range file.Lines {
		text := l.Text
		if i == 0 && strings.HasPrefix(text, bom) {
			e.bom, text = bom, text[len(bom):]
		}
		if text == "" {
			continue // a BOM and nothing else
		}
		e.lines = append(e.lines, text)
		if strings.HasSuffix(text, "\r\n") {
			crlf++
		}
	}
	if crlf*2 > len(e.lines) || crlf > 0 && crlf == len(e.lines)-1 {
		e.eol = "\r\n"
	}
	e.open = len(e.lines) > 0 && !strings.HasSuffix(e.lines[len(e.lines)-1], "\n")
	return e
}

// insert puts patterns before a line, or before the comment that belongs to it:
// into the group of an earlier run where that stands there. What was translated from
// .gitignore stays together as far as its exceptions allow.
func (e *editor) insert(before int, patterns []string) {
	at := before
	switch before {
	case atEnd:
		at = len(e.lines)
		for at > 0 && isBlank(e.lines[at-1]) && (at < len(e.lines) || !e.open) {
			at--
		}
	default:
		top := at
		for top > 0 && !isBlank(e.lines[top-1]) && !isException(e.lines[top-1]) {
			top--
		}
		if strings.TrimRight(e.lines[top], "\r\n") == gitignoreComment {
			at = top
		}
		for at > 0 && strings.HasPrefix(e.lines[at-1], "#") {
			at--
		}
	}
	end := at
	for before != atEnd && end > 0 && isBlank(e.lines[end-1]) {
		end--
	}
	own := end
	for own > 0 && isPattern(e.lines[own-1]) {
		own--
	}
	if own > 0 && own < end && strings.TrimRight(e.lines[own-1], "\r\n") == comment {
		e.put(end, patterns)
		return
	}
	if before == atEnd {
		at = len(e.lines)
	}
	var block []string
	if at > 0 && !isBlank(e.lines[at-1]) {
		block = append(block, "")
	}
	block = append(append(block, comment), patterns...)
	if at < len(e.lines) && !isBlank(e.lines[at]) {
		block = append(block, "")
	}
	e.put(at, block)
}

// find returns where a line stands, or -1.
func (e *editor) find(text string) int {
	return slices.IndexFunc(e.lines, func(line string) bool { return strings.TrimRight(line, "\r\n") == text })
}

// missing returns those of some lines that are not there.
func (e *editor) missing(lines []string) []string {
	there := map[string]bool{}
	for _, line := range e.lines {
		there[strings.TrimRight(line, "\r\n")] = true
	}
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return there[line] })
}

// put puts lines, without their endings, before a line.
func (e *editor) put(at int, texts []string) {
	if len(texts) == 0 {
		return
	}
	lines := make([]string, len(texts))
	for i, text := range texts {
		lines[i] = text + e.eol
	}
	if at == len(e.lines) && e.open {
		e.lines[at-1] += e.eol
		last := &lines[len(lines)-1]
		*last = strings.TrimSuffix(*last, e.eol)
	}
	e.lines = slices.Insert(e.lines, at, lines...)
}

func (e *editor) text() []byte {
	return []byte(e.bom + strings.Join(e.lines, ""))
}

func isException(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "!") }

func isBlank(line string) bool { return strings.TrimSpace(line) == "" }

func isPattern(line string) bool { return !isBlank(line) && !strings.HasPrefix(line, "#") }
