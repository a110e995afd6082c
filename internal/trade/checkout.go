package trade

import (
	"context"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/cart"
	"jishi/internal/market/discount"
	"jishi/internal/market/order"
)

// MaxOrders bounds the orders of one checkout, and of one merged payment (trade.md §7.2, §9.3).
const MaxOrders = 30

// Chosen is a line of the cart that is to be ordered, at the amount that the buyer saw.
type Chosen struct {
	LineID  string
	Amount  money.Amount
	Voucher VoucherChoice // of the order that the line becomes part of: at most one of its lines names one
}

// Checkout is what a buyer confirms of his cart.
type Checkout struct {
	Lines    []Chosen
	Accepted []string // products whose agreements were ticked
	Remarks           // of every order

	Discounts map[string]discount.Pick // by CartLine.Key; the best where left out
}

// basket is what becomes one order: the chosen lines of one product, in the order of the cart.
// A V1 product has an order for each of its lines, because its servers know an instance by its
// order alone (saas.md §6.1.2).
type basket struct {
	productID string
	sale      CartLine // its first line
	lines     []CartLine
	voucher   VoucherChoice
	key       string
}

// Checkout makes one order of each product (of each line in V1) among the chosen lines and takes them out of the
// cart, all or nothing (trade.md §7.2, §7.3). The prices are exactly those that were shown: a
// line that costs something else, is not in the cart any more or cannot be bought now is named
// in "cart.changed" (Conflict; fields "lines.<id>"), and nothing is ordered. Orders that a
// superior has to approve come back PENDING_REVIEW. Field errors: "lines", "lines.<id>",
// "agreements.<product>", "note", "purchaseNumber"; errors of Place about the account.
func (t *Trade) Checkout(ctx context.Context, tx *db.Tx, b Buyer, in Checkout) ([]order.Order, error) {
	var c errs.Check
	in.check(&c)
	if len(in.Lines) == 0 {
		c.Add("lines", "cart.empty")
	}
	if len(in.Lines) > cart.MaxLines {
		c.Add("lines", "range", "min", 1, "max", cart.MaxLines)
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	who, err := partyOf(ctx, tx, b.AccountID)
	if err != nil {
		return nil, err
	}
	if err := cart.Hold(ctx, tx, b.AccountID); err != nil {
		return nil, err
	}
	baskets, err := t.fill(ctx, tx, b, in.Lines, in.Discounts)
	if err != nil {
		return nil, err
	}
	if len(baskets) > MaxOrders {
		c.Add("lines", "cart.too_many_orders", "max", MaxOrders)
	}
	for _, k := range baskets {
		if !slices.Contains(in.Accepted, k.productID) {
			c.Add("agreements."+k.productID, "order.agreement")
		}
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	if err := t.holdBaskets(ctx, tx, b, baskets); err != nil {
		return nil, err
	}
	orders := make([]order.Order, 0, len(baskets))
	for _, k := range baskets {
		o, err := t.placeBasket(ctx, tx, b, who, k, in.Remarks)
		if err != nil {
			return nil, err
		}
		orders = append(orders, o)
	}
	ids := make([]string, len(in.Lines))
	for i, l := range in.Lines {
		ids[i] = l.LineID
	}
	return orders, cart.Remove(ctx, tx, b.AccountID, ids...)
}

// fill finds the chosen lines, prices them again and sorts them by product. All faults are
// told at once.
func (t *Trade) fill(ctx context.Context, tx *db.Tx, b Buyer, chosen []Chosen, picks map[string]discount.Pick) ([]basket, error) {
	lines, err := cart.Lines(ctx, tx, b.AccountID)
	if err != nil {
		return nil, err
	}
	var twice, changed errs.Check
	shown := map[string]money.Amount{}
	for _, x := range chosen {
		if _, seen := shown[x.LineID]; seen {
			twice.Add("lines."+x.LineID, "cart.line_twice")
		}
		shown[x.LineID] = x.Amount
		if !slices.ContainsFunc(lines, func(l cart.Line) bool { return l.ID == x.LineID }) {
			changed.Add("lines."+x.LineID, "cart.line_gone")
		}
	}
	if err := twice.Err(); err != nil {
		return nil, err
	}
	var out []basket
	for _, l := range lines {
		if _, chosen := shown[l.ID]; !chosen {
			continue
		}
		x, err := t.cartLine(ctx, tx, l)
		if err != nil {
			return nil, err
		}
		if x.Problem != nil {
			addProblem(&changed, l.ID, x.Problem)
			continue
		}
		out = putIn(out, x)
	}
	for i := range out {
		if err := t.discountBasket(ctx, tx, b, out[i], picks[out[i].key], shown, &changed); err != nil {
			return nil, err
		}
		for _, l := range out[i].lines {
			v := chosen[slices.IndexFunc(chosen, func(c Chosen) bool { return c.LineID == l.ID })].Voucher
			if v.ID != "" && out[i].voucher.ID != "" {
				twice.Add("lines."+l.ID, "voucher.one_per_order")
			} else if v.ID != "" {
				out[i].voucher = v
			}
		}
	}
	if err := cartChanged(&changed); err != nil {
		return nil, err
	}
	return out, twice.Err()
}

// putIn adds a line to the basket of its order, or makes a new one.
func putIn(baskets []basket, x CartLine) []basket {
	i := slices.IndexFunc(baskets, func(k basket) bool { return k.key == x.Key() })
	if i < 0 {
		return append(baskets, basket{productID: x.Offer.Sale.ProductID, sale: x, lines: []CartLine{x}, key: x.Key()})
	}
	baskets[i].lines = append(baskets[i].lines, x)
	return baskets
}

// discountBasket lowers the lines of an order and compares them with what was shown.
func (t *Trade) discountBasket(ctx context.Context, tx *db.Tx, b Buyer, k basket, pick discount.Pick, shown map[string]money.Amount, changed *errs.Check) error {
	offers := make([]*Offer, len(k.lines))
	for i := range k.lines {
		offers[i] = &k.lines[i].Offer
	}
	_, err := t.discounts(ctx, tx, wanted{scene: discount.ForNew, accountID: b.AccountID, pick: pick}, offers...)
	if kind := errs.KindOf(err); err != nil && kind != errs.Conflict && kind != errs.Invalid {
		return err
	}
	for _, l := range k.lines {
		switch line := l.Offer.Line; {
		case err != nil:
			addProblem(changed, l.ID, err)
		case line.Amount != shown[l.ID]:
			changed.Add("lines."+l.ID, "cart.price_changed", "product", line.ProductName, "amount", line.Amount.String(), "shown", shown[l.ID].String())
		}
	}
	return nil
}

// addProblem names what stands against a line: the first field of a field error, else its code.
func addProblem(c *errs.Check, lineID string, problem error) {
	e, ok := errs.As(problem)
	if !ok {
		return
	}
	code, args := e.Code, e.Args
	if len(e.Fields) > 0 {
		code, args = e.Fields[0].Code, e.Fields[0].Args
	}
	var pairs []any
	for k, v := range args {
		pairs = append(pairs, k, v)
	}
	c.Add("lines."+lineID, code, pairs...)
}

// cartChanged is nil, or the conflict that names the lines.
func cartChanged(c *errs.Check) error {
	e, ok := errs.As(c.Err())
	if !ok {
		return nil
	}
	return &errs.Error{Kind: errs.Conflict, Code: "cart.changed", Fields: e.Fields}
}

// holdBaskets counts purchase limits under their guards. Guards are taken in the order of
// products, as every transaction does that takes several, so that two of them cannot wait for
// each other in a circle.
func (t *Trade) holdBaskets(ctx context.Context, tx *db.Tx, b Buyer, baskets []basket) error {
	sorted := slices.Clone(baskets)
	slices.SortFunc(sorted, func(x, y basket) int { return strings.Compare(x.productID, y.productID) })
	with, changed := alongside{}, errs.Check{}
	for _, k := range sorted {
		for _, l := range k.lines {
			err := holdLimitsWith(ctx, tx, l.Offer.Sale, b.AccountID, "", with)
			if errs.KindOf(err) == errs.Conflict {
				addProblem(&changed, l.ID, err)
			} else if err != nil {
				return err
			}
			with.add(l.Offer.Sale)
		}
	}
	return cartChanged(&changed)
}

func (t *Trade) placeBasket(ctx context.Context, tx *db.Tx, b Buyer, who party, k basket, r Remarks) (order.Order, error) {
	site, zone, err := t.site(ctx)
	if err != nil {
		return order.Order{}, err
	}
	var due money.Amount
	lines := make([]order.Line, len(k.lines))
	for i, l := range k.lines {
		lines[i] = l.Offer.Line
		due += l.Offer.Line.Amount
	}
	sale := k.sale.Offer.Sale
	o, err := order.PlaceLines(ctx, tx, order.Placing{Kind: order.New, SellerID: sale.SellerID, UserID: b.UserID,
		Version: sale.AgreementVersion, Note: r.Note, Purchase: r.Purchase, Review: who.reviews(b, due),
		Deadline: time.Duration(site.OrderDeadlineHours) * time.Hour, Zone: zone}, b.AccountID, k.sale.Offer.Terms.Currency, lines)
	if err != nil {
		return o, err
	}
	if err := t.useVoucher(ctx, tx, &o, k.voucher); err != nil {
		return o, err
	}
	if err := t.placed(ctx, tx, o, lines[0]); err != nil {
		return o, err
	}
	return t.settleCovered(ctx, tx, b, o)
}
