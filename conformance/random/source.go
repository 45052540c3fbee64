package random

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// otherSource is what follows a COPY that takes from elsewhere.
func (w *writer) otherSource() string {
	if len(w.named) > 0 && w.oneIn(2) {
		name := pick(w.generator, w.named)
		src := pick(w.generator, []string{".", "/", "*"})
		if list := w.other[name]; len(list) > 0 && w.oneIn(2) {
			if p := pick(w.generator, list); plain(p) {
				src = p
			}
		}
		return "--from=" + name + " " + src + " /o/"
	}
	if len(w.stages) == 0 {
		return ""
	}
	i := w.IntN(len(w.stages))
	from := w.stages[i]
	switch {
	case from == "" || w.oneIn(3):
		from = strconv.Itoa(i)
	case w.oneIn(4):
		from = strings.ToUpper(from)
	}
	return "--from=" + from + " / /s/"
}

// sources is a list of paths and a place to put them.
func (w *writer) sources() string {
	n := 1 + min(w.IntN(3), w.IntN(3))
	var list []string
	for range n {
		list = append(list, w.source())
	}
	to := pick(w.generator, []string{"/", "/x/", "./", "."})
	if w.oneIn(6) || strings.ContainsAny(strings.Join(list, ""), " \t\"'#<") {
		data, err := json.Marshal(append(list, to))
		if err == nil {
			return string(data)
		}
	}
	return strings.Join(append(list, to), " ")
}

// source is one source of a COPY.
func (w *writer) source() string {
	switch n := w.IntN(40); {
	case n < 4:
		return pick(w.generator, []string{".", "./", "/", "..", "../", "./.", "a/.."})
	case n < 8:
		return w.wildSource()
	case n < 12:
		return w.expansion()
	case n == 12:
		return pick(w.generator, []string{"nope", "nope*", "a/nope", "!" + pick(w.generator, w.words), " " + pick(w.generator, w.words), "[z-a]", "[a", "github.com/a/b", "a\\"})
	}
	p := w.somePath()
	if strings.ContainsAny(p, "\n") || strings.HasPrefix(p, "-") {
		p = "."
	}
	switch w.IntN(10) {
	case 0:
		return "/" + p
	case 1:
		return "./" + p
	case 2:
		return p + "/"
	case 3:
		return "../" + p
	case 4:
		return p + "/./" + pick(w.generator, w.words)
	case 5:
		return p + "/.."
	}
	return p
}

func (w *writer) wildSource() string {
	if w.oneIn(2) {
		return strings.ReplaceAll(w.pattern(), "\n", "")
	}
	names := strings.Split(w.somePath(), "/")
	i := w.IntN(len(names))
	names[i] = w.wild(names[i])
	return strings.ReplaceAll(strings.Join(names, "/"), "\n", "")
}

func (w *writer) expansion() string {
	v := pick(w.generator, append([]string{"NOPE", "TARGETOS"}, variables...))
	p := "a"
	if some := w.somePath(); plain(some) {
		p = some
	}
	return pick(w.generator, []string{
		"$" + v, "${" + v + "}", "./$" + v, "/$" + v + "/", "$" + v + "/" + p, p + "$" + v, "${" + v + ":-" + p + "}", "${" + v + ":+" + p + "}",
		"${" + v + "-" + p + "}", "${" + v + "+" + p + "}", "${" + v + "#a}", "${" + v + "%%.*}", "${" + v + "/a/b}", "'$" + v + "'", `"$` + v + `"`, "\\$" + v, "${" + v + ":-${E:-" + p + "}}",
		"${" + v + "//a/b}", "${" + v + "##*/}", "${" + v + "%/*}", "${" + v + ":?}", "$" + v + "$E", "${" + v + "/\\//-}", "$$" + v, "${" + v + "#[a-z]}",
	})
}

// run writes a RUN whose program is the stand-in's.
func (w *writer) run() string {
	var mounts strings.Builder
	for range w.IntN(3) {
		mount := pick(w.generator, []string{
			"type=bind,source=%s,target=/m", "type=bind,src=%s,dst=/m,rw", "source=%s,target=/m", "target=/m", "type=bind,target=/m,readonly", "type=tmpfs,target=/t", "type=cache,target=/c",
			"type=secret,id=x,target=/k", "type=ssh", "type=tmpfs,source=%s,target=/t", "type=bind,source=%s/*,target=/m", "type=bind,from=%s,target=/b", "type=bind,from=base,source=bin,target=/b", "type=cache,target=/c,source=%s,from=base",
		})
		if strings.Contains(mount, "from=%s") {
			name := "base"
			if i := w.IntN(len(w.stages) + 1); i > 0 && w.stages[i-1] != "" {
				name = w.stages[i-1]
			}
			mount = fmt.Sprintf(mount, name)
		}
		if strings.Contains(mount, "%s") {
			p := w.somePath()
			if !plain(p) || strings.Contains(p, ",") || w.oneIn(5) {
				p = pick(w.generator, []string{".", "/", "$D", "..", ""})
			}
			if strings.Contains(mount, "from=base") {
				p = "bin"
			}
			mount = fmt.Sprintf(mount, p)
		}
		mounts.WriteString("--mount=" + mount + " ")
	}
	return "RUN " + mounts.String() + pick(w.generator, []string{"true", `["/bin/true"]`, "<<EOF\nCOPY a /\nEOF"})
}
