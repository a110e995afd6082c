// Package payment owns payments of orders and top-ups of balances.
//
// A top-up (充值) by bank transfer is announced by the buyer, matched by finance against
// the bank's statement, and credited to the balance when confirmed. An order is paid from
// the balance with one payment; its refund goes back the same way. Both write their journal
// in the ledger in the same transaction.
//
// States of a top-up: pending → confirmed | rejected | canceled.
package payment

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/market/ledger"
)

// TopUpState is the state of a top-up.
type TopUpState string

// The states.
const (
	Pending   TopUpState = "pending"   // 待到账
	Confirmed TopUpState = "confirmed" // 已到账
	Rejected  TopUpState = "rejected"  // 已驳回
	Canceled  TopUpState = "canceled"  // 已取消
)

// TopUp is a bank transfer to a buyer's balance.
type TopUp struct {
	ID        string       `db:"id" json:"id"`
	Number    string       `db:"number" json:"number"` // to be written on the transfer
	AccountID string       `db:"account_id" json:"accountId"`
	UserID    string       `db:"user_id" json:"-"`
	Amount    money.Amount `db:"amount" json:"amount"`
	Currency  string       `db:"currency" json:"currency"`
	State     TopUpState   `db:"state" json:"state"`
	Payer     string       `db:"payer" json:"payer"`         // name of the paying bank account
	Reference string       `db:"reference" json:"reference"` // the bank's number of the transfer
	Note      string       `db:"note" json:"note"`
	Reason    string       `db:"reason" json:"reason"` // of a rejection
	CreatedAt time.Time    `db:"created_at" json:"createdAt"`
	DecidedAt time.Time    `db:"decided_at" json:"decidedAt"`
	DecidedBy string       `db:"decided_by" json:"-"`
	Version   int64        `db:"version" json:"-"`
}

// TopUpRequest is what the buyer fills in.
type TopUpRequest struct {
	AccountID string
	UserID    string
	Amount    money.Amount
	Currency  string
	Payer     string // 2–100 characters
	Reference string // ≤ 64
	Note      string // ≤ 200
}

// maxTopUp bounds one transfer: 100 million.
const maxTopUp = money.Amount(100_000_000_00)

// maxPending bounds the open announcements of an account.
const maxPending = 20

const sqlPending = `select count(*) from topups where account_id = $1 and state = 'pending'`

// RequestTopUp announces a transfer. "payment.too_many_pending" (Conflict) above 20 open
// ones of the account.
func RequestTopUp(ctx context.Context, tx *db.Tx, in TopUpRequest) (TopUp, error) {
	var c errs.Check
	if in.Amount <= 0 || in.Amount > maxTopUp {
		c.Add("amount", "payment.amount_range", "min", "0.01", "max", maxTopUp.String())
	}
	c.Length("payer", in.Payer, 2, 100)
	c.Length("reference", in.Reference, 0, 64)
	c.Length("note", in.Note, 0, 200)
	if err := c.Err(); err != nil {
		return TopUp{}, err
	}
	n, err := db.One[int](ctx, tx, sqlPending, in.AccountID)
	if err != nil {
		return TopUp{}, err
	}
	if n >= maxPending {
		return TopUp{}, errs.Conflictf("payment.too_many_pending", "max", maxPending)
	}
	t := TopUp{ID: id.New("top"), AccountID: in.AccountID, UserID: in.UserID, Amount: in.Amount, Currency: in.Currency,
		State: Pending, Payer: strings.TrimSpace(in.Payer), Reference: strings.TrimSpace(in.Reference),
		Note: strings.TrimSpace(in.Note), CreatedAt: tx.Now, Version: 1}
	t.Number = "TU" + strings.ToUpper(t.ID[len(t.ID)-10:])
	if err := db.Insert(ctx, tx, "topups", t); err != nil {
		return TopUp{}, err
	}
	return t, audit.Record(ctx, tx, audit.Entry{Action: "topup.request", Object: "topup", ObjectID: t.ID, AccountID: t.AccountID,
		Detail: map[string]any{"amount": t.Amount}})
}

const topUpColumns = `id, number, account_id, user_id, amount, currency, state, payer, reference, note, reason, created_at, decided_at, decided_by, version`

const sqlTopUp = `select ` + topUpColumns + ` from topups where id = $1 and ($2 = '' or account_id = $2)`

// FindTopUp reads a top-up; with an account only its own. "payment.topup_not_found".
func FindTopUp(ctx context.Context, q db.Querier, topUpID, accountID string) (TopUp, error) {
	t, ok, err := db.Maybe[TopUp](ctx, q, sqlTopUp, topUpID, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("payment.topup_not_found")
	}
	return t, err
}

