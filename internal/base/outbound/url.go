package outbound

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxURL bounds an address in bytes, as most servers do.
const maxURL = 2048

// Rules says which addresses are accepted. The zero value is that of V1 production
// addresses: a domain name, http or https (saas.md §1.1).
type Rules struct {
	HTTPSOnly   bool // V2; not asked for while Development
	Development bool // the operator's switch: IP addresses, localhost and http for all
}

// ValidateOrigin checks a bare origin (scheme, host, optional port; a single final
// slash is taken off) and returns its normal form: lower case, punycode, without the
// default port. The error is an *Error of kind InvalidURL whose code is one of
// outbound.url_{syntax,length,scheme,https,host,ip,port,userinfo,path,fragment}.
func ValidateOrigin(raw string, rules Rules) (string, error) {
	u, err := parse(raw, rules)
	if err != nil {
		return "", err
	}
	if u.Path == "/" {
		u.Path, u.RawPath = "", ""
	}
	if u.Path != "" || u.RawQuery != "" || u.ForceQuery {
		return "", invalid("path", u)
	}
	return u.Scheme + "://" + u.Host, nil
}

// ValidateURL checks a complete production address (生产地址): an origin with an optional
// path and query, which are kept as they are. It returns the address with its origin
// in normal form. Errors as ValidateOrigin, and outbound.url_query for a query that
// is not percent-encoded.
func ValidateURL(raw string, rules Rules) (string, error) {
	u, err := parse(raw, rules)
	if err != nil {
		return "", err
	}
	if _, qerr := url.ParseQuery(u.RawQuery); qerr != nil || !printableASCII(u.RawQuery) {
		return "", invalid("query", u)
	}
	return u.String(), nil
}

func parse(raw string, rules Rules) (*url.URL, error) {
	if len(raw) > maxURL {
		return nil, invalid("length", nil)
	}
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Opaque != "" {
		return nil, invalid("syntax", nil)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, invalid("scheme", u)
	case rules.HTTPSOnly && !rules.Development && u.Scheme != "https":
		return nil, invalid("https", u)
	case u.User != nil:
		return nil, invalid("userinfo", u)
	case u.Fragment != "" || strings.Contains(raw, "#"):
		return nil, invalid("fragment", u)
	}
	host, reason := normalHost(u.Hostname(), rules.Development)
	if reason != "" {
		return nil, invalid(reason, u)
	}
	port, ok := normalPort(u)
	if !ok {
		return nil, invalid("port", u)
	}
	u.Host = host + port
	return u, nil
}

// normalHost returns the host in lower-case ASCII, or why it is not accepted.
func normalHost(host string, development bool) (normal, reason string) {
	if host == "" {
		return "", "host"
	}
	if a, err := netip.ParseAddr(host); err == nil {
		switch {
		case !development:
			return "", "ip"
		case a.Zone() != "":
			return "", "host"
		case a.Is6():
			return "[" + a.String() + "]", ""
		}
		return a.String(), ""
	}
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(host, "."))
	if err != nil || len(ascii) > 253 || !utf8.ValidString(host) {
		return "", "host"
	}
	if again, err := idna.Lookup.ToASCII(ascii); err != nil || again != ascii {
		return "", "host" // not a normal form: two spellings would be one server
	}
	labels := strings.Split(ascii, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return "", "host"
		}
	}
	last := labels[len(labels)-1]
	if last[0] >= '0' && last[0] <= '9' {
		return "", "ip" // "127.1", "2130706433", "0x7f000001": some resolvers read them as addresses
	}
	if !development && (len(labels) == 1 || isLocalName(ascii)) {
		return "", "host"
	}
	return ascii, ""
}

// isLocalName tells names that never lead to a server on the internet.
func isLocalName(host string) bool {
	for _, suffix := range []string{".localhost", ".local", ".internal", ".localdomain", ".home.arpa", ".onion", ".invalid"} {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return false
}

// normalPort returns ":port", or "" for the scheme's own.
func normalPort(u *url.URL) (string, bool) {
	text := u.Port()
	if text == "" {
		return "", !strings.HasSuffix(u.Host, ":")
	}
	n, err := strconv.ParseUint(text, 10, 16)
	switch {
	case err != nil || n == 0:
		return "", false
	case n == 80 && u.Scheme == "http", n == 443 && u.Scheme == "https":
		return "", true
	}
	return ":" + strconv.FormatUint(n, 10), true
}

func printableASCII(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func invalid(reason string, u *url.URL) error {
	e := &Error{Kind: InvalidURL, Reason: reason, limit: maxURL}
	if u != nil {
		e.Host = u.Hostname()
	}
	return e
}
