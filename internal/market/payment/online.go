package payment

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/market/ledger"
)

// FromGateway pays orders with the money of a succeeded attempt: from the gateway's account
// straight to where it waits for the delivery of each line. What the orders do not take is
// credited to the balance. Errors as MergedFromBalance; the transaction is undone then.
func FromGateway(ctx context.Context, tx *db.Tx, a *Attempt, items []Item) error {
	left := a.Amount
	for _, i := range items {
		if err := note(ctx, tx, Payment{AccountID: a.AccountID, Instrument: Online, Of: a.ID, Currency: a.Currency}, i); err != nil {
			return err
		}
	}
	for _, i := range items {
		if err := hold(ctx, tx, ledger.Gateway(a.Gateway), a.Currency, i); err != nil {
			return err
		}
		_, cash := i.parts()
		left -= cash
	}
	return settleAttempt(ctx, tx, a, PaidOrders, "", left)
}

// ToTheBalance credits the whole money of a succeeded attempt to its account's balance: a top-up,
// or a payment whose orders cannot be paid (any more), for the cause that is told.
func ToTheBalance(ctx context.Context, tx *db.Tx, a *Attempt, cause string) error {
	return settleAttempt(ctx, tx, a, ToBalance, cause, a.Amount)
}

const sqlSettleAttempt = `update payment_attempts set outcome = $1, cause = $2, surplus = $3, version = version + 1 where id = $4 and version = $5`

func settleAttempt(ctx context.Context, tx *db.Tx, a *Attempt, outcome, cause string, surplus money.Amount) error {
	a.Outcome, a.Cause, a.Surplus = outcome, cause, surplus
	if _, err := db.Exec(ctx, tx, sqlSettleAttempt, outcome, cause, surplus, a.ID, a.Version); err != nil {
		return err
	}
	a.Version++
	if surplus == 0 {
		return nil
	}
	kind := "topup_online"
	if a.Purpose == ForOrders {
		kind = "payment_surplus"
	}
	_, err := ledger.Post(ctx, tx, ledger.Journal{Key: "attempt:" + a.ID, Kind: kind, Cause: a.Number, Currency: a.Currency,
		Lines: []ledger.Line{{Account: ledger.Gateway(a.Gateway), Amount: -surplus}, {Account: ledger.BuyerBalance(a.AccountID), Amount: surplus}}})
	return err
}
