package ignore

import (
	"bytes"
	"path"
	"path/filepath"
	goregexp "regexp" // the name is taken by a kind of pattern
	"strings"
	"unicode/utf8"
)

// Podman and Buildah read the same files by other rules; this file holds them.

// ParsePodman splits data into lines and reads each as Podman does: no BOM is
// removed, slashes go away at the ends of the line only, and no line is too long.
// (openshift/imagebuilder, builder.go, ParseIgnore)
func ParsePodman(name string, data []byte) *File {
	f := &File{Name: name}
	for len(data) > 0 {
		end := len(data)
		text := data
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			end, text = i+1, data[:i]
		}
		line := Line{Text: string(data[:end])}
		if !bytes.HasPrefix(text, []byte("#")) {
			line.Pattern = strings.TrimSpace(strings.Trim(string(text), "/"))
		}
		f.Lines = append(f.Lines, line)
		data = data[end:]
	}
	return f
}

// PodmanMatcher holds the compiled rules of one list, as Podman evaluates them:
// every rule on every path, and the last that matches wins. It is immutable and
// safe for concurrent use. (containers/storage, pkg/fileutils/fileutils.go)
type PodmanMatcher struct {
	rules      []Rule
	texts      []string
	patterns   []*goregexp.Regexp // nil for a rule without meaning
	holds      []string           // see [podmanHolds]
	exceptions bool
}

// CompilePodman checks and compiles rules in order. The error is a [RuleError]
// for the first rule that Podman refuses at once.
// (containers/storage, pkg/fileutils/fileutils.go, NewPatternMatcher)
func CompilePodman(rules []Rule) (*PodmanMatcher, error) {
	m := &PodmanMatcher{}
	for _, r := range rules {
		text := strings.TrimSpace(r.Pattern)
		if text == "" {
			continue
		}
		text = path.Clean(text)
		if text == "!" {
			return nil, &RuleError{Rule: r, Err: errLoneBang}
		}
		if exception, ok := strings.CutPrefix(text, "!"); ok {
			text = strings.TrimPrefix(path.Clean(exception), "/")
			m.exceptions = true
		}
		if _, err := filepath.Match(text, "."); err != nil {
			return nil, &RuleError{Rule: r, Err: errSyntax}
		}
		m.rules = append(m.rules, r)
		m.texts = append(m.texts, text)
		m.patterns = append(m.patterns, podmanRegexp(text))
		m.holds = append(m.holds, podmanHolds(text))
	}
	return m, nil
}

// Rules returns the rules that count, in order: [Decision.Rule] indexes them.
func (m *PodmanMatcher) Rules() []Rule { return m.rules }

// Match decides about a path. A rule without meaning fails, whatever the others
// say. (containers/storage, pkg/fileutils/fileutils.go, PatternMatcher.Matches)
func (m *PodmanMatcher) Match(name string) (Decision, error) {
	d := Decision{Rule: -1}
	for i, p := range m.patterns {
		if p == nil {
			return Decision{}, &RuleError{Rule: m.rules[i], Err: errSyntax}
		}
		if strings.Contains(name, m.holds[i]) && p.MatchString(name) {
			d = Decision{Ignored: !m.isException(i), Rule: i}
		}
	}
	return d, nil
}

func (m *PodmanMatcher) isException(i int) bool {
	return strings.HasPrefix(strings.TrimSpace(m.rules[i].Pattern), "!")
}

// Enters tells whether Podman looks into an ignored directory: where the text of
// an exception begins with its path, as letters and not as components.
// (containers/buildah, copier/copier.go, copierHandlerGet)
func (m *PodmanMatcher) Enters(dir string) bool {
	for i, text := range m.texts {
		if m.isException(i) && strings.HasPrefix(strings.Trim(text, "/")+"/", dir) {
			return true
		}
	}
	return false
}

// podmanHolds returns a text that every path holds which matches the pattern; ""
// where none is known. To look for it first takes a hundredth of the time of the
// regular expression, which would be tried for every rule on every path.
func podmanHolds(text string) string {
	text = strings.TrimPrefix(text, bom)
	// U+FFFD in the expression matches any invalid byte.
	if !utf8.ValidString(text) || strings.ContainsAny(text, "\\[](){}|+^\uFFFD") {
		return ""
	}
	// Two stars take the slash behind them for their own.
	text = strings.ReplaceAll(text, "**/", "*")
	longest := ""
	for piece := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '*' || r == '?' }) {
		if len(piece) > len(longest) {
			longest = piece
		}
	}
	return longest
}

// podmanRegexp translates a pattern as containers/storage does: only "." and "$"
// are escaped, and whatever lies below a match matches, too.
// (containers/storage, pkg/fileutils/fileutils.go, Pattern.compile)
func podmanRegexp(text string) *goregexp.Regexp {
	var b strings.Builder
	b.WriteByte('^')
	runes := []rune(strings.TrimPrefix(text, bom))
	for i := 0; i < len(runes); i++ {
		next := func(r rune) bool { return i+1 < len(runes) && runes[i+1] == r }
		switch r := runes[i]; {
		case r == '*' && next('*'):
			i++
			if next('/') {
				i++
			}
			if i+1 == len(runes) {
				b.WriteString(".*")
			} else {
				b.WriteString("(.*/)?")
			}
		case r == '*':
			b.WriteString("[^/]*")
		case r == '?':
			b.WriteString("[^/]")
		case r == '.' || r == '$':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\\':
			if i+1 == len(runes) {
				return nil
			}
			i++
			b.WriteByte('\\')
			b.WriteRune(runes[i])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteString("(/.*)?$")
	re, err := goregexp.Compile(b.String())
	if err != nil {
		return nil
	}
	return re
}
