package random

import (
	"path"
	"strings"

	"github.com/ctxsize/ctxsize/conformance/cases"
)

// ignoreFiles gives the case its ignore file, or something odd in its place.
func (g *generator) ignoreFiles() {
	ignore := func(name cases.Text) cases.File {
		return cases.File{Path: name, Type: "file", Content: cases.T(g.ignoreText())}
	}
	switch n := g.IntN(40); {
	case n < 4:
	case n == 4: // a directory counts as none for BuildKit, and stops the classic client
		g.add(cases.File{Path: ".dockerignore", Type: "dir"})
	case n == 5:
		g.add(cases.File{Path: ".dockerignore", Type: "symlink", Target: "conf.ign"})
		if g.taken["conf.ign"] == "" {
			g.add(ignore("conf.ign"))
		}
	case n == 6:
		g.add(cases.File{Path: ".dockerignore", Type: "symlink", Target: cases.Text(pick(g, []string{"../ign", "/ign", "nope", ".dockerignore", "/conf/../ign"}))})
		g.add(ignore("../ign"))
		if g.oneIn(2) && g.taken["ign"] == "" {
			g.add(ignore("ign"))
		}
	default:
		g.c.Dockerignore = cases.T(g.ignoreText())
	}
	if g.oneIn(30) && len(g.dirs) > 0 { // never read, whatever it says
		if name := pick(g, g.dirs) + "/.dockerignore"; g.taken[name] == "" {
			g.add(ignore(cases.Text(name)))
		}
	}
}

// ignoreText makes up an ignore file.
func (g *generator) ignoreText() string {
	end, lines := "\n", []string{}
	if g.oneIn(12) {
		end = "\r\n"
	}
	for range g.IntN(9) {
		lines = append(lines, g.ignoreLine())
	}
	if g.oneIn(4) {
		lines = append([]string{pick(g, []string{"*", "**", "**/*", "*/*", "/*"})}, lines...)
	}
	if len(lines) > 2 && g.oneIn(5) { // the order of 5.5: a rule again after its exception
		lines = append(lines, lines[0])
	}
	text := strings.Join(lines, end)
	if !g.oneIn(5) {
		text += end
	}
	if g.oneIn(25) {
		text = "\ufeff" + text
	}
	if g.oneIn(80) { // the longest line that is read, the shortest that is not
		text += "\n" + strings.Repeat(pick(g, []string{"z", "!", "#", " "}), 65534+g.IntN(3)) + pick(g, []string{"\n", "\r\n", ""})
	}
	return text
}

// ignoreLine makes up one line.
func (g *generator) ignoreLine() string {
	switch n := g.IntN(150); {
	case n < 4:
		return pick(g, []string{"", "# comment", "#", " # not a comment", "   ", "\u00a0", "\f"})
	case n == 4: // what every builder refuses
		return pick(g, []string{"[a", "[]a", "a\\", "[a-]", "!", "!/", "! "})
	case n == 5: // passes the check and fails as a regular expression
		return pick(g, []string{"[b-a]", "x/[z-a]*", "\\y", "!\\y", "a{2,1}*"})
	case n == 6: // BuildKit cannot carry control characters
		return g.pattern() + pick(g, []string{"\tx", "\x01", "\x7f", "\rx", "\x00"})
	case n == 7:
		return pick(g, []string{".", "./", "/", "!.", "../" + pick(g, g.words), "/../" + pick(g, g.words), "..", "!.."})
	case n == 8:
		return pick(g, []string{".dockerignore", "Dockerfile", "*ocker*", "**/Dockerfile", "!Dockerfile", ".*", "Docker*", "**/docker"})
	}
	line := g.pattern()
	if g.oneIn(3) {
		line = "!" + line
	}
	switch g.IntN(30) {
	case 0:
		line = " " + line
	case 1:
		line += pick(g, []string{" ", "\u00a0", "\f", "\v", "\u0085", "\u200b", "\r", " # why", "\\ "})
	case 2:
		line = strings.Replace(line, "!", "! ", 1)
	case 3:
		line = "!" + line
	case 4:
		line = "\ufeff" + line
	case 5:
		line = "\t" + line + "\t"
	}
	return line
}

// pattern makes up a pattern, mostly from a path that is there.
func (g *generator) pattern() string {
	names := strings.Split(g.somePath(), "/")
	if g.oneIn(3) {
		names = names[g.IntN(len(names)):]
	} else if g.oneIn(2) {
		names = names[:1+g.IntN(len(names))]
	}
	for i := range names {
		if g.oneIn(3) {
			names[i] = g.wild(names[i])
		}
	}
	p := strings.Join(names, "/")
	switch g.IntN(14) {
	case 0, 1:
		p = "**/" + p
	case 2:
		p += "/**"
	case 3:
		p = strings.Replace(p, "/", "/**/", 1)
	case 4:
		p = strings.Replace(p, "/", "**", 1)
	case 5:
		p += pick(g, []string{"**", "*", "/*", "/**/*", "/*/*", "***"})
	case 6:
		p = pick(g, []string{"**", "*", "*/", "***/", "**/*/", "*/**/"}) + p
	case 7:
		p = pick(g, []string{"/", "//", "./", "a/../", ".//"}) + p
	case 8:
		p += pick(g, []string{"/", "/.", "//", "/x/.."})
	}
	return p
}

// wild turns a name into a pattern of which it is often a match: operators,
// classes, escapes, and the characters that leak into the regular expression.
func (g *generator) wild(name string) string {
	if name == "" {
		return "*"
	}
	i := g.IntN(len(name))
	switch g.IntN(16) {
	case 0, 1, 2:
		return "*"
	case 3:
		return "*" + path.Ext(name)
	case 4:
		return name[:i] + "*"
	case 5:
		return "*" + name[i:]
	case 6:
		return name[:i] + "?" + name[i+1:]
	case 7:
		return name[:i] + pick(g, []string{"[a-z]", "[^x]", "[!x]", "[ab]", "[.]", "[^/]", "[[:alpha:]]", "[\\w]", "[*]", "[a-c-e]"}) + name[i+1:]
	case 8:
		return name[:i] + "\\" + name[i:]
	case 9:
		return name[:i] + "**" + name[i:]
	case 10:
		return name[:i] + "*" + name[i:]
	case 11:
		return pick(g, []string{"a|b*", "a{2}*", "^a*", "a$", "*^", "(a)*", "a+*", "\\d", "\\w*", "\\b*", "\\a", "\\*", "a{1,2}?", "*|b", "{a,b}*", "x^y*"})
	case 12:
		return strings.ToUpper(name)
	case 13:
		return "**"
	case 14:
		return "?" + name[i:]
	}
	return name + "*"
}

// somePath is a path of the context, or one that might have been.
func (g *generator) somePath() string {
	switch n := g.IntN(8); {
	case n < 5 && len(g.paths) > 0:
		return pick(g, g.paths)
	case n < 7 && len(g.dirs) > 0:
		return pick(g, g.dirs)
	}
	return path.Join(pick(g, g.words), pick(g, g.words))
}
