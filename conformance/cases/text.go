package cases

import (
	"encoding/json"
	"unicode/utf8"
)

// Text is bytes that usually are UTF-8. File names and ignore files need not
// be, and a JSON string must, so that other bytes are written {"b64": "…"}.
type Text string

// rawText is Text that JSON strings cannot hold.
type rawText struct {
	B64 []byte `json:"b64"`
}

// MarshalJSON writes a string, or an object where the bytes are not UTF-8.
func (t Text) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return json.Marshal(string(t))
	}
	return json.Marshal(rawText{B64: []byte(t)})
}

// UnmarshalJSON reads both forms.
func (t *Text) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '{' {
		var raw rawText
		if err := json.Unmarshal(data, &raw); err != nil {
			return err
		}
		*t = Text(raw.B64)
		return nil
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	*t = Text(s)
	return nil
}

// T is a pointer to a text, for the optional fields of a [Case].
func T(s string) *Text {
	t := Text(s)
	return &t
}
