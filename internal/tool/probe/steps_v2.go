package probe

import (
	"context"

	"jishi/wire/saas"
)

// stepsV2 uses the debug orders of saas.md §7.8: servers that read the order find them at every marketplace. Their
// numbers stay the same in all runs, as they do when a marketplace repeats its saved cases.
func stepsV2() []step {
	create := func(name, groups, order string, extra bool) step {
		return step{name: name, create: true, groups: groups, extra: extra, do: func(ctx context.Context, p *probe, _ *made, c *Case) {
			r := saas.NewInstanceV2{OrderID: order, OrderLineID: line(order), BusinessID: random(16), Test: true}
			p.create(ctx, name, r.V2Params(), c)
		}}
	}
	steps := []step{
		create("newInstance", "period", "MOCKPERIODYEARNEW", false),
		create("newInstance.one-time", "one-time", "MOCKONETIMENEW", true),
		create("newInstance.on-demand", "on-demand package", "MOCKONDEMAND", true),
		create("newInstance.package", "package", "MOCKONDEMANDPKG", true),
		create("newInstance.trial", "", "MOCKPERIODDAYTRIAL", true),
	}
	steps = append(steps, checks()...)
	steps = append(steps,
		step{name: "old-timestamp", of: anyInstance, groups: "checks " + allKinds, do: oldTimestamp},
		call("queryInstance", anyInstance, allKinds, func(_ *probe, m *made) saas.Params {
			return saas.QueryInstanceV2{InstanceID: m.id, Test: true}.V2Params()
		}),
		refreshV2("refreshInstance.trial-to-formal", saas.SceneTrialToFormal, "MOCKMONTYTRIALTOFORMAL"),
		refreshV2("refreshInstance.renewal", saas.SceneRenewal, "MOCKMONTYRENEW"),
		refreshV2("refreshInstance.unsubscribe-renewal", saas.SceneUnsubscribePeriod, "MOCKMONTYUNSUBSCRIBE"),
		refreshV2("refreshInstance.renewal-change", saas.SceneRenewalChange, "MOCKMONTYCHANGE"),
		call("changeInstanceCheck", anyInstance, "", func(_ *probe, m *made) saas.Params {
			info := saas.EncodeProductInfo(saas.ProductInfo{LinearValue: 50, ProductID: otherPlan, SKUCode: otherSKU})
			return saas.ChangeInstanceCheckV2{InstanceID: m.id, ProductInfo: info, Test: true}.V2Params()
		}),
		call("upgradeInstance", anyInstance, "", func(_ *probe, m *made) saas.Params {
			return saas.UpgradeInstanceV2{InstanceID: m.id, OrderID: "MOCKMONTYCHANGE", OrderLineID: line("MOCKMONTYCHANGE"), Test: true}.V2Params()
		}),
		call("updateInstanceStatus.freeze", anyInstance, "period on-demand package", func(_ *probe, m *made) saas.Params {
			return saas.UpdateInstanceStatusV2{InstanceID: m.id, Status: saas.StatusFreeze, Test: true}.V2Params()
		}),
		call("updateInstanceStatus.unfreeze", anyInstance, "period on-demand package", func(_ *probe, m *made) saas.Params {
			return saas.UpdateInstanceStatusV2{InstanceID: m.id, Status: saas.StatusUnfreeze, Test: true}.V2Params()
		}),
	)
	return append(steps, releases()...)
}

func refreshV2(name, scene, order string) step {
	return call(name, anyInstance, "period on-demand package", func(p *probe, m *made) saas.Params {
		return saas.RefreshInstanceV2{Scene: scene, OrderID: order, OrderLineID: line(order), InstanceID: m.id, ExpireTime: p.expiry(2), Test: true}.V2Params()
	})
}

// line is the only line of a debug order.
func line(order string) string { return order + "-000001" }
