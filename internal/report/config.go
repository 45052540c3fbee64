package report

import (
	"io"
	"strings"

	"github.com/ctxsize/ctxsize/internal/config"
)

// Config is what is configured, and where.
type Config struct {
	// File is the name of the configuration file, "" for none.
	File     string
	Contexts []ConfigContext
	Lint     []config.Lint
}

// ConfigContext is what holds for one context.
type ConfigContext struct {
	Path   string
	Values config.Values
	Accept []config.Accept
}

// unset is where a value stands that nothing sets.
const unset = "default"

// effective returns the values of a setting with what holds where nothing sets it;
// none where that is nothing at all.
func (c ConfigContext) effective(s config.Setting) []config.Value {
	values := c.Values[s.Key]
	switch {
	case len(values) > 0:
		return values
	case s.Default != "":
		return []config.Value{{Text: s.Default, From: unset}}
	case s.Limit:
		return []config.Value{{Text: "off", From: unset}}
	}
	return nil
}

// ConfigText writes what is configured for people.
func ConfigText(w io.Writer, c Config, style Style) error {
	p := &printer{w: w}
	name := "no configuration file"
	if c.File != "" {
		name = Name(c.File)
	}
	p.printf("%s\n", style.paint(bold, name))
	for _, context := range c.Contexts {
		var rows [][3]string
		for _, s := range config.Settings() {
			key := s.Key
			for _, v := range context.effective(s) {
				rows = append(rows, [3]string{key, Name(v.Text), v.From})
				key = ""
			}
		}
		key := "accept"
		for _, a := range context.Accept {
			rows = append(rows, [3]string{key, Escape(strings.TrimSpace(a.ID + " " + a.Path)), a.Place.String() + "  " + a.Reason})
			key = ""
		}
		p.printf("\n%s\n", style.paint(bold, Name(context.Path)))
		p.table(rows, style)
	}
	if len(c.Lint) > 0 {
		var rows [][3]string
		for _, l := range c.Lint {
			rows = append(rows, [3]string{Name(l.Rule), l.Severity, l.Place.String()})
		}
		p.printf("\n%s\n", style.paint(bold, "lint"))
		p.table(rows, style)
	}
	return p.err
}

// table prints rows of a name, a value and where that stands.
func (p *printer) table(rows [][3]string, style Style) {
	var wide [2]int
	for _, r := range rows {
		for i := range wide {
			wide[i] = max(wide[i], len(r[i]))
		}
	}
	for _, r := range rows {
		p.printf("  %-*s  %-*s  %s\n", wide[0], r[0], wide[1], r[1], style.paint(dim, Escape(r[2])))
	}
}

// ConfigJSON writes what is configured as one object.
func ConfigJSON(w io.Writer, c Config) error {
	type value struct {
		Value string `json:"value"`
		From  string `json:"from"`
	}
	type setting struct {
		Key    string  `json:"key"`
		Values []value `json:"values"`
	}
	type accept struct {
		ID     string `json:"id"`
		Path   string `json:"path"`
		Reason string `json:"reason"`
		From   string `json:"from"`
	}
	type context struct {
		Context  string    `json:"context"`
		Settings []setting `json:"settings"`
		Accept   []accept  `json:"accept"`
	}
	type rule struct {
		Rule     string `json:"rule"`
		Severity string `json:"severity"`
		From     string `json:"from"`
	}
	doc := struct {
		SchemaVersion int       `json:"schemaVersion"`
		File          string    `json:"file"`
		Contexts      []context `json:"contexts"`
		Lint          []rule    `json:"lint"`
	}{SchemaVersion: schemaVersion, File: c.File, Contexts: []context{}, Lint: []rule{}}
	for _, from := range c.Contexts {
		to := context{Context: from.Path, Settings: []setting{}, Accept: []accept{}}
		for _, s := range config.Settings() {
			values := []value{}
			for _, v := range from.effective(s) {
				values = append(values, value{v.Text, v.From})
			}
			to.Settings = append(to.Settings, setting{s.Key, values})
		}
		for _, a := range from.Accept {
			to.Accept = append(to.Accept, accept{a.ID, a.Path, a.Reason, a.Place.String()})
		}
		doc.Contexts = append(doc.Contexts, to)
	}
	for _, l := range c.Lint {
		doc.Lint = append(doc.Lint, rule{l.Rule, l.Severity, l.Place.String()})
	}
	return writeJSON(w, doc)
}
