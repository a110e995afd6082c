package doctor

import (
	"context"
	"fmt"
	"time"

	"jishi/internal/app"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/job"
)

// An open call that is not waiting behind another one has a job that wakes it. One that a
// buyer waits for on his page is made by that request; the sweep takes it over when its
// process died.
const sqlSleepingCalls = `select c.id as object, 'open (' || c.state || '), but no job will wake it' as text
from fulfillment_calls c where c.state in ('waiting', 'calling', 'retrying') and c.state <> 'waiting' and (c.purpose <> 'view' or c.next_at < $1)
and not exists (select 1 from jobs j where j.ref = c.id and j.ref <> '' and j.state in ('ready', 'running'))
union all
select c.id, 'waits behind another call of its instance, but none is open'
from fulfillment_calls c where c.state in ('waiting', 'calling', 'retrying') and c.state = 'waiting'
and not exists (select 1 from fulfillment_calls o where o.instance_id = c.instance_id and o.id <> c.id and o.state in ('calling', 'retrying') and o.purpose <> 'notify')`

// sweepGrace is how long after its time a call without a job may stand: nodes look for them
// every minute, for those that are two minutes late.
const sweepGrace = 5 * time.Minute

type callCounts struct {
	Open   int `db:"open"`
	Failed int `db:"failed"`
}

const sqlCallCounts = `select count(*) filter (where state in ('waiting', 'calling', 'retrying')) as open,
count(*) filter (where state = 'failed') as failed from fulfillment_calls`

func sellerCalls(ctx context.Context, p Patient) (string, []Finding, error) {
	n, err := db.One[callCounts](ctx, p.DB, sqlCallCounts)
	if err != nil {
		return "", nil, err
	}
	out, err := ask(ctx, p.DB, sqlSleepingCalls, clock.Wall{}.Now().Add(-sweepGrace))
	return fmt.Sprintf("%d open, %d given up by the seller's fault", n.Open, n.Failed), out, err
}

// leaseGrace is how long after its end a lease may stand: nodes look for them every five
// seconds.
const leaseGrace = time.Minute

const sqlOldLeases = `select id as object, 'job ' || kind || ' is held by worker ' || worker || ', whose lease ran out' as text
from jobs where state = 'running' and lease_until < $1 order by id`

func leases(ctx context.Context, p Patient) (string, []Finding, error) {
	out, err := ask(ctx, p.DB, sqlOldLeases, clock.Wall{}.Now().Add(-leaseGrace))
	if len(out) > 0 {
		alive, e := living(ctx, p.DB)
		if e != nil {
			return "", out, e
		}
		if alive == 0 {
			return fmt.Sprintf("%d leases of a stopped node; the next node takes them over", len(out)), nil, err
		}
	}
	return "", out, err
}

const sqlDeadJobs = `select id as object, 'job ' || kind || ' was given up: ' || error as text from jobs where state = 'dead' order by id`

// behind is how late due work may be while a node runs.
const behind = 2 * time.Minute

func jobs(ctx context.Context, p Patient) (string, []Finding, error) {
	h, err := job.HealthOf(ctx, p.DB)
	if err != nil {
		return "", nil, err
	}
	out, err := ask(ctx, p.DB, sqlDeadJobs)
	if err != nil {
		return "", nil, err
	}
	note := fmt.Sprintf("%d ready, %d running, %d dead", h.Ready, h.Running, h.Dead)
	alive, err := living(ctx, p.DB)
	now := clock.Wall{}.Now()
	if late := now.Sub(h.Oldest); alive > 0 && !h.Oldest.IsZero() && late > behind {
		out = append(out, Finding{Text: fmt.Sprintf("the oldest due job waits for %s, though %d nodes run", late.Round(time.Second), alive)})
	}
	return note, out, err
}

// living counts the nodes that were seen lately.
func living(ctx context.Context, q db.Querier) (int, error) {
	list, err := app.Nodes(ctx, q)
	n := 0
	for _, node := range list {
		if node.Alive() {
			n++
		}
	}
	return n, err
}

func nodes(ctx context.Context, p Patient) (string, []Finding, error) {
	list, err := app.Nodes(ctx, p.DB)
	if err != nil {
		return "", nil, err
	}
	mark, found, err := app.ReadKeyMark(ctx, p.DB)
	if err != nil {
		return "", nil, err
	}
	var out []Finding
	if p.Box != nil && found && p.Box.CheckValue() != mark.Check {
		out = append(out, Finding{Text: "the configured master key is not the one of this database"})
	}
	alive := 0
	for _, n := range list {
		if !n.Alive() {
			continue
		}
		alive++
		if n.KeyCheck != mark.Check {
			out = append(out, Finding{n.ID, "the node runs with another master key"})
		}
		if n.Version != app.VersionText() {
			out = append(out, Finding{n.ID, "the node runs version " + n.Version + ", this is " + app.VersionText()})
		}
	}
	note := fmt.Sprintf("%d running", alive)
	if p.Box == nil {
		note += ", no key configured to compare"
	}
	return note, out, nil
}
