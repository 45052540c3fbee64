package budget

import (
	"fmt"
	"path"
	"strconv"
	"strings"
)

// The rules of a check, as flags, configuration and reports call them.
const (
	MaxSize     = "max-size"
	MaxFiles    = "max-files"
	MaxFileSize = "max-file-size"
	MaxDirSize  = "max-dir-size"
	MaxGrowth   = "max-growth"
	Forbid      = "forbid"
)

// On is what limits are compared with. The zero value is Sent.
type On uint8

const (
	// Sent is what the builder receives.
	Sent On = iota
	// Eligible is what the ignore file keeps, whether or not an instruction reads it.
	Eligible
	// Wire is the number that the builder prints for the context.
	Wire
)

// String returns the word of the command line.
func (o On) String() string {
	switch o {
	case Eligible:
		return "eligible"
	case Wire:
		return "wire"
	default:
		return "sent"
	}
}

// ParseOn reads the word of the command line; "" is sent.
func ParseOn(word string) (On, error) {
	for _, o := range []On{Sent, Eligible, Wire} {
		if word == o.String() || word == "" {
			return o, nil
		}
	}
	return Sent, fmt.Errorf("%q is nothing that limits are compared with", word)
}

// Limit is one rule with the most that it allows.
type Limit struct {
	// Rule is one of the constants above.
	Rule string
	// Text is the limit as somebody wrote it, and From where: for people.
	Text, From string
	// Off tells that the rule is switched off.
	Off bool
	// Max is in bytes, for [MaxFiles] in files; growth has Growth instead, and what
	// is forbidden nothing.
	Max    int64
	Growth Growth
	// Dir is the directory of [MaxDirSize], from the context's root.
	Dir string
}

// Subject is what the rule is about: a directory, a growth as it is written, what is
// forbidden; "" where the rule says it all.
func (l Limit) Subject() string {
	switch l.Rule {
	case MaxDirSize:
		return l.Dir
	case MaxGrowth, Forbid:
		return l.Text
	default:
		return ""
	}
}

// Name is the rule with its subject: "max-dir-size assets", "forbid secrets".
func (l Limit) Name() string {
	if subject := l.Subject(); subject != "" {
		return l.Rule + " " + subject
	}
	return l.Rule
}

// ParseLimit reads the limit of a rule: a size, a number of files, DIR=SIZE, a
// growth; "off" switches the rule off.
func ParseLimit(rule, text, from string) (Limit, error) {
	l := Limit{Rule: rule, Text: text, From: from}
	value := text
	if rule == MaxDirSize {
		dir, size, ok := cutLast(text, "=")
		if !ok && text != "off" {
			return l, fmt.Errorf("%q is no limit of a directory: write DIR=50MB", text)
		}
		if ok {
			l.Dir, value = path.Clean(strings.TrimPrefix(dir, "/")), size
		}
		if l.Dir == ".." || strings.HasPrefix(l.Dir, "../") {
			return l, fmt.Errorf("%q lies outside the context: directories are named from its root", dir)
		}
	}
	if value == "off" {
		l.Off = true
		return l, nil
	}
	var err error
	switch rule {
	case MaxFiles:
		if l.Max, err = strconv.ParseInt(value, 10, 64); err != nil || l.Max < 0 {
			return l, fmt.Errorf("%q is no number of files", value)
		}
	case MaxGrowth:
		l.Growth, err = ParseGrowth(value)
	case Forbid:
	default:
		l.Max, err = ParseSize(value)
	}
	return l, err
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
