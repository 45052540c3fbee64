package report

import (
	"fmt"
	"html"
	"io"
	"strings"
	"time"

	"github.com/ctxsize/ctxsize/internal/plan"
)

// The picture and the chart in it, in pixels.
const (
	svgWidth, svgHeight = 960, 400
	svgLeft, svgRight   = 84, 928
	svgTop, svgBottom   = 84, 344
)

const svgStyle = `
  .page { fill: #ffffff } .title { fill: #1f2328; font-size: 18px; font-weight: 600 } .note { fill: #59636e; font-size: 13px }
  .label { fill: #59636e; font-size: 12px } .grid { stroke: #d1d9e0; stroke-width: 1 } .axis { stroke: #818b98; stroke-width: 1 }
  .area { fill: #0969da; fill-opacity: .14 } .line { fill: none; stroke: #0969da; stroke-width: 2; stroke-linejoin: round }
  .up { fill: #cf222e } .down { fill: #1a7f37 } .dot { stroke: #ffffff; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } .title { fill: #f0f6fc } .note, .label { fill: #9198a1 } .grid { stroke: #2a313c } .axis { stroke: #656c76 }
    .area { fill: #4493f8; fill-opacity: .2 } .line { stroke: #4493f8 } .up { fill: #f85149 } .down { fill: #3fb950 } .dot { stroke: #0d1117 }
  }
`

// HistorySVG writes the size of a context over commits as a picture that needs
// nothing else: over time, or commit by commit where all have one time. The top
// commits that moved it most are marked.
func HistorySVG(w io.Writer, h *plan.History, top int) error {
	s := svg{printer: printer{w: w}, History: h, scale: scaleOf(h)}
	s.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" font-family="-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif">`+"\n",
		svgWidth, svgHeight, svgWidth, svgHeight)
	s.printf("<style>%s</style>\n<rect class=\"page\" width=\"100%%\" height=\"100%%\"/>\n", svgStyle)
	s.place()
	s.titles()
	s.grid()
	if len(h.Points) > 0 {
		s.dates()
		s.curve()
		s.marks(top)
	}
	s.printf("</svg>\n")
	return s.err
}

type svg struct {
	printer
	*plan.History
	scale       scale
	first, last time.Time
	x           []float64 // of each commit
}

func (s *svg) text(class, anchor string, x, y float64, text string) {
	s.printf("<text class=%q text-anchor=%q x=\"%.1f\" y=\"%.1f\">%s</text>\n", class, anchor, x, y, escapeXML(text))
}

// escapeXML escapes what may hold a name.
func escapeXML(text string) string { return html.EscapeString(Escape(text)) }

func (s *svg) titles() {
	s.printf("<title>%s</title>\n", escapeXML("build context "+s.Title+" over commits"))
	s.text("title", "start", svgLeft, 36, "Build context "+s.Title)
	note := builderTitle(s.Builder) + ", sent"
	if sized := s.Sized(); len(sized) > 0 {
		last := sized[len(sized)-1]
		note += ": " + s.Builder.Shown(last.SentBytes) + " in " + plural(last.SentFiles, "file")
	}
	s.text("note", "start", svgLeft, 58, note+" · "+plural(len(s.Points), "commit"))
}

func (s *svg) y(size int64) float64 {
	return svgBottom - s.scale.part(size)*(svgBottom-svgTop)
}

// place finds where each commit lies: by its time, which never runs backwards, or
// by its number where all have one time.
func (s *svg) place() {
	for i, p := range s.Points {
		if i == 0 {
			s.first, s.last = p.Time, p.Time
		}
		if p.Time.After(s.last) {
			s.last = p.Time
		}
		s.x = append(s.x, float64(s.last.Sub(s.first)))
	}
	whole := float64(s.last.Sub(s.first))
	if whole == 0 {
		whole = float64(max(1, len(s.x)-1))
		for i := range s.x {
			s.x[i] = float64(i)
		}
	}
	for i := range s.x {
		s.x[i] = svgLeft + (svgRight-svgLeft)*s.x[i]/whole
	}
}

func (s *svg) grid() {
	const lines = 4
	below := ""
	for i := range lines + 1 {
		size := s.scale.low + (s.scale.high-s.scale.low)*int64(i)/lines
		label := s.Builder.Shown(size)
		if label == below { // it tells nothing
			continue
		}
		below = label
		class := "grid"
		if i == 0 {
			class = "axis"
		}
		s.printf("<line class=%q x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>\n", class, svgLeft, svgRight, s.y(size), s.y(size))
		s.text("label", "end", svgLeft-10, s.y(size)+4, label)
	}
}

func (s *svg) dates() {
	first, last := s.first, s.last
	if first.Equal(last) {
		s.text("label", "start", svgLeft, svgBottom+22, short(s.Points[0].Commit))
		s.text("label", "end", svgRight, svgBottom+22, short(s.Points[len(s.Points)-1].Commit))
		return
	}
	form := time.DateOnly
	if last.Sub(first) < 3*24*time.Hour {
		form = "2006-01-02 15:04"
	}
	const dates = 4
	for i := range dates + 1 {
		anchor := "middle"
		switch i {
		case 0:
			anchor = "start"
		case dates:
			anchor = "end"
		}
		at := first.Add(last.Sub(first) / dates * time.Duration(i))
		s.text("label", anchor, svgLeft+(svgRight-svgLeft)*float64(i)/dates, svgBottom+22, at.Format(form))
	}
}

// curve draws steps: a size holds until a commit changes it. Commits without a
// size leave a gap.
func (s *svg) curve() {
	var line, area strings.Builder
	from := -1.0 // where a piece without a gap begins
	end := func(x float64) {
		if from >= 0 {
			fmt.Fprintf(&line, "H%.1f", x)
			fmt.Fprintf(&area, "H%.1fV%dH%.1fZ", x, svgBottom, from)
			from = -1
		}
	}
	for i, p := range s.Points {
		x := s.x[i]
		if p.Err != nil {
			end(x)
			continue
		}
		step := fmt.Sprintf("H%.1fV%.1f", x, s.y(p.SentBytes))
		if from < 0 {
			from = x
			step = fmt.Sprintf("M%.1f %.1f", x, s.y(p.SentBytes))
		}
		line.WriteString(step)
		area.WriteString(step)
	}
	end(svgRight)
	s.printf("<path class=\"area\" d=%q/>\n<path class=\"line\" d=%q/>\n", area.String(), line.String())
}

// marks puts a dot at the commits that moved the size most, with what they did.
func (s *svg) marks(top int) {
	moves := s.Moves()
	top = min(top, len(moves))
	for i, p := range s.Points {
		for _, m := range moves[:top] {
			if m.Commit != p.Commit {
				continue
			}
			class := "up"
			if m.Bytes < 0 {
				class = "down"
			}
			s.printf("<circle class=\"dot %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"><title>%s</title></circle>\n", class, s.x[i], s.y(p.SentBytes),
				escapeXML(change(s.Builder, 0, m.Bytes)+"  "+short(m.Commit)+"  "+day(m.Time)+"  "+m.Subject))
		}
	}
	if top > 0 {
		m := moves[0]
		s.text("note", "start", svgLeft, svgHeight-14, "moved most by "+short(m.Commit)+", "+change(s.Builder, 0, m.Bytes)+": "+head(m.Subject, 90))
	}
}
