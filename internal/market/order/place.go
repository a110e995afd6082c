package order

import (
	"context"
	"fmt"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
)

// Placing says how an order is made from a quote.
type Placing struct {
	Quote    Quote // what Place orders; PlaceLines has lines of its own
	Kind     Kind
	SellerID string
	UserID   string
	Version  string // of the agreement that was ticked
	Note     string // for the buyer's own use, ≤ 200 characters
	Purchase string // the buyer's own number, ≤ 64 characters
	Review   bool   // begins in PENDING_REVIEW, without a deadline
	Deadline time.Duration
	Zone     *time.Location // of order numbers
}

// draws is how often an order number is drawn: with 36⁵ of them in a minute a second
// draw is rare and a tenth one means a broken random source.
const draws = 10

// Place makes an order in PENDING_PAYMENT with one line from an unexpired, unused quote.
// "order.quote_expired", "order.quote_used", "discount.stopped", "discount.exhausted",
// "discount.account_limit" (Conflict).
func Place(ctx context.Context, tx *db.Tx, p Placing) (Order, error) {
	if !tx.Now.Before(p.Quote.ExpiresAt) {
		return Order{}, errs.Conflictf("order.quote_expired")
	}
	o, err := p.insert(ctx, tx, p.Quote.AccountID, p.Quote.Currency, []Line{p.Quote.Line})
	if err != nil {
		return Order{}, err
	}
	if err := useQuote(ctx, tx, p.Quote, o.ID); err != nil {
		return Order{}, err
	}
	return o, o.insertLines(ctx, tx, []Line{p.Quote.Line})
}

// insert writes the order, with the deadline and the use of its discount.
func (p Placing) insert(ctx context.Context, tx *db.Tx, accountID, currency string, lines []Line) (Order, error) {
	o := p.order(tx.Now, accountID, currency, lines)
	r, err := o.discounted(ctx, tx)
	if err != nil {
		return o, err
	}
	if err := insertNumbered(ctx, tx, &o, p.Zone); err != nil {
		return o, err
	}
	return o, o.takeUse(ctx, tx, r)
}

// PlaceLines makes an order of several lines of one product that were priced in the same
// transaction, as a checkout of the cart does (trade.md §7.2).
func PlaceLines(ctx context.Context, tx *db.Tx, p Placing, accountID, currency string, lines []Line) (Order, error) {
	o, err := p.insert(ctx, tx, accountID, currency, lines)
	if err != nil {
		return Order{}, err
	}
	return o, o.insertLines(ctx, tx, lines)
}

func (p Placing) order(now time.Time, accountID, currency string, lines []Line) Order {
	o := Order{Kind: p.Kind, State: PendingPayment, AccountID: accountID, UserID: p.UserID,
		SellerID: p.SellerID, ProductID: lines[0].ProductID, Currency: currency,
		Agreement: Agreement{Version: p.Version, SignedAt: now, UserID: p.UserID}, Note: p.Note, Purchase: p.Purchase,
		LineCount: len(lines), CreatedAt: now, Deadline: now.Add(p.Deadline), Version: 1}
	for _, l := range lines {
		o.ListAmount += l.ListAmount
		o.DueAmount += l.Amount
		if d := l.Discount; d != nil && d.ID != "" {
			o.DiscountID = d.ID // one discount per order
		}
	}
	if p.Review {
		o.State, o.Deadline = PendingReview, time.Time{}
	}
	return o
}

func (o Order) insertLines(ctx context.Context, tx *db.Tx, lines []Line) error {
	rows := make([]Line, len(lines))
	for i, l := range lines {
		l.ID, l.OrderID = LineID(o.ID, i+1), o.ID
		rows[i] = l
	}
	if err := db.AppendAll(ctx, tx, "order_lines", rows); err != nil {
		return err
	}
	return Record(ctx, tx, o.ID, Create, "", o.State, map[string]any{"amount": o.DueAmount})
}

const sqlTerms = `update order_lines set fee_ratio = $1, tax_rate = $2 where id = $3`

// FixTerms copies the platform's part and the tax rate into a line that is being paid
// (trade.md §8.6): they are those of the payment, not of the quote. The price stays.
func FixTerms(ctx context.Context, tx *db.Tx, l *Line, t Terms) error {
	tax := t.TaxRates[l.TaxCategory]
	if l.FeeRatio.Cmp(t.FeeRatio) == 0 && l.TaxRate.Cmp(tax) == 0 {
		return nil
	}
	l.FeeRatio, l.TaxRate = t.FeeRatio, tax
	_, err := db.Exec(ctx, tx, sqlTerms, l.FeeRatio, l.TaxRate, l.ID)
	return err
}

