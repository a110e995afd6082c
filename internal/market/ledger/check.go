package ledger

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
)

// Fault is a broken law of the book, for jishi doctor.
type Fault struct {
	Law    string       `db:"law" json:"law"`
	Object string       `db:"object" json:"object"`
	Amount money.Amount `db:"amount" json:"amount"`
}

const sqlFaults = `select 'journal adds up to zero' as law, journal_id as object, sum(amount) as amount
from ledger_entries group by journal_id having sum(amount) <> 0
union all
select 'balance row equals its entries', b.account, b.balance - coalesce((select sum(amount) from ledger_entries e where e.account = b.account), 0)
from ledger_balances b where b.balance <> coalesce((select sum(amount) from ledger_entries e where e.account = b.account), 0)
union all
select 'a buyer''s account with entries has its row', e.account, sum(e.amount) from ledger_entries e where e.account like 'buyer:%'
and not exists (select 1 from ledger_balances b where b.account = e.account) group by e.account having sum(e.amount) <> 0
union all
select 'held amount is not negative', account, sum(amount) from ledger_entries where account like 'held:%' group by account having sum(amount) < 0`

// Faults lists what is broken; an empty list is a sound book.
func Faults(ctx context.Context, q db.Querier) ([]Fault, error) {
	return db.List[Fault](ctx, q, sqlFaults)
}

// Sum is the balance of a shared account over its entries before an instant.
type Sum struct {
	Account Account      `db:"account"`
	Balance money.Amount `db:"balance"`
}

const sqlSums = `select account, sum(amount) as balance from ledger_entries where at < $1 and account not like 'buyer:%' and account not like 'held:%' group by account`
const sqlSnapshot = `insert into ledger_snapshots (account, until, balance) values ($1, $2, $3)
on conflict (account) do update set until = excluded.until, balance = excluded.balance where ledger_snapshots.until < excluded.until`

// settled is how old an entry is at least before a snapshot covers it: by then no
// transaction that could still write an older one is open.
const settled = 10 * time.Minute

// Settled is the instant before which no entry is written any more.
func Settled(now time.Time) time.Time { return now.Add(-settled) }

// Sums adds up the shared accounts' entries before until. It reads the whole book, so it
// must not run in a writing transaction: SQLite's only writer would wait for it.
func Sums(ctx context.Context, q db.Querier, until time.Time) ([]Sum, error) {
	return db.List[Sum](ctx, q, sqlSums, until)
}

// Snapshot keeps the sums of entries before until, unless later ones are kept already; a
// periodic job calls it.
func Snapshot(ctx context.Context, tx *db.Tx, until time.Time, sums []Sum) error {
	for _, s := range sums {
		if _, err := db.Exec(ctx, tx, sqlSnapshot, s.Account, until, s.Balance); err != nil {
			return err
		}
	}
	return nil
}
