package ledger

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
)

const sqlGuarded = `select balance from ledger_balances where account = $1`
const sqlSummed = `select coalesce((select balance from ledger_snapshots where account = $1), 0)
+ coalesce((select sum(amount) from ledger_entries where account = $1
  and at >= coalesce((select until from ledger_snapshots where account = $1), 0)), 0) as balance`

// Balance is the present balance of an account.
func Balance(ctx context.Context, q db.Querier, a Account) (money.Amount, error) {
	if a.guarded() {
		v, _, err := db.Maybe[money.Amount](ctx, q, sqlGuarded, a)
		return v, err
	}
	return db.One[money.Amount](ctx, q, sqlSummed, a)
}

const sqlBalanceAt = `select coalesce(sum(amount), 0) from ledger_entries where account = $1 and at < $2`

// BalanceAt is the balance as of an instant, for statements.
func BalanceAt(ctx context.Context, q db.Querier, a Account, at time.Time) (money.Amount, error) {
	return db.One[money.Amount](ctx, q, sqlBalanceAt, a, at)
}

// Entry is a posting as people see it.
type Entry struct {
	ID       string       `db:"id" json:"id"`
	At       time.Time    `db:"at" json:"at"`
	Kind     string       `db:"kind" json:"kind"`
	Cause    string       `db:"cause" json:"cause"`
	Account  Account      `db:"account" json:"account"`
	Amount   money.Amount `db:"amount" json:"amount"`
	Currency string       `db:"currency" json:"currency"`
	Journal  string       `db:"journal_id" json:"journal"`
}

const sqlStatement = `select e.id, e.at, j.kind, j.cause, e.account, e.amount, j.currency, e.journal_id
from ledger_entries e join ledger_journals j on j.id = e.journal_id
where e.account = $1 and ($2 = '' or j.kind = $2) and (e.at >= $3 or $3 = 0) and (e.at < $4 or $4 = 0) and ($5 = '' or e.id < $5)
order by e.id desc limit $6`
const sqlStatementCount = `select count(*) from (select 1 from ledger_entries e join ledger_journals j on j.id = e.journal_id
where e.account = $1 and ($2 = '' or j.kind = $2) and (e.at >= $3 or $3 = 0) and (e.at < $4 or $4 = 0) limit $5) as n`

// StatementFilter narrows a statement; empty fields do not.
type StatementFilter struct {
	Kind     string
	From, To time.Time
}

// Statement lists the postings of an account, newest first.
func Statement(ctx context.Context, q db.Querier, a Account, f StatementFilter, p page.Query) (page.Page[Entry], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Entry]{}, err
	}
	from, to := micros(f.From), micros(f.To)
	rows, err := db.List[Entry](ctx, q, sqlStatement, a, f.Kind, from, to, key[0], p.Size()+1)
	if err != nil {
		return page.Page[Entry]{}, err
	}
	n, err := db.One[int](ctx, q, sqlStatementCount, a, f.Kind, from, to, page.TotalCap+1)
	return page.Of(p, rows, func(e Entry) []string { return []string{e.ID} }).WithTotal(n), err
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

const sqlByCause = `select e.id, e.at, j.kind, j.cause, e.account, e.amount, j.currency, e.journal_id
from ledger_entries e join ledger_journals j on j.id = e.journal_id where j.cause = $1 order by e.id`

// ByCause lists all postings of one order, refund or top-up: every amount on it is
// explained by them.
func ByCause(ctx context.Context, q db.Querier, cause string) ([]Entry, error) {
	return db.List[Entry](ctx, q, sqlByCause, cause)
}

// Trial is one row of the trial balance: accounts are summed by their class, the part of
// the name before the party.
type Trial struct {
	Class   string       `db:"class" json:"class"`
	Debit   money.Amount `db:"debit" json:"debit"`
	Credit  money.Amount `db:"credit" json:"credit"`
	Balance money.Amount `db:"balance" json:"balance"`
}

const sqlTrial = `select class, sum(case when amount < 0 then -amount else 0 end) as debit,
sum(case when amount > 0 then amount else 0 end) as credit, sum(amount) as balance from (
  select amount, case when account like 'buyer:%:balance' then 'buyer:balance' when account like 'held:%' then 'held'
    when account like 'payable:seller:%' then 'payable:seller' else account end as class from ledger_entries) as classed
group by class order by class`

// TrialBalance sums the whole book; its balances add up to zero.
func TrialBalance(ctx context.Context, q db.Querier) ([]Trial, error) {
	return db.List[Trial](ctx, q, sqlTrial)
}
