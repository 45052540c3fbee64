package gitrepo

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
)

// attribute is one that a line gives to the paths of its pattern.
type attribute struct {
	name string
	// value is that of "name=value", attrSet or attrUnset; "" takes back what
	// others say.
	value string
}

// No value that is written can be one of these.
const (
	attrSet   = "\x00set"
	attrUnset = "\x00unset"
)

// attributeRule is one line of a .gitattributes file.
type attributeRule struct {
	pattern    pattern
	attributes []attribute
}

// attributeFile is one such file, or the rules that come before all.
//
// It is not go-git's (plumbing/format/gitattributes), which in v5.19.3 matches as
// its gitignore does, stops at a line that git leaves out, and lets the last macro
// win over what a path is given by itself.
type attributeFile struct {
	rules  []attributeRule
	macros map[string][]attribute
	// id is of the content; it stands for the file in [Tree.Key].
	id string
	// above is the file that counts less: of the directory that holds this one's.
	above *attributeFile
	// converts tells that this file or one above speaks of an attribute that can
	// change what is checked out.
	converts bool
}

// converting are the attributes that can change what is checked out.
var converting = []string{"text", "crlf", "eol", "filter", "ident", "working-tree-encoding"}

// builtin is what git knows by itself.
var builtin = &attributeFile{macros: map[string][]attribute{"binary": {{"diff", attrUnset}, {"merge", attrUnset}, {"text", attrUnset}}}}

// longestAttributeLine and longer ones are left out. (git/git, attr.c, ATTR_MAX_LINE_LENGTH)
const longestAttributeLine = 2048

// parseAttributes reads the file of the directory base. Only files at the top may
// have macros. (git/git, attr.c, parse_attr_line)
func parseAttributes(data []byte, base string, macros bool, above *attributeFile) *attributeFile {
	f := &attributeFile{macros: map[string][]attribute{}, above: above, converts: above != nil && above.converts}
	for line := range strings.SplitSeq(string(data), "\n") {
		line, _, _ = strings.Cut(line, "\x00")
		if len(line) >= longestAttributeLine {
			continue
		}
		name, rest, ok := attributeName(strings.TrimLeft(line, blanks))
		if !ok {
			continue
		}
		attributes, ok := parseStates(rest)
		if !ok {
			continue
		}
		if macro, ok := strings.CutPrefix(name, "[attr]"); ok {
			macro = strings.Trim(macro, blanks)
			if macros && validAttribute(macro) {
				f.macros[macro] = attributes
				f.note(attributes)
			}
			continue
		}
		if p := newPattern(name, base); !p.negated {
			f.rules = append(f.rules, attributeRule{p, attributes})
			f.note(attributes)
		}
	}
	return f
}

func (f *attributeFile) note(attributes []attribute) {
	for _, a := range attributes {
		f.converts = f.converts || slices.Contains(converting, a.name) || a.value == attrSet && f.macro(a.name) != nil
	}
}

// blanks are what separates the parts of a line.
const blanks = " \t\r"

// attributeName cuts the pattern off a line. It may be in quotes.
func attributeName(line string) (name, rest string, ok bool) {
	if line == "" || line[0] == '#' {
		return "", "", false
	}
	if line[0] == '"' {
		if name, rest, ok := unquote(line); ok {
			return name, rest, true
		}
	}
	if strings.HasPrefix(line, "[attr]") {
		end := len("[attr]") + len(line[len("[attr]"):]) - len(strings.TrimLeft(line[len("[attr]"):], blanks))
		if i := strings.IndexAny(line[end:], blanks); i >= 0 {
			return line[:end+i], line[end+i:], true
		}
		return line, "", true
	}
	if i := strings.IndexAny(line, blanks); i >= 0 {
		return line[:i], line[i:], true
	}
	return line, "", true
}

