package config

import (
	"maps"
	"strings"
)

// FileName is what the configuration file is called.
const FileName = ".ctxsize.yaml"

// Kind says what a setting looks like in the file.
type Kind uint8

const (
	// Text is one word.
	Text Kind = iota
	// List is a list of words; a single word is a list of one.
	List
	// Pairs is a mapping; each entry is kept as "name=value".
	Pairs
)

// Setting is one thing that can be set, in the file, the environment or by a flag.
type Setting struct {
	// Key is its name in the file. Its flag has the same name, but for Flag.
	Key, Flag string
	Kind      Kind
	// Limit tells that it is for check alone; the others say how the context is built.
	Limit bool
	// Default is its value where nothing sets it; "" for none.
	Default string
	// Words are the values that it may have; none for any.
	Words []string
	// Path tells that the value, or that of each pair, is a path. In the file it is
	// relative to the file.
	Path bool
	// Says explains it in one line.
	Says string
}

// settings is every setting, in the order in which they are told.
var settings = []Setting{
	{Key: "builder", Default: "buildkit", Words: []string{"buildkit", "classic", "podman"}, Says: "who builds"},
	{Key: "file", Path: true, Says: "the Dockerfile; by default that of the context"},
	{Key: "target", Says: "the build stage that the build ends with"},
	{Key: "build-args", Flag: "build-arg", Kind: Pairs, Says: "build arguments; one without a value is taken from the environment"},
	{Key: "build-contexts", Flag: "build-context", Kind: Pairs, Path: true, Says: "additional build contexts"},
	{Key: "platform", Says: "the platform of the build"},
	{Key: "ignorefile", Path: true, Says: "Podman: the ignore file, in place of the one in the context"},
	{Key: "on", Limit: true, Default: "sent", Words: []string{"sent", "eligible", "wire"}, Says: "what sizes are compared with"},
	{Key: "max-size", Limit: true, Says: "the most bytes of all files: 50MB, 48MiB, or off"},
	{Key: "max-files", Limit: true, Says: "the most files, or off"},
	{Key: "max-file-size", Limit: true, Says: "the most bytes of one file, or off"},
	{Key: "max-dir-size", Kind: Pairs, Limit: true, Says: "the most bytes below directories of the context, or off"},
	{Key: "against", Limit: true, Says: "the git revision that growth is compared with, such as origin/main, or off"},
	{Key: "baseline", Limit: true, Path: true, Says: "the file that growth is compared with, in place of a revision, or off"},
	{Key: "max-growth", Kind: List, Limit: true, Says: "the most that may be added: 10%, 5MB, 10%+5MB, or off"},
	{Key: "forbid", Kind: List, Limit: true, Says: "what must not be sent: secrets, gitignored, a class, pattern:P, lint:LEVEL, or off"},
}

// Settings returns every setting, in the order in which they are told.
func Settings() []Setting { return settings }

// Lookup returns the setting with a key.
func Lookup(key string) (Setting, bool) {
	for _, s := range settings {
		if s.Key == key {
			return s, true
		}
	}
	return Setting{}, false
}

// FlagName is the name of the setting's flag.
func (s Setting) FlagName() string {
	if s.Flag != "" {
		return s.Flag
	}
	return s.Key
}

// Variable is the name of the setting's variable in the environment.
func (s Setting) Variable() string { return variable(s.FlagName()) }

// ConfigVariable names the configuration file in the environment.
const ConfigVariable = "CTXSIZE_CONFIG"

func variable(flag string) string {
	return "CTXSIZE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Value is one word of a setting, and where it stands: for people.
type Value struct{ Text, From string }

// Values are settings by their keys.
type Values map[string][]Value

// One returns the value of a setting of one word; "" where nothing sets it.
func (v Values) One(key string) Value {
	if all := v[key]; len(all) > 0 {
		return all[0]
	}
	return Value{}
}

// Texts returns the words of a setting.
func (v Values) Texts(key string) []string {
	var out []string
	for _, value := range v[key] {
		out = append(out, value.Text)
	}
	return out
}

// Merge puts settings together; those of a later layer replace those of an earlier
// one, whole.
func Merge(layers ...Values) Values {
	out := Values{}
	for _, layer := range layers {
		maps.Copy(out, layer)
	}
	return out
}

// Environment returns the settings of the environment. Lists and pairs are divided
// by commas; a variable that is empty sets nothing.
func Environment(getenv func(string) (string, bool)) Values {
	out := Values{}
	for _, s := range settings {
		text, _ := getenv(s.Variable())
		if text == "" {
			continue
		}
		texts := []string{text}
		if s.Kind != Text {
			texts = strings.Split(text, ",")
		}
		for _, t := range texts {
			out[s.Key] = append(out[s.Key], Value{Text: strings.TrimSpace(t), From: s.Variable()})
		}
	}
	return out
}

// Misspelt returns the variables, of the form "NAME=value", that look like settings
// and are none.
func Misspelt(environ []string) []string {
	var out []string
	for _, text := range environ {
		name, _, _ := strings.Cut(text, "=")
		known := name == ConfigVariable || !strings.HasPrefix(name, "CTXSIZE_")
		for _, s := range settings {
			known = known || name == s.Variable()
		}
		if !known {
			out = append(out, name)
		}
	}
	return out
}
