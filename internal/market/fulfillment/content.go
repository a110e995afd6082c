package fulfillment

import (
	"strconv"
	"time"

	"jishi/internal/market/order"
)

// Keys of Call.Parameters: what a call says beside what its instance and its order say.
const (
	ParamInstanceID   = "instanceId" // the seller's id, when it is not (any more) the instance's
	ParamExpireAt     = "expireAt"   // RFC 3339, written as each generation wants it
	ParamProductID    = "productId"  // the new plan's number
	ParamSkuCode      = "skuCode"
	ParamPlanID       = "planId" // the new plan in the catalogue; not sent
	ParamPeriodType   = "periodType"
	ParamPeriodNumber = "periodNumber"
	ParamOrderAmount  = "orderAmount" // what was paid; negative for a cancelled renewal
	ParamAmount       = "amount"      // linear values: the new totals, never increments
	ParamDiskSize     = "diskSize"
	ParamBandWidth    = "bandWidth"
	ParamExtendParams = "saasExtendParams"
	ParamThaw         = "thaw"   // "1": a frozen instance is thawed by a call of its own afterwards (V2); not sent
	ParamReason       = "reason" // of the operator; not sent
)

// Number is a whole number among the parameters; 0 when there is none.
func (c Call) Number(key string) int {
	n, _ := strconv.Atoi(c.Parameters[key])
	return n
}

// Instant is a time among the parameters; zero when there is none.
func (c Call) Instant(key string) time.Time {
	t, _ := time.Parse(time.RFC3339, c.Parameters[key])
	return t
}

// Sent are the numbers of order and line that go over the wire: those of the cause, or the ones
// drawn for a call that no order caused.
func (c Call) Sent() (orderID, lineID string) {
	if c.NamedOrder != "" {
		return c.NamedOrder, order.LineID(c.NamedOrder, 1)
	}
	return c.OrderID, c.OrderLineID
}
