package config

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/ctxsize/ctxsize/dockerfile"
	"github.com/ctxsize/ctxsize/internal/spell"
)

// Parse reads the text of a file. What is unknown in it is an error: a limit that
// nobody reads would pass for one that holds.
func Parse(name string, data []byte) (*File, error) {
	p := &parser{name: name}
	f := &File{Name: name, Values: Values{}}
	loader, err := yaml.NewLoader(strings.NewReader(string(data)))
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := loader.Load(&doc); errors.Is(err, io.EOF) {
		return f, nil
	} else if err != nil {
		return nil, p.syntax(err)
	}
	if err := loader.Load(new(yaml.Node)); !errors.Is(err, io.EOF) {
		if err != nil {
			return nil, p.syntax(err)
		}
		return nil, &Error{Place: Place{File: name}, Reason: "there are several documents in it", Hint: "keep one: take out the line ---"}
	}
	root := doc.Content[0]
	if isNull(root) {
		return f, nil
	}
	p.file(f, root)
	if p.err != nil {
		return nil, p.err
	}
	return f, nil
}

// parser walks the nodes of a document and keeps the first thing that is wrong.
type parser struct {
	name string
	err  *Error
}

// syntax is an error of the YAML itself.
func (p *parser) syntax(err error) error {
	e := &Error{Place: Place{File: p.name}, Reason: "it is no YAML: " + err.Error(), Hint: "docs/check.md shows what may stand there"}
	if at, ok := errors.AsType[*yaml.LoadError](err); ok {
		e.Line, e.Column = at.Mark.Line, at.Mark.Column
		e.Reason = "it is no YAML: " + at.Message
	}
	return e
}

func (p *parser) place(n *yaml.Node) Place { return Place{p.name, n.Line, n.Column} }

