package suggest

import (
	"bytes"
	"regexp"
	"strings"
)

// hit is what a detector found in a text.
type hit struct {
	line     int // from 1; 0 for the text as a whole
	what     string
	redacted string
}

// detector looks for a secret in the beginning of a file.
type detector func(text []byte) (hit, bool)

func eitherOf(a, b detector) detector {
	return func(text []byte) (hit, bool) {
		if h, ok := a(text); ok {
			return h, true
		}
		return b(text)
	}
}

func anything(what string) detector {
	return func(text []byte) (hit, bool) {
		return hit{what: what}, len(bytes.TrimSpace(text)) > 0
	}
}

// eachLine calls visit for every line, trimmed, with its number, until it
// returns true.
func eachLine(text []byte, visit func(number int, line string) bool) {
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if visit(number, string(bytes.TrimSpace(line))) {
			return
		}
	}
}

// keyValue splits an assignment of the common formats: shell, ini, YAML, JSON,
// TOML, XML.
var keyValue = regexp.MustCompile(`^(?:export\s+|-\s+|/{2}\S*:|<add\s+key=)?["'<]?([A-Za-z_][\w.\-]*)["'>]?\s*(?:[=:]|value=)?\s*(.*?)[,;]?\s*$`)

// assignment returns the key in lower case and the value without quotes; nothing
// for a comment.
func assignment(line string) (key, value string, ok bool) {
	if line == "" || strings.ContainsRune("#;", rune(line[0])) || strings.HasPrefix(line, "//") && !strings.Contains(line, ":_") {
		return "", "", false
	}
	if at := strings.Index(line, ":_"); at >= 0 && strings.HasPrefix(line, "//") {
		line = line[at+1:] // .npmrc: //registry/:_authToken=…
	}
	m := keyValue.FindStringSubmatch(line)
	if m == nil {
		return "", "", false
	}
	value = m[2]
	if strings.HasPrefix(line, "<") {
		value, _, _ = strings.Cut(value, "</")
		value = strings.TrimSuffix(value, "/>")
	}
	if value != "" && (value[0] == '"' || value[0] == '\'') {
		value, _, _ = strings.Cut(value[1:], value[:1])
	} else if at := strings.Index(value, " #"); at >= 0 {
		value = value[:at]
	}
	return strings.ToLower(m[1]), strings.TrimSpace(value), true
}

// values looks for one of the keys with a value of its own.
func values(what string, keys []string) detector {
	wanted := map[string]bool{}
	for _, k := range keys {
		wanted[k] = true
	}
	return func(text []byte) (found hit, ok bool) {
		eachLine(text, func(number int, line string) bool {
			key, value, is := assignment(line)
			if is && wanted[key] && isReal(value) {
				found, ok = hit{number, what, redact(key)}, true
			}
			return ok
		})
		return found, ok
	}
}

// assignments looks for a line KEY=value of an environment.
func assignments(secret func(key, value string) bool) detector {
	return func(text []byte) (found hit, ok bool) {
		eachLine(text, func(number int, line string) bool {
			key, value, is := assignment(line)
			if is && strings.ContainsAny(line, "=:") && secret(key, value) {
				found, ok = hit{number, "environment with secrets", redact(strings.ToUpper(key))}, true
			}
			return ok
		})
		return found, ok
	}
}

func redact(key string) string { return key + "=***" }

// anyKey takes the file of a developer's own environment for secret as a whole,
// unless it says nothing.
func anyKey(_, value string) bool { return value != "" }

// secretWords are what the names of secrets hold.
var secretWords = regexp.MustCompile(`(?i)(secret|passw|passphrase|_pwd$|token$|_token_|api_?key|access_?key|private_?key|_key$|auth_?key|credential|_dsn$|(database|db|redis|mongo\w*|postgres\w*|mysql|amqp|broker|cache)_ur[il]$)`)

// publicWords are what the names of public things hold that look like secrets.
var publicWords = regexp.MustCompile(`(?i)(^|_)(next_public|vite|react_app|nuxt_public|public|expo_public|gatsby|publishable|_file$|_path$)|_file$|_path$|_ttl$|_expir`)

func secretKey(key, value string) bool {
	if !secretWords.MatchString(key) || publicWords.MatchString(key) || !isReal(value) {
		return false
	}
	if strings.Contains(value, "://") {
		_, ok := addressWithPassword([]byte(value))
		return ok
	}
	return len(value) >= minSecret
}

// minSecret is how long a value is at least that is taken for a secret.
const minSecret = 8

// placeholders are what people write where a secret belongs.
var placeholders = regexp.MustCompile(`(?i)^(x+|\*+|\.+|-+|_+|0+|null|none|nil|true|false|todo|tbd|fixme|undefined|empty|secret|password|passwd|pass|token|key|foo|bar|foobar|test|testing|dummy|fake|local|dev|development|postgres|root|admin|user|guest|mysql|redis|rabbitmq|django|rails|change.?(me|it|this)\S*|replace.?\S*|your.?\S*|my.?\S*|insert.?\S*|enter.?\S*|put.?\S*|example\S*|\S*example|sample\S*|dummy\S*|fake\S*|test.?\S*|not.?\S*|no.?secret\S*|insecure\S*|placeholder\S*|secret.?key\S*|super.?secret\S*|some.?\S*|(dis|en)abled?|on|off|yes|no|auto|default|unset|[a-z_-]+[_-](password|passwd|secret|key|token))$`)

