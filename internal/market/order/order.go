package order

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/market/discount"
	"jishi/internal/market/pricing"
)

// Order is one seller's product bought by one account.
type Order struct {
	ID         string       `db:"id"` // the order number, which sellers de-duplicate by
	Kind       Kind         `db:"kind"`
	State      State        `db:"state"`
	AccountID  string       `db:"account_id"`
	UserID     string       `db:"user_id"`
	SellerID   string       `db:"seller_id"`
	ProductID  string       `db:"product_id"`
	ParentID   string       `db:"parent_id"` // the order that a refund order refunds
	Currency   string       `db:"currency"`
	ListAmount money.Amount `db:"list_amount"`
	DueAmount  money.Amount `db:"due_amount"` // to be paid; negative on a refund order
	PaidAmount money.Amount `db:"paid_amount"`
	Voucher    money.Amount `db:"voucher_amount"` // covered by a voucher, not contained in DueAmount
	Agreement  Agreement    `db:"agreement,json"`
	Note       string       `db:"note"`
	Purchase   string       `db:"purchase_number"` // the buyer's own number (采购单号)
	DiscountID string       `db:"discount_id"`     // the promotion or offer whose one use it takes
	LineCount  int          `db:"line_count"`
	Cause      string       `db:"cause"` // why it was refunded or closed: a stable code
	CreatedAt  time.Time    `db:"created_at"`
	Deadline   time.Time    `db:"deadline"` // of payment
	PaidAt     time.Time    `db:"paid_at"`
	ClosedAt   time.Time    `db:"closed_at"`
	Version    int64        `db:"version"`
}

// Agreement is what the buyer ticked, kept for 我的协议.
type Agreement struct {
	Version  string    `json:"version"` // the product's own agreement, or "site"
	SignedAt time.Time `json:"signedAt"`
	UserID   string    `json:"userId"`
}

// Line is one specification on an order: a snapshot.
type Line struct {
	ID           string       `db:"id" json:"id"` // order number + "-000001"
	OrderID      string       `db:"order_id" json:"orderId"`
	ProductID    string       `db:"product_id" json:"productId"`
	VersionID    string       `db:"version_id" json:"versionId"`
	ProductName  i18n.Text    `db:"product_name" json:"productName"`
	SpecID       string       `db:"spec_id" json:"specId"`
	SpecName     i18n.Text    `db:"spec_name" json:"specName"`
	SkuCode      string       `db:"sku_code" json:"skuCode"`
	PlanID       string       `db:"plan_id" json:"planId"`
	PlanNumber   string       `db:"plan_number" json:"planNumber"` // the wire's productId
	ChargingMode string       `db:"charging_mode" json:"chargingMode"`
	PeriodType   string       `db:"period_type" json:"periodType"`
	PeriodNumber int          `db:"period_number" json:"periodNumber"`
	UnitPrice    money.Price  `db:"unit_price" json:"unitPrice"`
	ListAmount   money.Amount `db:"list_amount" json:"listAmount"`
	Amount       money.Amount `db:"amount" json:"amount"`
	Voucher      money.Amount `db:"voucher_amount" json:"voucherAmount,omitempty"` // the part of Amount that a voucher covers
	TaxCategory  string       `db:"tax_category" json:"taxCategory"`
	TaxRate      money.Price  `db:"tax_rate" json:"taxRate"`
	FeeRatio     money.Price  `db:"fee_ratio" json:"feeRatio"` // the platform's part at payment
	AddressID    string       `db:"address_id" json:"addressId"`
	Path         string       `db:"path" json:"path"`
	Generation   string       `db:"generation" json:"generation"`
	RefundPolicy string       `db:"refund_policy" json:"refundPolicy"`

	Chosen      pricing.Chosen      `db:"chosen,json" json:"chosen"`           // attributes and quantity
	Explanation []pricing.Component `db:"explanation,json" json:"explanation"` // adds up to ListAmount

	InstanceID   string    `db:"instance_id" json:"instanceId,omitempty"` // that it renews or changes; empty when it opens one
	StartsAt     time.Time `db:"starts_at" json:"startsAt,omitzero"`      // after this instant the period begins that a paid renewal bought
	EndsAt       time.Time `db:"ends_at" json:"endsAt,omitzero"`          // and here it ends
	UnifiedDay   int       `db:"unified_day" json:"unifiedDay,omitempty"` // its end is moved to (统一到期日); 0: not moved
	AnchorBefore int       `db:"anchor_before" json:"-"`                  // the anchor day that a paid unified renewal has replaced

	Discount *pricing.Discount `db:"discount,json" json:"discount,omitempty"` // that made Amount of ListAmount (优惠)
	Change   *Change           `db:"change,json" json:"change,omitempty"`     // of a change of specification: what it leads away from
}

