package koogallery

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/outbound"
	"jishi/internal/market/integration"
	"jishi/internal/market/seller"
	"jishi/wire/saas"
)

// Debugger signs and sends the calls of application access: the debug page, saved cases and probes. It implements
// integration.Caller.
type Debugger struct {
	Client  *outbound.Client
	Timeout time.Duration // per call, the body included; 0 is 20 s (saas.md §10)
}

var _ integration.Caller = (*Debugger)(nil)

// Sign builds the call with a fresh timestamp and nonce, as real ones are.
func (*Debugger) Sign(s integration.Signing) (saas.Call, error) {
	address := strings.TrimSuffix(s.Endpoint.Origin, "/") + s.Path
	if s.Generation == saas.V1 {
		return saas.BuildV1(address, s.Key.Reveal(), s.At, s.Parameters)
	}
	return saas.BuildV2(address, s.Key.Reveal(), s.At, nonce(), s.Parameters)
}

// Send makes the call, once.
func (d *Debugger) Send(ctx context.Context, e seller.Endpoint, call saas.Call) (outbound.Response, error) {
	timeout := d.Timeout
	if timeout == 0 {
		timeout = 20 * time.Second
	}
	return d.Client.Do(ctx, outbound.Request{Method: call.Method, URL: call.URL, Header: call.Header, Body: call.Body,
		Timeout: timeout, Development: e.Development})
}
