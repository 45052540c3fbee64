// Package shrink makes a case smaller while it still shows what it shows.
package shrink

import (
	"slices"
	"strings"

	"github.com/ctxsize/ctxsize/conformance/cases"
)

// Case returns a smallest case that it could find in a number of tries for
// which still holds, where it holds for c. The engines are asked at each try, so
// that tries are what it costs.
func Case(c cases.Case, tries int, still func(*cases.Case) bool) cases.Case {
	s := &shrinker{best: c, tries: tries, still: still}
	for {
		before := s.best.Line()
		s.files()
		s.lines(func(c *cases.Case) **cases.Text { return &c.Dockerignore })
		s.lines(func(c *cases.Case) **cases.Text { return &c.Dockerfile })
		s.contents()
		s.flags()
		s.attributes()
		if s.best.Line() == before || s.tries <= 0 {
			return s.best
		}
	}
}

type shrinker struct {
	best  cases.Case
	tries int
	still func(*cases.Case) bool
}

// try keeps a change if the case still shows what it shows.
func (s *shrinker) try(change func(*cases.Case)) bool {
	if s.tries <= 0 {
		return false
	}
	c := clone(s.best)
	change(&c)
	if c.Line() == s.best.Line() {
		return false
	}
	s.tries--
	if !s.still(&c) {
		return false
	}
	s.best = c
	return true
}

// files drops entries: half of them, a quarter, and so on to single ones.
func (s *shrinker) files() {
	drop(len(s.best.Files), func(from, to int) bool {
		return s.try(func(c *cases.Case) { c.Files = slices.Delete(c.Files, from, to) })
	})
}

// drop tries to remove ever smaller pieces of a list of n items.
func drop(n int, remove func(from, to int) bool) {
	for size := (n + 1) / 2; size > 0; size /= 2 {
		for from := n - size; from >= 0; from -= size {
			if remove(from, from+size) {
				n -= size
			}
		}
	}
}

// lines drops lines of a text, or all of it.
func (s *shrinker) lines(of func(*cases.Case) **cases.Text) {
	text := *of(&s.best)
	if text == nil || s.try(func(c *cases.Case) { *of(c) = nil }) {
		return
	}
	lines := strings.SplitAfter(string(*text), "\n")
	drop(len(lines), func(from, to int) bool {
		less := slices.Delete(slices.Clone(lines), from, to)
		if !s.try(func(c *cases.Case) { *of(c) = cases.T(strings.Join(less, "")) }) {
			return false
		}
		lines = less
		return true
	})
}

// contents drops the lines of ignore files and Dockerfiles among the entries.
func (s *shrinker) contents() {
	for i := range s.best.Files {
		if s.best.Files[i].Content != nil {
			s.lines(func(c *cases.Case) **cases.Text { return &c.Files[i].Content })
		}
	}
}

// flags drops what the command line says.
func (s *shrinker) flags() {
	s.try(func(c *cases.Case) { c.Target = "" })
	s.try(func(c *cases.Case) { c.BuildArgs = nil })
	s.try(func(c *cases.Case) { c.NamedContexts = nil })
	s.try(func(c *cases.Case) { c.DockerfilePath = "Dockerfile" })
}

// attributes makes entries ordinary.
func (s *shrinker) attributes() {
	for i := range s.best.Files {
		s.try(func(c *cases.Case) {
			f := &c.Files[i]
			f.Mode, f.MtimeNS, f.XattrsB64, f.UID, f.GID = "", nil, nil, 0, 0
		})
		s.try(func(c *cases.Case) { c.Files[i].XattrsB64 = nil })
		s.try(func(c *cases.Case) { c.Files[i].MtimeNS = nil })
		s.try(func(c *cases.Case) { c.Files[i].Mode = "" })
		s.try(func(c *cases.Case) { c.Files[i].Size = min(c.Files[i].Size, 1) })
	}
}

// clone copies what the shrinker changes.
func clone(c cases.Case) cases.Case {
	c.Files = slices.Clone(c.Files)
	return c
}
