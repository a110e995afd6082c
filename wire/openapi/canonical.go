package openapi

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Names of the headers that take part in a signature.
const (
	HeaderDate          = "X-Sdk-Date"
	HeaderPayload       = "X-Sdk-Content-Sha256"
	HeaderAuthorization = "Authorization"
	HeaderToken         = "X-Auth-Token"
)

// UnsignedPayload stands in X-Sdk-Content-Sha256 where a client could not hash the body, such as a file upload.
const UnsignedPayload = "UNSIGNED-PAYLOAD"

// Request is one request as it is signed. Path and RawQuery are as they travel, percent-encoded; Header does not hold
// Host.
type Request struct {
	Method   string
	Host     string // with the port, if the URL names one; "" when a client does not sign it
	Path     string
	RawQuery string
	Header   http.Header
	Body     []byte
}

// Canonical is the canonical request (open-api.md §2.2 step 7) over the named headers. A header that is named but absent
// counts as empty; Verify refuses it before.
func (r Request) Canonical(signed []string) string {
	return r.canonical(CanonicalURI(decodePath(r.Path)), r.Host, signed)
}

func (r Request) canonical(uri, host string, signed []string) string {
	var b strings.Builder
	b.WriteString(strings.ToUpper(r.Method))
	b.WriteByte('\n')
	b.WriteString(uri)
	b.WriteByte('\n')
	b.WriteString(CanonicalQuery(r.RawQuery))
	b.WriteByte('\n')
	names := canonicalNames(signed)
	for _, name := range names {
		value := host
		if name != "host" {
			value = strings.Join(r.Header.Values(name), ",")
		}
		b.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}
	b.WriteByte('\n')
	b.WriteString(strings.Join(names, ";"))
	b.WriteByte('\n')
	if declared := r.Header.Get(HeaderPayload); declared != "" {
		b.WriteString(declared)
	} else {
		b.WriteString(HashPayload(r.Body))
	}
	return b.String()
}

// HashPayload is the lower-case hex SHA-256 of a body.
func HashPayload(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// CanonicalURI encodes each segment of an unencoded path and ends it with a slash (open-api.md §2.2 step 2).
func CanonicalURI(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = Escape(s)
	}
	return slashed(strings.Join(segments, "/"))
}

func slashed(path string) string {
	if strings.HasSuffix(path, "/") {
		return path
	}
	return path + "/"
}

func decodePath(path string) string {
	if plain, err := url.PathUnescape(path); err == nil {
		return plain
	}
	return path
}

// CanonicalQuery sorts the parameters of a query string by their unencoded names, then values, and encodes both
// (open-api.md §2.2 step 3). What is no valid encoding is taken as it stands.
func CanonicalQuery(raw string) string {
	if raw == "" {
		return ""
	}
	type pair struct{ name, value string }
	var pairs []pair
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, pair{decodeQuery(name), decodeQuery(value)})
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
	out := make([]string, len(pairs))
	for i, p := range pairs {
		out[i] = Escape(p.name) + "=" + Escape(p.value)
	}
	return strings.Join(out, "&")
}

func decodeQuery(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

const upperHex = "0123456789ABCDEF"

// Escape percent-encodes all bytes but A–Z a–z 0–9 - _ ~ . with upper-case hex digits.
func Escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '~' || c == '.' {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', upperHex[c>>4], upperHex[c&15]})
	}
	return b.String()
}

// canonicalNames brings header names to lower case, in ascending order.
func canonicalNames(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strings.ToLower(strings.TrimSpace(n))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
