// Package refund owns the refunds (退款, 退订) of delivered orders: who may have how much back,
// by which formula, and what was decided (trade.md §14).
//
// Kinds: five_day (五天无理由: all of it, within 5 × 24 h of the activation, ten a year),
// prorata (what was not used, by the hour), operator (any amount up to what was paid), renewal
// (a renewed period that has not begun: all of it, without a count). An
// order that could not be delivered is refunded by trade without a row here: nobody asks.
//
// States: requested (waits for an approval) → paid | rejected | withdrawn; a refund that
// needs none is paid at once. The table is printed to docs/states/refund.md. Money, the order,
// the instance and the seller's call are moved by trade in the same transaction.
package refund

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
)

// Kind is by which rule money goes back.
type Kind string

// The kinds.
const (
	FiveDay  Kind = "five_day"
	ProRata  Kind = "prorata"
	Operator Kind = "operator"
	Renewal  Kind = "renewal" // of a period that has not begun: full, without quota
)

// State is the state of a refund.
type State string

// The states.
const (
	Requested State = "requested" // 待审批
	Paid      State = "paid"      // 已退款
	Rejected  State = "rejected"  // 已驳回
	Withdrawn State = "withdrawn" // 已撤回
)

// Move is one row of the transition table.
type Move struct {
	From  State
	Event string
	To    State
	Actor string
}

// Moves is the transition table; every other pair is "refund.decided" (Conflict).
var Moves = []Move{
	{Requested, "paid", Paid, "operator"},
	{Requested, "rejected", Rejected, "operator"},
	{Requested, "withdrawn", Withdrawn, "buyer"},
}

// Refund is one refund of an order line.
type Refund struct {
	ID            string       `db:"id" json:"id"`
	Kind          Kind         `db:"kind" json:"kind"`
	State         State        `db:"state" json:"state"`
	OrderID       string       `db:"order_id" json:"orderId"`
	OrderLineID   string       `db:"order_line_id" json:"orderLineId"`
	InstanceID    string       `db:"instance_id" json:"instanceId"`
	AccountID     string       `db:"account_id" json:"accountId"`
	UserID        string       `db:"user_id" json:"-"`
	SellerID      string       `db:"seller_id" json:"sellerId"`
	ProductID     string       `db:"product_id" json:"productId"`
	Amount        money.Amount `db:"amount" json:"amount"`                // all of it
	Voucher       money.Amount `db:"voucher_amount" json:"voucherAmount"` // the part that goes back to the voucher, not to the balance
	Currency      string       `db:"currency" json:"currency"`
	Explanation   Explanation  `db:"explanation,json" json:"explanation"`
	Reason        string       `db:"reason" json:"reason"`     // why it was asked for
	Decision      string       `db:"decision" json:"decision"` // why it was rejected, or given by an operator
	RefundOrderID string       `db:"refund_order_id" json:"refundOrderId"`
	EndsService   bool         `db:"ends_service" json:"endsService"`
	CreatedAt     time.Time    `db:"created_at" json:"createdAt"`
	DecidedAt     time.Time    `db:"decided_at" json:"decidedAt"`
	DecidedBy     string       `db:"decided_by" json:"-"`
	Version       int64        `db:"version" json:"-"`
	MainID        string       `db:"main_id" json:"-"` // of a part: the refund that it belongs to
}

// MovesOrder tells whether the order is REFUNDING while the refund waits, and REFUNDED or
// partly returned after it.
func (r Refund) MovesOrder() bool { return r.EndsService || r.Kind == Renewal }

const columns = `id, kind, state, order_id, order_line_id, instance_id, account_id, user_id, seller_id, product_id, amount, voucher_amount, currency, explanation, reason, decision, refund_order_id, ends_service, created_at, decided_at, decided_by, version, main_id`

// Ask stores a refund that was asked for. A second open one of the same line is
// "refund.open" (Conflict).
func Ask(ctx context.Context, tx *db.Tx, r Refund) (Refund, error) {
	r.ID, r.State, r.CreatedAt, r.Version = id.New("ref"), Requested, tx.Now, 1
	fresh, err := db.InsertIfAbsent(ctx, tx, "refunds", r)
	if err == nil && !fresh {
		err = errs.Conflictf("refund.open")
	}
	if err != nil {
		return r, err
	}
	return r, audit.Record(ctx, tx, audit.Entry{Action: "refund.ask", Object: "refund", ObjectID: r.ID, AccountID: r.AccountID,
		Reason: r.Reason, Detail: map[string]any{"order": r.OrderID, "kind": r.Kind, "amount": r.Amount}})
}

const sqlDecide = `update refunds set state = $1, decision = $2, refund_order_id = $3, decided_at = $4, decided_by = $5, version = version + 1
where id = $6 and state = 'requested' and version = $7`

// Decide ends a requested refund. refundOrderID is set when it was paid; reason is shown to
// the buyer. "refund.decided" (Conflict) with the present state.
func Decide(ctx context.Context, tx *db.Tx, r *Refund, event, reason, refundOrderID string) error {
	i := slices.IndexFunc(Moves, func(m Move) bool { return m.From == r.State && m.Event == event })
	if i < 0 {
		return errs.Conflictf("refund.decided", "state", r.State)
	}
	to := Moves[i].To
	n, err := db.Exec(ctx, tx, sqlDecide, to, reason, refundOrderID, tx.Now, audit.ActorFrom(ctx).ID, r.ID, r.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("refund.decided", "state", r.State)
	}
	r.State, r.Decision, r.RefundOrderID, r.DecidedAt, r.Version = to, reason, refundOrderID, tx.Now, r.Version+1
	return audit.Record(ctx, tx, audit.Entry{Action: "refund." + event, Object: "refund", ObjectID: r.ID, AccountID: r.AccountID,
		Reason: reason, Detail: map[string]any{"order": r.OrderID, "amount": r.Amount, "refundOrder": refundOrderID}})
}
