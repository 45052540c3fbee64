// Package pick lets a person choose suggestions on a terminal, and shows while
// they choose what the choice would save. The model is a value without a terminal:
// keys in, text out. It is the only importer of Bubble Tea.
package pick

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/plan"
	"github.com/ctxsize/ctxsize/internal/report"
)

// ErrCancelled is returned where the person left without choosing.
var ErrCancelled = errors.New("nothing was chosen, and nothing is written")

// Suggestions shows the choice on a terminal and returns which suggestions are
// wanted. The error is [ErrCancelled], or that of the terminal or the context.
func Suggestions(ctx context.Context, in io.Reader, out io.Writer, choice plan.Choice) ([]bool, error) {
	final, err := tea.NewProgram(newModel(choice), tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out)).Run()
	if err != nil {
		if ctx.Err() != nil || errors.Is(err, tea.ErrInterrupted) {
			return nil, context.Canceled
		}
		return nil, fmt.Errorf("the terminal: %w", err)
	}
	m, ok := final.(model)
	if !ok || !m.accepted {
		return nil, ErrCancelled
	}
	return m.wanted, m.failed
}

type model struct {
	plan.Choice
	wanted   []bool
	cursor   int
	height   int // of the terminal; 0 is unknown
	width    int
	after    *buildcontext.Measurement
	failed   error
	accepted bool
	// patternColumns is how wide the patterns are.
	patternColumns int
}

func newModel(choice plan.Choice) model {
	m := model{Choice: choice, after: choice.Before, wanted: make([]bool, len(choice.Suggestions))}
	for i, s := range choice.Suggestions {
		m.wanted[i] = choice.Preset(s)
		m.patternColumns = max(m.patternColumns, min(mostPatternColumns, utf8.RuneCountInString(report.Name(s.Pattern))))
	}
	return m.measured()
}

// measured asks again what the choice saves.
func (m model) measured() model {
	after, err := m.After(m.wanted)
	if m.failed = err; err == nil {
		m.after = after
	}
	return m
}

// Init implements [tea.Model].
func (m model) Init() tea.Cmd { return nil }

// Update implements [tea.Model].
func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.height, m.width = msg.Height, msg.Width
	case tea.KeyPressMsg:
		return m.key(msg.String())
	}
	return m, nil
}

func (m model) key(key string) (tea.Model, tea.Cmd) {
	switch key {
	case "up", "k":
		m.cursor = max(0, m.cursor-1)
	case "down", "j":
		m.cursor = min(len(m.wanted)-1, m.cursor+1)
	case "pgup", "ctrl+b":
		m.cursor = max(0, m.cursor-m.page())
	case "pgdown", "ctrl+f":
		m.cursor = min(len(m.wanted)-1, m.cursor+m.page())
	case "home", "g":
		m.cursor = 0
	case "end", "G":
		m.cursor = len(m.wanted) - 1
	case "space", "x":
		return m.change(func(i int, wanted bool) bool { return wanted != (i == m.cursor) }), nil
	case "a":
		return m.change(func(int, bool) bool { return true }), nil
	case "n":
		return m.change(func(int, bool) bool { return false }), nil
	case "s":
		return m.change(func(i int, _ bool) bool { return m.Suggestions[i].Confidence.Safe() }), nil
	case "enter":
		m.accepted = true
		return m, tea.Quit
	case "ctrl+c":
		return m, tea.Interrupt
	case "q", "esc":
		return m, tea.Quit
	}
	return m, nil
}

func (m model) change(wanted func(i int, now bool) bool) model {
	changed := make([]bool, len(m.wanted))
	for i, now := range m.wanted {
		changed[i] = wanted(i, now)
	}
	m.wanted = changed
	return m.measured()
}

// View implements [tea.Model].
func (m model) View() tea.View { return tea.NewView(m.text()) }

// text draws the suggestions that fit, and around them what there is room for.
func (m model) text() string {
	f := m.frame()
	rows := m.rows(f)
	from := max(0, min(m.cursor-rows/2, len(m.wanted)-rows))
	lines := slices.Clone(f.above)
	for i := from; i < from+rows; i++ {
		lines = append(lines, m.row(i))
	}
	var b strings.Builder
	for _, line := range append(lines, f.below...) {
		b.WriteString(m.fit(line) + "\n")
	}
	return b.String()
}

