package saas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// CanonicalBody writes a V2 request body (saas.md §5.2): compact JSON, names ascending, every value a string, nothing
// escaped that Jackson would not escape. Servers that parse the body into a string map and serialise it again before
// they check the signature arrive at the same bytes.
//
// For that, control characters, U+2028 and U+2029 are removed from the values and broken UTF-8 becomes U+FFFD: the two
// serialisers write these differently. Names are plain ASCII and written as they are.
func CanonicalBody(p Params) []byte { return canonicalBody(p, nil) }

const paramProductInfo = "productInfo"

// canonicalBody is CanonicalBody with some members written as the JSON they are given in.
func canonicalBody(p Params, raw map[string][]byte) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, n := range p.Names() {
		if i > 0 {
			b.WriteByte(',')
		}
		writeJSONString(&b, n)
		b.WriteByte(':')
		if text, ok := raw[n]; ok {
			b.Write(text)
		} else {
			writeJSONString(&b, Clean(p[n]))
		}
	}
	b.WriteByte('}')
	return b.Bytes()
}

// canonicalObject writes a JSON object compactly with its names ascending, so that parsing and writing it again gives
// the same bytes.
func canonicalObject(text string) ([]byte, bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var members map[string]any
	if err := d.Decode(&members); err != nil || members == nil || d.More() {
		return nil, false
	}
	object, err := compactJSON(members)
	return object, err == nil
}

// Clean removes from a value what CanonicalBody cannot carry.
func Clean(value string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(value, "\uFFFD"))
}

// ParseBody reads a received V2 body into Params, the way a server with a string map reads it: null members are
// dropped, numbers and flags become their text, nested values their JSON text. Anything but one JSON object is an error.
func ParseBody(body []byte) (Params, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return nil, fmt.Errorf("request body: %w", err)
	}
	if members == nil {
		return nil, fmt.Errorf("request body: not a JSON object")
	}
	p := make(Params, len(members))
	for name, raw := range members {
		text, null, err := memberText(raw)
		if err != nil {
			return nil, fmt.Errorf("request body: member %q: %w", name, err)
		}
		if !null {
			p[name] = text
		}
	}
	return p, nil
}

// memberText returns a JSON value as text: strings unquoted, everything else as it stands.
func memberText(raw json.RawMessage) (text string, null bool, err error) {
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return "", true, nil
	case raw[0] == '"':
		err = json.Unmarshal(raw, &text)
		return text, false, err
	case raw[0] == '{' || raw[0] == '[':
		var b bytes.Buffer
		if err := json.Compact(&b, raw); err != nil {
			return "", false, err
		}
		return b.String(), false, nil
	}
	return string(raw), false, nil
}

// compactJSON marshals without HTML escaping and without the encoder's trailing line feed.
func compactJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

// writeJSONString cannot fail: a string always has a JSON form.
func writeJSONString(b *bytes.Buffer, s string) {
	text, _ := compactJSON(s)
	b.Write(text)
}
