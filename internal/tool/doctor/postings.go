package doctor

import (
	"context"
	"fmt"

	"jishi/internal/base/db"
)

// Each amount that people see is the sum of its postings: what an order's lines cost is held by
// its payment, what a line costs is captured (its hold ends by it, whoever bears the cost of a voucher), what was topped up is on the balance, what was
// paid out has left the bank; and nothing is held for what does not exist. Sums are made once
// over the book, since a question for each of a million orders would take an hour.
const sqlPostings = `with posted as (select j.key, sum(case when j.kind = 'capture' then case when e.account like 'held:%' then -e.amount else 0 end
  when e.amount > 0 then e.amount else 0 end) as credit from ledger_journals j
  join ledger_entries e on e.journal_id = j.id where j.kind in ('payment', 'capture', 'topup', 'withdrawal', 'withdrawal_back', 'payout') group by j.key)
select o.id as object, 'its lines cost another sum than its payment has posted' as text
from orders o join (select order_id, sum(amount) as amount from order_lines group by order_id) l on l.order_id = o.id
left join posted p on p.key = 'pay:' || o.id
where o.kind not in ('UNSUB', 'UNSUB_RENEWAL') and o.paid_at is not null and l.amount <> coalesce(p.credit, 0)
union all
select l.id, 'captured with another sum than it costs' from order_lines l join posted p on p.key = 'capture:' || l.id where p.credit <> l.amount
union all
select t.id, 'the top-up has another sum than its posting' from topups t join posted p on p.key = 'topup:' || t.id where p.credit <> t.amount
union all
select w.id, 'the withdrawal has another sum than its postings' from withdrawals w left join posted p on p.key = 'withdrawal:' || w.id
left join posted e on e.key = case when w.state = 'paid' then 'payout:' else 'withdrawal_back:' end || w.id
where w.amount <> coalesce(p.credit, 0) or coalesce(e.credit, 0) <> case when w.state = 'requested' then 0 else w.amount end
union all
select h.account, 'money is held for what does not exist' from (select account from ledger_entries where account like 'held:%' group by account having sum(amount) <> 0) h
where not exists (select 1 from order_lines l where l.id = substr(h.account, 6)) and not exists (select 1 from withdrawals w where w.id = substr(h.account, 6))
and not exists (select 1 from gateway_refunds g where g.id = substr(h.account, 6))`

const sqlPosted = `select count(*) from ledger_entries`

func postings(ctx context.Context, p Patient) (string, []Finding, error) {
	n, err := db.One[int](ctx, p.DB, sqlPosted)
	if err != nil {
		return "", nil, err
	}
	out, err := ask(ctx, p.DB, sqlPostings)
	return fmt.Sprintf("%d entries", n), out, err
}
