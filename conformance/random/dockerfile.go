package random

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/ctxsize/ctxsize/conformance/cases"
	"github.com/ctxsize/ctxsize/conformance/engine"
)

// dockerfile gives the case its Dockerfile and the place where it lies.
func (g *generator) dockerfile() {
	g.c.Dockerfile = cases.T(g.dockerfileText())
	specific := "Dockerfile.dockerignore"
	switch n := g.IntN(40); {
	case n < 28:
	case n < 31:
		dir := pick(g, []string{"docker", "a/b", "src"})
		if !g.roomFor(dir+"/x") || g.taken[dir] != "" && g.taken[dir] != "dir" {
			break
		}
		g.place(dir + "/Dockerfile")
	case n < 34:
		g.place("../out/" + pick(g, []string{"Dockerfile", "Dockerfile", "D", "dockerfile"}))
	case n == 34:
		g.place(pick(g, []string{"prod.Dockerfile", "Dockerfile.prod", "build file", "dockerfile", "é.Dockerfile", strings.Repeat("D", 120)}))
	case n == 35:
		g.asFile("dockerfile")
	case n == 36:
		g.asFile("conf.d/D")
		g.add(cases.File{Path: "Dockerfile", Type: "symlink", Target: pick(g, []cases.Text{"conf.d/D", "/conf.d/D", "./conf.d/../conf.d/D"})})
	case n == 37 && g.oneIn(2):
		g.c.Dockerfile = nil // and nothing in its place
		if g.oneIn(2) {
			g.add(cases.File{Path: pick(g, []cases.Text{"Dockerfile", "dockerfile"}), Type: "dir"})
		}
	case n == 38: // a named one that is a link: inside its directory, or out of it
		g.asFile(pick(g, []cases.Text{"conf.d/D", "../out/D"}))
		if g.c.Dockerfile == nil && g.taken["l.Dockerfile"] == "" {
			g.add(cases.File{Path: "l.Dockerfile", Type: "symlink", Target: g.c.Files[len(g.c.Files)-1].Path})
			g.place("l.Dockerfile")
		}
	}
	if g.c.DockerfilePath != "Dockerfile" {
		specific = g.c.DockerfilePath + ".dockerignore"
	}
	if g.oneIn(10) && g.taken[specific] == "" {
		f := cases.File{Path: cases.Text(specific), Type: "file", Content: cases.T(g.ignoreText())}
		switch g.IntN(8) {
		case 0:
			f = cases.File{Path: f.Path, Type: "dir"}
		case 1:
			f = cases.File{Path: f.Path, Type: "symlink", Target: pick(g, []cases.Text{"conf.ign", "../ign", "nope", ".dockerignore"})}
		case 2:
			f.Content = cases.T("")
		}
		g.add(f)
	}
	if g.oneIn(40) && g.taken["dockerfile.dockerignore"] == "" {
		g.add(cases.File{Path: "dockerfile.dockerignore", Type: "file", Content: cases.T(g.ignoreText())})
	}
}

func (g *generator) place(file string) { g.c.DockerfilePath = file }

// asFile moves the Dockerfile among the tree's files, where the default name
// does not lead.
func (g *generator) asFile(name cases.Text) {
	if g.taken[string(name)] != "" || g.taken[path.Dir(string(name))] != "" {
		return
	}
	g.add(cases.File{Path: name, Type: "file", Content: g.c.Dockerfile})
	g.c.Dockerfile = nil
}

// writer writes one Dockerfile.
type writer struct {
	*generator
	strings.Builder
	stages []string // the names so far, "" for a stage without one
	escape string
	named  []string // named contexts
}

// variables are the names that Dockerfiles of random cases know.
var variables = []string{"D", "E", "F"}

