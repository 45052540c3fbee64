package plan

import (
	"io"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/lint"
	"github.com/ctxsize/ctxsize/suggest"
)

// build adds what the Dockerfile says to the facts.
func (l *Lint) build() {
	if l.Instructions == nil || l.Build == nil {
		return
	}
	b := &lint.Build{
		File: l.Dockerfile.Name, Inside: l.Dockerfile.Inside,
		Instructions: l.Instructions.Instructions(), Reads: l.Build.Context.Each,
		Used: map[int]bool{}, Bases: map[string]bool{},
	}
	for line := range strings.Lines(string(l.Dockerfile.Data)) {
		b.Lines = append(b.Lines, strings.TrimRight(line, "\r\n"))
	}
	for _, stage := range l.Build.Stages {
		b.Used[stage.Index] = true
		b.Bases[strings.ToLower(stage.Base)] = true
	}
	if n := len(l.Build.Stages); n > 0 {
		b.Target = l.Build.Stages[n-1].Name
	}
	l.facts.Build = b
	l.facts.Head = l.head
}

// headSize is how much of a file says whether it is an archive.
const headSize = 512

func (l *Lint) head(path string) []byte {
	f, err := l.Source.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close() //nolint:errcheck // only read
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if err != nil && n == 0 {
		return nil
	}
	return head[:n]
}

// askOthers adds what git and the other Dockerfiles know, where there is a
// selection to ask about.
func (l *Lint) askOthers() {
	res := l.result
	if res.Selection == nil {
		var err error
		request := buildcontext.Request{Builder: l.Builder}
		if res.Selection, err = buildcontext.Select(res.Inventory, request); err != nil {
			return
		}
		defer func() { res.Selection = nil }()
	}
	facts := res.facts()
	if l.facts.Build != nil {
		l.facts.Build.Named = facts.Reads
	}
	if facts.Tracked == nil {
		return
	}
	l.facts.Git = &lint.Git{Tracked: facts.Tracked, Ignored: facts.GitIgnored, NeedsRepository: suggest.NeedsRepository(facts)}
}
