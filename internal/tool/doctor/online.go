package doctor

import (
	"context"
)

// The money of every online payment is in the book once: on the orders that it paid and on the
// balance, against the gateway's account; what went back through a gateway, too.
const sqlOnlineMoney = `select a.id as object, 'succeeded over ' || a.amount || ' hundredths, but its orders and the balance have another sum of it' as text
from payment_attempts a where a.state = 'succeeded' and a.amount <> coalesce((select sum(p.amount) from payments p where p.instrument_id = a.id), 0)
  - coalesce((select sum(e.amount) from ledger_journals j join ledger_entries e on e.journal_id = j.id where j.key = 'attempt:' || a.id and e.account = 'psp:' || a.gateway), 0)
union all
select a.id, 'is ' || a.state || ', but there is money of it'
from payment_attempts a where a.state <> 'succeeded' and (exists (select 1 from payments p where p.instrument_id = a.id) or exists (select 1 from ledger_journals j where j.key = 'attempt:' || a.id))
union all
select a.id, 'its surplus is another sum than what the balance has of it'
from payment_attempts a where a.surplus <> coalesce((select sum(e.amount) from ledger_journals j join ledger_entries e on e.journal_id = j.id
  where j.key = 'attempt:' || a.id and e.account = 'buyer:' || a.account_id || ':balance'), 0)
union all
select p.order_id, 'was paid online, but the gateway''s account says another sum'
from payments p join payment_attempts a on a.id = p.instrument_id where p.instrument = 'online'
and p.amount <> -coalesce((select sum(e.amount) from ledger_journals j join ledger_entries e on e.journal_id = j.id where j.key = 'pay:' || p.order_id and e.account = 'psp:' || a.gateway), 0)
union all
select a.id, 'gave back another sum than its refunds through the gateway'
from payment_attempts a where a.refunded <> coalesce((select sum(r.amount) from gateway_refunds r where r.attempt_id = a.id and r.state <> 'declined'), 0)
union all
select r.id, 'the refund through the gateway is ' || r.state || ', but what is held for it is not'
from gateway_refunds r where (select coalesce(sum(e.amount), 0) from ledger_entries e where e.account = 'held:' || r.id) <> case when r.state = 'requested' then r.amount else 0 end`

func onlineMoney(ctx context.Context, p Patient) (string, []Finding, error) {
	out, err := ask(ctx, p.DB, sqlOnlineMoney)
	return "", out, err
}

// What has arrived at the bank is on clearing:bank exactly as long as it belongs to nobody; what
// was credited is on a balance once, by its top-up.
const sqlBankReceipts = `select 'clearing:bank' as object, 'the transfers that belong to nobody are another sum' as text
where (select coalesce(sum(amount), 0) from bank_receipts where state = 'unmatched') <> (select coalesce(sum(amount), 0) from ledger_entries where account = 'clearing:bank')
union all
select r.id, 'is credited, but its top-up has not booked it'
from bank_receipts r where r.state = 'credited' and r.amount <> -coalesce((select sum(e.amount) from ledger_journals j join ledger_entries e on e.journal_id = j.id
  where j.key = 'topup:' || r.topup_id and e.account = 'clearing:bank'), 0)
union all
select r.id, 'is ' || r.state || ', but was not booked out'
from bank_receipts r where r.state in ('returned', 'linked') and not exists (select 1 from ledger_journals j where j.key = case r.state when 'linked' then 'bank_linked:' else 'bank_return:' end || r.id)
union all
select t.id, 'the top-up is ' || t.state || ', but the balance says otherwise'
from topups t where (t.state = 'confirmed') <> exists (select 1 from ledger_journals j where j.key = 'topup:' || t.id)`

func bankReceipts(ctx context.Context, p Patient) (string, []Finding, error) {
	out, err := ask(ctx, p.DB, sqlBankReceipts)
	return "", out, err
}

// An order waits for the confirmation of exactly one adjustment, and costs what its last one says.
const sqlAdjusted = `select o.id as object, 'waits for a confirmation, but no adjustment does' as text
from orders o where o.state = 'PENDING_CONFIRM' and (select count(*) from order_adjustments a where a.order_id = o.id and a.state = 'proposed') <> 1
union all
select o.id, 'is ' || o.state || ', but an adjustment waits for its confirmation'
from order_adjustments a join orders o on o.id = a.order_id where a.state = 'proposed' and o.state <> 'PENDING_CONFIRM'
union all
select a.order_id, 'costs another amount than its last adjustment'
from order_adjustments a where not exists (select 1 from order_adjustments b where b.order_id = a.order_id and b.id > a.id)
and a.after_amount <> (select coalesce(sum(l.amount), 0) from order_lines l where l.order_id = a.order_id)`

func adjustments(ctx context.Context, p Patient) (string, []Finding, error) {
	out, err := ask(ctx, p.DB, sqlAdjusted)
	return "", out, err
}