// dockerfileText makes up a Dockerfile that can be built, most of the time.
func (g *generator) dockerfileText() string {
	if g.oneIn(150) {
		return pick(g, []string{"", "# nothing\n", "COPY . /\n", "FROM scratch\nNOPE x\n", "FROM scratch\nCOPY a\n", "FROM scratch AS 1x\n", "\x00", "ARG D=a\n"})
	}
	if g.oneIn(5) {
		return "FROM scratch\nCOPY . /\n"
	}
	w := &writer{generator: g, escape: "\\"}
	for name := range g.c.NamedContexts {
		w.named = append(w.named, name)
	}
	if len(w.named) == 2 { // a map has no order
		w.named = []string{"other", "st0"}
	}
	if g.oneIn(40) {
		w.WriteString("\ufeff")
	}
	if g.oneIn(25) {
		w.escape = "`"
		w.WriteString("# escape=`\n")
	}
	if g.oneIn(20) {
		w.WriteString(pick(g, []string{"# check=skip=all\n", "# check=error=false\n", "#check=skip=JSONArgsRecommended;error=false\n", "# syntax=docker/dockerfile:1\n", "# syntax=docker/dockerfile:1.7-labs\n", "# escape\n"}))
	}
	if g.oneIn(6) {
		fmt.Fprintf(w, "ARG %s=%s\n", pick(g, variables), g.value())
	}
	for range 1 + min(g.IntN(4), g.IntN(4)) {
		w.stage()
	}
	w.target()
	text := w.String()
	if g.oneIn(25) {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if g.oneIn(10) {
		text = strings.TrimSuffix(text, "\n")
	}
	return text
}

// target sometimes names a stage to build, and sometimes one that is not there.
func (w *writer) target() {
	if !w.oneIn(5) {
		return
	}
	switch name := pick(w.generator, w.stages); {
	case name == "":
	case w.oneIn(4):
		w.c.Target = strings.ToUpper(name)
	default:
		w.c.Target = name
	}
	if w.oneIn(30) {
		w.c.Target = "nope"
	}
}

// stage writes a stage.
func (w *writer) stage() {
	from := "scratch"
	switch n := w.IntN(10); {
	case n < 4 && len(w.stages) > 0:
		if name := pick(w.generator, w.stages); name != "" {
			from = name
		}
	case n == 4 && len(w.named) > 0:
		from = pick(w.generator, w.named)
	case n == 5:
		from = w.base()
	}
	if w.oneIn(20) {
		fmt.Fprintf(w, "ARG BASE=%s\n", from)
		from = pick(w.generator, []string{"$BASE", "${BASE}", "${NOPE:-" + from + "}"})
		if len(w.stages) > 0 { // an ARG after a FROM is not a global one
			from = "scratch"
		}
	}
	name := ""
	platform := pick(w.generator, []string{"", "", "", "", "", "--platform=$BUILDPLATFORM ", "--platform=linux/arm64 "})
	fmt.Fprintf(w, "%s %s%s", pick(w.generator, []string{"FROM", "FROM", "from"}), platform, from)
	if !w.oneIn(4) {
		name = pick(w.generator, []string{"st", "st", "st", "St", "s-t."}) + strconv.Itoa(len(w.stages))
		fmt.Fprintf(w, " %s %s", pick(w.generator, []string{"AS", "as"}), name)
	}
	w.WriteString("\n")
	for range w.IntN(6) {
		w.instruction(from)
	}
	w.stages = append(w.stages, name)
}

// base is a named context that stands in for a base image: all it has is a
// program that ends well, under the names that RUN looks for.
func (w *writer) base() string {
	const name = "base"
	if w.c.NamedContexts[name] == "" {
		w.nameContext(name)
		for _, file := range []cases.Text{"../base/bin/sh", "../base/bin/true"} {
			w.add(cases.File{Path: file, Type: "file", Mode: "755", Content: cases.T(string(engine.ExitZero()))})
		}
	}
	return name
}

// instruction writes one line of a stage, sometimes broken in two.
func (w *writer) instruction(from string) {
	var line string
	switch n := w.IntN(24); {
	case n < 12:
		line = w.copy()
	case n < 14:
		line = w.ADD()
	case n < 16:
		line = fmt.Sprintf("ENV %s=%s", pick(w.generator, variables), w.value())
	case n == 16:
		line = fmt.Sprintf("ENV %s %s", pick(w.generator, variables), w.value())
		if w.oneIn(2) {
			line = fmt.Sprintf("ENV %s=%s %s=$%s", pick(w.generator, variables), w.value(), pick(w.generator, variables), pick(w.generator, variables))
		}
	case n < 19:
		line = w.arg()
	case n == 19:
		line = "ONBUILD " + pick(w.generator, []string{w.copy(), w.ADD(), w.arg(), "RUN --mount=target=/m true", "WORKDIR /o"})
	case n == 20:
		line = pick(w.generator, []string{"WORKDIR /w", "USER 1", "LABEL a=b", "EXPOSE 1", `CMD ["x"]`, "# a comment", "", "STOPSIGNAL 9", "VOLUME /v", "SHELL [\"/bin/sh\"]"})
	case from == "base":
		line = w.run()
	default:
		line = w.copy()
	}
	if w.oneIn(12) && strings.Count(line, " ") > 1 && !strings.Contains(line, "<<") && !strings.Contains(line, "[") {
		i := strings.LastIndex(line, " ")
		line = line[:i] + " " + w.escape + pick(w.generator, []string{"\n ", "\n# between\n  ", "  \n\n"}) + line[i+1:]
	}
	w.WriteString(line + "\n")
}

func (w *writer) arg() string {
	name := pick(w.generator, variables)
	if w.oneIn(3) {
		if w.c.BuildArgs == nil {
			w.c.BuildArgs = map[string]string{}
		}
		w.c.BuildArgs[name] = w.value()
	}
	if w.oneIn(3) {
		return "ARG " + name
	}
	return "ARG " + name + "=" + w.value()
}

// value is what a variable may hold: a piece of a path, nothing, another
// variable.
func (g *generator) value() string {
	switch g.IntN(8) {
	case 0:
		return ""
	case 1:
		return "$" + pick(g, variables)
	case 2:
		return "${" + pick(g, variables) + pick(g, []string{":-a", "-a", ":+b", "+dir", ":-", "%t", "#a", "/a/b", "//a/b", "##*a", "%%.*", "%t*", ":?no", "?no"}) + "}"
	case 3:
		return pick(g, []string{".", "/", "..", "*", "'a'", `"b"`, "a\\b", "\\$D"})
	}
	if p := g.somePath(); plain(p) {
		return p
	}
	return pick(g, []string{"a", "dir", "src"})
}

// plain tells whether a path can stand in a Dockerfile as it is.
func plain(p string) bool {
	return p != "" && !strings.ContainsAny(p, " \t\n\r\x01\x7f\u00a0$\\\"'`#<") && !strings.HasPrefix(p, "-")
}

// copy writes a COPY.
func (w *writer) copy() string {
	flags := w.flags(map[string]int{
		"--link": 8, "--chown=1:2": 20, "--chmod=600": 20, "--exclude=*.md": 15, "--exclude=a": 30, "--parents": 15,
	})
	switch w.IntN(12) {
	case 0:
		return "COPY " + w.heredoc()
	case 1:
		if from := w.otherSource(); from != "" {
			return "COPY " + flags + from
		}
	}
	return "COPY " + flags + w.sources()
}

// ADD writes an ADD: of paths, or of addresses, which only the stages that are
// built fetch.
func (w *writer) ADD() string {
	flags := w.flags(map[string]int{"--link": 10, "--chown=1": 20, "--unpack=false": 15})
	if w.oneIn(6) {
		return "ADD " + engine.URL + " /u"
	}
	return "ADD " + flags + w.sources()
}

// flags picks each flag once in so many times. The order of a map is random, so
// that it is fixed here.
func (w *writer) flags(odds map[string]int) string {
	var b strings.Builder
	for _, flag := range []string{"--link", "--chown=1:2", "--chown=1", "--chmod=600", "--exclude=*.md", "--exclude=a", "--parents", "--unpack=false"} {
		if n := odds[flag]; n > 0 && w.oneIn(n) {
			b.WriteString(flag + " ")
		}
	}
	return b.String()
}

func (w *writer) heredoc() string {
	text := "<<EOF "
	if w.oneIn(3) {
		text += w.source() + " "
	}
	text += "/h/\n" + pick(w.generator, []string{"hi", "COPY a /", "$D", ""}) + "\nEOF"
	return text
}