const sqlPeriod = `update order_lines set starts_at = $1, ends_at = $2, anchor_before = $3 where id = $4`

// FixPeriod notes the period that a renewal has bought, when it is paid, and the anchor day
// that its unified end replaces; 0 when the anchor stays.
func FixPeriod(ctx context.Context, tx *db.Tx, lineID string, starts, ends time.Time, anchorBefore int) error {
	_, err := db.Exec(ctx, tx, sqlPeriod, starts, ends, anchorBefore, lineID)
	return err
}

// LineID is the number of the n-th line of an order: "-000001".
func LineID(orderID string, n int) string { return fmt.Sprintf("%s-%06d", orderID, n) }

// PlaceRefund makes the refund order (退订单) of o: kind UNSUB, or UNSUB_RENEWAL of a renewal, completed at once, with a
// negative amount and a line for each of lines, since sellers are told its numbers. What goes
// back is the amount of each line, of which its voucher part goes back to the voucher.
func PlaceRefund(ctx context.Context, tx *db.Tx, o Order, lines []Line, cause string, zone *time.Location) (Order, error) {
	var sum, voucher money.Amount
	for _, l := range lines {
		sum += l.Amount
		voucher += l.Voucher
	}
	kind := Unsub
	if o.Kind.Renews() {
		kind = UnsubRenewal
	}
	r := Order{Kind: kind, State: Completed, AccountID: o.AccountID, UserID: o.UserID, SellerID: o.SellerID,
		ProductID: o.ProductID, ParentID: o.ID, Currency: o.Currency, ListAmount: 0, DueAmount: voucher - sum,
		PaidAmount: voucher - sum, Voucher: -voucher, LineCount: len(lines), Cause: cause, CreatedAt: tx.Now, PaidAt: tx.Now, ClosedAt: tx.Now, Version: 1}
	if err := insertNumbered(ctx, tx, &r, zone); err != nil {
		return Order{}, err
	}
	for i, l := range lines {
		l.ID, l.OrderID, l.Amount, l.Voucher = LineID(r.ID, i+1), r.ID, -l.Amount, -l.Voucher
		if err := db.Insert(ctx, tx, "order_lines", l); err != nil {
			return Order{}, err
		}
	}
	return r, Record(ctx, tx, r.ID, Create, "", Completed, map[string]any{"refunds": o.ID, "amount": r.DueAmount})
}

func insertNumbered(ctx context.Context, tx *db.Tx, o *Order, zone *time.Location) error {
	for range draws {
		o.ID = id.OrderNumber(clock.Wall{}.Now(), zone)
		fresh, err := db.InsertIfAbsent(ctx, tx, "orders", *o)
		if err != nil || fresh {
			return err
		}
	}
	return errs.New(errs.Internal, "internal")
}

const sqlLineVoucher = `update order_lines set voucher_amount = $1 where id = $2`
const sqlOrderVoucher = `update orders set voucher_amount = $1, due_amount = $2, version = version + 1
where id = $3 and version = $4 and state in ('PENDING_REVIEW', 'PENDING_PAYMENT')`

// Cover writes which part of each line a voucher covers, 0 for none, and what is left to be
// paid; o and lines are updated. An order that is not unpaid any more is
// "order.bad_transition" (Conflict).
func Cover(ctx context.Context, tx *db.Tx, o *Order, lines []Line, parts []money.Amount) error {
	var amount, voucher money.Amount
	for i := range lines {
		amount, voucher = amount+lines[i].Amount, voucher+parts[i]
		if lines[i].Voucher == parts[i] {
			continue
		}
		lines[i].Voucher = parts[i]
		if _, err := db.Exec(ctx, tx, sqlLineVoucher, parts[i], lines[i].ID); err != nil {
			return err
		}
	}
	n, err := db.Exec(ctx, tx, sqlOrderVoucher, voucher, amount-voucher, o.ID, o.Version)
	if err == nil && n == 0 {
		err = errs.Conflictf("order.bad_transition", "state", o.State, "order", o.ID)
	}
	o.Voucher, o.DueAmount, o.Version = voucher, amount-voucher, o.Version+1
	return err
}
