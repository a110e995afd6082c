package trade

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/catalog"
	"jishi/internal/market/discount"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/pricing"
	"jishi/internal/market/subscription"
	"jishi/internal/market/term"
	"jishi/internal/market/voucher"
	"jishi/wire/saas"
)

// Offer is a price with what stands against buying now.
type Offer struct {
	Sale    catalog.Sale
	Line    order.Line
	Blocker error     // why it cannot be bought now; nil when it can
	Expires time.Time // end of the term if it were bought now; zero without one
	Terms   order.Terms

	Discounts // that fit it, and the one that Line.Amount was lowered by

	pricedPlan string // of a change: the plan whose price was taken for what is left
}

// Wish is what somebody wants to buy: a plan, which is one combination for one kind of
// period, how many periods of it, and how much of its quantity attribute (0: the least).
type Wish struct {
	PlanID   string
	Periods  int
	Quantity int64
	Discount discount.Pick
}

// Preview prices a wish for a product page, with the promotions that visitors see; nothing is
// stored. An unknown plan, or one of a product that was never released, is
// "catalog.plan_not_found"; lengths and quantities that cannot be had are field errors, and so is
// a discount that does not fit.
func (t *Trade) Preview(ctx context.Context, q db.Querier, w Wish) (Offer, error) {
	return t.PreviewFor(ctx, q, "", w)
}

// PreviewFor is Preview for somebody of an account, who may be offered more by a link, and less
// where the account has used its places up.
func (t *Trade) PreviewFor(ctx context.Context, q db.Querier, accountID string, w Wish) (Offer, error) {
	o, err := t.listPrice(ctx, q, w)
	if err != nil {
		return o, err
	}
	o.Discounts, err = t.discounts(ctx, q, wanted{scene: discount.ForNew, accountID: accountID, pick: w.Discount}, &o)
	return o, err
}

// listPrice prices a wish without any discount.
func (t *Trade) listPrice(ctx context.Context, q db.Querier, w Wish) (Offer, error) {
	site, zone, err := t.site(ctx)
	if err != nil {
		return Offer{}, err
	}
	var o Offer
	if o.Terms, err = t.terms(site, t.DB.Now()); err != nil {
		return o, err
	}
	if o.Sale, err = t.Catalog.ForSale(ctx, q, w.PlanID); err != nil {
		return o, err
	}
	if o.Line, err = order.Price(o.Sale, pricing.Ask{Periods: w.Periods, Quantity: w.Quantity}, o.Terms); err != nil {
		return o, err
	}
	o.Blocker = o.Sale.Buyable()
	o.Expires = term.Expiry(t.DB.Now(), term.Length{Type: o.Line.PeriodType, Number: o.Line.PeriodNumber}, zone)
	return o, nil
}

// Quote keeps a price for the account for half an hour (询价). Offer.Blocker names the first
// check that would refuse the order; the price is told all the same.
func (t *Trade) Quote(ctx context.Context, tx *db.Tx, b Buyer, w Wish) (order.Quote, Offer, error) {
	o, err := t.PreviewFor(ctx, tx, b.AccountID, w)
	if err != nil {
		return order.Quote{}, o, err
	}
	if blocked := mayBuy(ctx, tx, b.AccountID); blocked != nil {
		if errs.KindOf(blocked) != errs.Forbidden {
			return order.Quote{}, o, blocked
		}
		o.Blocker = blocked
	}
	if o.Blocker == nil {
		if o.Blocker = withinLimits(ctx, tx, o.Sale, b.AccountID, "", tx.Now); o.Blocker != nil && errs.KindOf(o.Blocker) != errs.Conflict {
			return order.Quote{}, o, o.Blocker
		}
	}
	kind := order.New
	if o.Sale.Trial {
		kind = order.Trial
	}
	q, err := order.KeepQuote(ctx, tx, b.AccountID, b.UserID, kind, o.Line, o.Terms)
	return q, o, err
}

// Placing is what a buyer confirms.
type Placing struct {
	QuoteID  string
	Accepted bool // the product's agreement was ticked
	Voucher  VoucherChoice
	Remarks
}

