package ledger

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
)

// Fault is a broken law of the book, for jishi doctor.
type Fault struct {
	Law    string       `db:"law" json:"law"`
	Object string       `db:"object" json:"object"`
	Amount money.Amount `db:"amount" json:"amount"`
}

const sqlUneven = `select 'journal adds up to zero' as law, journal_id as object, sum(amount) as amount
from ledger_entries group by journal_id having sum(amount) <> 0
union all
select 'an entry is of its journal''s instant', e.id, e.amount from ledger_entries e join ledger_journals j on j.id = e.journal_id where j.at <> e.at`

const sqlBadBalances = `with sums as (select account, sum(amount) as balance from ledger_entries where account like 'buyer:%' or account like 'held:%' group by account)
select 'balance row equals its entries' as law, b.account as object, b.balance - coalesce(s.balance, 0) as amount
from ledger_balances b left join sums s on s.account = b.account where b.balance <> coalesce(s.balance, 0)
union all
select 'a buyer''s account with entries has its row', s.account, s.balance from sums s left join ledger_balances b on b.account = s.account
where s.account like 'buyer:%' and s.balance <> 0 and b.account is null
union all
select 'held amount is not negative', s.account, s.balance from sums s where s.account like 'held:%' and s.balance < 0`

const sqlBadSnapshots = `with latest as (select s.account, s.until, s.debit, s.credit from ledger_snapshots s
  where s.day = (select max(l.day) from ledger_snapshots l where l.account = s.account)),
sums as (select e.account, sum(case when e.amount < 0 then -e.amount else 0 end) as debit, sum(case when e.amount > 0 then e.amount else 0 end) as credit
  from ledger_entries e join latest s on s.account = e.account and e.at < s.until group by e.account)
select 'a snapshot equals the entries before it' as law, s.account as object, s.credit - s.debit - coalesce(x.credit - x.debit, 0) as amount
from latest s left join sums x on x.account = s.account where s.debit <> coalesce(x.debit, 0) or s.credit <> coalesce(x.credit, 0)
union all
select 'an account of the time before the snapshots has one', e.account, sum(e.amount) from ledger_entries e
where e.at < (select until from ledger_watermark where id = 1) and e.account not like 'held:%'
and not exists (select 1 from ledger_snapshots s where s.account = e.account) group by e.account`

const sqlBadSteps = `select 'turnovers only grow from one snapshot to the next' as law, s.account as object, s.credit - s.debit as amount from ledger_snapshots s
join ledger_snapshots n on n.account = s.account and n.day = (select min(x.day) from ledger_snapshots x where x.account = s.account and x.day > s.day)
where n.debit < s.debit or n.credit < s.credit or n.until <= s.until`

// Faults lists what is broken; an empty list is a sound book. It reads the whole book, some
// times over, but each time once from end to end.
func Faults(ctx context.Context, q db.Querier) ([]Fault, error) {
	var out []Fault
	for _, text := range []string{sqlUneven, sqlBadBalances, sqlBadSnapshots, sqlBadSteps} {
		some, err := db.List[Fault](ctx, q, text)
		if err != nil {
			return out, err
		}
		out = append(out, some...)
	}
	reach, err := db.One[int64](ctx, q, sqlWatermark)
	if err != nil {
		return out, err
	}
	kept, err := db.List[Trial](ctx, q, sqlTotals, reach)
	if err != nil {
		return out, err
	}
	moved, err := turnover(ctx, q, 0, reach)
	if err != nil {
		return out, err
	}
	for _, want := range byPurpose(moved) {
		var have Trial
		for _, k := range kept {
			if k.Purpose == want.Purpose {
				have.add(k.Debit, k.Credit)
			}
		}
		if have.Debit != want.Debit || have.Credit != want.Credit {
			out = append(out, Fault{"the totals of a purpose equal its entries", want.Purpose, have.Balance - want.Balance})
		}
	}
	return out, nil
}
