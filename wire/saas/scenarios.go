package saas

// The kinds of products that need most scenarios.
var (
	allModes     = []ChargingMode{Period, OneTime, OnDemand, OnDemandPackage}
	runningModes = []ChargingMode{Period, OnDemand, OnDemandPackage}
	usageModes   = []ChargingMode{OnDemand, OnDemandPackage}
	periodOnly   = []ChargingMode{Period}
)

// The scenarios whose instances others use, in V1.
const (
	createPeriod   = "newInstance.period"
	createOnDemand = "newInstance.on-demand"
)

func scenariosV1() []Scenario {
	create := func(key, order string, mode ChargingMode, needed []ChargingMode, f Feature, more func(*NewInstanceV1, Dummies)) Scenario {
		fixed := []string{"chargingMode"}
		return Scenario{Key: key, Generation: V1, Activity: NewInstance, Modes: needed, Feature: f, Fixed: fixed, preset: func(d Dummies) Params {
			r := purchaseV1(d, order, mode)
			if more != nil {
				more(&r, d)
			}
			return r.V1Params()
		}}
	}
	refresh := func(key, order string, otherPlanToo, trial bool) Scenario {
		fixed := []string{}
		if trial {
			fixed = append(fixed, "trialToFormal")
		}
		return Scenario{Key: key, Generation: V1, Activity: RefreshInstance, Modes: periodOnly, Instance: createPeriod, Fixed: fixed, preset: func(d Dummies) Params {
			r := RefreshInstanceV1{OrderID: d.Order + order, InstanceID: d.InstanceID, ExpireTime: d.expiry(2), TrialToFormal: trial,
				PeriodType: PeriodYear, PeriodNumber: 1, OrderAmount: "100.00", Test: true}
			if otherPlanToo {
				r.ProductID = OtherPlan
			}
			return r.V1Params()
		}}
	}
	status := func(key, value string) Scenario {
		return Scenario{Key: key, Generation: V1, Activity: InstanceStatus, Modes: usageModes, Instance: createOnDemand, Fixed: []string{"instanceStatus"}, preset: func(d Dummies) Params {
			return InstanceStatusV1{InstanceID: d.InstanceID, Status: value, Test: true}.V1Params()
		}}
	}
	return []Scenario{
		create(createPeriod, "A", Period, periodOnly, "", nil),
		create("newInstance.one-time", "B", OneTime, []ChargingMode{OneTime}, "", nil),
		create(createOnDemand, "C", OnDemand, usageModes, "", nil),
		create("newInstance.package", "D", OnDemandPackage, []ChargingMode{OnDemandPackage}, "", nil),
		create("newInstance.extend-params", "E", Period, nil, FeatureExtendParams, func(r *NewInstanceV1, _ Dummies) {
			r.ExtendParams = `[{"name":"emailDomainName","value":"test.example.com"},{"name":"extendParamName","value":"A>B?云"}]`
		}),
		create("newInstance.contact", "F", Period, nil, FeatureContact, func(r *NewInstanceV1, _ Dummies) {
			r.MobilePhone, r.Email, r.UserID, r.UserName = "13800138000", "buyer@example.com", dummyCustomer, "debug_user"
		}),
		refresh("refreshInstance.renewal", "R1", false, false),
		refresh("refreshInstance.renewal-other-plan", "R2", true, false),
		refresh("refreshInstance.trial", "R3", false, true),
		refresh("refreshInstance.trial-other-plan", "R4", true, true),
		{Key: "queryInstance", Generation: V1, Activity: QueryInstance, Modes: usageModes, Instance: createOnDemand, preset: func(d Dummies) Params {
			return QueryInstanceV1{InstanceID: d.InstanceID, Test: true}.V1Params()
		}},
		status("instanceStatus.freeze", StatusFreeze),
		status("instanceStatus.normal", StatusNormal),
		{Key: "upgrade", Generation: V1, Activity: Upgrade, Feature: FeatureUpgrade, Instance: createPeriod, preset: func(d Dummies) Params {
			return UpgradeV1{InstanceID: d.InstanceID, OrderID: d.Order + "UPGRADE", SKUCode: otherSKU, ProductID: OtherPlan, Amount: 20, Test: true}.V1Params()
		}},
		{Key: "expireInstance", Generation: V1, Activity: ExpireInstance, Modes: periodOnly, Instance: createPeriod, preset: func(d Dummies) Params {
			return ExpireInstanceV1{InstanceID: d.InstanceID, OrderID: d.PurchaseOrder, Test: true}.V1Params()
		}},
		{Key: "releaseInstance", Generation: V1, Activity: ReleaseInstance, Modes: allModes, Instance: AnyInstance, preset: func(d Dummies) Params {
			return ReleaseInstanceV1{InstanceID: d.InstanceID, OrderID: d.PurchaseOrder, Test: true}.V1Params()
		}},
	}
}

