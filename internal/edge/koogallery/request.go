package koogallery

import (
	"fmt"
	"time"

	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
	"jishi/internal/market/term"
	"jishi/wire/saas"
)

// chargingModes are the V1 codes of the charging modes of order lines.
var chargingModes = map[string]saas.ChargingMode{
	"PERIOD": saas.Period, "ONE_TIME": saas.OneTime, "ON_DEMAND": saas.OnDemand, "ON_DEMAND_PKG": saas.OnDemandPackage,
}

// scenes are the V2 scenes of the purposes that refreshInstance serves (saas.md §7.3).
var scenes = map[fulfillment.Purpose]string{
	fulfillment.Renew: saas.SceneRenewal, fulfillment.CancelRenewal: saas.SceneUnsubscribePeriod,
	fulfillment.Convert: saas.SceneTrialToFormal, fulfillment.RenewChange: saas.SceneRenewalChange,
}

// statusOf is the status that a call sends: freezing, or the generation's word for the way back.
func statusOf(a fulfillment.Attempt) string {
	switch saas.Activity(a.Call.Activity) {
	case saas.ExpireInstance, saas.InstanceStatus, saas.UpdateInstanceStatus:
	default:
		return ""
	}
	switch {
	case a.Call.Purpose != fulfillment.Thaw:
		return saas.StatusFreeze
	case a.Call.Generation == string(saas.V1):
		return saas.StatusNormal
	}
	return saas.StatusUnfreeze
}

// instanceID is the seller's id of what the call is about.
func instanceID(a fulfillment.Attempt) string {
	if id := a.Call.Parameters[fulfillment.ParamInstanceID]; id != "" {
		return id
	}
	return a.Instance.ExternalID
}

// requestV1 fills the parameters of a V1 call (saas.md §6) from what was sold and what the call says.
func requestV1(a fulfillment.Attempt) (saas.V1Request, error) {
	p, id := a.Call.Parameters, instanceID(a)
	orderID, _ := a.Call.Sent()
	switch activity := saas.Activity(a.Call.Activity); activity {
	case saas.NewInstance:
		return newInstanceV1(a)
	case saas.QueryInstance:
		return saas.QueryInstanceV1{InstanceID: id}, nil
	case saas.RefreshInstance:
		return saas.RefreshInstanceV1{OrderID: orderID, InstanceID: id, ProductID: p[fulfillment.ParamProductID],
			ExpireTime: saas.FormatExpireTime(a.Call.Instant(fulfillment.ParamExpireAt), a.Zone), TrialToFormal: a.Call.Purpose == fulfillment.Convert,
			PeriodType: p[fulfillment.ParamPeriodType], PeriodNumber: a.Call.Number(fulfillment.ParamPeriodNumber), OrderAmount: p[fulfillment.ParamOrderAmount]}, nil
	case saas.ExpireInstance:
		return saas.ExpireInstanceV1{InstanceID: id, OrderID: a.Order.ID}, nil
	case saas.InstanceStatus:
		return saas.InstanceStatusV1{InstanceID: id, Status: statusOf(a)}, nil
	case saas.Upgrade:
		return saas.UpgradeV1{InstanceID: id, OrderID: orderID, SKUCode: p[fulfillment.ParamSkuCode], ProductID: p[fulfillment.ParamProductID],
			Amount: a.Call.Number(fulfillment.ParamAmount), DiskSize: a.Call.Number(fulfillment.ParamDiskSize), BandWidth: a.Call.Number(fulfillment.ParamBandWidth),
			ExtendParams: p[fulfillment.ParamExtendParams]}, nil
	case saas.ReleaseInstance:
		return saas.ReleaseInstanceV1{InstanceID: id, OrderID: a.Order.ID, OrderAmount: p[fulfillment.ParamOrderAmount]}, nil
	default:
		return nil, fmt.Errorf("activity %q is no V1 call", activity)
	}
}

