package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
)

// Kind says what went wrong; "outbound." + Kind is the code of its text.
type Kind string

// The kinds.
const (
	InvalidURL     Kind = "invalid_url"     // the address cannot be called at all
	DNS            Kind = "dns"             // the name has no address
	RefusedAddress Kind = "refused_address" // its addresses are private or special ones
	Connect        Kind = "connect"         // nobody accepts the connection
	TLSFailed      Kind = "tls"             // the handshake failed
	Timeout        Kind = "timeout"         // no complete answer within the time limit
	TooLarge       Kind = "too_large"       // body or headers over the limit
	Closed         Kind = "closed"          // the connection broke before the answer was complete
	Protocol       Kind = "protocol"        // what came is not an HTTP answer
	Canceled       Kind = "canceled"        // the caller gave up
)

// Error is what Do returns instead of an answer. Err is for the operator's log: it may
// name internal addresses and must not be shown to sellers; the text of Code may.
type Error struct {
	Kind   Kind
	Reason string // narrows TLSFailed (expired, authority, host), TooLarge (header) and InvalidURL
	Host   string
	Err    error

	seconds float64
	limit   int64
}

// Code names the readable text: "outbound.dns", "outbound.tls_expired", "outbound.url_scheme" …
func (e *Error) Code() string {
	switch {
	case e.Kind == InvalidURL && e.Reason != "":
		return "outbound.url_" + e.Reason
	case e.Reason != "":
		return "outbound." + string(e.Kind) + "_" + e.Reason
	}
	return "outbound." + string(e.Kind)
}

// Args are the values for the text: host, seconds (the time limit), limit ("1 MiB").
func (e *Error) Args() map[string]any {
	return map[string]any{"host": e.Host, "seconds": e.seconds, "limit": size(e.limit)}
}

func size(bytes int64) string {
	if bytes >= 1<<20 && bytes%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d KiB", bytes>>10)
}

// Error is for logs.
func (e *Error) Error() string {
	text := e.Code()
	if e.Host != "" {
		text += " " + e.Host
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// As finds the *Error in err's chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

var (
	errBodyLimit = errors.New("the body is over the limit")
	errUpgrade   = errors.New("the server switched protocols")
)

// classify makes an *Error of what the transport reported. The caller's own end
// (parent) is told from our time limit (ctx).
func classify(parent, ctx context.Context, err error) *Error {
	var known *Error
	switch {
	case errors.Is(parent.Err(), context.Canceled):
		return &Error{Kind: Canceled, Err: err}
	case errors.As(err, &known):
		c := *known // the transport may give one dial's error to several waiting calls
		return &c
	case ctx.Err() != nil:
		return &Error{Kind: Timeout, Err: err}
	case errors.Is(err, errBodyLimit):
		return &Error{Kind: TooLarge, Err: err}
	case strings.Contains(err.Error(), "response headers exceeded"):
		return &Error{Kind: TooLarge, Reason: "header", Err: err}
	case isBroken(err):
		return &Error{Kind: Closed, Err: err}
	}
	return &Error{Kind: Protocol, Err: err}
}

func isBroken(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, syscall.ECONNABORTED) ||
		strings.Contains(err.Error(), "server closed idle connection")
}

func isRefusal(err error) bool {
	var r *refusal
	return errors.As(err, &r)
}

func tlsReason(err error) string {
	var (
		invalid   x509.CertificateInvalidError
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "expired"
	case errors.As(err, &authority):
		return "authority"
	case errors.As(err, &host):
		return "host"
	case errors.As(err, &record):
		return "plain"
	}
	return ""
}
