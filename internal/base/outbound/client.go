package outbound

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"time"

	"jishi/internal/base/clock"
)

// Config is what a Client is made of. A zero field takes the default named beside it.
type Config struct {
	Timeout        time.Duration // from the call of Do to the last byte of the body; 20 s
	ConnectTimeout time.Duration // name look-up and TCP, and again for the TLS handshake; 5 s
	MaxBody        int64         // bytes of an answer's body; 1 MiB
	MaxHeader      int64         // bytes of an answer's headers; 64 KiB
	MaxPerHost     int           // connections to one host at once, further calls wait in their time limit; 64
	IdlePerHost    int           // connections kept for reuse; 16
	IdleTimeout    time.Duration // how long they are kept; 30 s

	UserAgent string   // "Jishi"; the application sets "Jishi/<version>"
	Resolver  Resolver // net.DefaultResolver

	Roots  *x509.CertPool // certificate authorities; the system's
	MinTLS uint16         // tls.VersionTLS12

	// DevelopmentPrefixes are the otherwise refused networks that a Development request
	// may reach; nil means loopback, private-use and unique-local addresses. There any
	// certificate is accepted; on public addresses it is checked as always.
	DevelopmentPrefixes []netip.Prefix
	// DevelopmentNetworks takes the place of DevelopmentPrefixes when it is set; it is asked
	// at each connection, so that what an operator changes holds at once.
	DevelopmentNetworks func() []netip.Prefix

	Clock clock.Clock // measures durations; the wall clock
}

// Resolver looks names up; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// Client makes outbound calls. It is safe for concurrent use and meant to live as
// long as the process.
type Client struct {
	config      Config
	production  *http.Transport
	development *http.Transport
}

// New makes a Client.
func New(c Config) *Client {
	setDefault(&c.Timeout, 20*time.Second)
	setDefault(&c.ConnectTimeout, 5*time.Second)
	setDefault(&c.MaxBody, 1<<20)
	setDefault(&c.MaxHeader, 64<<10)
	setDefault(&c.MaxPerHost, 64)
	setDefault(&c.IdlePerHost, 16)
	setDefault(&c.IdleTimeout, 30*time.Second)
	setDefault(&c.UserAgent, "Jishi")
	setDefault(&c.MinTLS, uint16(tls.VersionTLS12))
	if c.Resolver == nil {
		c.Resolver = net.DefaultResolver
	}
	if c.Clock == nil {
		c.Clock = clock.Wall{}
	}
	if c.DevelopmentPrefixes == nil {
		c.DevelopmentPrefixes = defaultDevelopment()
	}
	client := &Client{config: c}
	client.production = client.transport(isPublic)
	client.development = client.transport(func(a netip.Addr) bool {
		return isPublic(a) || isWithin(a, c.developmentNow())
	})
	return client
}

// developmentNow are the development networks of this moment.
func (c *Config) developmentNow() []netip.Prefix {
	if c.DevelopmentNetworks != nil {
		return c.DevelopmentNetworks()
	}
	return c.DevelopmentPrefixes
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// transport speaks HTTP/1.1 only, as the sellers' servers of all generations do.
func (c *Client) transport(admit func(netip.Addr) bool) *http.Transport {
	d := &dialer{config: c.config, admit: admit}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  nil, // never from the environment: a proxy would choose the address
		DialContext:            d.dial,
		DialTLSContext:         d.dialTLS,
		Protocols:              &protocols,
		DisableCompression:     true, // signatures cover the bytes as sent
		MaxResponseHeaderBytes: c.config.MaxHeader,
		MaxConnsPerHost:        c.config.MaxPerHost,
		MaxIdleConnsPerHost:    c.config.IdlePerHost,
		MaxIdleConns:           1024,
		IdleConnTimeout:        c.config.IdleTimeout,
	}
}

// Request is one call. Timeout and MaxBody override the client's when set.
type Request struct {
	Method string // GET when empty
	URL    string // absolute, http or https; sent as it is
	Header http.Header
	Body   []byte

	Timeout time.Duration
	MaxBody int64

	// Development admits Config.DevelopmentPrefixes. Set it only for an address that was
	// registered as a development address while the operator's switch is on.
	Development bool
}

// Response is an answer of any status, 3xx included.
type Response struct {
	Status     int
	Header     http.Header
	Body       []byte // the raw bytes, never decoded
	Duration   time.Duration
	TLS        *TLS // nil for http
	RemoteAddr netip.AddrPort
	Reused     bool // an open connection was used again
}

// TLS tells how the connection was secured.
type TLS struct {
	Version  string // "TLS 1.3"
	Cipher   string
	Subject  string // of the server's certificate
	Issuer   string
	NotAfter time.Time
	Verified bool // false on a development address, where any certificate is accepted
}

