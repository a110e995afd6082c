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

// The instruments (trade.md §9.1).
const (
	Balance = "balance" // account balance (余额)
	Voucher = "voucher" // a marketplace voucher (代金券), besides which another one pays the rest
)

// Payment is one pay item of an order (trade.md §8.6).
type Payment struct {
	ID         string       `db:"id" json:"id"`
	OrderID    string       `db:"order_id" json:"orderId"`
	AccountID  string       `db:"account_id" json:"-"`
	Instrument string       `db:"instrument" json:"instrument"`
	Of         string       `db:"instrument_id" json:"instrumentId,omitempty"` // the voucher, or the online payment
	Amount     money.Amount `db:"amount" json:"amount"`
	Refunded   money.Amount `db:"refunded" json:"refunded"`
	Currency   string       `db:"currency" json:"currency"`
	At         time.Time    `db:"at" json:"at"`
}

// Share is the part of a payment that belongs to one order line.
type Share struct {
	OrderLineID string
	Amount      money.Amount // all of it
	Voucher     money.Amount // the part that a voucher pays
}

// Item is what a payment pays of one order.
type Item struct {
	OrderID string
	Lines   []Share
	Voucher VoucherItem // of the lines' voucher parts
}

// VoucherItem is the voucher that pays a part of an order. Cost is the part of it that the
// seller bears when the order is delivered, 0–1; the marketplace bears the rest.
type VoucherItem struct {
	ID     string
	Issuer string // a seller, or "platform"
	Cost   money.Price
}

// parts are what the lines take from the voucher and from the other instrument.
func (i Item) parts() (voucher, cash money.Amount) {
	for _, l := range i.Lines {
		voucher, cash = voucher+l.Voucher, cash+l.Amount-l.Voucher
	}
	return voucher, cash
}

// FromBalance pays an order from its voucher and the account's balance; each line's part is
// held until its delivery. "ledger.insufficient" (Conflict): the balance does not cover it. The unique
// payment per order and instrument makes a doubled call "payment.paid" (Conflict).
func FromBalance(ctx context.Context, tx *db.Tx, accountID, currency string, i Item) error {
	if err := note(ctx, tx, fromBalance(accountID, currency), i); err != nil {
		return err
	}
	return hold(ctx, tx, ledger.BuyerBalance(accountID), currency, i)
}

func fromBalance(accountID, currency string) Payment {
	return Payment{AccountID: accountID, Instrument: Balance, Currency: currency}
}

// MergedFromBalance is FromBalance for several orders of an account (合并支付): the payments
// of all are written first, in the order given, then the balance pays them one by one. An
// error leaves the transaction to be undone.
func MergedFromBalance(ctx context.Context, tx *db.Tx, accountID, currency string, items []Item) error {
	for _, i := range items {
		if err := note(ctx, tx, fromBalance(accountID, currency), i); err != nil {
			return err
		}
	}
	for _, i := range items {
		if err := hold(ctx, tx, ledger.BuyerBalance(accountID), currency, i); err != nil {
			return err
		}
	}
	return nil
}

// note writes the pay items of an order, each once: what a voucher pays, and the rest by the
// instrument that is given. An order that a voucher covers whole has the first alone. Balance and
// online payment exclude each other.
func note(ctx context.Context, tx *db.Tx, rest Payment, i Item) error {
	voucher, cash := i.parts()
	rest.OrderID, rest.At = i.OrderID, tx.Now
	if voucher > 0 {
		p := rest
		p.ID, p.Instrument, p.Of, p.Amount = id.New("pay"), Voucher, i.Voucher.ID, voucher
		if err := noteOnce(ctx, tx, p); err != nil || cash == 0 {
			return err
		}
	}
	rest.ID, rest.Amount = id.New("pay"), cash
	return noteOnce(ctx, tx, rest)
}

func noteOnce(ctx context.Context, tx *db.Tx, p Payment) error {
	fresh, err := db.InsertIfAbsent(ctx, tx, "payments", p)
	if err == nil && !fresh {
		err = errs.Conflictf("payment.paid")
	}
	return err
}

