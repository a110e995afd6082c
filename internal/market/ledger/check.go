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
select 'held amount is not negative', account, sum(amount) from ledger_entries where account like 'held:%' group by account having sum(amount) < 0`

// Faults lists what is broken; an empty list is a sound book.
func Faults(ctx context.Context, q db.Querier) ([]Fault, error) {
	return db.List[Fault](ctx, q, sqlFaults)
}

const sqlSnapshot = `insert into ledger_snapshots (account, until, balance)
select account, $1, sum(amount) from ledger_entries where at < $1 and account not like 'buyer:%' and account not like 'held:%'
group by account on conflict (account) do update set until = excluded.until, balance = excluded.balance`

// settled is how old an entry is at least before a snapshot covers it: by then no
// transaction that could still write an older one is open.
const settled = 10 * time.Minute

// Snapshot renews the balances of the shared accounts; a periodic job calls it.
func Snapshot(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, sqlSnapshot, tx.Now.Add(-settled))
	return err
}
