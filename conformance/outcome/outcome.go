// Package outcome compares what an engine did with what ctxsize said of it.
package outcome

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/ctxsize/ctxsize/conformance/cases"
	"github.com/ctxsize/ctxsize/conformance/engine"
	"github.com/ctxsize/ctxsize/conformance/program"
)

// Fate is how a build ended, as far as its context is concerned.
type Fate int

const (
	// Sent means that the whole context arrived (or that none was asked for),
	// whatever became of the build then: ctxsize must tell the number.
	Sent Fate = iota
	// Refused means that the builder would not work with the ignore file, the
	// Dockerfile, or a pattern: ctxsize must exit with 2.
	Refused
	// NoDockerfile means that the default Dockerfile is missing. ctxsize then
	// counts what is eligible, which no engine can confirm.
	NoDockerfile
)

// Outcome is what an engine did, in ctxsize's words.
type Outcome struct {
	Fate Fate
	// Why is the engine's error.
	Why string
	// Shown is what was printed, "" where that is not known.
	Shown     string
	WireBytes int64
	// Transfers is nil where only the context was looked at.
	Transfers []program.Transfer
	List      []string
	// Unordered tells that the client made up an entry, whose place in the list
	// is no part of the promise.
	Unordered bool
}

// Diff tells how ctxsize's result contradicts the engine's, "" if it does not.
func (o *Outcome) Diff(r *program.Result) string {
	switch {
	case o.Fate == NoDockerfile:
		return ""
	case o.Fate == Refused && r.Exit != program.ExitRefused:
		return fmt.Sprintf("the engine refuses (%s), ctxsize exits %d", o.Why, r.Exit)
	case o.Fate == Refused:
		return ""
	case r.Exit != program.ExitFine:
		return fmt.Sprintf("the engine accepts, ctxsize exits %d: %s", r.Exit, r.Stderr)
	}
	want, got := o.comparable(), Outcome{Shown: r.Shown, WireBytes: r.WireBytes, Transfers: r.Transfers, List: r.List, Unordered: o.Unordered}.comparable()
	if o.Shown == "" {
		got.Shown = ""
	}
	if o.Transfers == nil {
		got.Transfers = want.Transfers
	}
	return cmp.Diff(want, got)
}

// CutOff tells whether the engine may merely have stopped too early to
// contradict ctxsize: its build failed while it was carried out, and every
// transfer that it made is one of ctxsize's.
func (o *Outcome) CutOff(r *program.Result) bool {
	if o.Fate != Sent || o.Why == "" || r.Exit != program.ExitFine || len(o.Transfers) >= len(r.Transfers) {
		return false
	}
	return !slices.ContainsFunc(o.Transfers, func(t program.Transfer) bool { return !slices.Contains(r.Transfers, t) })
}

// comparable is the outcome with everything in order that has none.
func (o Outcome) comparable() Outcome {
	c := Outcome{Shown: o.Shown, WireBytes: o.WireBytes, List: append([]string{}, o.List...)}
	c.Transfers = append([]program.Transfer{}, o.Transfers...)
	slices.SortFunc(c.Transfers, func(a, b program.Transfer) int {
		if c := strings.Compare(a.Kind+"\x00"+a.Name, b.Kind+"\x00"+b.Name); c != 0 {
			return c
		}
		return int(a.WireBytes - b.WireBytes) // two of one context happen side by side
	})
	if o.Unordered {
		slices.Sort(c.List)
	}
	return c
}

// OfUpload is the outcome of a classic build into a stub, whose builds never
// fail: an error is the client's, before or during sending.
func OfUpload(c *cases.Case, u *engine.Upload) *Outcome {
	if u.Err != nil {
		return ofClassic(c, false, nil, 0, "", u.Err.Error())
	}
	return ofClassic(c, true, u.Sent(), u.Bytes, u.Printed, "")
}

// OfRecordedClassic is the outcome of a recorded classic build.
func OfRecordedClassic(c *cases.Case) *Outcome {
	r := c.Classic
	return ofClassic(c, r.Sent != nil, r.Sent, r.Bytes, r.Printed, r.Error)
}

// ofClassic: the classic client reads no Dockerfile, so that whatever arrived
// counts, and an error after it is the daemon's (semantics: what is refused is
// refused before or during sending).
func ofClassic(c *cases.Case, received bool, sent []string, bytes int64, shown, why string) *Outcome {
	if !received {
		return &Outcome{Fate: refusal(c, why), Why: why}
	}
	o := &Outcome{Shown: shown, WireBytes: bytes, Why: why}
	for _, name := range sent {
		if name == engine.MadeUpDockerfile {
			o.Unordered = true
			continue
		}
		o.List = append(o.List, name)
	}
	o.Transfers = []program.Transfer{{Kind: engine.KindContext, Name: "context", WireBytes: bytes}}
	return o
}

// OfBuild is the outcome of a BuildKit build.
func OfBuild(c *cases.Case, b *engine.Build) *Outcome {
	o := &Outcome{}
	if b.Err != nil {
		o.Why = b.Err.Error()
		o.Fate = buildFate(c, o.Why)
	}
	for _, t := range b.Transfers {
		o.Transfers = append(o.Transfers, program.Transfer{Kind: t.Kind, Name: t.Dir, WireBytes: t.Bytes})
	}
	if t := b.Context(); t != nil {
		o.WireBytes, o.List = t.Bytes, t.Sent()
	}
	return o
}

// OfList is the outcome of a library that lists a context, or refuses to.
func OfList(sent []string, bytes int64, err error) *Outcome {
	if err != nil {
		return &Outcome{Fate: Refused, Why: err.Error()}
	}
	return &Outcome{List: sent, WireBytes: bytes}
}

// OfRecordedBuildKit is the outcome of a recorded BuildKit build.
func OfRecordedBuildKit(c *cases.Case) *Outcome {
	r := c.BuildKit
	o := &Outcome{Why: r.Error, List: r.Sent, WireBytes: max(r.Bytes, 0)}
	if r.Error != "" {
		o.Fate = buildFate(c, r.Error)
	}
	for _, t := range r.Transfers {
		kind := engine.KindOf(t.Vertex)
		o.Transfers = append(o.Transfers, program.Transfer{Kind: kind, Name: t.Dir, WireBytes: t.Bytes})
	}
	return o
}
