// Package order owns quotes (询价), orders (订单), their lines and their history.
//
// A quote fixes a price for half an hour; an order made from it keeps a snapshot of
// product, price, fees and tax in its lines, which later changes do not touch (trade.md
// §8.4). Payment, delivery and money are not here: trade moves orders through the states
// below and does what belongs to each step in the same transaction.
//
// States (trade.md §8.2, §8.3) are printed to docs/states/order.md.
package order

import "slices"

// State is the status of an order.
type State string

// The states an order passes.
const (
	PendingReview  State = "PENDING_REVIEW"  // 待审核: an approver of the buyer's company decides
	PendingConfirm State = "PENDING_CONFIRM" // 待确认: the buyer confirms a price that an operator has adjusted
	PendingPayment State = "PENDING_PAYMENT" // 待支付
	Processing     State = "PROCESSING"      // 处理中
	Completed      State = "COMPLETED"       // 已完成
	Canceled       State = "CANCELED"        // 已取消
	Expired        State = "EXPIRED"         // 已失效
	Refunding      State = "REFUNDING"       // 退款中
	Refunded       State = "REFUNDED"        // 已退款
)

// States lists all of them in the order of life.
var States = []State{PendingReview, PendingConfirm, PendingPayment, Processing, Completed, Canceled, Expired, Refunding, Refunded}

// Kind is what an order is for (trade.md §8.1).
type Kind string

// The kinds.
const (
	New     Kind = "NEW"
	Renew   Kind = "RENEW"           // 续费
	Convert Kind = "TRIAL_TO_FORMAL" // 试用转商用
	Trial   Kind = "TRIAL"           // 试用: free, once per customer
	Unsub   Kind = "UNSUB"           // refund (退订) of another order

	Upgrade     Kind = "CHANGE"       // 规格变更: upgrade or expansion within the running term
	RenewChange Kind = "RENEW_CHANGE" // 续费变更: a change that takes effect with the renewed period

	UnsubRenewal Kind = "UNSUB_RENEWAL" // refund of a renewal whose period has not begun (退续费)
)

// Returns tells whether orders of the kind give money back.
func (k Kind) Returns() bool { return k == Unsub || k == UnsubRenewal }

// Event moves an order.
type Event string

// The events.
const (
	Approve       Event = "approved"            // a superior of the buyer agrees; the deadline begins
	Reject        Event = "rejected"            // he does not
	AdjustPrice   Event = "price_adjusted"      // an operator sets another price
	Confirm       Event = "price_confirmed"     // the buyer takes it
	ConfirmReview Event = "price_to_review"     // he does, and his superior has to approve it
	Refuse        Event = "price_refused"       // he does not
	Cancel        Event = "cancel"              // the buyer gives it up
	Deadline      Event = "deadline"            // not paid in time
	OffSale       Event = "off_sale"            // the product was taken off sale before payment
	Pay           Event = "paid"                // paid in full
	Deliver       Event = "delivered"           // provisioning answered OK
	FailSupply    Event = "provisioning_failed" // the retry window closed
	PayBack       Event = "money_returned"      // the refund reached the buyer
	AskRefund     Event = "refund_asked"        // a delivered order is to be refunded
	DenyRefund    Event = "refund_denied"       // rejected, or withdrawn by the buyer
	Create        Event = "submit"              // history only: the order was placed
	Note          Event = "note"                // history only: something happened without a move
)

// Move is one row of the transition table.
type Move struct {
	From  State
	Event Event
	To    State
	Actor string // who may cause it, for people
}

// Moves is the transition table; every other pair of state and event is a conflict.
var Moves = []Move{
	{PendingReview, Approve, PendingPayment, "approver"},
	{PendingReview, Reject, Expired, "approver"},
	{PendingReview, Cancel, Canceled, "buyer"},
	{PendingPayment, AdjustPrice, PendingConfirm, "operator"},
	{PendingConfirm, AdjustPrice, PendingConfirm, "operator"},
	{PendingConfirm, Confirm, PendingPayment, "buyer"},
	{PendingConfirm, ConfirmReview, PendingReview, "buyer"},
	{PendingConfirm, Refuse, Expired, "buyer"},
	{PendingConfirm, Cancel, Canceled, "buyer"},
	{PendingConfirm, Deadline, Expired, "system"},
	{PendingPayment, Cancel, Canceled, "buyer"},
	{PendingPayment, Deadline, Expired, "system"},
	{PendingPayment, OffSale, Expired, "system"},
	{PendingPayment, Pay, Processing, "buyer"},
	{Processing, Deliver, Completed, "seller's server"},
	{Processing, FailSupply, Refunding, "system"},
	{Completed, AskRefund, Refunding, "buyer, operator"},
	{Refunding, DenyRefund, Completed, "buyer, operator"},
	{Refunding, PayBack, Refunded, "system"},
}

// next finds the state after an event; ok is false for a conflict.
func next(from State, e Event) (State, bool) {
	i := slices.IndexFunc(Moves, func(m Move) bool { return m.From == from && m.Event == e })
	if i < 0 {
		return "", false
	}
	return Moves[i].To, true
}

// final tells whether nothing follows any more.
func (s State) final() bool {
	return !slices.ContainsFunc(Moves, func(m Move) bool { return m.From == s })
}

// Renews tells whether orders of the kind buy a further period, which can be given back until
// it begins.
func (k Kind) Renews() bool { return k == Renew || k == RenewChange }

// ForSeller is the state as a seller sees it (trade.md §8.2): EXPIRED as CANCELED; a refund
// keeps the state before it, with a flag: only an order that failed was never delivered.
func (o Order) ForSeller() (shown State, refund string) {
	before := Completed
	if o.Cause == ProvisioningFailed || o.Cause == ChangeDropped {
		before = Processing
	}
	switch o.State {
	case Expired:
		return Canceled, ""
	case Refunding:
		return before, "refunding"
	case Refunded:
		return before, "refunded"
	}
	return o.State, ""
}

// ChangeDropped is the cause of the refund of a change that the end of its service made needless.
const ChangeDropped = "change_dropped"

// ProvisioningFailed is the cause of a refund because the seller's server did not deliver.
const ProvisioningFailed = "provisioning_failed"
