package koogallery

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"jishi/internal/base/db"
	"jishi/internal/base/id"
	"jishi/internal/base/settings"
	"jishi/internal/base/telemetry"
	"jishi/internal/base/throttle"
	rights "jishi/internal/market/access"
	"jishi/internal/market/identity"
	"jishi/internal/market/subscription"
	"jishi/wire/openapi"
)

// OpenAPIPrefix is where the open API lies on every host name of the site.
const OpenAPIPrefix = "/api/mkp-openapi-public/"

// ServerConfig is what the open API needs.
type ServerConfig struct {
	DB            *db.DB
	Log           *slog.Logger
	Identity      *identity.Store
	Subscriptions *subscription.Store
	Settings      *settings.Store
	Proxies       telemetry.Proxies

	// TokenOf knows the caller of an X-Auth-Token, which may stand in for a signature (open-api.md §2.4).
	TokenOf func(ctx context.Context, token, address string) (rights.Caller, error)

	NoLimits bool // benchmarks only

	// Beside runs ask with the server of the seller's sandbox, whose orders are queried here as well with the same keys;
	// false when it has none. Nil is none at all.
	Beside func(ctx context.Context, sellerID string, ask func(*Server) error) (bool, error)
}

// Server answers the open API (开放接口, open-api.md) that sellers' programs call: it plays the gateway, which limits and
// authenticates, and the interfaces behind it. It redirects nobody, since that would break the signed Host.
type Server struct {
	ServerConfig
	limits throttle.Buckets
}

// NewServer makes a Server.
func NewServer(c ServerConfig) *Server { return &Server{ServerConfig: c} }

// call is one request on its way through the server.
type call struct {
	r       *http.Request
	w       http.ResponseWriter
	id      string // 32 hex digits, in gateway errors and in the log
	address string
	caller  rights.Caller
	key     string // whose calls are counted together
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{r: r, w: w, id: id.Hex(16), address: s.Proxies.ClientAddr(r).String()}
	switch {
	case !s.NoLimits && !s.limits.Allow(telemetry.Network(c.address), gatewayRate):
		s.gateway(c, openapi.GatewayThrottled, "")
	case len(r.RequestURI) > maxURL:
		s.gateway(c, openapi.GatewayLongURL, "")
	case !fitting(r.Header):
		s.gateway(c, openapi.GatewayBigHeader, "")
	case r.URL.Path != openapi.PathOrderQuery || r.Method != http.MethodGet:
		s.gateway(c, openapi.GatewayNotFound, "")
	case s.authenticate(c):
		s.answer(c, s.orderQuery)
	}
}

// The gateway's bounds on URL and headers, in bytes (open-api.md §4.3).
const (
	maxURL     = 32 << 10
	maxHeader  = 32 << 10
	maxHeaders = 128 << 10
)

func fitting(h http.Header) bool {
	all := 0
	for name, values := range h {
		for _, v := range values {
			if len(name)+len(v) > maxHeader {
				return false
			}
			all += len(name) + len(v)
		}
	}
	return all <= maxHeaders
}

// answer runs an interface for a caller that is a seller and has not called too often.
func (s *Server) answer(c *call, serve func(ctx context.Context, c *call) (openapi.OrderAnswer, openapi.Code, error)) {
	if !s.NoLimits && !s.limits.Allow(c.key, callRate) {
		s.refuse(c, openapi.TooOften)
		return
	}
	if c.caller.SellerID == "" {
		s.refuse(c, openapi.NoAuthority)
		return
	}
	out, code, err := serve(c.r.Context(), c)
	switch {
	case err != nil:
		s.fault(c, err)
	case code != openapi.Success:
		s.refuse(c, code)
	default:
		out.ResultCode, out.ResultMsg = code.Code, code.Meaning
		send(c.w, code.Status, out)
	}
}

// refuse answers with an interface's own code in its envelope, E1.
func (s *Server) refuse(c *call, code openapi.Code) {
	s.Log.Info("open API call refused", "openRequestId", c.id, "requestId", telemetry.RequestID(c.r.Context()), "code", code.Code, "account", c.caller.AccountID)
	send(c.w, code.Status, openapi.OrderAnswer{ResultCode: code.Code, ResultMsg: code.Meaning})
}

// fault is a failure of ours; the caller may try again.
func (s *Server) fault(c *call, err error) {
	s.Log.Error("open API call failed", "openRequestId", c.id, "requestId", telemetry.RequestID(c.r.Context()), "error", err)
	send(c.w, openapi.SystemError.Status, openapi.OrderAnswer{ResultCode: openapi.SystemError.Code, ResultMsg: openapi.SystemError.Meaning})
}

// gateway answers with a code of the gateway layer in the envelope E4.
func (s *Server) gateway(c *call, code openapi.Code, reason string) {
	text := code.Meaning
	if reason != "" {
		text += ": " + reason
	}
	s.Log.Info("open API request refused", "openRequestId", c.id, "requestId", telemetry.RequestID(c.r.Context()), "code", code.Code, "reason", reason)
	send(c.w, code.Status, openapi.GatewayError{ErrorCode: code.Code, ErrorMsg: text, RequestID: c.id})
}

func send(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(openapi.Encode(answer)) // a caller that has gone asks again
}

// signedRequest is what was signed: the path and the query as they came in, the host that the client named.
func (s *Server) signedRequest(r *http.Request, body []byte) openapi.Request {
	out := openapi.Request{Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Header: r.Header, Body: body}
	if raw, _, _ := strings.Cut(r.RequestURI, "?"); strings.HasPrefix(raw, "/") {
		out.Path = raw
	}
	if forwarded := r.Header.Get("X-Forwarded-Host"); forwarded != "" && s.Proxies.Trusts(r) {
		out.Host = forwarded
	}
	return out
}
