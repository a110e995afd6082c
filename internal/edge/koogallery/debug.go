package koogallery

import (
	"context"
	"time"

	"jishi/internal/base/outbound"
	"jishi/internal/market/integration"
	"jishi/internal/market/seller"
	"jishi/wire/saas"
)

// Debugger signs and sends the calls of application access: the debug page, saved cases and probes. It implements
// integration.Caller. What the operator has set for the address holds for them as for real calls.
type Debugger struct {
	Client  *outbound.Client
	Timeout time.Duration // bounds what addresses may ask for per call; 0 is no bound but the address's own
}

var _ integration.Caller = (*Debugger)(nil)

// Sign builds the call with a fresh timestamp and nonce, as real ones are.
func (*Debugger) Sign(s integration.Signing) (saas.Call, error) {
	address := addressOf(s.Endpoint, s.Path)
	if s.Generation == saas.V1 {
		return saas.BuildV1As(s.Endpoint.Variant(), address, s.Key.Reveal(), s.At, s.Parameters)
	}
	return saas.BuildV2As(s.Endpoint.Variant(), address, s.Key.Reveal(), s.At, nonce(), s.Parameters)
}

// Send makes the call, once.
func (d *Debugger) Send(ctx context.Context, e seller.Endpoint, call saas.Call) (outbound.Response, error) {
	return (&Caller{Client: d.Client, Timeout: d.Timeout}).exchange(ctx, e, call)
}