// Do makes one call and reads the whole answer. A status is never an error. The
// error, if any, is an *Error; the Response then holds what had arrived until then,
// and always the duration. Do does not try again.
func (c *Client) Do(ctx context.Context, in Request) (Response, error) {
	start := c.config.Clock.Now()
	out, err := c.do(ctx, in)
	out.Duration = max(0, c.config.Clock.Now().Sub(start))
	if err != nil {
		return out, err
	}
	return out, nil
}

func (c *Client) do(parent context.Context, in Request) (Response, *Error) {
	var out Response
	setDefault(&in.Timeout, c.config.Timeout)
	setDefault(&in.MaxBody, c.config.MaxBody)
	ctx, cancel := context.WithTimeout(parent, in.Timeout)
	defer cancel()
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		out.Reused = info.Reused
		out.RemoteAddr = addrPort(info.Conn.RemoteAddr())
	}}
	request, err := c.request(httptrace.WithClientTrace(ctx, trace), in)
	if err != nil {
		return out, err
	}
	fail := func(err error) *Error {
		e := classify(parent, ctx, err)
		e.Host, e.seconds, e.limit = request.URL.Hostname(), in.Timeout.Seconds(), in.MaxBody
		if e.Reason == "header" {
			e.limit = c.config.MaxHeader
		}
		return e
	}
	transport := c.production
	if in.Development {
		transport = c.development
	}
	response, rerr := transport.RoundTrip(request)
	if rerr != nil {
		return out, fail(rerr)
	}
	defer response.Body.Close()
	out.Status, out.Header, out.TLS = response.StatusCode, response.Header, tlsDetails(response.TLS)
	if response.StatusCode == http.StatusSwitchingProtocols {
		return out, fail(errUpgrade)
	}
	body, rerr := io.ReadAll(io.LimitReader(response.Body, in.MaxBody+1))
	if int64(len(body)) > in.MaxBody {
		out.Body = body[:in.MaxBody]
		return out, fail(errBodyLimit)
	}
	out.Body = body
	if rerr != nil {
		return out, fail(rerr)
	}
	return out, nil
}

func (c *Client) request(ctx context.Context, in Request) (*http.Request, *Error) {
	u, err := url.Parse(in.URL)
	switch {
	case err != nil:
		return nil, &Error{Kind: InvalidURL, Reason: "syntax", Err: err}
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, &Error{Kind: InvalidURL, Reason: "scheme"}
	case u.Hostname() == "":
		return nil, &Error{Kind: InvalidURL, Reason: "host"}
	case u.User != nil:
		return nil, &Error{Kind: InvalidURL, Reason: "userinfo"}
	}
	var body io.Reader
	if len(in.Body) > 0 {
		body = bytes.NewReader(in.Body)
	}
	request, err := http.NewRequestWithContext(ctx, in.Method, in.URL, body)
	if err != nil {
		return nil, &Error{Kind: InvalidURL, Reason: "syntax", Host: u.Hostname(), Err: err}
	}
	if in.Header != nil {
		request.Header = in.Header.Clone()
	}
	if request.Header.Get("User-Agent") == "" {
		request.Header.Set("User-Agent", c.config.UserAgent)
	}
	return request, nil
}

// LookupTXT reads the TXT records of a name within the connect time limit, for
// proofs of ownership. The error is an *Error of kind DNS, Timeout or Canceled.
func (c *Client) LookupTXT(parent context.Context, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(parent, c.config.ConnectTimeout)
	defer cancel()
	records, err := c.config.Resolver.LookupTXT(ctx, name)
	if err == nil {
		return records, nil
	}
	if ctx.Err() == nil {
		return nil, &Error{Kind: DNS, Host: name, Err: err}
	}
	e := classify(parent, ctx, err)
	e.Host, e.seconds = name, c.config.ConnectTimeout.Seconds()
	return nil, e
}

// CloseIdle closes the connections that wait for reuse, at shutdown and after a
// change of what is admitted.
func (c *Client) CloseIdle() {
	c.production.CloseIdleConnections()
	c.development.CloseIdleConnections()
}

func addrPort(a net.Addr) netip.AddrPort {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	ap := tcp.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

func tlsDetails(s *tls.ConnectionState) *TLS {
	if s == nil {
		return nil
	}
	t := &TLS{
		Version:  tls.VersionName(s.Version),
		Cipher:   tls.CipherSuiteName(s.CipherSuite),
		Verified: len(s.VerifiedChains) > 0,
	}
	if len(s.PeerCertificates) > 0 {
		leaf := s.PeerCertificates[0]
		t.Subject, t.Issuer, t.NotAfter = leaf.Subject.String(), leaf.Issuer.String(), leaf.NotAfter
	}
	return t
}