// hold moves an order's amount from the voucher and from where the rest comes from to where it
// waits for the delivery of each line.
func hold(ctx context.Context, tx *db.Tx, from ledger.Account, currency string, i Item) error {
	j := ledger.Journal{Key: "pay:" + i.OrderID, Kind: "payment", Cause: i.OrderID, Currency: currency}
	for _, l := range i.Lines {
		j.Lines = append(j.Lines, ledger.Line{Account: ledger.Held(l.OrderLineID), Amount: l.Amount})
	}
	voucher, cash := i.parts()
	j.Lines = append(j.Lines,
		ledger.Line{Account: ledger.VoucherOf(i.Voucher.Issuer), Amount: -voucher},
		ledger.Line{Account: from, Amount: -cash})
	fresh, err := ledger.Post(ctx, tx, j)
	if err == nil && !fresh {
		err = errs.Conflictf("payment.paid")
	}
	return err
}

const sqlRefund = `update payments set refunded = amount where order_id = $1 and refunded = 0`

// RefundHeld gives the whole amount of an order that was not delivered back, to the voucher
// and to the balance, by the journal of the refund order.
func RefundHeld(ctx context.Context, tx *db.Tx, accountID, refundID, currency string, i Item) error {
	n, err := db.Exec(ctx, tx, sqlRefund, i.OrderID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("payment.refunded")
	}
	j := ledger.Journal{Key: "refund:" + refundID, Kind: "refund", Cause: i.OrderID, Currency: currency}
	for _, l := range i.Lines {
		j.Lines = append(j.Lines, ledger.Line{Account: ledger.Held(l.OrderLineID), Amount: -l.Amount})
	}
	voucher, cash := i.parts()
	j.Lines = append(j.Lines,
		ledger.Line{Account: ledger.VoucherOf(i.Voucher.Issuer), Amount: voucher},
		ledger.Line{Account: ledger.BuyerBalance(accountID), Amount: cash})
	_, err = ledger.Post(ctx, tx, j)
	return err
}

// Delivered is a line whose held amount goes to the seller.
type Delivered struct {
	OrderID  string
	Line     Share
	SellerID string
	FeeRatio money.Price // the platform's part
	Currency string
	Voucher  VoucherItem // of Line.Voucher
}

// Capture moves a delivered line's amount from hold to the seller and the platform's fee:
// fee = amount × ratio, half up; the seller has the rest. What a voucher paid of it is borne
// by both as agreed for the voucher: seller = sales × (1 − fee) − voucher × his part (trade.md
// §16.4). It happens once per line, whatever calls it again.
func Capture(ctx context.Context, tx *db.Tx, d Delivered) error {
	fee, cost := feeOf(d.Line.Amount, d.FeeRatio), feeOf(d.Line.Voucher, d.Voucher.Cost)
	_, err := ledger.Post(ctx, tx, ledger.Journal{Key: "capture:" + d.Line.OrderLineID, Kind: "capture", Cause: d.OrderID, Currency: d.Currency,
		Lines: []ledger.Line{
			{Account: ledger.Held(d.Line.OrderLineID), Amount: -d.Line.Amount},
			{Account: ledger.PayableSeller(d.SellerID), Amount: d.Line.Amount - fee},
			{Account: ledger.RevenuePlatform, Amount: fee},
			{Account: ledger.VoucherOf(d.Voucher.Issuer), Amount: d.Line.Voucher},
			{Account: ledger.PayableSeller(d.SellerID), Amount: -cost},
			{Account: ledger.RevenuePlatform, Amount: cost - d.Line.Voucher},
		}})
	return err
}

const sqlOfOrder = `select id, order_id, account_id, instrument, instrument_id, amount, refunded, currency, at from payments where order_id = $1 order by id`

// OfOrder lists the pay items of an order.
func OfOrder(ctx context.Context, q db.Querier, orderID string) ([]Payment, error) {
	return db.List[Payment](ctx, q, sqlOfOrder, orderID)
}