// Step is one entry of an order's history.
type Step struct {
	ID        string    `db:"id" json:"id"`
	OrderID   string    `db:"order_id" json:"-"`
	At        time.Time `db:"at" json:"at"`
	Event     Event     `db:"event" json:"event"`
	From      State     `db:"from_state" json:"from"`
	To        State     `db:"to_state" json:"to"`
	ActorKind string    `db:"actor_kind" json:"actorKind"`
	ActorID   string    `db:"actor_id" json:"-"`
	ActorName string    `db:"actor_name" json:"actorName"`
	Detail    any       `db:"detail,json" json:"detail"`
}

const columns = `id, kind, state, account_id, user_id, seller_id, product_id, parent_id, currency, list_amount, due_amount, paid_amount, voucher_amount, agreement, note, purchase_number, discount_id, line_count, cause, created_at, deadline, paid_at, closed_at, version`

const sqlMove = `update orders set state = $1, cause = case when $2 = '' then cause else $2 end,
paid_at = case when $3 then $4 else paid_at end, paid_amount = case when $3 then due_amount else paid_amount end,
closed_at = case when $5 then $4 else closed_at end, version = version + 1
where id = $6 and state = $7 and version = $8`

// Apply moves the order by an event, writes its history, and updates o. A pair that is
// not in the table, or a move that somebody else made meanwhile, is
// "order.bad_transition" (Conflict) with the present state. cause is a stable code that
// stays on the order; detail goes to the history.
func Apply(ctx context.Context, tx *db.Tx, o *Order, e Event, cause string, detail any) error {
	to, ok := next(o.State, e)
	if !ok {
		return errs.Conflictf("order.bad_transition", "state", o.State, "order", o.ID)
	}
	n, err := db.Exec(ctx, tx, sqlMove, to, cause, e == Pay, tx.Now, to.final() || to == Completed, o.ID, o.State, o.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("order.bad_transition", "state", o.State, "order", o.ID)
	}
	from := o.State
	o.State, o.Version = to, o.Version+1
	if cause != "" {
		o.Cause = cause
	}
	if e == Pay {
		o.PaidAt, o.PaidAmount = tx.Now, o.DueAmount
	}
	if o.DiscountID != "" && (to == Canceled || to == Expired || to == Refunded) {
		if err := discount.Release(ctx, tx, o.ID); err != nil {
			return err
		}
	}
	return Record(ctx, tx, o.ID, e, from, to, detail)
}

// Record appends to the history without a move; from and to may be empty.
func Record(ctx context.Context, tx *db.Tx, orderID string, e Event, from, to State, detail any) error {
	a := audit.ActorFrom(ctx)
	return db.Append(ctx, tx, "order_events", Step{ID: id.New("oev"), OrderID: orderID, At: tx.Now, Event: e,
		From: from, To: to, ActorKind: a.Kind, ActorID: a.ID, ActorName: a.Name, Detail: detail})
}

const sqlLock = `update orders set note = note where id = $1`

// Lock makes transactions about one order wait for each other.
func Lock(ctx context.Context, tx *db.Tx, orderID string) error {
	_, err := db.Exec(ctx, tx, sqlLock, orderID)
	return err
}
