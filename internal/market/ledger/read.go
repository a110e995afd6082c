package ledger

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
)

const sqlGuarded = `select balance from ledger_balances where account = $1`

// Balance is the present balance of an account.
func Balance(ctx context.Context, q db.Querier, a Account) (money.Amount, error) {
	if a.guarded() {
		v, _, err := db.Maybe[money.Amount](ctx, q, sqlGuarded, a)
		return v, err
	}
	return BalanceAt(ctx, q, a, time.Time{})
}

// The last snapshot before the instant, and the entries after that.
const sqlBalanceAt = `select coalesce((select s.credit - s.debit from ledger_snapshots s where s.account = $1 and s.day <= $2 and s.until <= $3 order by s.day desc limit 1), 0)
+ coalesce((select sum(b.amount) from ledger_entries b where b.account = $1 and b.at < $3
  and b.at >= coalesce((select s.until from ledger_snapshots s where s.account = $1 and s.day <= $2 and s.until <= $3 order by s.day desc limit 1), 0)), 0) as balance`

// BalanceAt is the balance over the entries before an instant; zero means all of them. It
// reads no more than a day of the account's entries, however many it has.
func BalanceAt(ctx context.Context, q db.Querier, a Account, at time.Time) (money.Amount, error) {
	until := instant(at)
	return db.One[money.Amount](ctx, q, sqlBalanceAt, a, dayOf(until), until)
}

// Entry is a posting as people see it.
type Entry struct {
	ID       string        `db:"id" json:"id"`
	At       time.Time     `db:"at" json:"at"`
	Kind     string        `db:"kind" json:"kind"`
	Cause    string        `db:"cause" json:"cause"`
	Account  Account       `db:"account" json:"account"`
	Amount   money.Amount  `db:"amount" json:"amount"`
	Currency string        `db:"currency" json:"currency"`
	Journal  string        `db:"journal_id" json:"journal"`
	Balance  *money.Amount `db:"-" json:"balance,omitempty" doc:"Of the account after this entry; only where all of an account's entries are listed"`
}

const entryColumns = `select e.id, e.at, j.kind, j.cause, e.account, e.amount, j.currency, e.journal_id
from ledger_entries e join ledger_journals j on j.id = e.journal_id `

const sqlByCause = entryColumns + `where j.cause = $1 order by e.id`

// ByCause lists all postings of one order, refund or top-up: every amount on it is
// explained by them.
func ByCause(ctx context.Context, q db.Querier, cause string) ([]Entry, error) {
	return db.List[Entry](ctx, q, sqlByCause, cause)
}

// Posted is a journal with its entries.
type Posted struct {
	ID       string    `db:"id" json:"id"`
	Key      string    `db:"key" json:"key" doc:"What made it happen once"`
	Kind     string    `db:"kind" json:"kind"`
	Cause    string    `db:"cause" json:"cause"`
	Currency string    `db:"currency" json:"currency"`
	At       time.Time `db:"at" json:"at"`
	Entries  []Entry   `db:"-" json:"entries"`
}

const sqlJournal = `select id, key, kind, cause, currency, at from ledger_journals where id = $1`
const sqlOfJournal = entryColumns + `where e.journal_id = $1 order by e.id`

// FindJournal shows one journal; "ledger.journal_not_found".
func FindJournal(ctx context.Context, q db.Querier, journalID string) (Posted, error) {
	p, ok, err := db.Maybe[Posted](ctx, q, sqlJournal, journalID)
	if err == nil && !ok {
		err = errs.NotFoundf("ledger.journal_not_found")
	}
	if err != nil {
		return p, err
	}
	p.Entries, err = db.List[Entry](ctx, q, sqlOfJournal, journalID)
	return p, err
}