// unquote reads a string in the quotes of C and returns what follows it.
// (git/git, quote.c, unquote_c_style)
func unquote(line string) (text, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(line); i++ {
		switch c := line[i]; c {
		case '"':
			return b.String(), line[i+1:], true
		case '\\':
			if i++; i == len(line) {
				return "", "", false
			}
			if at := strings.IndexByte(`abfnrtv\"`, line[i]); at >= 0 {
				b.WriteByte("\a\b\f\n\r\t\v\\\""[at])
				continue
			}
			if i+2 >= len(line) || line[i] < '0' || line[i] > '3' {
				return "", "", false
			}
			value := 0
			for _, digit := range []byte(line[i : i+3]) {
				if digit < '0' || digit > '7' {
					return "", "", false
				}
				value = value<<3 | int(digit-'0')
			}
			b.WriteByte(byte(value))
			i += 2
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

// parseStates reads "text -diff !merge eol=lf". With a name that cannot be, the
// whole line does not count.
func parseStates(text string) ([]attribute, bool) {
	var all []attribute
	for _, word := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(blanks, c) }) {
		a := attribute{name: word, value: attrSet}
		switch name, value, ok := strings.Cut(word, "="); {
		case word[0] == '-':
			a = attribute{word[1:], attrUnset}
			a.name, _, _ = strings.Cut(a.name, "=")
		case word[0] == '!':
			a = attribute{word[1:], ""}
			a.name, _, _ = strings.Cut(a.name, "=")
		case ok:
			a = attribute{name, value}
		}
		if !validAttribute(a.name) {
			return nil, false
		}
		all = append(all, a)
	}
	return all, true
}

// validAttribute tells whether an attribute can have a name.
// (git/git, attr.c, attr_name_valid and attr_name_reserved)
func validAttribute(name string) bool {
	if name == "" || name[0] == '-' || strings.HasPrefix(name, "builtin_") {
		return false
	}
	for i := range len(name) {
		if c := int(name[i]); !isLetter(c) && !isDigit(c) && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	return true
}

// macro returns what an attribute that is set stands for.
func (f *attributeFile) macro(name string) []attribute {
	for ; f != nil; f = f.above {
		if m, ok := f.macros[name]; ok {
			return m
		}
	}
	return nil
}

// attributesOf returns the attributes of a file, given by its path from the top of
// the repository. first are the rules that count most. (git/git, attr.c, fill)
func attributesOf(path string, fold bool, first, nearest *attributeFile) map[string]string {
	known := map[string]string{}
	var give func(attributes []attribute)
	give = func(attributes []attribute) {
		for _, a := range slices.Backward(attributes) {
			if _, ok := known[a.name]; ok {
				continue
			}
			known[a.name] = a.value
			if a.value != attrSet {
				continue
			}
			macro := first.macro(a.name)
			if macro == nil {
				macro = nearest.macro(a.name)
			}
			give(macro)
		}
	}
	for _, f := range []*attributeFile{first, nearest} {
		for ; f != nil; f = f.above {
			for _, rule := range slices.Backward(f.rules) {
				if strings.HasPrefix(path, rule.pattern.base) && rule.pattern.match(path, false, fold) {
					give(rule.attributes)
				}
			}
		}
	}
	return known
}

// userAttributes reads the files outside the tree: first that of the repository,
// which counts most, then those of the machine and the user, which count least.
func (r *Repo) userAttributes() (first, last *attributeFile) {
	read := func(path string, above *attributeFile) *attributeFile {
		data, err := readFile(path, 100<<20)
		if err != nil {
			return above
		}
		// Of files in a tree, git keeps the mark.
		return parseAttributes(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), "", true, above)
	}
	first = read(filepath.Join(r.commonDir, "info", "attributes"), &attributeFile{})
	path, ok := r.settings.all.last("core.attributesfile")
	if !ok {
		path = userFile("attributes")
	}
	system := filepath.Join(filepath.Dir(systemFile()), "gitattributes")
	return first, read(resolve(path, r.top), read(system, builtin))
}
