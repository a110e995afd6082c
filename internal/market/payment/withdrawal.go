package payment

import (
	"context"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/base/secret"
	"jishi/internal/market/ledger"
)

// WithdrawalState is the state of a withdrawal.
type WithdrawalState string

// The states. The amount leaves the balance with the request, so that it cannot be spent
// meanwhile, and stands on "held:<withdrawal>" until finance has decided.
const (
	Requested         WithdrawalState = "requested" // 待审核
	PaidOut           WithdrawalState = "paid"      // 已打款
	WithdrawalRefused WithdrawalState = "rejected"  // 已驳回
	WithdrawalDropped WithdrawalState = "canceled"  // 已撤回
)

// WithdrawalMove is one row of the transition table.
type WithdrawalMove struct {
	From  WithdrawalState
	Event string
	To    WithdrawalState
	Actor string
}

// WithdrawalMoves is the transition table; every other pair is "payment.withdrawal_decided".
var WithdrawalMoves = []WithdrawalMove{
	{Requested, "paid_out", PaidOut, "finance"},
	{Requested, "rejected", WithdrawalRefused, "finance"},
	{Requested, "canceled", WithdrawalDropped, "buyer"},
}

// Withdrawal (提现) gives balance back to a bank account of somebody who paid it in.
type Withdrawal struct {
	ID         string          `db:"id" json:"id"`
	Number     string          `db:"number" json:"number"`
	AccountID  string          `db:"account_id" json:"accountId"`
	UserID     string          `db:"user_id" json:"-"`
	Amount     money.Amount    `db:"amount" json:"amount"`
	Currency   string          `db:"currency" json:"currency"`
	State      WithdrawalState `db:"state" json:"state"`
	Payer      string          `db:"payer" json:"payer"` // holder of the bank account: a payer of confirmed top-ups
	Bank       string          `db:"bank" json:"bank"`
	BankSealed string          `db:"bank_sealed" json:"-"`
	BankTail   string          `db:"bank_tail" json:"bankTail"` // last four digits
	Note       string          `db:"note" json:"note"`
	Reference  string          `db:"reference" json:"reference"` // the bank's number of the transfer made
	Reason     string          `db:"reason" json:"reason"`       // of a rejection
	CreatedAt  time.Time       `db:"created_at" json:"createdAt"`
	DecidedAt  time.Time       `db:"decided_at" json:"decidedAt"`
	DecidedBy  string          `db:"decided_by" json:"-"`
	Version    int64           `db:"version" json:"-"`
}

// Withdrawals needs the box: bank account numbers are sealed.
type Withdrawals struct{ Box *secret.Box }

// WithdrawalRequest is what the buyer fills in.
type WithdrawalRequest struct {
	AccountID string
	UserID    string
	Amount    money.Amount
	Currency  string
	Payer     string // one of Payers
	Bank      string // name of the bank, 2–100 characters
	BankNo    string // number of the bank account: 6–34 letters and digits
	Note      string // ≤ 200
}

// Payer is somebody who paid money in, with what may go back to him.
type Payer struct {
	Name string       `db:"name" json:"name"`
	Paid money.Amount `db:"paid" json:"paid"`
	Back money.Amount `db:"back" json:"back"` // withdrawn or being withdrawn
}

// Left is what may still go back to the payer.
func (p Payer) Left() money.Amount { return p.Paid - p.Back }

const sqlPayers = `select t.payer as name, sum(t.amount) as paid,
coalesce((select sum(w.amount) from withdrawals w where w.account_id = $1 and w.payer = t.payer and w.state in ('requested', 'paid')), 0) as back
from topups t where t.account_id = $1 and t.state = 'confirmed' group by t.payer order by t.payer`

// Payers lists to whom the account's balance may go back: whoever paid it in, up to what he
// paid. Money is never sent to somebody it did not come from.
func Payers(ctx context.Context, q db.Querier, accountID string) ([]Payer, error) {
	return db.List[Payer](ctx, q, sqlPayers, accountID)
}

const sqlLockBalance = `update ledger_balances set balance = balance where account = $1`

// LockAccount makes the transactions of one account that count before they write one after
// the other, by its balance row: the second one sees what the first did.
func LockAccount(ctx context.Context, tx *db.Tx, accountID string) error {
	_, err := db.Exec(ctx, tx, sqlLockBalance, ledger.BuyerBalance(accountID))
	return err
}

