package koogallery

import (
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"jishi/internal/base/outbound"
	"jishi/internal/market/fulfillment"
	"jishi/wire/saas"
)

// keptBody is how much of an answer the log keeps (saas.md §10.1).
const keptBody = 4 << 10

const mask = "******"

// logged is what the log keeps of the wire: everything but what would let its reader
// sign a request or sign in as the buyer.
func logged(call saas.Call, r outbound.Response) fulfillment.Exchange {
	return fulfillment.Exchange{
		Method: call.Method, URL: maskURL(call.URL), RequestHead: head(call.Header), RequestBody: string(call.Body),
		Status: r.Status, ResponseHead: head(r.Header), ResponseBody: maskBody(r.Body), Duration: r.Duration,
	}
}

// maskURL hides signatures and the buyer's contact data in the query, keeping its order.
func maskURL(raw string) string {
	path, query, ok := strings.Cut(raw, "?")
	if !ok {
		return raw
	}
	pairs := strings.Split(query, "&")
	for i, p := range pairs {
		name, _, _ := strings.Cut(p, "=")
		switch name {
		case saas.ParamAuthToken, saas.ParamSignature, "mobilePhone", "email":
			pairs[i] = name + "=" + mask
		}
	}
	return path + "?" + strings.Join(pairs, "&")
}

var (
	secretMember = regexp.MustCompile(`(?i)("(?:password|userName|mobilePhone|email|clientSecret)"\s*:\s*)"(?:[^"\\]|\\.)*"?`)
	secretQuery  = regexp.MustCompile(`(?i)([?&](?:token|password|pwd|ticket)=)[^&"\\]+`)
)

func maskBody(b []byte) string {
	cut := len(b) > keptBody
	if cut {
		b = b[:keptBody]
	}
	text := strings.ToValidUTF8(string(b), "\uFFFD")
	text = strings.ReplaceAll(text, "\x00", "\uFFFD") // PostgreSQL's text has no zero byte
	text = secretMember.ReplaceAllString(text, `${1}"`+mask+`"`)
	text = secretQuery.ReplaceAllString(text, "${1}"+mask)
	if cut {
		text += "…"
	}
	return text
}

// kept are the headers worth looking at when a call fails.
var kept = []string{"Accept", "Body-Sign", "Content-Length", "Content-Type", "Date", "Location", "Server", "User-Agent"}

func head(h http.Header) map[string]string {
	out := map[string]string{}
	for _, name := range kept {
		if v := h.Values(name); len(v) > 0 {
			text := strings.ToValidUTF8(strings.Join(v, ", "), "\uFFFD")
			if utf8.RuneCountInString(text) > 300 {
				text = string([]rune(text)[:300]) + "…"
			}
			out[name] = text
		}
	}
	return out
}