// Remarks are the buyer's own words on an order.
type Remarks struct {
	Note     string // ≤ 200 characters
	Purchase string // purchase-order number (采购单号), ≤ 64 characters; the seller sees it too
}

func (r *Remarks) check(c *errs.Check) {
	r.Note, r.Purchase = strings.TrimSpace(r.Note), strings.TrimSpace(r.Purchase)
	c.Length("note", r.Note, 0, 200)
	c.Length("purchaseNumber", r.Purchase, 0, 64)
}

// Place makes an order from a quote (trade.md §7.3), at exactly its price. A trial has
// nothing to pay, nor has an order that its voucher covers whole: the delivery is set going at
// once, and it comes back PROCESSING (§5, §8.3), a renewal COMPLETED. An
// order that a superior has to approve comes back PENDING_REVIEW (§8.3).
// Errors: "order.quote_not_found", "order.quote_expired", "order.quote_used", "trade.*" for
// who may not buy or has bought enough, "catalog.*" for what is not for sale any more, and
// field errors.
func (t *Trade) Place(ctx context.Context, tx *db.Tx, b Buyer, in Placing) (order.Order, error) {
	var c errs.Check
	if !in.Accepted {
		c.Add("agreementAccepted", "order.agreement")
	}
	in.check(&c)
	if err := c.Err(); err != nil {
		return order.Order{}, err
	}
	who, err := partyOf(ctx, tx, b.AccountID)
	if err != nil {
		return order.Order{}, err
	}
	q, err := order.FindQuote(ctx, tx, in.QuoteID, b.AccountID)
	if err != nil {
		return order.Order{}, err
	}
	sale, err := t.Catalog.ForSale(ctx, tx, q.Line.PlanID)
	if err != nil {
		return order.Order{}, err
	}
	if q.Line.InstanceID != "" {
		err = t.admit(ctx, tx, b.AccountID, q.Kind, q.Line, sale, "")
	} else if err = sale.Buyable(); err == nil {
		err = holdLimits(ctx, tx, sale, b.AccountID, "")
	}
	if err != nil {
		return order.Order{}, err
	}
	site, zone, err := t.site(ctx)
	if err != nil {
		return order.Order{}, err
	}
	o, err := order.Place(ctx, tx, order.Placing{Quote: q, Kind: q.Kind, SellerID: sale.SellerID, UserID: b.UserID,
		Version: sale.AgreementVersion, Note: in.Note, Purchase: in.Purchase, Review: who.reviews(b, q.Amount),
		Deadline: time.Duration(site.OrderDeadlineHours) * time.Hour, Zone: zone})
	if err != nil {
		return o, err
	}
	if err := t.useVoucher(ctx, tx, &o, in.Voucher); err != nil {
		return o, err
	}
	if err := t.placed(ctx, tx, o, q.Line); err != nil {
		return o, err
	}
	if q.Kind != order.Trial {
		return t.settleCovered(ctx, tx, b, o)
	}
	lines, err := order.Lines(ctx, tx, o.ID)
	if err != nil {
		return o, err
	}
	return o, t.start(ctx, tx, &o, lines, map[string]any{"amount": o.DueAmount})
}

// placed is what follows every new order.
func (t *Trade) placed(ctx context.Context, tx *db.Tx, o order.Order, first order.Line) error {
	if o.State == order.PendingReview {
		if err := t.noticeReview(ctx, tx, o, first); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "order.place", Object: "order", ObjectID: o.ID, AccountID: o.AccountID,
		Detail: map[string]any{"product": o.ProductID, "amount": o.DueAmount}})
}

// start is what follows once nothing is left to pay: the order PROCESSING, an instance
// opened and a call queued for each line, the seller told.
func (t *Trade) start(ctx context.Context, tx *db.Tx, o *order.Order, lines []order.Line, detail map[string]any) error {
	if err := order.Apply(ctx, tx, o, order.Pay, "", detail); err != nil {
		return err
	}
	for _, l := range lines {
		if err := t.provision(ctx, tx, *o, l); err != nil {
			return err
		}
	}
	return t.noticePaid(ctx, tx, *o, lines[0])
}