const sqlDecide = `update topups set state = $1, reason = $2, decided_at = $3, decided_by = $4, version = version + 1 where id = $5 and state = 'pending' and version = $6`

func decide(ctx context.Context, tx *db.Tx, t *TopUp, to TopUpState, reason string) error {
	n, err := db.Exec(ctx, tx, sqlDecide, to, reason, tx.Now, audit.ActorFrom(ctx).ID, t.ID, t.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("payment.topup_decided", "state", t.State)
	}
	t.State, t.Reason, t.DecidedAt = to, reason, tx.Now
	return audit.Record(ctx, tx, audit.Entry{Action: "topup." + string(to), Object: "topup", ObjectID: t.ID,
		AccountID: t.AccountID, Reason: reason, Detail: map[string]any{"amount": t.Amount}})
}

// ConfirmTopUp credits the balance: finance saw the money on the bank's statement. A
// top-up that is not pending any more is "payment.topup_decided" (Conflict).
func ConfirmTopUp(ctx context.Context, tx *db.Tx, topUpID, reference string) (TopUp, error) {
	t, err := FindTopUp(ctx, tx, topUpID, "")
	if err != nil {
		return t, err
	}
	var c errs.Check
	if !c.Length("reference", reference, 0, 64) {
		return t, c.Err()
	}
	if err := decide(ctx, tx, &t, Confirmed, reference); err != nil {
		return t, err
	}
	_, err = ledger.Post(ctx, tx, ledger.Journal{Key: "topup:" + t.ID, Kind: "topup", Cause: t.Number, Currency: t.Currency,
		Lines: []ledger.Line{{Account: ledger.Bank, Amount: -t.Amount}, {Account: ledger.BuyerBalance(t.AccountID), Amount: t.Amount}}})
	return t, err
}

// RejectTopUp ends it without money; the reason (2–500 characters) is shown to the buyer.
func RejectTopUp(ctx context.Context, tx *db.Tx, topUpID, reason string) (TopUp, error) {
	var c errs.Check
	if !c.Length("reason", reason, 2, 500) {
		return TopUp{}, c.Err()
	}
	t, err := FindTopUp(ctx, tx, topUpID, "")
	if err != nil {
		return t, err
	}
	return t, decide(ctx, tx, &t, Rejected, strings.TrimSpace(reason))
}

// CancelTopUp is the buyer's withdrawal of an announcement.
func CancelTopUp(ctx context.Context, tx *db.Tx, topUpID, accountID string) (TopUp, error) {
	t, err := FindTopUp(ctx, tx, topUpID, accountID)
	if err != nil {
		return t, err
	}
	return t, decide(ctx, tx, &t, Canceled, "")
}

// TopUpRow is a top-up in a list.
type TopUpRow struct {
	TopUp
	AccountName string `db:"account_name" json:"accountName"`
}

const sqlTopUps = `select t.id, t.number, t.account_id, t.user_id, t.amount, t.currency, t.state, t.payer, t.reference, t.note, t.reason, t.created_at, t.decided_at, t.decided_by, t.version, a.name as account_name
from topups t join accounts a on a.id = t.account_id
where ($1 = '' or t.account_id = $1) and ($2 = '' or t.state = $2)
and ($3 = '' or t.number = $3 or lower(a.name) like $4 escape '!' or lower(t.payer) like $4 escape '!' or t.reference = $3)
and ($5 = '' or t.id < $5) order by t.id desc limit $6`
const sqlTopUpCount = `select count(*) from (select 1 from topups t join accounts a on a.id = t.account_id
where ($1 = '' or t.account_id = $1) and ($2 = '' or t.state = $2)
and ($3 = '' or t.number = $3 or lower(a.name) like $4 escape '!' or lower(t.payer) like $4 escape '!' or t.reference = $3) limit $5) as n`

// Scope says whose top-ups are listed; the zero value is nobody's.
type Scope struct {
	AccountID string
	All       bool // operators
}

// Everybody is the scope of operators.
var Everybody = Scope{All: true}

// TopUps lists top-ups within the scope, newest first.
func TopUps(ctx context.Context, q db.Querier, s Scope, state TopUpState, text string, p page.Query) (page.Page[TopUpRow], error) {
	accountID := s.AccountID
	if accountID == "" && !s.All {
		accountID = "none"
	}
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[TopUpRow]{}, err
	}
	like := db.Contains(text)
	rows, err := db.List[TopUpRow](ctx, q, sqlTopUps, accountID, state, text, like, key[0], p.Size()+1)
	if err != nil {
		return page.Page[TopUpRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlTopUpCount, accountID, state, text, like, page.TotalCap+1)
	return page.Of(p, rows, func(t TopUpRow) []string { return []string{t.ID} }).WithTotal(n), err
}
