package saas

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Call is one signed request, ready to be sent: nothing may be added to its URL or changed in its Body.
type Call struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte // nil in V1
}

// V1Request is anything that has V1 parameters: the …V1 structs, or Params.
type V1Request interface{ V1Params() Params }

// V2Request is anything that has V2 body members: the …V2 structs, or Params.
type V2Request interface{ V2Params() Params }

// ErrAddress says that a production address (生产地址) cannot be called.
var ErrAddress = errors.New("unusable production address")

// BuildV1 builds the signed GET of a V1 call (saas.md §3.1). at becomes timeStamp, and the token covers it, so each
// attempt is built anew. Parameters without a value are left out. Pairs that the address already has in its query string
// are kept and signed like the others; one that collides with a parameter of the call is ErrAddress.
func BuildV1(address, key string, at time.Time, r V1Request) (Call, error) {
	return BuildV1As(Variant{}, address, key, at, r)
}

// BuildV1As is BuildV1 for an address that wants some parameters suppressed.
func BuildV1As(v Variant, address, key string, at time.Time, r V1Request) (Call, error) {
	u, err := parseAddress(address)
	if err != nil {
		return Call{}, err
	}
	p := r.V1Params().withoutBlanks()
	v.suppress(p)
	delete(p, ParamAuthToken)
	p[ParamTimeStamp] = FormatTimeStamp(at)
	own, err := ParseQuery(u.RawQuery)
	if err != nil {
		return Call{}, fmt.Errorf("%w: %v", ErrAddress, err)
	}
	for n, v := range own {
		if _, taken := p[n]; taken || n == ParamAuthToken {
			return Call{}, fmt.Errorf("%w: its query parameter %q belongs to the protocol", ErrAddress, n)
		}
		p[n] = v
	}
	p[ParamAuthToken] = AuthToken(key, p)
	u.RawQuery = p.Query()
	return Call{
		Method: http.MethodGet,
		URL:    u.String(),
		Header: http.Header{"Accept": {"application/json"}},
	}, nil
}

// BuildV2 builds the signed POST of a V2 call (saas.md §5.1). nonce is a random text of at most 64 characters; it and at
// are drawn anew per attempt, since servers refuse a repeated nonce and a timestamp older than 60 s. Members without a
// value are left out. A query string of the address is kept in front of the three protocol parameters.
func BuildV2(address, key string, at time.Time, nonce string, r V2Request) (Call, error) {
	return BuildV2As(Variant{}, address, key, at, nonce, r)
}

// BuildV2As is BuildV2 for an address that wants lower-case hex or productInfo as an object.
func BuildV2As(v Variant, address, key string, at time.Time, nonce string, r V2Request) (Call, error) {
	u, err := parseAddress(address)
	if err != nil {
		return Call{}, err
	}
	own, err := ParseQuery(u.RawQuery)
	if err != nil {
		return Call{}, fmt.Errorf("%w: %v", ErrAddress, err)
	}
	for _, n := range []string{ParamSignature, ParamTimestamp, ParamNonce} {
		if _, taken := own[n]; taken {
			return Call{}, fmt.Errorf("%w: its query parameter %q belongs to the protocol", ErrAddress, n)
		}
	}
	body := v.body(r.V2Params().withoutBlanks())
	timestamp := FormatMillis(at)
	query := ParamSignature + "=" + v.signature(SignV2(key, nonce, timestamp, body)) +
		"&" + ParamTimestamp + "=" + timestamp + "&" + ParamNonce + "=" + Escape(nonce)
	if own := own.Query(); own != "" {
		query = own + "&" + query
	}
	u.RawQuery = query
	return Call{
		Method: http.MethodPost,
		URL:    u.String(),
		Header: http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json;charset=utf8"}},
		Body:   body,
	}, nil
}

func parseAddress(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %v", ErrAddress, err)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%w: scheme must be http or https", ErrAddress)
	case u.Hostname() == "":
		return nil, fmt.Errorf("%w: it has no host", ErrAddress)
	case u.User != nil:
		return nil, fmt.Errorf("%w: it contains a user name", ErrAddress)
	case u.Fragment != "":
		return nil, fmt.Errorf("%w: it has a fragment", ErrAddress)
	}
	return u, nil
}