// Cancel is the buyer's cancellation of an unpaid order; "order.bad_transition" otherwise.
func (t *Trade) Cancel(ctx context.Context, tx *db.Tx, b Buyer, orderID string) (order.Order, error) {
	o, err := order.Find(ctx, tx, order.Scope{AccountID: b.AccountID}, orderID)
	if err != nil {
		return o, err
	}
	if err := t.freeVoucher(ctx, tx, o); err != nil {
		return o, err
	}
	if err := order.Apply(ctx, tx, &o, order.Cancel, "", nil); err != nil {
		return o, err
	}
	if err := order.EndAdjustment(ctx, tx, o.ID); err != nil {
		return o, err
	}
	return o, audit.Record(ctx, tx, audit.Entry{Action: "order.cancel", Object: "order", ObjectID: o.ID, AccountID: o.AccountID})
}

// expireBatch bounds one transaction of ExpireDue.
const expireBatch = 100

// ExpireDue ends unpaid orders whose deadline has passed, found by an index; it tells
// whether more may be due.
func (t *Trade) ExpireDue(ctx context.Context, tx *db.Tx) (more bool, err error) {
	due, err := order.Due(ctx, tx, tx.Now, expireBatch)
	if err != nil {
		return false, err
	}
	unanswered, err := order.ConfirmDue(ctx, tx, tx.Now, expireBatch)
	if err != nil {
		return false, err
	}
	due = append(due, unanswered...)
	for _, o := range due {
		err := t.expire(ctx, tx, &o, order.Deadline, "order.deadline_passed")
		if errs.Is(err, "order.bad_transition") {
			continue // its buyer was quicker; the others of the batch still end
		}
		if err != nil {
			return false, err
		}
	}
	return len(due) >= expireBatch, nil
}

func (t *Trade) expire(ctx context.Context, tx *db.Tx, o *order.Order, e order.Event, cause string) error {
	if err := t.freeVoucher(ctx, tx, *o); err != nil {
		return err
	}
	confirm := o.State == order.PendingConfirm
	if err := order.Apply(ctx, tx, o, e, cause, nil); err != nil {
		return err
	}
	if confirm {
		if err := order.EndAdjustment(ctx, tx, o.ID); err != nil {
			return err
		}
	}
	return t.noticeExpired(ctx, tx, *o)
}

// Pay pays an order from the balance and sets its delivery going, in one transaction: money
// held, instance opened, call queued. When the product was taken off sale or the deadline
// passed meanwhile, no money moves and the order comes back EXPIRED with its cause: the
// caller commits that. "ledger.insufficient", "order.bad_transition" (Conflict), "trade.*".
func (t *Trade) Pay(ctx context.Context, tx *db.Tx, b Buyer, orderID string) (order.Order, error) {
	o, err := order.Find(ctx, tx, order.Scope{AccountID: b.AccountID}, orderID)
	if err != nil {
		return o, err
	}
	if o.State != order.PendingPayment {
		return o, errs.Conflictf("order.bad_transition", "state", o.State, "order", o.ID)
	}
	if err := mayBuy(ctx, tx, b.AccountID); err != nil {
		return o, err
	}
	r, err := t.ready(ctx, tx, o, nil)
	if err != nil {
		return o, err
	}
	if r.ends != "" {
		return o, t.expire(ctx, tx, &o, r.ends, r.cause)
	}
	i, err := t.item(ctx, tx, o, r.lines)
	if err != nil {
		return o, err
	}
	if err := payment.FromBalance(ctx, tx, o.AccountID, o.Currency, i); err != nil {
		return o, err
	}
	return o, t.paid(ctx, tx, &o, r.lines, payment.Balance)
}

// paid is what follows the payment of an order by an instrument.
func (t *Trade) paid(ctx context.Context, tx *db.Tx, o *order.Order, lines []order.Line, instrument string) error {
	var err error
	if o.Voucher != 0 {
		if err = voucher.Spend(ctx, tx, o.ID); err != nil {
			return err
		}
	}
	if lines[0].InstanceID != "" { // a renewal or change has one line
		err = t.settled(ctx, tx, o, lines[0], instrument)
	} else {
		err = t.start(ctx, tx, o, lines, map[string]any{"instrument": instrument, "amount": o.DueAmount})
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "order.pay", Object: "order", ObjectID: o.ID, AccountID: o.AccountID,
		Detail: map[string]any{"amount": o.PaidAmount, "instrument": instrument}})
}

