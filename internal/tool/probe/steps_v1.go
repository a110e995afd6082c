package probe

import (
	"context"
	"time"

	"jishi/wire/saas"
)

// What the dummy orders of V1 say; the same numbers as in the debug orders of V2.
const (
	dummyCustomer = "00000000000000000000000000000001"
	dummySKU      = "00000000-0000-4000-8000-000000000001"
	otherSKU      = "00000000-0000-4000-8000-000000000002"
	dummyPlan     = "OFFI0000000000000001"
	otherPlan     = "OFFI0000000000000002"
)

func stepsV1() []step {
	const period, onDemand = "newInstance.period", "newInstance.on-demand"
	create := func(name, groups string, mode saas.ChargingMode, more func(*probe, *saas.NewInstanceV1)) step {
		return step{name: name, create: true, groups: groups, do: func(ctx context.Context, p *probe, _ *made, c *Case) {
			r := p.purchase(name, mode)
			if more != nil {
				more(p, &r)
			}
			p.create(ctx, name, r.V1Params(), c)
		}}
	}
	steps := []step{
		create(period, "period", saas.Period, nil),
		create("newInstance.one-time", "one-time", saas.OneTime, nil),
		create(onDemand, "on-demand package", saas.OnDemand, nil),
		create("newInstance.package", "package", saas.OnDemandPackage, nil),
		create("newInstance.extend-params", "", saas.Period, (*probe).addExtendParams),
		create("newInstance.contact", "", saas.Period, (*probe).addContact),
	}
	steps[len(steps)-1].extra = true // only products that ask the buyer for it, and only with their algorithm
	steps = append(steps, checks()...)
	steps = append(steps,
		step{name: "second-billing-item", of: onDemand, groups: "checks on-demand package", do: secondItem},
		refreshV1("refreshInstance.renewal", false, false),
		refreshV1("refreshInstance.renewal-other-plan", true, false),
		refreshV1("refreshInstance.trial", false, true),
		refreshV1("refreshInstance.trial-other-plan", true, true),
		call("queryInstance", onDemand, "on-demand package", func(_ *probe, m *made) saas.Params {
			return saas.QueryInstanceV1{InstanceID: m.id, Test: true}.V1Params()
		}),
		call("instanceStatus.freeze", onDemand, "on-demand package", func(_ *probe, m *made) saas.Params {
			return saas.InstanceStatusV1{InstanceID: m.id, Status: saas.StatusFreeze, Test: true}.V1Params()
		}),
		call("instanceStatus.normal", onDemand, "on-demand package", func(_ *probe, m *made) saas.Params {
			return saas.InstanceStatusV1{InstanceID: m.id, Status: saas.StatusNormal, Test: true}.V1Params()
		}),
		call("upgrade", period, "", func(p *probe, m *made) saas.Params {
			return saas.UpgradeV1{InstanceID: m.id, OrderID: p.order + "UPGRADE", SKUCode: otherSKU, ProductID: otherPlan, Amount: 20, Test: true}.V1Params()
		}),
		call("expireInstance", period, "period", func(_ *probe, m *made) saas.Params {
			return saas.ExpireInstanceV1{InstanceID: m.id, OrderID: m.params["orderId"], Test: true}.V1Params()
		}),
	)
	return append(steps, releases()...)
}

// purchase is a V1 order of one year, or without term.
func (p *probe) purchase(step string, mode saas.ChargingMode) saas.NewInstanceV1 {
	r := saas.NewInstanceV1{
		CustomerID: dummyCustomer, CustomerName: "debug_customer", BusinessID: random(16), OrderID: p.order + suffix(step),
		SKUCode: dummySKU, ProductID: dummyPlan, ChargingMode: mode, OrderAmount: "100.00", ProvisionType: saas.ProvisionWithPurchase, Test: true,
	}
	switch mode {
	case saas.Period:
		r.Amount, r.PeriodType, r.PeriodNumber, r.ExpireTime = 10, saas.PeriodYear, 1, p.expiry(1)
	case saas.OnDemandPackage:
		r.ExpireTime = p.expiry(1)
	}
	return r
}

// suffix tells the orders of one run apart.
func suffix(step string) string {
	return map[string]string{"newInstance.period": "A", "newInstance.one-time": "B", "newInstance.on-demand": "C",
		"newInstance.package": "D", "newInstance.extend-params": "E", "newInstance.contact": "F"}[step]
}

func (p *probe) expiry(years int) string {
	if p.generation == saas.V2 {
		return saas.FormatExpireTime(p.now().AddDate(years, 0, 0), time.UTC)
	}
	return saas.FormatExpireTime(p.now().AddDate(years, 0, 0), zone)
}

// addExtendParams adds parameters with a character outside of ASCII, encoded as a marketplace does.
func (p *probe) addExtendParams(r *saas.NewInstanceV1) {
	r.ExtendParams, _ = saas.EncodeExtendParams([]saas.ExtendParam{ // texts always have a JSON form
		{Name: "emailDomainName", Value: "test.example.com"}, {Name: "extendParamName", Value: "A>B?云"},
	})
}

// addContact adds what only some products ask the buyer for: encrypted contact data and the sub-user.
func (p *probe) addContact(r *saas.NewInstanceV1) {
	kind := saas.EncryptType(p.EncryptType)
	r.MobilePhone, _ = saas.EncryptField(p.key, kind, random(8), "13800138000") // fails for an unknown algorithm only
	r.Email, _ = saas.EncryptField(p.key, kind, random(8), "buyer@example.com")
	r.UserID, r.UserName = dummyCustomer, "debug_user"
}

func refreshV1(name string, otherPlanToo, trial bool) step {
	return call(name, "newInstance.period", "period", func(p *probe, m *made) saas.Params {
		r := saas.RefreshInstanceV1{OrderID: p.order + "R" + random(2), InstanceID: m.id, ExpireTime: p.expiry(2), TrialToFormal: trial,
			PeriodType: saas.PeriodYear, PeriodNumber: 1, OrderAmount: "100.00", Test: true}
		if otherPlanToo {
			r.ProductID = otherPlan
		}
		return r.V1Params()
	})
}
