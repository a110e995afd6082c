package job

import (
	"context"
	"strconv"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
)

const sqlOrphans = `update jobs set state = 'ready', lease_until = null where state = 'running' and lease_until < $1`

// A dead job with a key is a periodic one, whose next runs have long taken its place.
const sqlPurge = `delete from jobs where id in (select id from jobs where finished_at < $1
and (state in ('done', 'canceled') or state = 'dead' and unique_key is not null) limit 1000)`

// kept is how long finished jobs with a key stay, so that their key still refuses doubles.
const kept = 48 * time.Hour

// keepHouse hands over jobs of dead workers, writes the periodic jobs that are due, and
// removes old finished ones. Every node does it; none leads.
func (r *Runner) keepHouse(ctx context.Context) {
	now := clock.Wall{}.Now()
	err := r.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, sqlOrphans, now); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, sqlPurge, now.Add(-kept)); err != nil {
			return err
		}
		for _, k := range r.Kinds {
			if k.Every == 0 {
				continue
			}
			slot := now.UnixMicro() / k.Every.Microseconds()
			if _, err := Enqueue(ctx, tx, New{Kind: k.Name, Key: k.Name + ":" + strconv.FormatInt(slot, 10)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.complain(ctx, "housekeeping of jobs", err)
	}
}

// Health is what doctor and the operator's page look at.
type Health struct {
	Ready   int       `db:"ready" json:"ready"`
	Running int       `db:"running" json:"running"`
	Dead    int       `db:"dead" json:"dead"`
	Oldest  time.Time `db:"oldest" json:"oldest"`   // run_at of the longest waiting due job
	Expired int       `db:"expired" json:"expired"` // leases that ran out more than a minute ago
}

const sqlHealth = `select count(*) filter (where state = 'ready') as ready,
count(*) filter (where state = 'running') as running, count(*) filter (where state = 'dead') as dead,
min(run_at) filter (where state = 'ready' and run_at <= $1) as oldest,
count(*) filter (where state = 'running' and lease_until < $2) as expired
from jobs where state in ('ready', 'running', 'dead')`

// HealthOf reads the state of the queue.
func HealthOf(ctx context.Context, q db.Querier) (Health, error) {
	now := clock.Wall{}.Now()
	return db.One[Health](ctx, q, sqlHealth, now, now.Add(-time.Minute))
}
