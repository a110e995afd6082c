package saas

import (
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"strings"
)

// HeaderBodySign is the name of the response header that signs a V1 answer. It is written exactly so and read in any
// case.
const HeaderBodySign = "Body-Sign"

const bodySignType = "HMAC-SHA256"

// ErrBodySignMalformed says that a Body-Sign header is absent or cannot be read: no quotes, sign_type other than
// HMAC-SHA256, or an empty signature.
var ErrBodySignMalformed = errors.New("Body-Sign header missing or malformed")

// BodySignature computes the signature of an answer: Base64 of HMAC-SHA256 with the key alone over the complete body
// as bytes (saas.md §3.3). White space and line ends count.
func BodySignature(key string, body []byte) string {
	return base64.StdEncoding.EncodeToString(hmacSHA256(key, body))
}

// SignBody returns the value of the header Body-Sign for exactly these body bytes.
func SignBody(key string, body []byte) string {
	return `sign_type="` + bodySignType + `", signature="` + BodySignature(key, body) + `"`
}

// ParseBodySign reads a Body-Sign header and returns its signature. Blanks around "=" and ",", any order of the
// attributes and further attributes are tolerated, quotes are required. Errors are ErrBodySignMalformed.
func ParseBodySign(header string) (signature string, err error) {
	attributes, ok := quotedAttributes(header)
	if !ok || attributes["sign_type"] != bodySignType || attributes["signature"] == "" {
		return "", ErrBodySignMalformed
	}
	return attributes["signature"], nil
}

// VerifyBodySign checks an answer against its Body-Sign headers. Servers that send the header twice in different
// spellings exist, so one value that holds is enough. It returns ErrBodySignMalformed when none can be read and
// ErrSignature when none holds; comparison takes constant time.
func VerifyBodySign(key string, body []byte, headers []string) error {
	want := []byte(BodySignature(key, body))
	result := ErrBodySignMalformed
	for _, h := range headers {
		signature, err := ParseBodySign(h)
		if err != nil {
			continue
		}
		if key != "" && hmac.Equal([]byte(signature), want) {
			return nil
		}
		result = ErrSignature
	}
	return result
}

// quotedAttributes reads name="value" pairs separated by commas; an attribute given twice makes the text unreadable.
func quotedAttributes(s string) (map[string]string, bool) {
	out := map[string]string{}
	rest := strings.TrimSpace(s)
	for rest != "" {
		name, after, found := strings.Cut(rest, "=")
		if !found {
			return nil, false
		}
		name = strings.ToLower(strings.TrimSpace(name))
		after = strings.TrimLeft(after, " \t")
		if name == "" || strings.ContainsAny(name, "\",") || !strings.HasPrefix(after, `"`) {
			return nil, false
		}
		value, tail, closed := strings.Cut(after[1:], `"`)
		if _, twice := out[name]; !closed || twice {
			return nil, false
		}
		out[name] = value
		tail = strings.TrimLeft(tail, " \t")
		if tail == "" {
			break
		}
		if tail[0] != ',' {
			return nil, false
		}
		rest = strings.TrimSpace(tail[1:])
	}
	return out, true
}