// isReal tells whether a value stands for itself: variables, references to other
// stores, and what stands in examples do not.
func isReal(value string) bool {
	switch {
	case value == "", strings.ContainsAny(value[:1], "$<{%[&*!|>"), strings.HasPrefix(value, "ENC["), strings.HasPrefix(value, "vault:"),
		strings.HasPrefix(value, "op://"), strings.HasPrefix(value, "arn:"), strings.Contains(value, "${"), strings.Contains(value, "{{"):
		return false
	}
	return !placeholders.MatchString(value)
}

var keyLine = regexp.MustCompile(`^(-----BEGIN ((?:[A-Z0-9]+ )*)PRIVATE KEY( BLOCK)?-----|PuTTY-User-Key-File-\d)`)

// privateKey looks for the first line of a key anywhere: some files hold the
// certificates first.
func privateKey(text []byte) (found hit, ok bool) {
	eachLine(text, func(number int, line string) bool {
		if m := keyLine.FindString(line); m != "" {
			found, ok = hit{number, "private key", m}, true
		}
		return ok
	})
	return found, ok
}

var (
	jsonKey      = regexp.MustCompile(`"private_key"\s*:\s*"-----BEGIN [A-Z ]*PRIVATE KEY-----`)
	refreshToken = regexp.MustCompile(`"refresh_token"\s*:\s*"[^"\s]{16,}"`)
	clientSecret = regexp.MustCompile(`"client_secret"\s*:\s*"[^"\s]{16,}"`)
)

// serviceAccount knows what Google's tools write: the key of a service account,
// and the credentials of a person.
func serviceAccount(text []byte) (hit, bool) {
	if at := jsonKey.FindIndex(text); at != nil {
		return hit{lineOf(text, at[0]), "key of a service account", `"private_key": "***"`}, true
	}
	if at := refreshToken.FindIndex(text); at != nil && clientSecret.Match(text) {
		return hit{lineOf(text, at[0]), "credentials for a cloud", `"refresh_token": "***"`}, true
	}
	return hit{}, false
}

func lineOf(text []byte, at int) int { return 1 + bytes.Count(text[:at], []byte("\n")) }

var netrcPassword = regexp.MustCompile(`(?:^|\s)password\s+(\S+)`)

func netrc(text []byte) (hit, bool) {
	at := netrcPassword.FindSubmatchIndex(text)
	if at == nil || !isReal(string(text[at[2]:at[3]])) {
		return hit{}, false
	}
	return hit{lineOf(text, at[2]), "password for a host", "password ***"}, true
}

var userInfo = regexp.MustCompile(`\b([a-z][a-z0-9+.\-]*://)([^\s:/@"']*):([^\s/@"']+)@`)

// addressWithPassword looks for scheme://user:password@host.
func addressWithPassword(text []byte) (hit, bool) {
	for _, at := range userInfo.FindAllSubmatchIndex(text, -1) {
		user, password := string(text[at[4]:at[5]]), string(text[at[6]:at[7]])
		if isReal(password) && password != user {
			return hit{lineOf(text, at[0]), "address with a password", string(text[at[2]:at[5]]) + ":***@"}, true
		}
	}
	return hit{}, false
}

var signsIn = regexp.MustCompile(`(?im)^\s*extraheader\s*=\s*authorization:\s*(?:basic|bearer)\s+\S`)

// extraHeader looks for the token that actions/checkout and others leave in the
// repository.
func extraHeader(text []byte) (hit, bool) {
	at := signsIn.FindIndex(text)
	if at == nil {
		return hit{}, false
	}
	return hit{lineOf(text, at[1]), "token for a git server", "extraheader = AUTHORIZATION: ***"}, true
}

func terraformState(text []byte) (hit, bool) {
	ok := bytes.Contains(text, []byte(`"terraform_version"`)) && (bytes.Contains(text, []byte(`"instances"`)) || bytes.Contains(text, []byte(`"primary"`)) || bytes.Contains(text, []byte(`"value"`)))
	return hit{what: "Terraform state, which holds secrets in plain text"}, ok
}

var composerToken = regexp.MustCompile(`"(github-oauth|gitlab-oauth|gitlab-token|bearer|bitbucket-oauth|http-basic)"\s*:\s*\{\s*"`)

func composerAuth(text []byte) (hit, bool) {
	at := composerToken.FindSubmatchIndex(text)
	if at == nil {
		return hit{}, false
	}
	return hit{lineOf(text, at[0]), "credentials for Composer", `"` + string(text[at[2]:at[3]]) + `": {***}`}, true
}

var hex32 = regexp.MustCompile(`^\s*[0-9a-f]{32}\s*$`)

func railsKey(text []byte) (hit, bool) {
	return hit{1, "Rails master key", "***"}, hex32.Match(text)
}

// inProduction looks below "production:" in YAML.
func inProduction(text []byte) (found hit, ok bool) {
	inside := false
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if len(line) > 0 && line[0] != ' ' && line[0] != '\t' && line[0] != '#' && line[0] != '\n' {
			inside = bytes.HasPrefix(line, []byte("production:")) || bytes.HasPrefix(line, []byte("shared:"))
			continue
		}
		key, value, is := assignment(string(bytes.TrimSpace(line)))
		if inside && is && (key == "password" || key == "secret_key_base" || strings.HasSuffix(key, "_key")) && isReal(value) && len(value) >= minSecret {
			return hit{number, "Rails secret for production", redact(key)}, true
		}
	}
	return hit{}, false
}

var pgpassLine = regexp.MustCompile(`(?m)^[^#:\s][^:\s]*:(?:\d+|\*):[^:\s]*:[^:\s]*:(\S+)$`)

func pgpass(text []byte) (hit, bool) {
	at := pgpassLine.FindSubmatchIndex(text)
	if at == nil || !isReal(string(text[at[2]:at[3]])) {
		return hit{}, false
	}
	return hit{lineOf(text, at[2]), "password for a database", "***"}, true
}
