package outbound

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// maxAddresses bounds how many addresses of one name are tried.
const maxAddresses = 6

// dialer opens connections for one transport and makes every failure an *Error.
type dialer struct {
	config Config
	admit  func(netip.Addr) bool
}

// dial resolves host and connects to its first address that is admitted and answers.
func (d *dialer) dial(ctx context.Context, network, hostPort string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil, &Error{Kind: InvalidURL, Reason: "host", Host: hostPort, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, d.config.ConnectTimeout)
	defer cancel()
	addresses, err := d.resolve(ctx, host)
	if err != nil {
		return nil, &Error{Kind: DNS, Host: host, Err: err}
	}
	var refused, failed error
	for _, a := range addresses {
		conn, err := d.connect(ctx, network, net.JoinHostPort(a.String(), port), len(addresses))
		if err == nil {
			return conn, nil
		}
		if isRefusal(err) {
			refused = err
		} else {
			failed = err
		}
	}
	// An address that was tried tells more than one that was not.
	if failed != nil {
		return nil, &Error{Kind: Connect, Host: host, Err: failed}
	}
	return nil, &Error{Kind: RefusedAddress, Host: host, Err: refused}
}

// resolve gives the addresses of host, without doubles and at most maxAddresses.
func (d *dialer) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	found, err := d.config.Resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	var out []netip.Addr
	for _, a := range found {
		if a = a.Unmap(); !slices.Contains(out, a) && len(out) < maxAddresses {
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		return nil, &net.DNSError{Err: "no addresses", Name: host, IsNotFound: true}
	}
	return out, nil
}

// connect tries one of n addresses with an equal share of the connect time, so that
// a silent first address does not use up what the others need.
func (d *dialer) connect(ctx context.Context, network, address string, n int) (net.Conn, error) {
	dial := net.Dialer{
		Timeout:   d.config.ConnectTimeout / time.Duration(n),
		KeepAlive: 15 * time.Second,
		// Control sees the address that the system is about to connect to. No
		// resolution happens after it, which is why the check is here and nowhere else.
		Control: func(_, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil {
				return &refusal{text: address}
			}
			if !d.admit(ap.Addr()) {
				return &refusal{text: ap.Addr().String()}
			}
			return nil
		},
	}
	return dial.DialContext(ctx, network, address)
}

// dialTLS connects and shakes hands, so that each failure of the handshake is known as one.
func (d *dialer) dialTLS(ctx context.Context, network, hostPort string) (net.Conn, error) {
	raw, err := d.dial(ctx, network, hostPort)
	if err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(hostPort) // dial has split it already
	ctx, cancel := context.WithTimeout(ctx, d.config.ConnectTimeout)
	defer cancel()
	address := addrPort(raw.RemoteAddr()).Addr()
	conn := tls.Client(raw, &tls.Config{
		ServerName: host,
		RootCAs:    d.config.Roots,
		MinVersion: d.config.MinTLS,
		NextProtos: []string{"http/1.1"},
		// Only the development transport gets a connection to such an address at all.
		InsecureSkipVerify: !isPublic(address) && isWithin(address, d.config.developmentNow()),
	})
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, &Error{Kind: TLSFailed, Reason: tlsReason(err), Host: host, Err: err}
	}
	return conn, nil
}

// refusal is the Control hook's answer to an address that must not be reached.
type refusal struct{ text string }

func (r *refusal) Error() string { return "address " + r.text + " is not a public one" }