// readiness is what an unpaid order was found to be right before its payment.
type readiness struct {
	lines []order.Line // with the terms of this payment
	ends  order.Event  // how the order expires instead; "" when it can be paid
	cause string
}

// ready checks an unpaid order once more before it is paid (trade.md §6): what its deadline
// or the catalogue stands against ends it, which costs nothing. with holds what the same
// payment buys besides, for purchase limits.
func (t *Trade) ready(ctx context.Context, tx *db.Tx, o order.Order, with alongside) (readiness, error) {
	if !tx.Now.Before(o.Deadline) {
		return readiness{ends: order.Deadline, cause: "order.deadline_passed"}, nil
	}
	lines, err := order.Lines(ctx, tx, o.ID)
	if err != nil {
		return readiness{}, err
	}
	if len(lines) > 1 && with == nil {
		with = alongside{}
	}
	for _, l := range lines {
		sale, err := t.Catalog.ForSale(ctx, tx, l.PlanID)
		if err != nil {
			return readiness{}, err
		}
		var blocked error
		if l.InstanceID != "" {
			if blocked = t.admit(ctx, tx, o.AccountID, o.Kind, l, sale, o.ID); blocked != nil && errs.KindOf(blocked) != errs.Conflict {
				return readiness{}, blocked
			}
		} else {
			blocked = sale.Buyable()
		}
		if blocked != nil {
			e, _ := errs.As(blocked)
			return readiness{ends: order.OffSale, cause: e.Code}, nil
		}
		if l.InstanceID != "" {
			continue
		}
		if err := holdLimitsWith(ctx, tx, sale, o.AccountID, o.ID, with); err != nil {
			return readiness{}, err
		}
		with.add(sale)
	}
	return readiness{lines: lines}, t.fixTerms(ctx, tx, lines)
}

func (t *Trade) fixTerms(ctx context.Context, tx *db.Tx, lines []order.Line) error {
	site, _, err := t.site(ctx)
	if err != nil {
		return err
	}
	terms, err := t.terms(site, t.DB.Now())
	if err != nil {
		return err
	}
	for i := range lines {
		if err := order.FixTerms(ctx, tx, &lines[i], terms); err != nil {
			return err
		}
	}
	return nil
}

// provision opens the line's instance and queues the call that creates it at the seller's.
func (t *Trade) provision(ctx context.Context, tx *db.Tx, o order.Order, l order.Line) error {
	in, err := t.Subscriptions.Open(ctx, tx, subscription.Instance{OrderID: o.ID, OrderLineID: l.ID, AccountID: o.AccountID,
		SellerID: o.SellerID, ProductID: l.ProductID, ProductName: l.ProductName, SpecName: l.SpecName, SkuCode: l.SkuCode,
		PlanID: l.PlanID, PlanNumber: l.PlanNumber, ChargingMode: l.ChargingMode, PeriodType: l.PeriodType,
		PeriodNumber: l.PeriodNumber, Generation: l.Generation, AddressID: l.AddressID, Path: l.Path, Chosen: l.Chosen, Trial: o.Kind == order.Trial})
	if err != nil {
		return err
	}
	if _, err = fulfillment.QueueFirst(ctx, tx, callOf(in, saas.NewInstance, fulfillment.Create, fulfillment.Window3h)); err != nil {
		return err
	}
	return t.notifyOrder(ctx, tx, o, l.ID, in)
}

// callOf is a call about an instance, with the ids of its own order.
func callOf(in subscription.Instance, activity saas.Activity, p fulfillment.Purpose, profile fulfillment.Profile) fulfillment.Call {
	return fulfillment.Call{Activity: string(activity), Generation: strings.ToLower(in.Generation), Purpose: p, Profile: profile,
		OrderID: in.OrderID, OrderLineID: in.OrderLineID, InstanceID: in.ID, AccountID: in.AccountID, SellerID: in.SellerID,
		ProductID: in.ProductID, AddressID: in.AddressID, Path: in.Path}
}
