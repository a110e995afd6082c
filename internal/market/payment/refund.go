package payment

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/ledger"
)

// Returned is an amount that goes back to the buyer after the delivery.
type Returned struct {
	AccountID   string
	SellerID    string
	OrderID     string
	RefundOrder string       // its number makes the journal once only
	Amount      money.Amount // of this refund, all of it
	Before      money.Amount // what went back of the same line before
	Voucher     VoucherItem  // that paid a part of the line
	Restored    money.Amount // the part of Amount that goes back to the voucher
	Earlier     money.Amount // what went back to the voucher of the same line before
	FeeRatio    money.Price  // the platform's part, as it was captured
	Currency    string
}

const sqlReturn = `update payments set refunded = refunded + $1 where order_id = $2 and (instrument = 'voucher') = $3 and refunded + $1 <= amount`

// RefundCaptured gives an amount back that had been captured, to the balance and to the voucher
// that paid a part of it: the seller and the platform give what they had of it, and bear the
// voucher's cost no more. The platform's parts of several refunds add up to
// its part of their sum, so that a whole refund leaves nothing on either side. More than was
// paid is "payment.refunded" (Conflict).
func RefundCaptured(ctx context.Context, tx *db.Tx, r Returned) error {
	for i, part := range []money.Amount{r.Amount - r.Restored, r.Restored} {
		if part == 0 {
			continue
		}
		n, err := db.Exec(ctx, tx, sqlReturn, part, r.OrderID, i == 1)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflictf("payment.refunded")
		}
	}
	cost := feeOf(r.Earlier+r.Restored, r.Voucher.Cost) - feeOf(r.Earlier, r.Voucher.Cost)
	fee := feeOf(r.Before+r.Amount, r.FeeRatio) - feeOf(r.Before, r.FeeRatio)
	_, err := ledger.Post(ctx, tx, ledger.Journal{Key: "refund:" + r.RefundOrder, Kind: "refund_delivered", Cause: r.OrderID, Currency: r.Currency,
		Lines: []ledger.Line{
			{Account: ledger.PayableSeller(r.SellerID), Amount: fee - r.Amount},
			{Account: ledger.RevenuePlatform, Amount: -fee},
			{Account: ledger.BuyerBalance(r.AccountID), Amount: r.Amount - r.Restored},
			{Account: ledger.VoucherOf(r.Voucher.Issuer), Amount: r.Restored},
			{Account: ledger.VoucherOf(r.Voucher.Issuer), Amount: -r.Restored},
			{Account: ledger.PayableSeller(r.SellerID), Amount: cost},
			{Account: ledger.RevenuePlatform, Amount: r.Restored - cost},
		}})
	return err
}

// feeOf is the platform's part of an amount: amount × ratio, half up (trade.md §16.4).
func feeOf(amount money.Amount, ratio money.Price) money.Amount {
	return money.HalfUp(amount.Price().Mul(ratio))
}
