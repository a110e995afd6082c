package trade

import (
	"context"
	"slices"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/catalog"
	"jishi/internal/market/discount"
	"jishi/internal/market/notification"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/pricing"
	"jishi/internal/market/voucher"
)

// VoucherChoice is the voucher that a buyer picked for an order.
type VoucherChoice struct {
	ID     string        // "" is none
	Amount *money.Amount // what he was shown that it pays; nil takes what it pays now
}

// voucherLine is what a voucher looks at of an order line. Its threshold and use count on the
// amount after the line's discount (trade.md §9.2).
func voucherLine(sellerID string, l order.Line) voucher.Line {
	v := voucher.Line{SellerID: sellerID, ProductID: l.ProductID, SpecID: l.SpecID, Amount: l.Amount}
	switch {
	case l.ChargingMode == string(catalog.OneTime):
		v.Mode = voucher.Once
	case l.ChargingMode == string(catalog.Period) && l.PeriodType == "month":
		v.Mode = voucher.Month
	case l.ChargingMode == string(catalog.Period) && l.PeriodType == "year":
		v.Mode = voucher.Year
	}
	if d := l.Discount; d != nil {
		v.Promoted = d.Kind == pricing.ByPromotion
		v.Special = d.Form == pricing.Fixed && d.Kind != pricing.ByAdjustment
	}
	return v
}

func voucherLines(sellerID string, lines []order.Line) []voucher.Line {
	out := make([]voucher.Line, len(lines))
	for i, l := range lines {
		out[i] = voucherLine(sellerID, l)
	}
	return out
}

// VouchersForQuote tells what the account's vouchers would pay of a quote, the best first.
// "order.quote_not_found".
func (t *Trade) VouchersForQuote(ctx context.Context, q db.Querier, accountID, quoteID string) ([]voucher.Fitting, error) {
	quote, err := order.FindQuote(ctx, q, quoteID, accountID)
	if err != nil {
		return nil, err
	}
	sale, err := t.Catalog.ForSale(ctx, q, quote.Line.PlanID)
	if err != nil {
		return nil, err
	}
	return voucher.FittingAll(ctx, q, accountID, voucherLines(sale.SellerID, []order.Line{quote.Line}), t.DB.Now())
}

// VouchersForOrder is VouchersForQuote for an unpaid order; what it has locked itself counts as
// free. "order.not_found".
func (t *Trade) VouchersForOrder(ctx context.Context, q db.Querier, accountID, orderID string) ([]voucher.Fitting, voucher.OrderUse, error) {
	o, err := order.Find(ctx, q, order.Scope{AccountID: accountID}, orderID)
	if err != nil {
		return nil, voucher.OrderUse{}, err
	}
	lines, err := order.Lines(ctx, q, o.ID)
	if err != nil {
		return nil, voucher.OrderUse{}, err
	}
	use, _, err := voucher.OfOrder(ctx, q, o.ID)
	if err != nil {
		return nil, use, err
	}
	list, err := voucher.FittingAll(ctx, q, accountID, voucherLines(o.SellerID, lines), t.DB.Now(), use.Use)
	return list, use, err
}

// CartVouchers are the vouchers for the order that some lines of the cart become.
type CartVouchers struct {
	LineIDs []string
	List    []voucher.Fitting
}

