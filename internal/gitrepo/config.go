package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// values are the settings of configuration files: by key, in the order in which
// they were read. A key is "section.name" or "section.subsection.name"; section
// and name are in lower case.
type values map[string][]string

// last returns the value that counts.
func (v values) last(key string) (string, bool) {
	all := v[key]
	if len(all) == 0 {
		return "", false
	}
	return all[len(all)-1], true
}

// flag returns a setting as git reads a boolean one. What is neither true nor
// false counts as false.
func (v values) flag(key string) bool {
	value, _ := v.last(key)
	return isTrue(value)
}

func isTrue(value string) bool {
	switch strings.ToLower(value) {
	case "true", "yes", "on":
		return true
	}
	n, err := strconv.Atoi(value)
	return err == nil && n != 0
}

// errConfig is what is wrong with a line of a configuration file.
var errConfig = errors.New("bad configuration line")

// parseConfig reads one configuration file and calls set for each value, at once,
// since includes take effect where they stand. A name without "=" has the value
// "true".
//
// It is not go-git's (plumbing/format/config), which in v5.19.3 refuses files that
// git reads: those with a byte order mark, a name behind "[section]" on one line,
// "\b" in a value, or "[section.subsection]". (git/git, config.c, git_parse_source)
func parseConfig(data []byte, set func(key, value string)) error {
	p := configParser{data: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), line: 1}
	section := "" // with a dot behind
	for {
		c := p.next()
		switch {
		case c == eof:
			return nil
		case c == '\n' || isSpace(c):
		case c == '#' || c == ';':
			p.skipLine()
		case c == '[':
			var ok bool
			if section, ok = p.section(); !ok {
				return p.err()
			}
			section += "."
		case isLetter(c):
			name, value, ok := p.setting(c)
			if !ok {
				return p.err()
			}
			set(section+name, value)
		default:
			return p.err()
		}
	}
}

const eof = -1

type configParser struct {
	data []byte
	at   int
	line int
}

func (p *configParser) err() error { return fmt.Errorf("line %d: %w", p.line, errConfig) }

// next returns the next byte, CR LF as one LF.
func (p *configParser) next() int {
	if p.at == len(p.data) {
		return eof
	}
	c := p.data[p.at]
	p.at++
	if c == '\r' && p.at < len(p.data) && p.data[p.at] == '\n' {
		c = '\n'
		p.at++
	}
	if c == '\n' {
		p.line++
	}
	return int(c)
}

func (p *configParser) skipLine() {
	for c := p.next(); c != '\n' && c != eof; {
		c = p.next()
	}
}

// section reads what follows "[".
func (p *configParser) section() (string, bool) {
	var name strings.Builder
	for {
		c := p.next()
		switch {
		case c == ']':
			return strings.ToLower(name.String()), name.Len() > 0
		case isSpace(c):
			sub, ok := p.subsection()
			return strings.ToLower(name.String()) + "." + sub, ok
		case isLetter(c) || isDigit(c) || c == '-' || c == '.':
			name.WriteByte(byte(c))
		default:
			return "", false
		}
	}
}

// subsection reads `"name"]`. A backslash takes away what is special about the
// next byte.
func (p *configParser) subsection() (string, bool) {
	c := p.next()
	for isSpace(c) {
		c = p.next()
	}
	if c != '"' {
		return "", false
	}
	var name strings.Builder
	for {
		switch c = p.next(); c {
		case '"':
			return name.String(), p.next() == ']'
		case '\\':
			c = p.next()
		}
		if c == '\n' || c == eof {
			return "", false
		}
		name.WriteByte(byte(c))
	}
}

// setting reads a name that begins with first, and its value.
func (p *configParser) setting(first int) (name, value string, ok bool) {
	b := []byte{byte(first)}
	c := p.next()
	for ; isLetter(c) || isDigit(c) || c == '-'; c = p.next() {
		b = append(b, byte(c))
	}
	name = strings.ToLower(string(b))
	for isSpace(c) {
		c = p.next()
	}
	switch c {
	case '\n', eof:
		return name, "true", true
	case '=':
		value, ok = p.value()
	}
	return name, value, ok
}

// value reads what follows "=" to the end of the line.
// (git/git, config.c, parse_value)
func (p *configParser) value() (string, bool) {
	var b []byte
	kept := 0 // spaces behind are dropped unless something follows
	quoted := false
	for {
		c := p.next()
		switch {
		case c == '\n' || c == eof:
			return string(b[:kept]), !quoted
		case isSpace(c) && !quoted:
			if len(b) > 0 {
				b = append(b, byte(c))
			}
			continue
		case (c == ';' || c == '#') && !quoted:
			p.skipLine()
			return string(b[:kept]), true
		case c == '"':
			quoted = !quoted
			continue
		case c == '\\':
			var more bool
			if c, more = p.escaped(); !more {
				return "", false
			}
			if c == eof {
				continue
			}
		}
		b = append(b, byte(c))
		kept = len(b)
	}
}

// escaped reads what follows a backslash in a value; eof is a line that goes on.
func (p *configParser) escaped() (int, bool) {
	switch c := p.next(); c {
	case '\n', eof:
		return eof, true
	case 't':
		return '\t', true
	case 'b':
		return '\b', true
	case 'n':
		return '\n', true
	case '\\', '"':
		return c, true
	default:
		return 0, false
	}
}

func isSpace(c int) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' }

func isLetter(c int) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isDigit(c int) bool { return c >= '0' && c <= '9' }
