package isv

import (
	"time"

	"jishi/wire/saas"
)

// Create is a purchase: newInstance of either generation (saas.md §6.1, §7.1). It arrives again with another BusinessID
// until it is answered with success, and in V1 whenever the buyer looks at the resource.
type Create struct {
	Generation  saas.Generation
	Test        bool   // a debug or probe call: nothing was bought
	OrderID     string // 订单
	OrderLineID string // 订单行, V2 only
	BusinessID  string // different on every request
	ProductID   string // price plan, V1 only
	Mobile      string // decrypted, V1 and only if the product asks for it
	Email       string // decrypted, likewise
	Extend      []saas.ExtendParam
	// V1 is everything a V1 call says, in its wire form; nil in V2, where buyer and product are read by an order query.
	V1 *saas.NewInstanceV1
}

// Key identifies what was bought: all calls with one key mean one instance. It is the order in V1, order and product for
// V1 on-demand products, order and line in V2.
func (c Create) Key() string {
	switch {
	case c.Generation == saas.V2:
		return c.OrderID + "/" + c.OrderLineID
	case c.V1 != nil && c.V1.ChargingMode == saas.OnDemand:
		return c.OrderID + "/" + c.ProductID
	}
	return c.OrderID
}

// Instance is what a seller tells about an instance. UserName and Password in Access are plain text; the Handler
// encrypts them where the generation demands it, so they may have at most 79 bytes of UTF-8 each.
type Instance struct {
	ID     string        // the seller's id, globally unique, up to 64 characters, never changes
	Access *saas.AppInfo // nil: the seller delivers access data himself, or not yet
	Usage  []saas.UsageInfo
	// InProcess answers newInstance with 000004: accepted, ready later. Only V2 knows it; V1 marketplaces call again.
	InProcess bool
}

// Query asks for the access data and usage of one instance: queryInstance (saas.md §6.7, §7.2). A call that names several
// instances reaches the seller's function once for each.
type Query struct {
	Generation saas.Generation
	Test       bool
	InstanceID string
}

// Renewal is a new expiry: refreshInstance (saas.md §6.2, §7.3). Idempotent by OrderID. Renewing a frozen instance thaws
// it in V1; in V2 a separate thaw follows.
type Renewal struct {
	Generation  saas.Generation
	Test        bool
	InstanceID  string
	OrderID     string // the renewal, conversion or refund order
	OrderLineID string // V2
	ProductID   string // "" if the price plan stays
	ExpireAt    time.Time
	Scene       string // one of the saas.Scene… values; derived in V1, where a cancelled renewal is not told apart
}

// Freeze is expireInstance, instanceStatus or updateInstanceStatus (saas.md §6.3, §6.6, §7.4): stop or resume the service
// and keep the data. Idempotent by InstanceID.
type Freeze struct {
	Generation saas.Generation
	Test       bool
	InstanceID string
	Frozen     bool // false = resume
}

// Release deletes an instance for good: releaseInstance (saas.md §6.4, §7.5). Idempotent by InstanceID: releasing what
// is already deleted succeeds.
type Release struct {
	Generation  saas.Generation
	Test        bool
	InstanceID  string
	OrderID     string // V2: only for refunds
	OrderLineID string // V2: only for refunds
}

// Upgrade is another specification or quantity of the same instance (saas.md §6.5, §7.6). Idempotent by OrderID.
type Upgrade struct {
	Generation  saas.Generation
	Test        bool
	InstanceID  string
	OrderID     string
	OrderLineID string          // V2, where the target is read by an order query
	V1          *saas.UpgradeV1 // nil in V2
}

// OrderNotice tells that an order line was paid or paid back: orderNotify (open-api.md §11). It comes for products of
// every kind, beside their other calls, and again until it is answered with success: idempotent by OrderID and
// OrderLineID. What was ordered is read by Client.Order.
type OrderNotice struct {
	Test        bool
	OrderID     string
	OrderLineID string
}

// Change asks whether a renewal may change the specification: changeInstanceCheck (saas.md §7.7), V2 only.
type Change struct {
	Test       bool
	InstanceID string
	Target     saas.ProductInfo
}