// purchaseV1 is an order of one year, or without term.
func purchaseV1(d Dummies, order string, mode ChargingMode) NewInstanceV1 {
	r := NewInstanceV1{
		CustomerID: dummyCustomer, CustomerName: "debug_customer", BusinessID: d.BusinessID, OrderID: d.Order + order,
		SKUCode: dummySKU, ProductID: dummyPlan, ChargingMode: mode, OrderAmount: "100.00", ProvisionType: ProvisionWithPurchase, Test: true,
	}
	switch mode {
	case Period:
		r.Amount, r.PeriodType, r.PeriodNumber, r.ExpireTime = 10, PeriodYear, 1, d.expiry(1)
	case OnDemandPackage:
		r.ExpireTime = d.expiry(1)
	}
	return r
}

// scenariosV2 use the debug orders: servers that read the order find them at every marketplace. Their numbers stay the
// same in all runs.
func scenariosV2() []Scenario {
	create := func(key, order string, needed []ChargingMode, f Feature) Scenario {
		return Scenario{Key: key, Generation: V2, Activity: NewInstance, Modes: needed, Feature: f, preset: func(d Dummies) Params {
			return NewInstanceV2{OrderID: order, OrderLineID: DebugOrderLine(order), BusinessID: d.BusinessID, Test: true}.V2Params()
		}}
	}
	refresh := func(key, scene, order string) Scenario {
		return Scenario{Key: key, Generation: V2, Activity: RefreshInstance, Modes: runningModes, Instance: AnyInstance, Fixed: []string{"scene"}, preset: func(d Dummies) Params {
			return RefreshInstanceV2{Scene: scene, OrderID: order, OrderLineID: DebugOrderLine(order), InstanceID: d.InstanceID, ExpireTime: d.expiry(2), Test: true}.V2Params()
		}}
	}
	status := func(key, value string) Scenario {
		return Scenario{Key: key, Generation: V2, Activity: UpdateInstanceStatus, Modes: runningModes, Instance: AnyInstance, Fixed: []string{"status"}, preset: func(d Dummies) Params {
			return UpdateInstanceStatusV2{InstanceID: d.InstanceID, Status: value, Test: true}.V2Params()
		}}
	}
	return []Scenario{
		create("newInstance", DebugOrderYear, periodOnly, ""),
		create("newInstance.one-time", DebugOrderOneTime, []ChargingMode{OneTime}, ""),
		create("newInstance.on-demand", DebugOrderOnDemand, usageModes, ""),
		create("newInstance.package", DebugOrderPackage, []ChargingMode{OnDemandPackage}, ""),
		create("newInstance.trial", DebugOrderTrial, nil, FeatureTrial),
		{Key: "queryInstance", Generation: V2, Activity: QueryInstance, Modes: allModes, Instance: AnyInstance, preset: func(d Dummies) Params {
			return QueryInstanceV2{InstanceID: d.InstanceID, Test: true}.V2Params()
		}},
		refresh("refreshInstance.trial-to-formal", SceneTrialToFormal, DebugOrderFormal),
		refresh("refreshInstance.renewal", SceneRenewal, DebugOrderRenewal),
		refresh("refreshInstance.unsubscribe-renewal", SceneUnsubscribePeriod, DebugOrderRefund),
		refresh("refreshInstance.renewal-change", SceneRenewalChange, DebugOrderChange),
		{Key: "changeInstanceCheck", Generation: V2, Activity: ChangeInstanceCheck, Feature: FeatureChange, Instance: AnyInstance, preset: func(d Dummies) Params {
			info := EncodeProductInfo(ProductInfo{LinearValue: 50, ProductID: OtherPlan, SKUCode: otherSKU})
			return ChangeInstanceCheckV2{InstanceID: d.InstanceID, ProductInfo: info, Test: true}.V2Params()
		}},
		{Key: "upgradeInstance", Generation: V2, Activity: UpgradeInstance, Feature: FeatureUpgrade, Instance: AnyInstance, preset: func(d Dummies) Params {
			return UpgradeInstanceV2{InstanceID: d.InstanceID, OrderID: DebugOrderChange, OrderLineID: DebugOrderLine(DebugOrderChange), Test: true}.V2Params()
		}},
		status("updateInstanceStatus.freeze", StatusFreeze),
		status("updateInstanceStatus.unfreeze", StatusUnfreeze),
		{Key: "releaseInstance", Generation: V2, Activity: ReleaseInstance, Modes: allModes, Instance: AnyInstance, preset: func(d Dummies) Params {
			return ReleaseInstanceV2{InstanceID: d.InstanceID, OrderID: DebugOrderRefund, OrderLineID: DebugOrderLine(DebugOrderRefund), Test: true}.V2Params()
		}},
	}
}