func (p *parser) fail(n *yaml.Node, hint, format string, args ...any) {
	if p.err == nil {
		p.err = &Error{Place: p.place(n), Reason: fmt.Sprintf(format, args...), Hint: hint}
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// entries calls visit for each entry of a mapping with keys that are known.
func (p *parser) entries(n *yaml.Node, what string, known []string, visit func(key string, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		p.fail(n, "write it as key: value", "%s is no mapping", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode:
			p.fail(key, "write a word", "a key of %s is no word", what)
		case seen[key.Value]:
			p.fail(key, "keep one of them", "%q stands there twice", key.Value)
		case known != nil && !slices.Contains(known, key.Value):
			p.fail(key, didYouMean(key.Value, known), "%s has no setting %q", what, key.Value)
		case value.Kind == yaml.AliasNode:
			p.fail(value, "write the value out", "aliases are not read")
		default:
			seen[key.Value] = true
			visit(key.Value, value)
		}
	}
}

func didYouMean(word string, known []string) string {
	if near := spell.Nearest(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "the settings are " + strings.Join(known, ", ")
}

// items calls visit for each item of a list.
func (p *parser) items(n *yaml.Node, what string, visit func(item *yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		p.fail(n, "write each on a line of its own, behind a dash", "%s is no list", what)
		return
	}
	for _, item := range n.Content {
		if item.Kind == yaml.AliasNode {
			p.fail(item, "write the value out", "aliases are not read")
			return
		}
		visit(item)
	}
}

// word reads a scalar.
func (p *parser) word(n *yaml.Node, what string) string {
	switch {
	case n.Kind != yaml.ScalarNode:
		p.fail(n, "write one word", "%s is no single value", what)
	case isNull(n) || n.Value == "":
		p.fail(n, "write one, or take out the line", "%s has no value", what)
	}
	return n.Value
}

func (p *parser) file(f *File, n *yaml.Node) {
	known := append(keys(), "contexts", "accept", "lint")
	p.entries(n, "the configuration", known, func(key string, value *yaml.Node) {
		switch key {
		case "contexts":
			p.items(value, key, func(item *yaml.Node) { f.Contexts = append(f.Contexts, p.context(item)) })
		case "accept":
			f.Accept = p.accept(value)
		case "lint":
			p.entries(value, key, []string{"rules"}, func(_ string, rules *yaml.Node) { f.Lint = p.lint(rules) })
		default:
			p.setting(f.Values, key, value)
		}
	})
}

func keys() []string {
	var all []string
	for _, s := range settings {
		all = append(all, s.Key)
	}
	return all
}

func (p *parser) context(n *yaml.Node) Context {
	c := Context{Values: Values{}}
	p.entries(n, "a context", append([]string{"path", "accept"}, keys()...), func(key string, value *yaml.Node) {
		switch key {
		case "path":
			c.Path, c.Place = p.path(p.word(value, key)), p.place(value)
		case "accept":
			c.Accept = p.accept(value)
		default:
			p.setting(c.Values, key, value)
		}
	})
	if c.Path == "" {
		p.fail(n, "add path: and the directory, relative to this file", "the context has no path")
	}
	return c
}

// path makes a path that is relative to the file relative to where its name is.
func (p *parser) path(text string) string {
	if text == "" || text == "-" || text == "off" || filepath.IsAbs(text) {
		return text
	}
	return filepath.Join(filepath.Dir(p.name), text)
}

func (p *parser) setting(into Values, key string, n *yaml.Node) {
	s, _ := Lookup(key)
	add := func(at *yaml.Node, text string) {
		into[key] = append(into[key], Value{Text: text, From: p.place(at).String()})
	}
	switch {
	case s.Kind == Pairs && n.Kind == yaml.MappingNode:
		p.entries(n, key, nil, func(name string, value *yaml.Node) {
			if key == "build-args" && isNull(value) {
				add(value, name)
				return
			}
			text := p.word(value, name)
			if s.Path && dockerfile.LocalContext(text) {
				text = p.path(text)
			}
			add(value, name+"="+text)
		})
	case s.Kind == Pairs && (n.Kind != yaml.ScalarNode || n.Value != "off"):
		p.fail(n, "write name: value", "%s is no mapping", key)
	case s.Kind == List && n.Kind == yaml.SequenceNode:
		p.items(n, key, func(item *yaml.Node) { add(item, p.word(item, key)) })
	default:
		text := p.word(n, key)
		if s.Words != nil && !slices.Contains(s.Words, text) {
			p.fail(n, "it is "+strings.Join(s.Words, ", "), "%q is no %s", text, key)
		}
		if s.Path {
			text = p.path(text)
		}
		add(n, text)
	}
}

func (p *parser) accept(n *yaml.Node) []Accept {
	var all []Accept
	p.items(n, "accept", func(item *yaml.Node) {
		a := Accept{Place: p.place(item)}
		p.entries(item, "what is accepted", []string{"id", "path", "reason"}, func(key string, value *yaml.Node) {
			text := p.word(value, key)
			switch key {
			case "id":
				a.ID, a.Place = text, p.place(value)
			case "path":
				a.Path = text
			case "reason":
				a.Reason = strings.TrimSpace(text)
			}
		})
		switch {
		case a.ID == "":
			p.fail(item, "add id: and the id of the finding, such as secret-sent", "nothing says what is accepted")
		case a.Reason == "":
			p.fail(item, "add reason: and why it does no harm", "%s is accepted without a reason", a.ID)
		}
		all = append(all, a)
	})
	return all
}

func (p *parser) lint(n *yaml.Node) []Lint {
	var all []Lint
	p.entries(n, "rules", nil, func(rule string, value *yaml.Node) {
		l := Lint{Place: p.place(value), Rule: rule, Severity: p.word(value, rule)}
		if known := []string{"error", "warning", "info", "off"}; !slices.Contains(known, l.Severity) {
			p.fail(value, "it is error, warning, info or off", "%q is no severity", l.Severity)
		}
		all = append(all, l)
	})
	return all
}
