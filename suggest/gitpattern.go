package suggest

import (
	"path"
	"strings"
)

// gitPattern is one line of a .gitignore file, as Docker can say it.
// (git/git, Documentation/gitignore.adoc; dir.c, parse_path_pattern; wildmatch.c)
type gitPattern struct {
	exception bool
	// dirOnly tells that git matches directories only.
	dirOnly bool
	// text is the pattern for an ignore file of Docker's, without "!".
	text string
	// last is the last component as Docker has it.
	last string
}

// readGitPattern translates one line of a .gitignore file that lies in dir, a
// path of the context, or above the context: then below is the way from the file
// to the context. It returns no text for a line that says nothing, and why where
// git or Docker cannot make sense of it.
func readGitPattern(line, dir, below string) (p gitPattern, why string) {
	line = trimGitBlanks(line)
	if line == "" || line[0] == '#' {
		return p, ""
	}
	if line[0] == '!' {
		p.exception, line = true, line[1:]
	}
	if p.dirOnly = strings.HasSuffix(line, "/"); p.dirOnly {
		line = line[:len(line)-1]
	}
	anchored := strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	if line == "" {
		return p, "git takes it to match nothing"
	}
	components := strings.Split(line, "/")
	for _, c := range components {
		if c == "" || c == "." || c == ".." {
			return p, "git takes it to match nothing"
		}
	}
	if below != "" {
		if components, why = underContext(components, anchored, strings.Split(below, "/")); components == nil {
			return p, why
		}
	}
	for i, c := range components {
		if components[i], why = translateComponent(c); why != "" {
			return p, why
		}
	}
	p.last = components[len(components)-1]
	if !anchored && p.last != "**" {
		components = append([]string{"**"}, components...)
	}
	p.text = strings.Join(components, "/")
	switch {
	case dir != "":
		p.text = escape(dir) + "/" + p.text
	case p.text == "**/*":
		p.text = "*"
	case strings.HasPrefix(p.text, "#"):
		p.text = "/" + p.text
	}
	return p, ""
}

// trimGitBlanks takes the line's end and blanks before it away; a blank behind a
// backslash stays. (git/git, dir.c, trim_trailing_spaces)
func trimGitBlanks(line string) string {
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	return line
}

// underContext makes a pattern of a file above the context one of the context, or
// nil where it is not about it.
func underContext(components []string, anchored bool, below []string) (rest []string, why string) {
	const all = "it ignores the whole context"
	if !anchored {
		for _, name := range below {
			if ok, _ := path.Match(components[0], name); ok {
				return nil, all
			}
		}
		return components, ""
	}
	for len(components) > 0 && components[0] != "**" && len(below) > 0 {
		if ok, _ := path.Match(components[0], below[0]); !ok {
			return nil, ""
		}
		components, below = components[1:], below[1:]
	}
	if len(components) == 0 {
		return nil, all
	}
	return components, ""
}

// translateComponent writes one component for Docker: what git takes literally and
// Docker does not is escaped, two stars beside anything else are one, and a class
// never matches a slash.
func translateComponent(c string) (text, why string) {
	if c == "**" {
		return c, ""
	}
	var b strings.Builder
	for i := 0; i < len(c); i++ {
		switch {
		case c[i] == '*':
			for i+1 < len(c) && c[i+1] == '*' {
				i++
			}
			b.WriteByte('*')
		case c[i] == '?':
			b.WriteByte('?')
		case c[i] == '[':
			class, length, ok := translateClass(c[i:])
			if !ok {
				return "", "git takes it to match nothing"
			}
			b.WriteString(class)
			i += length - 1
		case c[i] == '\\' && i+1 == len(c):
			return "", "git takes it to match nothing"
		case c[i] == '\\':
			i++
			b.WriteString(literalByte(c[i]))
		default:
			b.WriteString(literalByte(c[i]))
		}
	}
	text = b.String()
	// Docker trims what stands at the ends of a line.
	if rest, ok := strings.CutPrefix(text, " "); ok {
		text = "[ ]" + rest
	}
	if rest, ok := strings.CutSuffix(text, " "); ok && rest != "[" {
		text = rest + "[ ]"
	}
	return text, ""
}

func literalByte(c byte) string {
	if strings.IndexByte(`*?[]\{}|^+()`, c) >= 0 {
		return `\` + string(rune(c))
	}
	if c == '!' {
		return `\!`
	}
	return string([]byte{c})
}

// translateClass writes a class of characters for Docker and tells how long it is.
// (git/git, wildmatch.c, dowild)
func translateClass(s string) (class string, length int, ok bool) {
	i := 1
	var b strings.Builder
	b.WriteByte('[')
	negated := i < len(s) && (s[i] == '!' || s[i] == '^')
	if negated {
		b.WriteByte('^')
		i++
	}
	for first := true; i < len(s); first = false {
		switch c := s[i]; {
		case c == ']' && !first:
			if negated {
				b.WriteByte('/')
			}
			b.WriteByte(']')
			return b.String(), i + 1, true
		case c == '[' && strings.HasPrefix(s[i:], "[:"):
			end := strings.Index(s[i:], ":]")
			if end < 0 {
				return "", 0, false
			}
			b.WriteString(s[i : i+end+2])
			i += end + 2
		case c == '\\' && i+1 < len(s):
			b.WriteString(`\` + s[i+1:i+2])
			i += 2
		case c == '-' && !first && i+1 < len(s) && s[i+1] != ']':
			b.WriteByte('-')
			i++
		case strings.IndexByte(`]-^[`, c) >= 0:
			b.WriteString(`\` + s[i:i+1])
			i++
		default:
			b.WriteByte(c)
			i++
		}
	}
	return "", 0, false
}
