package probe

import (
	"context"
	"net/http"
	"strings"
	"time"

	"jishi/internal/base/outbound"
	"jishi/internal/market/integration"
	"jishi/wire/saas"
)

// sign builds a call as a marketplace does.
func (p *probe) sign(params saas.Params, key string, at time.Time) (saas.Call, error) {
	if p.generation == saas.V1 {
		return saas.BuildV1(p.address, key, at, params)
	}
	return saas.BuildV2(p.address, key, at, random(32), params)
}

// signed is sign for parameters of our own, which always can be.
func (p *probe) signed(params saas.Params, key string, at time.Time) saas.Call {
	call, _ := p.sign(params, key, at) // start has tried the address
	return call
}

// call makes a correctly signed call and judges the answer strictly. ok tells that nothing was wrong with it.
func (p *probe) call(ctx context.Context, params saas.Params, c *Case) (v saas.Verdict, ok bool) {
	reply, arrived := p.send(ctx, p.signed(params, p.key, p.now()), c)
	if !arrived {
		return v, false
	}
	judged := integration.Judge(saas.Expectation{
		Generation: p.generation, Activity: saas.Activity(params[saas.ParamActivity]), Status: params["instanceStatus"] + params["status"], Key: p.key,
	}, reply, nil)
	for _, w := range judged.Warnings {
		c.warn(w.Code, values(w))
	}
	if judged.Problem != nil {
		c.fail(judged.Problem.Code, values(*judged.Problem))
	}
	return judged.Verdict, judged.Problem == nil
}

// send makes one call; arrived tells that there is a whole answer. What goes wrong on the way is a fault of the case.
func (p *probe) send(ctx context.Context, call saas.Call, c *Case) (reply outbound.Response, arrived bool) {
	reply, err := p.client.Do(ctx, outbound.Request{Method: call.Method, URL: call.URL, Header: call.Header, Body: call.Body,
		Timeout: p.Timeout, Development: p.development})
	c.took += reply.Duration
	c.last = exchange(call, reply)
	if e, ok := outbound.As(err); ok {
		c.fail(e.Code(), e.Args())
		switch e.Kind {
		case outbound.DNS, outbound.Connect, outbound.RefusedAddress, outbound.TLSFailed:
			p.unreachable = true
		}
		return reply, false
	}
	p.compareClocks(reply.Header, c)
	return reply, true
}

// compareClocks warns once when the server's clock is so far away that it may refuse fresh V2 calls.
func (p *probe) compareClocks(h http.Header, c *Case) {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil || p.generation != saas.V2 || p.skewTold {
		return
	}
	if skew := theirs.Sub(p.now()).Abs(); skew > saas.FreshnessV2/2 {
		p.skewTold = true
		c.warn(faultSkew, map[string]any{"seconds": integration.Seconds(skew)})
	}
}

// mustRefuse makes a call that a server has to answer with 000001; code is the fault when it is accepted.
func (p *probe) mustRefuse(ctx context.Context, call saas.Call, code string, c *Case) {
	reply, arrived := p.send(ctx, call, c)
	if !arrived {
		return
	}
	judged := integration.Refusal(reply, nil, code)
	for _, w := range judged.Warnings {
		c.warn(w.Code, values(w))
	}
	if judged.Problem != nil {
		c.fail(judged.Problem.Code, values(*judged.Problem))
	}
}

func values(f integration.Fault) map[string]any {
	out := f.Values()
	for name, v := range f.Args {
		out[name] = plain(v, 300)
	}
	return out
}

// without removes a parameter from a signed URL and leaves all other bytes as they are.
func without(url, name string) string {
	path, query, _ := strings.Cut(url, "?")
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		if !strings.HasPrefix(pair, name+"=") {
			kept = append(kept, pair)
		}
	}
	return path + "?" + strings.Join(kept, "&")
}
