package outbound

import "net/netip"

// nat64 carries an IPv4 address in its last four bytes, which decides.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// globalUnicast is where all public IPv6 addresses lie today; what is outside
// (unique local, link local, multicast, mapped, compatible …) is refused at once.
var globalUnicast = netip.MustParsePrefix("2000::/3")

// special are the ranges that are not public though they look so: the IANA
// registries of special-purpose IPv4 and IPv6 addresses, and metadata services of
// clouds that live on otherwise public addresses.
var special = [...]netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),         // this network
	netip.MustParsePrefix("10.0.0.0/8"),        // private use
	netip.MustParsePrefix("100.64.0.0/10"),     // carrier-grade NAT, metadata of one cloud
	netip.MustParsePrefix("127.0.0.0/8"),       // loopback
	netip.MustParsePrefix("168.63.129.16/32"),  // a cloud's host agent
	netip.MustParsePrefix("169.254.0.0/16"),    // link local, metadata of most clouds
	netip.MustParsePrefix("172.16.0.0/12"),     // private use
	netip.MustParsePrefix("192.0.0.0/24"),      // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),      // documentation
	netip.MustParsePrefix("192.31.196.0/24"),   // AS112
	netip.MustParsePrefix("192.52.193.0/24"),   // AMT
	netip.MustParsePrefix("192.88.99.0/24"),    // 6to4 relays
	netip.MustParsePrefix("192.168.0.0/16"),    // private use
	netip.MustParsePrefix("192.175.48.0/24"),   // AS112
	netip.MustParsePrefix("198.18.0.0/15"),     // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"),   // documentation
	netip.MustParsePrefix("203.0.113.0/24"),    // documentation
	netip.MustParsePrefix("224.0.0.0/4"),       // multicast
	netip.MustParsePrefix("240.0.0.0/4"),       // reserved, broadcast
	netip.MustParsePrefix("2001::/23"),         // protocol assignments, Teredo
	netip.MustParsePrefix("2001:db8::/32"),     // documentation
	netip.MustParsePrefix("2002::/16"),         // 6to4
	netip.MustParsePrefix("2620:4f:8000::/48"), // AS112
	netip.MustParsePrefix("3fff::/20"),         // documentation
}

// defaultDevelopment are the networks in which a developer's server stands. The
// link-local range is not among them: there is nothing but metadata services.
func defaultDevelopment() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"),
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"),
		netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fc00::/7"),
	}
}

// isPublic tells whether anybody on the internet may be found at a.
func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	switch {
	case !a.IsValid() || a.Zone() != "":
		return false
	case nat64.Contains(a):
		b := a.As16()
		return isPublic(netip.AddrFrom4([4]byte(b[12:])))
	case a.Is6() && !globalUnicast.Contains(a):
		return false
	}
	return !isWithin(a, special[:])
}

func isWithin(a netip.Addr, prefixes []netip.Prefix) bool {
	a = a.Unmap()
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
