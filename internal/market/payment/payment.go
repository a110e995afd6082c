package payment

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/market/ledger"
)

// Balance is the instrument "account balance" (余额).
const Balance = "balance"

// Payment is one pay item of an order (trade.md §8.6).
type Payment struct {
	ID         string       `db:"id" json:"id"`
	OrderID    string       `db:"order_id" json:"orderId"`
	AccountID  string       `db:"account_id" json:"-"`
	Instrument string       `db:"instrument" json:"instrument"`
	Amount     money.Amount `db:"amount" json:"amount"`
	Refunded   money.Amount `db:"refunded" json:"refunded"`
	Currency   string       `db:"currency" json:"currency"`
	At         time.Time    `db:"at" json:"at"`
}

// Share is the part of a payment that belongs to one order line.
type Share struct {
	OrderLineID string
	Amount      money.Amount
}

// Item is what a payment pays of one order.
type Item struct {
	OrderID string
	Lines   []Share
}

func (i Item) sum() (sum money.Amount) {
	for _, l := range i.Lines {
		sum += l.Amount
	}
	return sum
}

// FromBalance pays an order from the account's balance; each line's part is held until
// its delivery. "ledger.insufficient" (Conflict): the balance does not cover it. The unique
// payment per order and instrument makes a doubled call "payment.paid" (Conflict).
func FromBalance(ctx context.Context, tx *db.Tx, accountID, orderID, currency string, lines []Share) (Payment, error) {
	i := Item{OrderID: orderID, Lines: lines}
	p, err := note(ctx, tx, accountID, currency, i)
	if err != nil {
		return p, err
	}
	return p, hold(ctx, tx, accountID, currency, i)
}

// MergedFromBalance is FromBalance for several orders of an account (合并支付): the payments
// of all are written first, in the order given, then the balance pays them one by one. An
// error leaves the transaction to be undone.
func MergedFromBalance(ctx context.Context, tx *db.Tx, accountID, currency string, items []Item) error {
	for _, i := range items {
		if _, err := note(ctx, tx, accountID, currency, i); err != nil {
			return err
		}
	}
	for _, i := range items {
		if err := hold(ctx, tx, accountID, currency, i); err != nil {
			return err
		}
	}
	return nil
}

// note writes the pay item of an order, once.
func note(ctx context.Context, tx *db.Tx, accountID, currency string, i Item) (Payment, error) {
	p := Payment{ID: id.New("pay"), OrderID: i.OrderID, AccountID: accountID, Instrument: Balance, Amount: i.sum(), Currency: currency, At: tx.Now}
	fresh, err := db.InsertIfAbsent(ctx, tx, "payments", p)
	if err == nil && !fresh {
		err = errs.Conflictf("payment.paid")
	}
	return p, err
}

// hold moves an order's amount from the balance to where it waits for the delivery of each line.
func hold(ctx context.Context, tx *db.Tx, accountID, currency string, i Item) error {
	j := ledger.Journal{Key: "pay:" + i.OrderID, Kind: "payment", Cause: i.OrderID, Currency: currency}
	for _, l := range i.Lines {
		j.Lines = append(j.Lines, ledger.Line{Account: ledger.Held(l.OrderLineID), Amount: l.Amount})
	}
	j.Lines = append(j.Lines, ledger.Line{Account: ledger.BuyerBalance(accountID), Amount: -i.sum()})
	_, err := ledger.Post(ctx, tx, j)
	return err
}

const sqlRefund = `update payments set refunded = amount where order_id = $1 and instrument = $2 and refunded = 0`

// RefundHeld gives the whole amount of an order that was not delivered back to the balance,
// by the journal of the refund order.
func RefundHeld(ctx context.Context, tx *db.Tx, accountID, orderID, refundID, currency string, lines []Share) error {
	n, err := db.Exec(ctx, tx, sqlRefund, orderID, Balance)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("payment.refunded")
	}
	j := ledger.Journal{Key: "refund:" + refundID, Kind: "refund", Cause: orderID, Currency: currency}
	var sum money.Amount
	for _, l := range lines {
		sum += l.Amount
		j.Lines = append(j.Lines, ledger.Line{Account: ledger.Held(l.OrderLineID), Amount: -l.Amount})
	}
	j.Lines = append(j.Lines, ledger.Line{Account: ledger.BuyerBalance(accountID), Amount: sum})
	_, err = ledger.Post(ctx, tx, j)
	return err
}

// Capture moves a delivered line's amount from hold to the seller and the platform's fee:
// fee = amount × ratio, half up; the seller has the rest (trade.md §16.4). It happens once
// per line, whatever calls it again.
func Capture(ctx context.Context, tx *db.Tx, orderID, orderLineID, sellerID, currency string, amount money.Amount, feeRatio money.Price) error {
	fee := feeOf(amount, feeRatio)
	_, err := ledger.Post(ctx, tx, ledger.Journal{Key: "capture:" + orderLineID, Kind: "capture", Cause: orderID, Currency: currency,
		Lines: []ledger.Line{
			{Account: ledger.Held(orderLineID), Amount: -amount},
			{Account: ledger.PayableSeller(sellerID), Amount: amount - fee},
			{Account: ledger.RevenuePlatform, Amount: fee},
		}})
	return err
}

const sqlOfOrder = `select id, order_id, account_id, instrument, amount, refunded, currency, at from payments where order_id = $1 order by id`

// OfOrder lists the pay items of an order.
func OfOrder(ctx context.Context, q db.Querier, orderID string) ([]Payment, error) {
	return db.List[Payment](ctx, q, sqlOfOrder, orderID)
}