// newInstanceV1 is a purchase (saas.md §6.1). The term is told for period products and packages,
// the period for period products only.
func newInstanceV1(a fulfillment.Attempt) (saas.V1Request, error) {
	mode, ok := chargingModes[a.Line.ChargingMode]
	if !ok {
		return nil, fmt.Errorf("charging mode %q has no V1 code", a.Line.ChargingMode)
	}
	r := saas.NewInstanceV1{
		CustomerID: a.Order.AccountID, CustomerName: clip(saas.Clean(a.BuyerName), 64),
		BusinessID: a.BusinessID, OrderID: a.Order.ID, SKUCode: a.Line.SkuCode, ProductID: a.Line.PlanNumber,
		ChargingMode: mode, OrderAmount: (a.Line.Amount - a.Line.Voucher).String(), ProvisionType: saas.ProvisionWithPurchase,
		Trial:  a.Order.Kind == order.Trial,
		Amount: int(a.Line.Chosen.Linear(pricing.FieldAmount)), DiskSize: int(a.Line.Chosen.Linear(pricing.FieldDisk)), BandWidth: int(a.Line.Chosen.Linear(pricing.FieldBandwidth)),
	}
	// A number has two digits there; a longer trial says its end alone (saas.md §6.1).
	if mode == saas.Period && a.Line.PeriodNumber <= 99 {
		r.PeriodType, r.PeriodNumber = a.Line.PeriodType, a.Line.PeriodNumber
	}
	if mode == saas.Period || mode == saas.OnDemandPackage {
		end := a.Instance.ExpiresAt // repeated for the buyer's page: what he has
		if end.IsZero() {
			end = term.Expiry(a.Start, term.Length{Type: a.Line.PeriodType, Number: a.Line.PeriodNumber}, a.Zone)
		}
		r.ExpireTime = saas.FormatExpireTime(end, a.Zone)
	}
	return r, nil
}

// requestV2 fills the body of a V2 call (saas.md §7).
func requestV2(a fulfillment.Attempt) (saas.V2Request, error) {
	p, id := a.Call.Parameters, instanceID(a)
	orderID, lineID := a.Call.Sent()
	switch activity := saas.Activity(a.Call.Activity); activity {
	case saas.NewInstance:
		return saas.NewInstanceV2{OrderID: a.Order.ID, OrderLineID: a.Line.ID, BusinessID: a.BusinessID}, nil
	case saas.QueryInstance:
		return saas.QueryInstanceV2{InstanceID: id}, nil
	case saas.RefreshInstance:
		scene, ok := scenes[a.Call.Purpose]
		if !ok {
			return nil, fmt.Errorf("purpose %q has no scene", a.Call.Purpose)
		}
		return saas.RefreshInstanceV2{Scene: scene, OrderID: orderID, OrderLineID: lineID, InstanceID: id, ProductID: p[fulfillment.ParamProductID],
			ExpireTime: saas.FormatExpireTime(a.Call.Instant(fulfillment.ParamExpireAt), time.UTC)}, nil
	case saas.UpdateInstanceStatus:
		return saas.UpdateInstanceStatusV2{InstanceID: id, Status: statusOf(a)}, nil
	case saas.UpgradeInstance:
		return saas.UpgradeInstanceV2{InstanceID: id, OrderID: orderID, OrderLineID: lineID}, nil
	case saas.ChangeInstanceCheck:
		return saas.ChangeInstanceCheckV2{InstanceID: id, ProductInfo: saas.EncodeProductInfo(saas.ProductInfo{
			LinearValue: a.Call.Number(fulfillment.ParamAmount), ProductID: p[fulfillment.ParamProductID], SKUCode: p[fulfillment.ParamSkuCode]})}, nil
	case saas.ReleaseInstance:
		r := saas.ReleaseInstanceV2{InstanceID: id}
		if a.Call.OrderID != a.Instance.OrderID { // of a refund, and only then (saas.md §7.5)
			r.OrderID, r.OrderLineID = orderID, lineID
		}
		return r, nil
	default:
		return nil, fmt.Errorf("activity %q is no V2 call", activity)
	}
}
