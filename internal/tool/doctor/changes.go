package doctor

import "context"

// A paid change waits for the seller or has ended; an instance changes as long as a call says
// so; what changes with a renewal has that renewal; and a service that was given back took its
// changes with it.
const sqlChanges = `select o.id as object, 'the change is paid, but no call to the seller is open' as text
from orders o where o.kind = 'CHANGE' and o.state = 'PROCESSING' and not exists (select 1 from fulfillment_calls c
where c.order_id = o.id and c.purpose = 'upgrade' and c.state in ('waiting', 'calling', 'retrying'))
union all
select i.id, 'the instance is being changed, but no call to the seller is open'
from instances i where i.state = 'CHANGING' and not exists (select 1 from fulfillment_calls c
where c.instance_id = i.id and c.purpose = 'upgrade' and c.state in ('waiting', 'calling', 'retrying'))
union all
select i.id, 'a change is to come, but no renewal with it stands'
from instances i where i.change_at is not null and not exists (select 1 from order_lines l join orders o on o.id = l.order_id
where l.instance_id = i.id and l.starts_at = i.change_at and o.kind = 'RENEW_CHANGE' and o.state in ('COMPLETED', 'REFUNDING'))
union all
select o.id, 'the service was given back, but its change was not'
from orders o join order_lines l on l.order_id = o.id join instances i on i.id = l.instance_id
where o.kind = 'CHANGE' and o.state in ('COMPLETED', 'REFUNDING') and i.state = 'UNSUBSCRIBED'`

func changes(ctx context.Context, p Patient) (string, []Finding, error) {
	out, err := ask(ctx, p.DB, sqlChanges)
	return "", out, err
}
