package saas

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Names of the parameters that carry the protocol itself.
const (
	ParamActivity  = "activity"
	ParamAuthToken = "authToken"
	ParamTimeStamp = "timeStamp" // V1
	ParamTestFlag  = "testFlag"
	ParamSignature = "signature" // V2
	ParamTimestamp = "timestamp" // V2
	ParamNonce     = "nonce"     // V2
)

// Params are the parameters of one call by name, with decoded values: for V1 those of the query string, for V2 the
// members of the JSON body. A name occurs once; that is what every known server can read.
type Params map[string]string

// V1Params makes Params itself a V1Request, for callers whose parameters were edited by hand.
func (p Params) V1Params() Params { return p }

// V2Params makes Params itself a V2Request.
func (p Params) V2Params() Params { return p }

// Names returns the names in ascending byte order, the order of every canonical form here.
func (p Params) Names() []string {
	names := make([]string, 0, len(p))
	for n := range p {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Join returns "name=value" pairs in ascending order of the names, joined by "&", nothing encoded: the text that
// authToken signs. The parameter authToken itself is left out (saas.md §3.1 steps 1–3).
func (p Params) Join() string {
	var b strings.Builder
	for _, n := range p.Names() {
		if n == ParamAuthToken {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(n)
		b.WriteByte('=')
		b.WriteString(p[n])
	}
	return b.String()
}

// Query returns the query string as it goes on the wire: ascending, every value percent-encoded exactly once, authToken
// last (saas.md §3.1).
func (p Params) Query() string {
	var b strings.Builder
	write := func(name string) {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(Escape(name))
		b.WriteByte('=')
		b.WriteString(Escape(p[name]))
	}
	for _, n := range p.Names() {
		if n != ParamAuthToken {
			write(n)
		}
	}
	if _, ok := p[ParamAuthToken]; ok {
		write(ParamAuthToken)
	}
	return b.String()
}

// Escape percent-encodes a value for a query string. A blank becomes %20, never "+": servers that decode by other rules
// than those of HTML forms would keep the "+" and compute another token.
func Escape(value string) string {
	return strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
}

// ParseQuery reads a received query string into Params. A name that occurs twice, or a broken escape, is an error: no
// two readers agree on what such a request says, so it cannot be verified.
func ParseQuery(rawQuery string) (Params, error) {
	values, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, fmt.Errorf("malformed query string: %w", err)
	}
	p := make(Params, len(values))
	for name, vs := range values {
		if len(vs) != 1 {
			return nil, fmt.Errorf("parameter %q occurs %d times", name, len(vs))
		}
		p[name] = vs[0]
	}
	return p, nil
}

// withoutBlanks returns a copy without the parameters that have no value: they are neither sent nor signed.
func (p Params) withoutBlanks() Params {
	out := make(Params, len(p)+2)
	for n, v := range p {
		if v != "" {
			out[n] = v
		}
	}
	return out
}
