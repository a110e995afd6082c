package telemetry

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the load balancers in front of this node (--trusted-proxies). Only what
// they say in X-Forwarded-For, X-Forwarded-Proto and X-Request-Id is believed. The
// zero value believes nobody.
type Proxies struct{ prefixes []netip.Prefix }

// ParseProxies reads addresses and networks separated by commas or blanks:
// "10.0.0.0/8, 192.0.2.7".
func ParseProxies(list string) (Proxies, error) {
	var p Proxies
	for _, part := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if a, err := netip.ParseAddr(part); err == nil {
			a = a.Unmap()
			p.prefixes = append(p.prefixes, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if err != nil {
			return Proxies{}, fmt.Errorf("trusted proxies: %q is neither an address nor a network", part)
		}
		p.prefixes = append(p.prefixes, prefix.Masked())
	}
	return p, nil
}

// Trusts tells whether the request came directly from a trusted proxy.
func (p Proxies) Trusts(r *http.Request) bool { return p.contains(peer(r)) }

// ClientAddr is the address of the client: the nearest one that is not a trusted
// proxy, read from the connection backwards through X-Forwarded-For. What stands
// further left was written by the client and means nothing.
func (p Proxies) ClientAddr(r *http.Request) netip.Addr {
	at := peer(r)
	if !p.contains(at) {
		return at
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		a, ok := parseHop(hops[i])
		if !ok {
			return at
		}
		at = a
		if !p.contains(at) {
			return at
		}
	}
	return at
}

// Secure tells whether the client's connection is encrypted.
func (p Proxies) Secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	return p.Trusts(r) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

func (p Proxies) contains(a netip.Addr) bool {
	for _, prefix := range p.prefixes {
		if prefix.Contains(a) {
			return true
		}
	}
	return false
}

func peer(r *http.Request) netip.Addr {
	a, _ := parseHop(r.RemoteAddr)
	return a
}

// parseHop reads an address with or without port; the zone of a link-local address is dropped.
func parseHop(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return a.Unmap().WithZone(""), err == nil
}

// Network is what limits count by: an IPv4 address itself, of an IPv6 address the network
// of 64 bits, since whoever has one address there has all of them. What is no address
// stays as it is.
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}
