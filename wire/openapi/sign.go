package openapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"
)

// Algorithm is the only signing method that the marketplace takes (open-api.md §2.2).
const Algorithm = "SDK-HMAC-SHA256"

// Window is how far X-Sdk-Date may lie from the verifier's clock, either way (open-api.md §2.3 rule 6).
const Window = 15 * time.Minute

// MaxBody bounds the body of a signed request, in bytes (open-api.md §2.3 rule 3).
const MaxBody = 12 << 20

const dateLayout = "20060102T150405Z"

// What ParseAuthorization and Verify refuse.
var (
	ErrAlgorithm = errors.New("the signing method is not " + Algorithm)
	ErrMalformed = errors.New("the Authorization header is not complete")
	ErrNoDate    = errors.New("the header X-Sdk-Date is missing or malformed")
	ErrStale     = errors.New("X-Sdk-Date is more than 15 minutes away from the server's time")
	ErrHeader    = errors.New("a header named in SignedHeaders is absent")
	ErrPayload   = errors.New("X-Sdk-Content-Sha256 does not fit the body")
	ErrSignature = errors.New("verify aksk signature fail")
)

// FormatDate writes X-Sdk-Date.
func FormatDate(t time.Time) string { return t.UTC().Format(dateLayout) }

// ParseDate reads X-Sdk-Date.
func ParseDate(s string) (time.Time, error) { return time.Parse(dateLayout, s) }

// StringToSign is step 8: the method, X-Sdk-Date and the hash of the canonical request.
func StringToSign(date, canonical string) string {
	return Algorithm + "\n" + date + "\n" + HashPayload([]byte(canonical))
}

// Sign is step 9: lower-case hex HMAC-SHA256 with the secret key, which no key is derived from.
func Sign(sk, stringToSign string) string {
	mac := hmac.New(sha256.New, []byte(sk))
	mac.Write([]byte(stringToSign))
	return hex.EncodeToString(mac.Sum(nil))
}

// Signature signs the request over the named headers; X-Sdk-Date must be among its headers.
func (r Request) Signature(sk string, signed []string) string {
	return Sign(sk, StringToSign(r.Header.Get(HeaderDate), r.Canonical(signed)))
}

// Signable names the headers to sign: all but those that begin with content-type and those with an underscore, which
// servers on the way tend to drop; host when the request names one.
func (r Request) Signable() []string {
	var out []string
	for name := range r.Header {
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, "content-type") || strings.Contains(lower, "_") || lower == "authorization" {
			continue
		}
		out = append(out, lower)
	}
	if r.Host != "" {
		out = append(out, "host")
	}
	slices.Sort(out)
	return out
}

// Authorize sets X-Sdk-Date to at and returns the value of the Authorization header over all Signable headers.
func (r Request) Authorize(ak, sk string, at time.Time) string {
	r.Header.Set(HeaderDate, FormatDate(at))
	signed := r.Signable()
	return Authorization{Access: ak, SignedHeaders: signed, Signature: r.Signature(sk, signed)}.String()
}

// Authorization is a parsed Authorization header.
type Authorization struct {
	Access        string
	SignedHeaders []string
	Signature     string
}

// String is the header's value.
func (a Authorization) String() string {
	return Algorithm + " Access=" + a.Access + ", SignedHeaders=" + strings.Join(a.SignedHeaders, ";") + ", Signature=" + a.Signature
}

// ParseAuthorization reads an Authorization header: the parts in any order, with or without blanks. It also takes
// Credential=<AK>/… of old clients. Errors: ErrAlgorithm, ErrMalformed.
func ParseAuthorization(value string) (Authorization, error) {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(value), " ")
	if scheme != Algorithm {
		return Authorization{}, ErrAlgorithm
	}
	var a Authorization
	for part := range strings.SplitSeq(rest, ",") {
		name, text, _ := strings.Cut(strings.TrimSpace(part), "=")
		text = strings.TrimSpace(text)
		var twice bool
		switch strings.TrimSpace(name) {
		case "Access":
			twice, a.Access = a.Access != "", text
		case "Credential":
			twice = a.Access != ""
			a.Access, _, _ = strings.Cut(text, "/")
		case "SignedHeaders":
			twice = a.SignedHeaders != nil
			for name := range strings.SplitSeq(text, ";") {
				a.SignedHeaders = append(a.SignedHeaders, strings.ToLower(strings.TrimSpace(name)))
			}
		case "Signature":
			twice, a.Signature = a.Signature != "", text
		}
		if twice {
			return Authorization{}, ErrMalformed
		}
	}
	if a.Access == "" || a.Signature == "" || len(a.SignedHeaders) == 0 || slices.Contains(a.SignedHeaders, "") {
		return Authorization{}, ErrMalformed
	}
	return a, nil
}

// Verify checks a received request (open-api.md §2.3 rules 2–7): the signature first, then the time, so that the answer
// tells the time's fault only to who holds the key. Signatures are compared in constant time and regardless of case.
// Errors: ErrNoDate, ErrHeader, ErrPayload, ErrSignature, ErrStale.
func (r Request) Verify(a Authorization, sk string, now time.Time) error {
	date := r.Header.Get(HeaderDate)
	at, err := ParseDate(date)
	if err != nil {
		return ErrNoDate
	}
	for _, name := range a.SignedHeaders {
		if name != "host" && len(r.Header.Values(name)) == 0 {
			return ErrHeader
		}
	}
	if !r.payloadFits() {
		return ErrPayload
	}
	if sk == "" || !r.signedAs(a, sk, date) {
		return ErrSignature
	}
	if d := now.Sub(at); d > Window || d < -Window {
		return ErrStale
	}
	return nil
}

// payloadFits checks a declared hash against the body. Without one the body itself is hashed and thus signed.
func (r Request) payloadFits() bool {
	declared := r.Header.Get(HeaderPayload)
	switch declared {
	case "":
		return true
	case UnsignedPayload:
		kind := strings.ToLower(r.Header.Get("Content-Type"))
		return kind != "" && !strings.Contains(kind, "application/json") && !strings.Contains(kind, "application/bson")
	}
	return strings.EqualFold(declared, HashPayload(r.Body))
}

// signedAs tries the forms in which clients sign the same request: the host with and without the standard port, the path
// encoded anew and as it was sent.
func (r Request) signedAs(a Authorization, sk, date string) bool {
	got := []byte(strings.ToLower(a.Signature))
	hosts := []string{r.Host}
	if bare, ok := strings.CutSuffix(r.Host, ":443"); ok && slices.Contains(a.SignedHeaders, "host") {
		hosts = append(hosts, bare)
	}
	uris := []string{CanonicalURI(decodePath(r.Path))}
	if raw := slashed(r.Path); raw != uris[0] {
		uris = append(uris, raw)
	}
	for _, uri := range uris {
		for _, host := range hosts {
			if hmac.Equal(got, []byte(Sign(sk, StringToSign(date, r.canonical(uri, host, a.SignedHeaders))))) {
				return true
			}
		}
	}
	return false
}
