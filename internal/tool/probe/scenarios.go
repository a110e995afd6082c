package probe

import (
	"context"
	"strings"

	"jishi/wire/saas"
)

// groupsOf are the kinds of products that need a scenario.
func groupsOf(sc saas.Scenario) string {
	var out []string
	for _, m := range sc.Modes {
		out = append(out, map[saas.ChargingMode]string{saas.Period: "period", saas.OneTime: "one-time", saas.OnDemand: "on-demand", saas.OnDemandPackage: "package"}[m])
	}
	return strings.Join(out, " ")
}

// creates are the scenarios that make an instance; extra tells which run only when they are named.
func creates(g saas.Generation, extra func(saas.Scenario) bool) []step {
	var out []step
	for _, sc := range saas.Scenarios(g) {
		if sc.Creates() {
			out = append(out, step{name: sc.Key, create: true, groups: groupsOf(sc), extra: extra(sc), do: func(ctx context.Context, p *probe, _ *made, c *Case) {
				p.create(ctx, sc.Key, p.params(sc, nil), c)
			}})
		}
	}
	return out
}

// calls are the scenarios between creation and release.
func calls(g saas.Generation) []step {
	var out []step
	for _, sc := range saas.Scenarios(g) {
		if !sc.Creates() && sc.Activity != saas.ReleaseInstance {
			out = append(out, call(sc.Key, sc.Instance, groupsOf(sc), func(p *probe, m *made) saas.Params { return p.params(sc, m) }))
		}
	}
	return out
}

// params are a scenario's parameters as they travel, for an instance that the run has made.
func (p *probe) params(sc saas.Scenario, m *made) saas.Params {
	d := saas.Dummies{Now: p.now(), Order: p.order, BusinessID: random(16)}
	if m != nil {
		d.InstanceID, d.PurchaseOrder = m.id, m.params["orderId"]
	}
	preset := sc.Preset(d)
	sent, err := preset.Prepare(sc.Generation, p.key, saas.EncryptType(p.EncryptType), func() string { return random(8) })
	if err != nil {
		return preset // fails for an unknown algorithm only
	}
	return sent
}