// frame is what stands above and below the suggestions.
type frame struct{ above, below []string }

// least is how many suggestions are seen at once before anything else takes their
// room.
const least = 3

// frame returns the fullest frame that leaves room for some suggestions. What the
// choice comes to is the last thing to go.
func (m model) frame() frame {
	picked := 0
	for _, w := range m.wanted {
		if w {
			picked++
		}
	}
	title := fmt.Sprintf("What should %s ignore? %d of %d picked", report.Name(m.File), picked, len(m.wanted))
	total := m.total()
	why := m.why()
	frames := []frame{
		{[]string{title, ""}, slices.Concat([]string{""}, why, []string{"", total, m.keys()})},
		{[]string{title}, slices.Concat(why, []string{total, m.keys()})},
		{[]string{title}, []string{total, m.keys()}},
		{nil, []string{total}},
	}
	for _, f := range frames {
		if m.height == 0 || m.height-len(f.above)-len(f.below) > min(len(m.wanted), least) {
			return f
		}
	}
	return frames[len(frames)-1]
}

// rows returns how many suggestions a frame leaves room for; the cursor stands in a
// line of its own at the end.
func (m model) rows(f frame) int {
	if m.height == 0 {
		return len(m.wanted)
	}
	return min(len(m.wanted), max(1, m.height-len(f.above)-len(f.below)-1))
}

func (m model) page() int { return m.rows(m.frame()) }

// total is what the choice comes to, all in all.
func (m model) total() string {
	if m.failed != nil {
		return report.Escape(m.failed.Error())
	}
	now, then := m.Before.Sent, m.after.Sent
	return fmt.Sprintf("sent: %s in %d files, now %s in %d files%s",
		m.Builder.Shown(then.Bytes), then.Files, m.Builder.Shown(now.Bytes), now.Files, report.Percent(now.Bytes, then.Bytes))
}

// keys are the keys in as many words as there is room for.
func (m model) keys() string {
	const long, short = "space picks · a all · s the safe ones · n none · enter writes · q leaves", "space, a(ll), s(afe), n(one), enter, q"
	if m.width > 0 && m.width <= utf8.RuneCountInString(long) {
		return short
	}
	return long
}

// whyLines is how many lines tell why the suggestion at the cursor is one.
const whyLines = 3

// why tells in full why the suggestion at the cursor is one, in as many lines as
// always, so that nothing moves.
func (m model) why() []string {
	s := m.Suggestions[m.cursor]
	text := s.Why
	if s.Risk != "" {
		text += "; " + s.Risk
	}
	lines := []string{""}
	for word := range strings.FieldsSeq(report.Escape(text)) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = "  " + word
		case m.width > 0 && utf8.RuneCountInString(*last+" "+word) >= m.width && len(lines) < whyLines:
			lines = append(lines, "  "+word)
		default:
			*last += " " + word
		}
	}
	for len(lines) < whyLines {
		lines = append(lines, "")
	}
	return lines
}

func (m model) row(i int) string {
	s := m.Suggestions[i]
	pointer, box := " ", "[ ]"
	if i == m.cursor {
		pointer = "›"
	}
	if m.wanted[i] {
		box = "[x]"
	}
	note := s.Why
	if !s.Confidence.Safe() {
		note = "review: " + note
	}
	return fmt.Sprintf("%s %s %9s  %-*s  %s", pointer, box, m.Builder.Shown(s.SavesBytes), m.patternColumns, report.Name(s.Pattern), report.Escape(note))
}

// mostPatternColumns leaves room for the reason behind a long pattern.
const mostPatternColumns = 28

// fit cuts a line at the edge of the terminal, for a line that breaks would move
// all others.
func (m model) fit(line string) string {
	runes := []rune(line)
	if m.width < 2 || len(runes) < m.width {
		return line
	}
	return string(runes[:m.width-2]) + "…"
}
