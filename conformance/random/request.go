package random

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/conformance/cases"
)

// Request makes up a tree, an ignore file, and a list of sources that one COPY
// asks for, together with the request that BuildKit's client gets for it: nil
// for everything.
func Request(seed uint64) (c cases.Case, follow []string) {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 1))}
	g.c = cases.Case{Name: fmt.Sprintf("request-%d", seed), DockerfilePath: "Dockerfile", DefaultMtimeNS: cases.DefaultMtimeNS}
	g.vocabulary()
	g.tree("", g.count())
	for { // control characters are the transport's business, which no library has
		text := g.ignoreText()
		if !strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && r < ' ' || r == 0x7f }) {
			g.c.Dockerignore = cases.T(text)
			break
		}
	}
	var sources []string
	for range 1 + g.IntN(4) {
		w := writer{generator: g}
		s := w.source()
		if strings.ContainsAny(s, "$\\'\"`\n\r\t\x01\x7f") || strings.ContainsRune(s, '\ufffd') || !json.Valid([]byte(`"`+s+`"`)) || remote(s) || loaded(s) {
			s = pick(g, []string{"a", "dir", "*", "."})
		}
		sources = append(sources, s)
	}
	line, _ := json.Marshal(append(sources, "/x/")) // strings always marshal
	g.c.Dockerfile = cases.T("FROM scratch\nCOPY " + string(line) + "\n")
	for _, s := range sources {
		// BuildKit expands variables in each source with text/scanner, which leaves out
		// a BOM at the beginning.
		p := strings.TrimPrefix(path.Join("/", strings.TrimPrefix(s, "\ufeff")), "/")
		if p == "" {
			return g.c, nil
		}
		follow = append(follow, p)
	}
	slices.Sort(follow)
	return g.c, slices.Compact(follow)
}

// loaded tells a source that the builder may have loaded before, as the ignore file:
// it does not ask for it again, which no library knows.
func loaded(s string) bool { return path.Join("/", s) == "/.dockerignore" }

// remote tells a source that BuildKit does not look for in the context.
func remote(s string) bool {
	return strings.Contains(s, "://") || strings.HasPrefix(s, "git@") || strings.HasPrefix(s, "<<")
}
