package doctor

import (
	"context"
	"fmt"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/market/ledger"
)

func ledgerLaws(ctx context.Context, p Patient) (string, []Finding, error) {
	faults, err := ledger.Faults(ctx, p.DB)
	var out []Finding
	for _, f := range faults {
		out = append(out, Finding{f.Object, fmt.Sprintf("broken: %s (%s)", f.Law, f.Amount)})
	}
	return "", out, err
}

type currencySum struct {
	Currency string       `db:"currency"`
	Journals int          `db:"journals"`
	Sum      money.Amount `db:"total"`
}

const sqlLedgerSum = `select j.currency, count(distinct j.id) as journals, sum(e.amount) as total
from ledger_entries e join ledger_journals j on j.id = e.journal_id group by j.currency order by j.currency`

func ledgerSum(ctx context.Context, p Patient) (string, []Finding, error) {
	sums, err := db.List[currencySum](ctx, p.DB, sqlLedgerSum)
	note := "no journal yet"
	var out []Finding
	for i, s := range sums {
		if i == 0 {
			note = ""
		} else {
			note += ", "
		}
		note += fmt.Sprintf("%s: %d journals, sum %s", s.Currency, s.Journals, s.Sum)
		if s.Sum != 0 {
			out = append(out, Finding{s.Currency, "all entries together give " + s.Sum.String()})
		}
	}
	return note, out, err
}

// Every paid line leads to exactly one of: an instance in use, a call that is still open or
// was answered by hand, a refund that has happened or waits for its approval. Of an order of
// several services some may be there already.
const sqlPaidLines = `select l.id as object, case
when i.id is null then 'paid, but it has no instance'
when o.state = 'COMPLETED' and i.state = 'PENDING' then 'the order is completed, the instance is not'
when o.state = 'PROCESSING' and i.state <> 'PENDING' then 'the order is being processed, its instance is ' || i.state
when o.state = 'PROCESSING' then 'waits for delivery, but no call to the seller is open'
when o.state = 'REFUNDED' and i.state <> 'UNSUBSCRIBED' then 'refunded, but its instance is ' || i.state
else 'the refund began and has not ended' end as text
from order_lines l join orders o on o.id = l.order_id left join instances i on i.order_line_id = l.id
where o.kind in ('NEW', 'TRIAL') and o.paid_at is not null and not (i.id is not null and (
  (o.state = 'COMPLETED' and i.state <> 'PENDING')
  or (o.state = 'REFUNDED' and i.state = 'UNSUBSCRIBED')
  or (o.state = 'REFUNDING' and exists (select 1 from refunds r where r.order_id = o.id and r.state = 'requested'))
  or (o.state = 'PROCESSING' and i.state not in ('PENDING', 'UNSUBSCRIBED') and exists (select 1 from instances j where j.order_id = o.id and j.state = 'PENDING'))
  or (o.state = 'PROCESSING' and i.state = 'PENDING' and exists (
    select 1 from fulfillment_calls c where c.instance_id = i.id and c.state in ('waiting', 'calling', 'retrying') and c.purpose <> 'notify'))))
order by l.id`

const sqlPaidCount = `select count(*) from order_lines l join orders o on o.id = l.order_id where o.kind in ('NEW', 'TRIAL') and o.paid_at is not null`

func paidLines(ctx context.Context, p Patient) (string, []Finding, error) {
	n, err := db.One[int](ctx, p.DB, sqlPaidCount)
	if err != nil {
		return "", nil, err
	}
	out, err := ask(ctx, p.DB, sqlPaidLines)
	return fmt.Sprintf("%d paid lines", n), out, err
}

// A delivered line was captured once and holds nothing; what an order cost, what its payments
// are and what they gave back, its refund orders, the refunds behind them and the book agree;
// and money is held for lines in work only.
const sqlSettledMoney = `select l.id as object, 'delivered, but its amount was not captured' as text
from order_lines l join orders o on o.id = l.order_id
where o.kind in ('NEW', 'RENEW', 'TRIAL_TO_FORMAL', 'CHANGE', 'RENEW_CHANGE') and o.state = 'COMPLETED' and l.amount > 0
and not exists (select 1 from ledger_journals j where j.key = 'capture:' || l.id)
union all
select l.id, 'captured, though the order is ' || o.state
from order_lines l join orders o on o.id = l.order_id join ledger_journals j on j.key = 'capture:' || l.id
where o.state in ('PENDING_PAYMENT', 'CANCELED', 'EXPIRED', 'PROCESSING')
union all
select o.id, 'its payments give back another sum than its refund orders'
from (select order_id, sum(refunded) as refunded from payments where instrument <> 'voucher' group by order_id) p join orders o on o.id = p.order_id
left join (select parent_id, -sum(paid_amount) as back from orders where parent_id <> '' group by parent_id) r on r.parent_id = o.id
where p.refunded <> coalesce(r.back, 0)
union all
select o.id, 'its payments are another sum than what was paid'
from orders o left join (select order_id, sum(amount) as paid from payments where instrument <> 'voucher' group by order_id) p on p.order_id = o.id
where o.kind in ('NEW', 'RENEW', 'TRIAL_TO_FORMAL', 'CHANGE', 'RENEW_CHANGE') and coalesce(p.paid, 0) <> case when o.paid_at is null then 0 else o.paid_amount end
union all
select r.id, 'the refund is paid, but not by a refund order of its amount'
from refunds r left join orders u on u.id = r.refund_order_id and u.parent_id = r.order_id and u.paid_amount + u.voucher_amount = -r.amount and u.voucher_amount = -r.voucher_amount
where r.state = 'paid' and u.id is null
union all
select o.id, 'the refund order and the ledger give back different sums'
from orders o where o.kind in ('UNSUB', 'UNSUB_RENEWAL') and -o.paid_amount <> (select coalesce(sum(e.amount), 0)
from ledger_journals j join ledger_entries e on e.journal_id = j.id where j.key = 'refund:' || o.id and e.account = 'buyer:' || o.account_id || ':balance')
union all
select l.id, 'money is held, though the order is ' || o.state
from order_lines l join orders o on o.id = l.order_id
where o.state <> 'PROCESSING' and (select coalesce(sum(e.amount), 0) from ledger_entries e where e.account = 'held:' || l.id) <> 0
union all
select w.id, 'the withdrawal is ' || w.state || ', but what is held for it is not' from withdrawals w
where (select coalesce(sum(e.amount), 0) from ledger_entries e where e.account = 'held:' || w.id) <> case when w.state = 'requested' then w.amount else 0 end`

func settledMoney(ctx context.Context, p Patient) (string, []Finding, error) {
	out, err := ask(ctx, p.DB, sqlSettledMoney)
	return "", out, err
}
