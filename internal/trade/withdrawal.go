package trade

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/market/access"
	"jishi/internal/market/notification"
	"jishi/internal/market/payment"
)

// PayOutWithdrawal notes that finance has transferred the money, and tells the buyer.
func (t *Trade) PayOutWithdrawal(ctx context.Context, tx *db.Tx, withdrawalID, reference string) (payment.Withdrawal, error) {
	w, err := t.Withdrawals.PayOut(ctx, tx, withdrawalID, reference)
	if err != nil {
		return w, err
	}
	return w, t.noticeWithdrawal(ctx, tx, w, "withdrawal_paid")
}

// RejectWithdrawal gives the amount back to the balance, and tells the buyer why.
func (t *Trade) RejectWithdrawal(ctx context.Context, tx *db.Tx, withdrawalID, reason string) (payment.Withdrawal, error) {
	w, err := t.Withdrawals.Reject(ctx, tx, withdrawalID, reason)
	if err != nil {
		return w, err
	}
	return w, t.noticeWithdrawal(ctx, tx, w, "withdrawal_rejected")
}

func (t *Trade) noticeWithdrawal(ctx context.Context, tx *db.Tx, w payment.Withdrawal, code string) error {
	return t.Notices.Post(ctx, tx, notification.Message{AccountID: w.AccountID, Permission: access.BalanceRead,
		Class: notification.ClassOrder, Code: code, Link: "/buyer/withdrawals?q=" + w.Number,
		Args: notification.Args{"number": w.Number, "amount": w.Amount.String(), "currency": w.Currency, "payer": w.Payer, "tail": w.BankTail,
			"reference": w.Reference, "reason": w.Reason}})
}
