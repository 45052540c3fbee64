// Package pick lets a person choose suggestions on a terminal, and shows while
// they choose what the choice would save. The model is a value without a terminal:
// keys in, text out. It is the only importer of Bubble Tea.
package pick

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

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
}

func newModel(choice plan.Choice) model {
	m := model{Choice: choice, after: choice.Before, wanted: make([]bool, len(choice.Suggestions))}
	for i, s := range choice.Suggestions {
		m.wanted[i] = choice.Preset(s)
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

// text draws the lines that fit, the totals and the keys.
func (m model) text() string {
	const around = 7 // lines that are not suggestions
	rows := len(m.wanted)
	if m.height > around {
		rows = min(rows, m.height-around)
	}
	from := max(0, min(m.cursor-rows/2, len(m.wanted)-rows))
	var b strings.Builder
	fmt.Fprintf(&b, "What should %s ignore?\n\n", report.Name(m.File))
	for i := from; i < from+rows; i++ {
		b.WriteString(m.fit(m.row(i)) + "\n")
	}
	now, then := m.Before.Sent, m.after.Sent
	fmt.Fprintf(&b, "\n%s\n", m.fit(fmt.Sprintf("sent: %s in %d files, now %s in %d files",
		m.Builder.Shown(then.Bytes), then.Files, m.Builder.Shown(now.Bytes), now.Files)))
	if m.failed != nil {
		fmt.Fprintf(&b, "%s\n", m.fit(report.Escape(m.failed.Error())))
	}
	fmt.Fprintf(&b, "\n%s\n", m.fit("space picks · a all · s the safe ones · n none · enter writes · q leaves"))
	return b.String()
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
	return fmt.Sprintf("%s %s %9s  %-28s  %s", pointer, box, m.Builder.Shown(s.SavesBytes), report.Name(s.Pattern), report.Escape(note))
}

// fit cuts a line at the edge of the terminal, for a line that breaks would move
// all others.
func (m model) fit(line string) string {
	runes := []rune(line)
	if m.width < 2 || len(runes) < m.width {
		return line
	}
	return string(runes[:m.width-2]) + "…"
}
