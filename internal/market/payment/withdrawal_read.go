package payment

import (
	"context"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
)

// anyAccount is the tenant of finance.
const anyAccount = "*"

const withdrawalColumns = `w.id, w.number, w.account_id, w.user_id, w.amount, w.currency, w.state, w.payer, w.bank, w.bank_sealed, w.bank_tail, w.note, w.reference, w.reason, w.created_at, w.decided_at, w.decided_by, w.version`

const sqlWithdrawal = `select ` + withdrawalColumns + ` from withdrawals w where w.id = $1 and ($2 = '*' or w.account_id = $2)`

func findWithdrawal(ctx context.Context, q db.Querier, withdrawalID, accountID string) (Withdrawal, error) {
	w, ok, err := db.Maybe[Withdrawal](ctx, q, sqlWithdrawal, withdrawalID, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("payment.withdrawal_not_found")
	}
	return w, err
}

// BankNumber opens the number of the bank account for finance, who needs it to transfer; the
// look is audited.
func (s *Withdrawals) BankNumber(ctx context.Context, tx *db.Tx, withdrawalID string) (Withdrawal, string, error) {
	w, err := findWithdrawal(ctx, tx, withdrawalID, anyAccount)
	if err != nil {
		return w, "", err
	}
	number, err := s.Box.Open(w.BankSealed, sealedBank(w.ID))
	if err != nil {
		return w, "", err
	}
	return w, string(number), audit.Record(ctx, tx, audit.Entry{Action: "withdrawal.reveal", Object: "withdrawal", ObjectID: w.ID, AccountID: w.AccountID})
}

// WithdrawalRow is a withdrawal in a list.
type WithdrawalRow struct {
	Withdrawal
	AccountName string `db:"account_name" json:"accountName"`
}

const whereWithdrawals = ` from withdrawals w join accounts a on a.id = w.account_id
where ($1 = '*' or w.account_id = $1) and ($2 = '' or w.state = $2)
and ($3 = '' or w.number = $3 or w.reference = $3 or lower(a.name) like $4 escape '!' or lower(w.payer) like $4 escape '!')`
const sqlWithdrawals = `select ` + withdrawalColumns + `, a.name as account_name` + whereWithdrawals + ` and ($5 = '' or w.id < $5) order by w.id desc limit $6`
const sqlWithdrawalCount = `select count(*) from (select 1` + whereWithdrawals + ` limit $5) as n`

// OfAccount lists an account's withdrawals, newest first.
func (s *Withdrawals) OfAccount(ctx context.Context, q db.Querier, accountID string, state WithdrawalState, text string, p page.Query) (page.Page[WithdrawalRow], error) {
	if accountID == "" {
		return page.Page[WithdrawalRow]{}, errs.NotFoundf("payment.withdrawal_not_found")
	}
	return withdrawals(ctx, q, accountID, state, text, p)
}

// All lists the withdrawals of all accounts, for finance.
func (s *Withdrawals) All(ctx context.Context, q db.Querier, state WithdrawalState, text string, p page.Query) (page.Page[WithdrawalRow], error) {
	return withdrawals(ctx, q, anyAccount, state, text, p)
}

func withdrawals(ctx context.Context, q db.Querier, accountID string, state WithdrawalState, text string, p page.Query) (page.Page[WithdrawalRow], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[WithdrawalRow]{}, err
	}
	like := db.Contains(text)
	rows, err := db.List[WithdrawalRow](ctx, q, sqlWithdrawals, accountID, state, text, like, key[0], p.Size()+1)
	if err != nil {
		return page.Page[WithdrawalRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlWithdrawalCount, accountID, state, text, like, page.TotalCap+1)
	return page.Of(p, rows, func(w WithdrawalRow) []string { return []string{w.ID} }).WithTotal(n), err
}
