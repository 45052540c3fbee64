package suggest

import (
	"strings"
	"unicode/utf8"

	"github.com/ctxsize/ctxsize/ignore"
)

// escape writes a path so that a pattern means just it, for every builder. Docker
// takes all but wildcards literally in a pattern without any, and forgets some
// characters in one with wildcards; Podman forgets most in both.
// (moby/patternmatcher, patternmatcher.go, shouldEscape; containers/storage,
// pkg/fileutils/fileutils.go, Pattern.compile)
func escape(path string) string {
	var b strings.Builder
	if strings.HasPrefix(path, "#") {
		b.WriteByte('/') // dropped again by the builder, and no comment
	}
	for i := range len(path) {
		if strings.IndexByte(`*?[]\{}|^+()`, path[i]) >= 0 || path[i] == '!' && i == 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(path[i])
	}
	return b.String()
}

// compile reads a line as a builder does. It fails where the line is not one
// plain rule, or where BuildKit could not send it.
func compile(line string) (*ignore.Matcher, bool) {
	file, err := ignore.Parse("", []byte(line+"\n"))
	if err != nil {
		return nil, false
	}
	rules := file.Rules()
	// BuildKit's daemon would change what is not UTF-8. (ignore.Travelled)
	if len(rules) != 1 || rules[0].Exception() || !utf8.ValidString(line) || strings.Contains(line, bom) {
		return nil, false
	}
	// Control characters do not travel, but for another rule that is not ASCII.
	// (ignore.TravelError)
	for i := range len(line) {
		if line[i] < ' ' || line[i] == 0x7f {
			return nil, false
		}
	}
	m, err := ignore.Compile(rules)
	if err != nil || m.MayFail() {
		return nil, false
	}
	return m, true
}

// catches tells whether a rule ignores a path, itself or by a directory above.
func catches(m *ignore.Matcher, path string) bool {
	d, err := m.Plain(path)
	return err == nil && d.Ignored
}

// matchesItself tells whether the rule matches the path and not only a directory
// above it.
func matchesItself(m *ignore.Matcher, path string) bool {
	d, err := m.Plain(path)
	return err == nil && d.Ignored && !d.Inherited
}