// Request takes the amount out of the balance and asks finance to pay it out. Field errors;
// "ledger.insufficient" (Conflict) when the balance does not cover it.
func (s *Withdrawals) Request(ctx context.Context, tx *db.Tx, in WithdrawalRequest) (Withdrawal, error) {
	number := strings.NewReplacer(" ", "", "-", "").Replace(in.BankNo)
	in.Bank, in.Note = strings.TrimSpace(in.Bank), strings.TrimSpace(in.Note)
	var c errs.Check
	if in.Amount <= 0 || in.Amount > maxTopUp {
		c.Add("amount", "payment.amount_range", "min", "0.01", "max", maxTopUp.String())
	}
	c.Length("bank", in.Bank, 2, 100)
	c.Length("note", in.Note, 0, 200)
	if !bankNumber(number) {
		c.Add("bankAccount", "payment.bank_account")
	}
	if err := LockAccount(ctx, tx, in.AccountID); err != nil {
		return Withdrawal{}, err
	}
	payers, err := Payers(ctx, tx, in.AccountID)
	if err != nil {
		return Withdrawal{}, err
	}
	if i := slices.IndexFunc(payers, func(p Payer) bool { return p.Name == in.Payer }); i < 0 {
		c.Add("payer", "payment.unknown_payer")
	} else if left := payers[i].Left(); in.Amount > left {
		c.Add("amount", "payment.more_than_paid_in", "left", left.String())
	}
	if err := c.Err(); err != nil {
		return Withdrawal{}, err
	}
	w := Withdrawal{ID: id.New("wdr"), AccountID: in.AccountID, UserID: in.UserID, Amount: in.Amount, Currency: in.Currency, State: Requested,
		Payer: in.Payer, Bank: in.Bank, BankTail: number[len(number)-4:], Note: in.Note, CreatedAt: tx.Now, Version: 1}
	w.Number = "WD" + strings.ToUpper(w.ID[len(w.ID)-10:])
	if w.BankSealed, err = s.Box.Seal([]byte(number), sealedBank(w.ID)); err != nil {
		return w, err
	}
	if err := db.Insert(ctx, tx, "withdrawals", w); err != nil {
		return w, err
	}
	if err := post(ctx, tx, w, "withdrawal", ledger.BuyerBalance(w.AccountID), ledger.Held(w.ID)); err != nil {
		return w, err
	}
	return w, audit.Record(ctx, tx, audit.Entry{Action: "withdrawal.request", Object: "withdrawal", ObjectID: w.ID, AccountID: w.AccountID,
		Detail: map[string]any{"amount": w.Amount, "payer": w.Payer}})
}

func bankNumber(s string) bool {
	if len(s) < 6 || len(s) > 34 {
		return false
	}
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return true
}

func sealedBank(withdrawalID string) string { return "withdrawal:" + withdrawalID }

func post(ctx context.Context, tx *db.Tx, w Withdrawal, kind string, from, to ledger.Account) error {
	_, err := ledger.Post(ctx, tx, ledger.Journal{Key: kind + ":" + w.ID, Kind: kind, Cause: w.Number, Currency: w.Currency,
		Lines: []ledger.Line{{Account: from, Amount: -w.Amount}, {Account: to, Amount: w.Amount}}})
	return err
}

const sqlDecideWithdrawal = `update withdrawals set state = $1, reference = $2, reason = $3, decided_at = $4, decided_by = $5, version = version + 1
where id = $6 and state = 'requested' and version = $7`

func decideWithdrawal(ctx context.Context, tx *db.Tx, w *Withdrawal, event, reference, reason string) error {
	i := slices.IndexFunc(WithdrawalMoves, func(m WithdrawalMove) bool { return m.From == w.State && m.Event == event })
	if i < 0 {
		return errs.Conflictf("payment.withdrawal_decided", "state", w.State)
	}
	to := WithdrawalMoves[i].To
	n, err := db.Exec(ctx, tx, sqlDecideWithdrawal, to, reference, reason, tx.Now, audit.ActorFrom(ctx).ID, w.ID, w.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("payment.withdrawal_decided", "state", w.State)
	}
	w.State, w.Reference, w.Reason, w.DecidedAt = to, reference, reason, tx.Now
	return audit.Record(ctx, tx, audit.Entry{Action: "withdrawal." + event, Object: "withdrawal", ObjectID: w.ID, AccountID: w.AccountID,
		Reason: reason, Detail: map[string]any{"amount": w.Amount, "reference": reference}})
}

// PayOut notes that finance has transferred the money; reference is the bank's number of the
// transfer (2–64 characters). "payment.withdrawal_decided" (Conflict).
func (s *Withdrawals) PayOut(ctx context.Context, tx *db.Tx, withdrawalID, reference string) (Withdrawal, error) {
	reference = strings.TrimSpace(reference)
	var c errs.Check
	if !c.Length("reference", reference, 2, 64) {
		return Withdrawal{}, c.Err()
	}
	w, err := findWithdrawal(ctx, tx, withdrawalID, anyAccount)
	if err != nil {
		return w, err
	}
	if err := decideWithdrawal(ctx, tx, &w, "paid_out", reference, ""); err != nil {
		return w, err
	}
	return w, post(ctx, tx, w, "payout", ledger.Held(w.ID), ledger.Bank)
}

// Reject gives the amount back to the balance; the reason (2–500 characters) is shown to the
// buyer.
func (s *Withdrawals) Reject(ctx context.Context, tx *db.Tx, withdrawalID, reason string) (Withdrawal, error) {
	reason = strings.TrimSpace(reason)
	var c errs.Check
	if !c.Length("reason", reason, 2, 500) {
		return Withdrawal{}, c.Err()
	}
	w, err := findWithdrawal(ctx, tx, withdrawalID, anyAccount)
	if err != nil {
		return w, err
	}
	return w, giveBack(ctx, tx, &w, "rejected", reason)
}

// Cancel is the buyer's own withdrawal of the request.
func (s *Withdrawals) Cancel(ctx context.Context, tx *db.Tx, withdrawalID, accountID string) (Withdrawal, error) {
	w, err := findWithdrawal(ctx, tx, withdrawalID, accountID)
	if err != nil {
		return w, err
	}
	return w, giveBack(ctx, tx, &w, "canceled", "")
}

func giveBack(ctx context.Context, tx *db.Tx, w *Withdrawal, event, reason string) error {
	if err := decideWithdrawal(ctx, tx, w, event, "", reason); err != nil {
		return err
	}
	return post(ctx, tx, *w, "withdrawal_back", ledger.Held(w.ID), ledger.BuyerBalance(w.AccountID))
}
