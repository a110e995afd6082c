package probe

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"jishi/internal/market/integration"
	"jishi/wire/saas"
)

const allKinds = "period one-time on-demand package"

// staleBy is how old the timestamp is that a V2 server must not accept; the limit is saas.FreshnessV2.
const staleBy = 2 * time.Minute

// foreignKey signs calls that must be refused. No marketplace hands it out: it is no UUID of version 4.
const foreignKey = "00000000-0000-0000-0000-000000000000"

// checks are the steps of both generations that no single call can show.
func checks() []step {
	check := func(name string, do func(*probe, context.Context, *made, *Case)) step {
		return step{name: name, of: anyInstance, groups: "checks " + allKinds, do: func(ctx context.Context, p *probe, m *made, c *Case) { do(p, ctx, m, c) }}
	}
	return []step{
		check("repeated-newInstance", (*probe).repeatPurchases),
		check("wrong-signature", func(p *probe, ctx context.Context, m *made, c *Case) {
			p.mustRefuse(ctx, p.signed(again(m.params), foreignKey, p.now()), integration.FaultWrongSignature, c)
		}),
		check("missing-signature", func(p *probe, ctx context.Context, m *made, c *Case) {
			call := p.signed(again(m.params), p.key, p.now())
			name := saas.ParamSignature
			if p.generation == saas.V1 {
				name = saas.ParamAuthToken
			}
			call.URL = without(call.URL, name)
			p.mustRefuse(ctx, call, faultMissingSignature, c)
		}),
		check("altered-call", func(p *probe, ctx context.Context, m *made, c *Case) {
			params := again(m.params)
			call := p.signed(params, p.key, p.now())
			other := random(16)
			call.URL = strings.Replace(call.URL, params["businessId"], other, 1)
			call.Body = bytes.Replace(call.Body, []byte(params["businessId"]), []byte(other), 1)
			p.mustRefuse(ctx, call, faultAltered, c)
		}),
	}
}

// call is a step that makes one call for an instance.
func call(name, of, groups string, build func(*probe, *made) saas.Params) step {
	return step{name: name, of: of, groups: groups, do: func(ctx context.Context, p *probe, m *made, c *Case) {
		v, ok := p.call(ctx, build(p, m), c)
		if ok && name == string(saas.QueryInstance) && !names(v, m.id) {
			c.fail(integration.FaultNotNamed, map[string]any{"id": m.id})
		}
	}}
}

// releases are the last steps of both generations.
func releases() []step {
	const name = "releaseInstance"
	return []step{
		{name: name, of: anyInstance, groups: allKinds, do: func(ctx context.Context, p *probe, m *made, c *Case) {
			m.releasing = true
			p.call(ctx, p.release(m), c)
		}},
		{name: "repeated-release", of: anyInstance, after: name, groups: "checks " + allKinds, do: func(ctx context.Context, p *probe, m *made, c *Case) {
			try := Case{lang: c.lang}
			v, ok := p.call(ctx, p.release(m), &try)
			c.absorb(try)
			if !ok && v.Answer.ResultCode != "" { // this text says more than that of the code
				c.Faults = nil
				c.fail(integration.FaultRelease, map[string]any{"code": plain(v.Answer.ResultCode, 20)})
			}
		}},
	}
}

func (p *probe) release(m *made) saas.Params {
	sc, _ := saas.ScenarioOf(p.generation, string(saas.ReleaseInstance))
	return p.params(sc, m)
}

// again is the same purchase with a new businessId, as every attempt has one.
func again(params saas.Params) saas.Params {
	out := maps.Clone(params)
	out["businessId"] = random(16)
	return out
}

// create makes an instance and waits until it is there.
func (p *probe) create(ctx context.Context, step string, params saas.Params, c *Case) {
	v, ok := p.call(ctx, params, c)
	if !ok {
		return
	}
	m := &made{by: step, params: params, id: v.Answer.InstanceID}
	for _, other := range p.made {
		if other.id == m.id {
			c.fail(faultShared, map[string]any{"id": m.id, "first": other.params["orderId"], "second": params["orderId"]})
			return
		}
	}
	p.made = append(p.made, m)
	if v.Outcome == saas.Accepted && !p.awaitReady(ctx, m, c) {
		// Whatever is called next would meet half an instance. It is still released in the end.
		m.by = ""
	}
}

// awaitReady asks for an instance in process until it is named (saas.md §7.2).
func (p *probe) awaitReady(ctx context.Context, m *made, c *Case) bool {
	deadline, cancel := context.WithTimeout(ctx, p.ReadyTimeout)
	defer cancel()
	tick := time.NewTicker(p.Poll)
	defer tick.Stop()
	for {
		try := Case{lang: c.lang}
		v, ok := p.call(deadline, saas.QueryInstanceV2{InstanceID: m.id, Test: true}.V2Params(), &try)
		if ok && names(v, m.id) {
			c.absorb(try)
			return true
		}
		select {
		case <-deadline.Done():
			c.fail(integration.FaultNotReady, map[string]any{"seconds": integration.Seconds(p.ReadyTimeout)})
			c.absorb(try)
			return false
		case <-tick.C:
		}
	}
}

// names tells whether an answer of queryInstance speaks of the instance.
func names(v saas.Verdict, id string) bool {
	return slices.ContainsFunc(v.Instances, func(i saas.Instance) bool { return i.InstanceID == id })
}

// repeatPurchases buys everything once more: the same order is the same instance.
func (p *probe) repeatPurchases(ctx context.Context, _ *made, c *Case) {
	for _, m := range slices.Clone(p.made) {
		v, ok := p.call(ctx, again(m.params), c)
		if ok && v.Answer.InstanceID != m.id {
			c.fail(integration.FaultNotIdempotent, map[string]any{"order": m.params["orderId"], "first": m.id, "second": v.Answer.InstanceID})
			p.made = append(p.made, &made{params: m.params, id: v.Answer.InstanceID})
		}
	}
}

// secondItem buys another billing item of an on-demand order: it is an instance of its own (saas.md §6.1.2).
func secondItem(ctx context.Context, p *probe, m *made, c *Case) {
	params := again(m.params)
	params["productId"] = saas.OtherPlan
	v, ok := p.call(ctx, params, c)
	switch {
	case !ok:
	case v.Answer.InstanceID == m.id:
		c.fail(faultItemsShared, map[string]any{"id": m.id})
	default:
		p.made = append(p.made, &made{params: params, id: v.Answer.InstanceID})
	}
}

func oldTimestamp(ctx context.Context, p *probe, m *made, c *Case) {
	p.mustRefuse(ctx, p.signed(again(m.params), p.key, p.now().Add(-staleBy)), faultOldTimestamp, c)
}
