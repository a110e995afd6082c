package probe

import (
	"regexp"
	"strings"
	"unicode"

	"jishi/internal/base/outbound"
	"jishi/wire/saas"
)

// keptAnswer is how many bytes of an answer a report keeps.
const keptAnswer = 4 << 10

const mask = "******"

// Reports end up in the logs of builds, which many read. A V1 token has no expiry: whoever reads it may repeat the call.
var (
	secretQuery  = regexp.MustCompile(`([?&](?:` + saas.ParamAuthToken + `|` + saas.ParamSignature + `|mobilePhone|email)=)[^&]*`)
	secretLink   = regexp.MustCompile(`(?i)([?&](?:token|password|pwd|ticket)=)[^&"\\]+`)
	secretMember = regexp.MustCompile(`(?i)("(?:password|userName)"\s*:\s*)"(?:[^"\\]|\\.)*"?`)
)

func exchange(call saas.Call, r outbound.Response) Exchange {
	answer := r.Body
	if len(answer) > keptAnswer {
		answer = answer[:keptAnswer]
	}
	text := secretMember.ReplaceAllString(string(answer), `${1}"`+mask+`"`)
	return Exchange{
		Request: call.Method + " " + plain(secretQuery.ReplaceAllString(call.URL, "${1}"+mask), 4096),
		Body:    string(call.Body),
		Status:  r.Status,
		Type:    plain(r.Header.Get("Content-Type"), 200),
		Answer:  plain(secretLink.ReplaceAllString(text, "${1}"+mask), keptAnswer),
	}
}

// plain makes a foreign text fit for a terminal and for XML: valid UTF-8, no control characters, at most n runes.
func plain(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}
