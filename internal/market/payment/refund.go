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
	Amount      money.Amount // of this refund
	Before      money.Amount // what went back of the same line before
	FeeRatio    money.Price  // the platform's part, as it was captured
	Currency    string
}

const sqlReturn = `update payments set refunded = refunded + $1 where order_id = $2 and instrument = $3 and refunded + $1 <= amount`

// RefundCaptured gives an amount back to the balance that had been captured: the seller and
// the platform give what they had of it. The platform's parts of several refunds add up to
// its part of their sum, so that a whole refund leaves nothing on either side. More than was
// paid is "payment.refunded" (Conflict).
func RefundCaptured(ctx context.Context, tx *db.Tx, r Returned) error {
	n, err := db.Exec(ctx, tx, sqlReturn, r.Amount, r.OrderID, Balance)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("payment.refunded")
	}
	fee := feeOf(r.Before+r.Amount, r.FeeRatio) - feeOf(r.Before, r.FeeRatio)
	_, err = ledger.Post(ctx, tx, ledger.Journal{Key: "refund:" + r.RefundOrder, Kind: "refund_delivered", Cause: r.OrderID, Currency: r.Currency,
		Lines: []ledger.Line{
			{Account: ledger.PayableSeller(r.SellerID), Amount: fee - r.Amount},
			{Account: ledger.RevenuePlatform, Amount: -fee},
			{Account: ledger.BuyerBalance(r.AccountID), Amount: r.Amount},
		}})
	return err
}

// feeOf is the platform's part of an amount: amount × ratio, half up (trade.md §16.4).
func feeOf(amount money.Amount, ratio money.Price) money.Amount {
	return money.HalfUp(amount.Price().Mul(ratio))
}
