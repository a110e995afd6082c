package saas

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// object is a JSON object read generously: names may carry blanks, scalars may be strings or not. When a name is given
// twice the last one counts, as most parsers have it.
type object map[string]json.RawMessage

var errNoObject = errors.New("not a JSON object")

// objectOf reads one JSON object. A byte order mark in front is skipped.
func objectOf(data []byte) (object, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	if raw == nil {
		return nil, errNoObject
	}
	out := make(object, len(raw))
	for name, value := range raw {
		trimmed := strings.TrimSpace(name)
		if _, exact := raw[trimmed]; trimmed == name || !exact {
			out[trimmed] = value
		}
	}
	return out, nil
}

// text returns a scalar member as text; null, objects, lists and absent members give "".
func (o object) text(name string) string {
	raw := o[name]
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' {
		return ""
	}
	text, _, err := memberText(raw)
	if err != nil {
		return ""
	}
	return text
}

// objects returns a member that should be a list of objects: a list, a single object, or either as JSON text. Entries
// that are no objects are dropped.
func (o object) objects(name string) []object {
	raw := []byte(o[name])
	if len(raw) > 0 && raw[0] == '"' {
		raw = bytes.TrimSpace([]byte(o.text(name)))
	}
	if len(raw) == 0 {
		return nil
	}
	entries := []json.RawMessage{raw}
	if raw[0] == '[' {
		entries = nil
		if json.Unmarshal(raw, &entries) != nil {
			return nil
		}
	}
	var out []object
	for _, e := range entries {
		if entry, err := objectOf(e); err == nil {
			out = append(out, entry)
		}
	}
	return out
}

func atoi(text string) (int, error) { return strconv.Atoi(text) }
