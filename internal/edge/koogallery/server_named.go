package koogallery

import (
	"context"
	"time"

	"jishi/internal/market/catalog"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/subscription"
	"jishi/wire/openapi"
)

// namedTypes are the order types of calls that no order caused.
var namedTypes = map[fulfillment.Purpose]string{
	fulfillment.Renew: openapi.OrderRenew, fulfillment.Thaw: openapi.OrderRenew, fulfillment.Convert: openapi.OrderTrialToFormal,
	fulfillment.CancelRenewal: openapi.OrderUnsubscribe, fulfillment.RenewChange: openapi.OrderChange, fulfillment.Upgrade: openapi.OrderChange,
}

// namedOrder answers for the number of a call that an operator had sent: a seller's server reads the
// target of a V2 upgrade by it. Nothing was paid, so the amounts are 0.
func (s *Server) namedOrder(ctx context.Context, c *call, number string, zone *time.Location) (openapi.OrderInfo, openapi.Code, error) {
	var none openapi.OrderInfo
	sent, found, err := fulfillment.FindNamed(ctx, s.DB, number)
	switch {
	case err != nil:
		return none, openapi.SystemError, err
	case !found:
		return none, openapi.InvalidParameter, nil
	case sent.SellerID != c.caller.SellerID:
		return none, openapi.IllegalOperation, nil
	}
	in, err := s.Subscriptions.Find(ctx, s.DB, sent.InstanceID, subscription.Everybody)
	if err != nil {
		return none, openapi.SystemError, err
	}
	o, err := order.Find(ctx, s.DB, order.Everybody, in.OrderID)
	if err != nil {
		return none, openapi.SystemError, err
	}
	info, err := s.orderInfo(ctx, o, zone)
	if err != nil {
		return none, openapi.SystemError, err
	}
	_, lineID := sent.Sent()
	l := order.Line{ID: lineID, ProductName: in.ProductName, SpecName: in.SpecName, SkuCode: in.SkuCode, PlanNumber: in.PlanNumber, ChargingMode: in.ChargingMode,
		PeriodType: in.PeriodType, PeriodNumber: in.PeriodNumber, Chosen: in.Chosen}
	if planID := sent.Parameters[fulfillment.ParamPlanID]; planID != "" {
		sale, err := (&catalog.Store{}).ForSale(ctx, s.DB, planID)
		if err != nil {
			return none, openapi.SystemError, err
		}
		l.SpecName, l.SkuCode, l.PlanNumber, l.PeriodType = sale.SpecName, sale.SkuCode, sale.PlanNumber, sale.PeriodType
	}
	line := orderLine(o, l, nil, zone)
	if expires := sent.Instant(fulfillment.ParamExpireAt); !expires.IsZero() {
		line.ExpireTime = openapi.FormatTime(expires, zone)
	} else if !in.ExpiresAt.IsZero() {
		line.ExpireTime = openapi.FormatTime(in.ExpiresAt, zone)
	}
	for _, name := range []string{fulfillment.ParamAmount, fulfillment.ParamDiskSize, fulfillment.ParamBandWidth} {
		if n := sent.Number(name); n > 0 {
			line.ProductInfo[0].LinearValue = &n
		}
	}
	info.OrderID, info.OrderType, info.CreateTime, info.OrderLine = number, namedTypes[sent.Purpose], openapi.FormatTime(sent.CreatedAt, zone), []openapi.OrderLine{line}
	return info, openapi.Success, nil
}
