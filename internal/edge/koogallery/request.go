package koogallery

import (
	"fmt"

	"jishi/internal/market/fulfillment"
	"jishi/internal/market/term"
	"jishi/wire/saas"
)

var chargingModes = map[string]saas.ChargingMode{"PERIOD": saas.Period, "ONE_TIME": saas.OneTime}

// requestV1 fills the parameters of a V1 call (saas.md §6) from what was sold.
func requestV1(a fulfillment.Attempt) (saas.V1Request, error) {
	switch activity := saas.Activity(a.Call.Activity); activity {
	case saas.NewInstance:
		mode, ok := chargingModes[a.Line.ChargingMode]
		if !ok {
			return nil, fmt.Errorf("charging mode %q has no V1 code", a.Line.ChargingMode)
		}
		r := saas.NewInstanceV1{
			CustomerID: a.Order.AccountID, CustomerName: clip(saas.Clean(a.BuyerName), 64),
			BusinessID: a.BusinessID, OrderID: a.Order.ID, SKUCode: a.Line.SkuCode, ProductID: a.Line.PlanNumber,
			ChargingMode: mode, OrderAmount: a.Line.Amount.String(), ProvisionType: saas.ProvisionWithPurchase,
		}
		if mode == saas.Period {
			r.PeriodType, r.PeriodNumber = a.Line.PeriodType, a.Line.PeriodNumber
			end := a.Instance.ExpiresAt // repeated for the buyer's page: what he has
			if end.IsZero() {
				end = term.Expiry(a.Start, term.Length{Type: a.Line.PeriodType, Number: a.Line.PeriodNumber}, a.Zone)
			}
			r.ExpireTime = saas.FormatExpireTime(end, a.Zone)
		}
		return r, nil
	case saas.QueryInstance:
		return saas.QueryInstanceV1{InstanceID: a.Instance.ExternalID}, nil
	case saas.ReleaseInstance:
		return saas.ReleaseInstanceV1{InstanceID: a.Call.Parameters["instanceId"], OrderID: a.Order.ID}, nil
	default:
		return nil, fmt.Errorf("activity %q is no V1 call of a purchase", activity)
	}
}

// requestV2 fills the body of a V2 call (saas.md §7).
func requestV2(a fulfillment.Attempt) (saas.V2Request, error) {
	switch activity := saas.Activity(a.Call.Activity); activity {
	case saas.NewInstance:
		return saas.NewInstanceV2{OrderID: a.Order.ID, OrderLineID: a.Line.ID, BusinessID: a.BusinessID}, nil
	case saas.QueryInstance:
		return saas.QueryInstanceV2{InstanceID: a.Instance.ExternalID}, nil
	case saas.ReleaseInstance:
		// After a refund the seller is told the refund order and its line (saas.md §7.5).
		return saas.ReleaseInstanceV2{InstanceID: a.Call.Parameters["instanceId"], OrderID: a.Call.OrderID, OrderLineID: a.Call.OrderLineID}, nil
	default:
		return nil, fmt.Errorf("activity %q is no V2 call of a purchase", activity)
	}
}