// VouchersForCart tells what the account's vouchers would pay of the orders that the chosen
// lines of the cart become, at the prices with the discounts that the buyer picked; lines that
// cannot be bought are left out.
func (t *Trade) VouchersForCart(ctx context.Context, q db.Querier, b Buyer, lineIDs []string, picks map[string]discount.Pick) ([]CartVouchers, error) {
	shown, err := t.ShowCartWith(ctx, q, b, picks)
	if err != nil {
		return nil, err
	}
	var baskets []basket
	for _, x := range shown.Lines {
		if x.Problem == nil && slices.Contains(lineIDs, x.ID) {
			baskets = putIn(baskets, x)
		}
	}
	var out []CartVouchers
	for _, k := range baskets {
		c := CartVouchers{}
		var lines []voucher.Line
		for _, x := range k.lines {
			c.LineIDs = append(c.LineIDs, x.ID)
			lines = append(lines, voucherLine(k.sale.Offer.Sale.SellerID, x.Offer.Line))
		}
		if c.List, err = voucher.FittingAll(ctx, q, b.AccountID, lines, t.DB.Now()); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// useVoucher locks what an unpaid order takes of a voucher and writes it on the order
// (trade.md §9.5). An amount other than the shown one is "voucher.amount_changed" (Conflict);
// the rest as voucher.Choose.
func (t *Trade) useVoucher(ctx context.Context, tx *db.Tx, o *order.Order, v VoucherChoice) error {
	if v.ID == "" {
		return nil
	}
	lines, err := order.Lines(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	if err := payment.LockAccount(ctx, tx, o.AccountID); err != nil { // as payments and refunds do, before the voucher
		return err
	}
	h, cover, err := voucher.Choose(ctx, tx, v.ID, o.AccountID, o.ID, voucherLines(o.SellerID, lines))
	if err != nil {
		return err
	}
	if v.Amount != nil && *v.Amount != cover.Amount {
		return errs.Conflictf("voucher.amount_changed", "amount", cover.Amount.String())
	}
	if err := order.Cover(ctx, tx, o, lines, cover.Parts); err != nil {
		return err
	}
	return order.Record(ctx, tx, o.ID, order.Note, o.State, o.State, map[string]any{"voucher": h.Name, "amount": cover.Amount})
}

// ChooseVoucher changes the voucher of an order that waits for payment; without an id it is
// taken off. What was locked before is free again. "order.not_found", "order.bad_transition",
// "order.deadline_passed" and those of useVoucher.
func (t *Trade) ChooseVoucher(ctx context.Context, tx *db.Tx, b Buyer, orderID string, v VoucherChoice) (order.Order, error) {
	o, err := order.Find(ctx, tx, order.Scope{AccountID: b.AccountID}, orderID)
	if err != nil {
		return o, err
	}
	if o.State != order.PendingPayment {
		return o, errs.Conflictf("order.bad_transition", "state", o.State, "order", o.ID)
	}
	if !tx.Now.Before(o.Deadline) {
		return o, errs.Conflictf("order.deadline_passed", "state", o.State)
	}
	if err := t.dropVoucher(ctx, tx, &o); err != nil {
		return o, err
	}
	if err := t.useVoucher(ctx, tx, &o, v); err != nil {
		return o, err
	}
	return o, audit.Record(ctx, tx, audit.Entry{Action: "order.voucher", Object: "order", ObjectID: o.ID, AccountID: o.AccountID,
		Detail: map[string]any{"voucher": v.ID, "amount": o.Voucher}})
}

// dropVoucher takes the voucher off an unpaid order whose amounts are going to change.
func (t *Trade) dropVoucher(ctx context.Context, tx *db.Tx, o *order.Order) error {
	if o.Voucher == 0 {
		return nil
	}
	if err := payment.LockAccount(ctx, tx, o.AccountID); err != nil {
		return err
	}
	if err := voucher.Release(ctx, tx, o.ID); err != nil {
		return err
	}
	lines, err := order.Lines(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	return order.Cover(ctx, tx, o, lines, make([]money.Amount, len(lines)))
}

// freeVoucher ends the lock of an order that ends unpaid; what it would have paid stays on the
// order as part of its history. It comes before the order's own move, so that locks are taken
// in one order: balance, vouchers, orders.
func (t *Trade) freeVoucher(ctx context.Context, tx *db.Tx, o order.Order) error {
	if o.Voucher == 0 {
		return nil
	}
	if err := payment.LockAccount(ctx, tx, o.AccountID); err != nil {
		return err
	}
	return voucher.Release(ctx, tx, o.ID)
}

// item is what is paid of an order, line by line, with the voucher that pays a part of it.
func (t *Trade) item(ctx context.Context, q db.Querier, o order.Order, lines []order.Line) (payment.Item, error) {
	i := payment.Item{OrderID: o.ID, Lines: make([]payment.Share, len(lines))}
	covered := false
	for n, l := range lines {
		i.Lines[n] = payment.Share{OrderLineID: l.ID, Amount: l.Amount, Voucher: l.Voucher}
		covered = covered || l.Voucher != 0
	}
	if !covered {
		return i, nil
	}
	use, found, err := voucher.OfOrder(ctx, q, o.ID)
	if err == nil && !found {
		err = errs.Conflictf("voucher.not_locked")
	}
	i.Voucher = payment.VoucherItem{ID: use.HoldingID, Issuer: use.Issuer, Cost: use.SellerShare}
	return i, err
}

// settleCovered pays an order that leaves nothing to pay: a voucher covers all of it, or it is a
// change that costs nothing. It starts at once (trade.md §8.3).
func (t *Trade) settleCovered(ctx context.Context, tx *db.Tx, b Buyer, o order.Order) (order.Order, error) {
	if o.Voucher == 0 && o.Kind != order.Upgrade || o.DueAmount != 0 || o.State != order.PendingPayment {
		return o, nil
	}
	return t.Pay(ctx, tx, b, o.ID)
}

// capture gives the delivered lines of an order to the seller.
func (t *Trade) capture(ctx context.Context, tx *db.Tx, o order.Order, lines []order.Line) error {
	i, err := t.item(ctx, tx, o, lines)
	if err != nil {
		return err
	}
	for n, l := range lines {
		if err := payment.Capture(ctx, tx, payment.Delivered{OrderID: o.ID, Line: i.Lines[n], SellerID: o.SellerID, FeeRatio: l.FeeRatio,
			Currency: o.Currency, Voucher: i.Voucher}); err != nil {
			return err
		}
	}
	return nil
}

// PublishVouchers opens a campaign (voucher.Publish) and tells the accounts of a directed one.
func (t *Trade) PublishVouchers(ctx context.Context, tx *db.Tx, campaignID, sellerID string) (voucher.Campaign, error) {
	c, given, err := voucher.Publish(ctx, tx, campaignID, sellerID)
	if err != nil {
		return c, err
	}
	return c, t.noticeVouchers(ctx, tx, c, given)
}

// GiveVouchers uploads the accounts of a directed campaign (voucher.SetTargets); those that get
// theirs at once are told.
func (t *Trade) GiveVouchers(ctx context.Context, tx *db.Tx, campaignID, sellerID, text string) (voucher.Campaign, error) {
	c, given, err := voucher.SetTargets(ctx, tx, campaignID, sellerID, text)
	if err != nil {
		return c, err
	}
	return c, t.noticeVouchers(ctx, tx, c, given)
}

func (t *Trade) noticeVouchers(ctx context.Context, tx *db.Tx, c voucher.Campaign, given []voucher.Target) error {
	for _, x := range given {
		if err := t.Notices.Post(ctx, tx, notification.Message{AccountID: x.AccountID, Class: notification.ClassOrder, Code: "voucher_given", Link: "/buyer/vouchers",
			Args: notification.Args{"name": c.Name, "number": x.Number, "amount": c.Face.String(), "currency": c.Currency}}); err != nil {
			return err
		}
	}
	return nil
}
