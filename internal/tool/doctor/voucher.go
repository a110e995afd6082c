package doctor

import (
	"context"
	"fmt"

	"jishi/internal/base/db"
)

// Every amount on a voucher equals its uses, its pay items, its orders and its postings: what a
// holding has locked and used, what the voucher paid of an order and what came back. An issuer's
// account is in debt by what its vouchers paid of lines that are not delivered, and by no more.
const sqlVouchers = `select h.id as object, 'locked or used is another sum than its uses' as text
from voucher_holdings h left join (select holding_id, sum(case when state = 'locked' then amount else 0 end) as locked,
  sum(case when state = 'spent' then amount - restored else 0 end) as used from voucher_uses group by holding_id) u on u.holding_id = h.id
where h.locked <> coalesce(u.locked, 0) or h.used <> coalesce(u.used, 0) or h.face <> h.balance + h.locked + h.used
union all
select h.id, 'its state is ' || h.state || ', which its amounts do not bear out' from voucher_holdings h
where (h.state = 'LOCKED') <> (h.locked > 0) or (h.state = 'USED') <> (h.locked = 0 and h.balance = 0)
union all
select c.id, 'it counts other vouchers than accounts hold' from voucher_campaigns c
where c.claimed <> (select count(*) from voucher_holdings h where h.campaign_id = c.id) or c.claimed > c.total
union all
select u.order_id, 'its voucher locks or pays another sum than the order says' from voucher_uses u join orders o on o.id = u.order_id
where u.state <> 'released' and u.amount <> o.voucher_amount
union all
select u.order_id, 'its voucher is ' || u.state || ', though the order is ' || o.state from voucher_uses u join orders o on o.id = u.order_id
where (u.state = 'locked' and o.state not in ('PENDING_REVIEW', 'PENDING_CONFIRM', 'PENDING_PAYMENT')) or (u.state = 'spent' and o.paid_at is null)
union all
select o.id, 'a voucher is to pay a part of it, but none is locked or spent' from orders o
where o.voucher_amount > 0 and o.state not in ('CANCELED', 'EXPIRED') and not exists (select 1 from voucher_uses u where u.order_id = o.id and u.state <> 'released')
union all
select o.id, 'its lines have other voucher parts than the order' from orders o
join (select order_id, sum(voucher_amount) as part, sum(amount) as amount, max(case when voucher_amount < 0 or voucher_amount > amount then 1 else 0 end) as odd from order_lines group by order_id) l on l.order_id = o.id
where o.kind not in ('UNSUB', 'UNSUB_RENEWAL') and (l.part <> o.voucher_amount or l.odd = 1 or (l.part <> 0 and o.due_amount <> l.amount - l.part))
union all
select u.order_id, 'its voucher pay item and the use of the voucher differ' from voucher_uses u
left join payments p on p.order_id = u.order_id and p.instrument = 'voucher' and p.instrument_id = u.holding_id and p.amount = u.amount and p.refunded = u.restored
where u.state = 'spent' and p.id is null
union all
select p.order_id, 'a voucher paid a part of it, but no use of one says so' from payments p
where p.instrument = 'voucher' and not exists (select 1 from voucher_uses u where u.order_id = p.order_id and u.state = 'spent')
union all
select u.order_id, 'the ledger has another sum paid by its voucher' from voucher_uses u
where u.state = 'spent' and u.amount <> (select coalesce(-sum(e.amount), 0) from ledger_journals j join ledger_entries e on e.journal_id = j.id
  where j.key = 'pay:' || u.order_id and e.account like 'voucher:%')
union all
select u.order_id, 'the ledger gives its voucher another sum back' from voucher_uses u
where u.state = 'spent' and u.restored <> (select coalesce(sum(e.amount), 0) from orders r join ledger_journals j on j.key = 'refund:' || r.id
  join ledger_entries e on e.journal_id = j.id where r.parent_id = u.order_id and e.account like 'voucher:%' and e.amount > 0)
union all
select u.order_id, 'its refund orders give its voucher another sum back' from voucher_uses u
where u.state = 'spent' and u.restored <> (select coalesce(-sum(r.voucher_amount), 0) from orders r where r.parent_id = u.order_id)
union all
select i.account, 'the issuer owes another sum than its vouchers paid of what is not delivered'
from (select account, sum(amount) as owed from ledger_entries where account like 'voucher:%' group by account) i
left join (select 'voucher:' || c.issuer as account, sum(u.amount) as held from voucher_uses u join orders o on o.id = u.order_id
  join voucher_holdings h on h.id = u.holding_id join voucher_campaigns c on c.id = h.campaign_id
  where u.state = 'spent' and o.state = 'PROCESSING' group by c.issuer) w on w.account = i.account
where i.owed <> -coalesce(w.held, 0)`

const sqlVoucherCount = `select count(*) from voucher_holdings`

func vouchers(ctx context.Context, p Patient) (string, []Finding, error) {
	n, err := db.One[int](ctx, p.DB, sqlVoucherCount)
	if err != nil {
		return "", nil, err
	}
	out, err := ask(ctx, p.DB, sqlVouchers)
	return fmt.Sprintf("%d vouchers", n), out, err
}
