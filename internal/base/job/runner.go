package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/id"
)

// Kind says how jobs of one name run. A handler that returns nil without calling Done
// is finished by the runner.
type Kind struct {
	Name     string
	Handler  func(ctx context.Context, j Job) error
	Schedule []time.Duration // pauses before the retries; after the last one the job is dead
	Timeout  time.Duration   // of one run; 0 is a minute
	Parallel int             // running at once in this process; 0 is 4
	PerLane  int             // running at once per lane on all nodes; 0 is no limit
	Dead     func(ctx context.Context, tx *db.Tx, j Job) error
	Every    time.Duration // not 0: periodic, one run per interval over all nodes
}

// Runner works the jobs of one database in this process.
type Runner struct {
	DB    *db.DB
	Log   *slog.Logger
	Kinds []Kind

	node string
	mu   sync.Mutex
	busy map[string]int
	due  map[string]bool // kinds of which more was due than could be started in the last round
	wg   sync.WaitGroup
}

// lease is how long a job belongs to a worker without a heartbeat.
const lease = 30 * time.Second

// poll is how often other nodes' jobs are looked for.
const poll = 300 * time.Millisecond

// due is the topic of the hint that jobs are waiting.
const due = "job.due"

// Run works until ctx ends, then waits for the running handlers. It is called once.
func (r *Runner) Run(ctx context.Context) {
	r.node = id.New("node")
	r.busy, r.due = map[string]int{}, map[string]bool{}
	wakes, deaf := r.DB.Listen(due)
	defer r.wg.Wait()
	defer deaf()
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	housekeeping := time.NewTicker(5 * time.Second)
	defer housekeeping.Stop()
	r.keepHouse(ctx)
	for {
		for ctx.Err() == nil && r.round(ctx) {
		}
		select {
		case <-ctx.Done():
			return
		case <-wakes:
		case <-ticker.C:
		case <-housekeeping.C:
			r.keepHouse(ctx)
		}
	}
}

// The kinds are leapt over in the index: thousands of waiting jobs of one kind cost no more than one.
const sqlDueKinds = `with recursive kinds (kind) as (
  select min(kind) from jobs where state = 'ready'
  union all select (select min(j.kind) from jobs j where j.state = 'ready' and j.kind > kinds.kind) from kinds where kinds.kind is not null
)
select kind from kinds where kind is not null and exists (select 1 from jobs j where j.kind = kinds.kind and j.state = 'ready' and j.run_at <= $1)`

// round claims what is due and free to run; it tells whether more may be waiting.
func (r *Runner) round(ctx context.Context) bool {
	names, err := db.List[string](ctx, r.DB, sqlDueKinds, clock.Wall{}.Now())
	if err != nil {
		r.complain(ctx, "look for jobs", err)
		return false
	}
	r.mu.Lock()
	clear(r.due)
	for _, name := range names {
		r.due[name] = true
	}
	r.mu.Unlock()
	more := false
	for _, name := range names {
		k, ok := r.kind(name)
		if !ok || r.free(k) <= 0 {
			continue
		}
		jobs, err := r.claim(ctx, k)
		if err != nil {
			r.complain(ctx, "claim jobs", err)
			continue
		}
		for _, j := range jobs {
			r.start(ctx, k, j)
		}
		more = more || len(jobs) > 0
	}
	return more
}

func (r *Runner) free(k Kind) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return k.Parallel - r.busy[k.Name]
}

func (r *Runner) kind(name string) (Kind, bool) {
	for _, k := range r.Kinds {
		if k.Name == name {
			if k.Parallel == 0 {
				k.Parallel = 4
			}
			if k.Timeout == 0 {
				k.Timeout = time.Minute
			}
			return k, true
		}
	}
	return Kind{}, false
}

// A full lane is left out before the limit, so that one slow endpoint with many waiting
// jobs does not hide the others; nor does one that the claim itself would fill, once more
// are looked at than are taken. A lane is full at its limit, and when it holds half of
// what the other lanes leave: each further lane that hangs takes half of the rest at most,
// so that a few of them never take all.
const sqlClaimable = `with ready as (
  select id, lane, run_at from jobs
  where kind = $3 and state = 'ready' and run_at <= $4
  and ($5 = 0 or lane = '' or lane not in (
    select lane from jobs where kind = $3 and state = 'running' group by lane having count(*) >= $5 or count(*) >= ($6 + count(*) + 1) / 2))
  order by run_at, id limit $7
), placed as (
  select ready.id, ready.run_at, ready.lane, row_number() over (partition by ready.lane order by ready.run_at, ready.id) as place from ready
), running as (
  select lane, count(*) as n from jobs where kind = $3 and state = 'running' and $5 > 0 group by lane
)
select placed.id from placed left join running on running.lane = placed.lane
where $5 = 0 or placed.lane = '' or placed.place + coalesce(running.n, 0) <= $5
and placed.place + coalesce(running.n, 0) <= ($6 + coalesce(running.n, 0) + 1) / 2
order by placed.run_at, placed.id limit $6`

const sqlClaimHead = `update jobs set state = 'running', attempt = attempt + 1, lease_until = $1, worker = $2 where id in (select id from jobs where state = 'ready' and id in (` + sqlClaimable + `)`

const sqlClaimSQLite = sqlClaimHead + `) returning ` + columns
const sqlClaimPostgres = sqlClaimHead + ` for update skip locked) and state = 'ready' returning ` + columns

// hidden is how many jobs of lanes that are filling up are passed over to find another's.
const hidden = 500

// claim takes as many jobs of the kind as may run now. When those that come first may not run
// because of their lane, it looks further.
func (r *Runner) claim(ctx context.Context, k Kind) ([]Job, error) {
	text := sqlClaimSQLite
	if r.DB.Engine() == db.Postgres {
		text = sqlClaimPostgres
	}
	var jobs []Job
	err := r.DB.Update(ctx, func(tx *db.Tx) error {
		n := r.free(k) // more are free than before the wait for this transaction
		now := clock.Wall{}.Now()
		var err error
		jobs, err = db.List[Job](ctx, tx, text, now.Add(lease), r.node, k.Name, now, k.PerLane, n, n)
		if err == nil && len(jobs) == 0 && k.PerLane > 0 {
			jobs, err = db.List[Job](ctx, tx, text, now.Add(lease), r.node, k.Name, now, k.PerLane, n, n+hidden)
		}
		return err
	})
	return jobs, err
}

func (r *Runner) start(ctx context.Context, k Kind, j Job) {
	r.mu.Lock()
	r.busy[k.Name]++
	r.mu.Unlock()
	r.wg.Go(func() {
		defer func() {
			r.mu.Lock()
			r.busy[k.Name]--
			waiting := r.due[k.Name]
			r.mu.Unlock()
			if waiting {
				r.DB.Hint(due)
			}
		}()
		r.work(ctx, k, j)
	})
}

func (r *Runner) work(ctx context.Context, k Kind, j Job) {
	finished := false
	j.finished = &finished
	run, cancel := context.WithTimeout(audit.WithActor(ctx, audit.System), k.Timeout)
	defer cancel()
	beat := r.heartbeat(run, cancel, j)
	err := call(run, k, j)
	beat()
	if finished {
		return
	}
	// The result is written even when the process is asked to stop.
	end, stop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer stop()
	if err != nil && ctx.Err() != nil {
		err = r.giveBack(end, j) // stopped in the middle: another node goes on at once
	} else {
		err = r.finish(end, k, j, err)
	}
	if err != nil && !errors.Is(err, ErrLate) {
		r.complain(end, "finish job", err)
	}
}

func call(ctx context.Context, k Kind, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return k.Handler(ctx, j)
}

const sqlBeat = `update jobs set lease_until = $1 where id = $2 and attempt = $3 and state = 'running'`

// heartbeat renews the lease while the handler runs, and stops the handler when the
// lease is lost.
func (r *Runner) heartbeat(ctx context.Context, cancel context.CancelFunc, j Job) (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		t := time.NewTicker(lease / 3)
		defer t.Stop()
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				return
			case <-t.C:
			}
			err := r.DB.Update(ctx, func(tx *db.Tx) error {
				n, err := db.Exec(ctx, tx, sqlBeat, clock.Wall{}.Now().Add(lease), j.ID, j.Attempt)
				if err == nil && n == 0 {
					err = ErrLate
				}
				return err
			})
			if errors.Is(err, ErrLate) {
				cancel()
				return
			}
		}
	})
	return func() { close(done); wg.Wait() }
}

const sqlRetry = `update jobs set state = 'ready', run_at = $1, lease_until = null, error = $2 where id = $3 and attempt = $4 and state = 'running'`
const sqlDead = `update jobs set state = 'dead', finished_at = $1, lease_until = null, error = $2 where id = $3 and attempt = $4 and state = 'running'`

func (r *Runner) finish(ctx context.Context, k Kind, j Job, failure error) error {
	if failure == nil {
		return r.DB.Update(ctx, func(tx *db.Tx) error { return Done(ctx, tx, j) })
	}
	text := failure.Error()
	if len(text) > 2000 {
		text = text[:2000]
	}
	now := clock.Wall{}.Now()
	return r.DB.Update(ctx, func(tx *db.Tx) error {
		if j.Attempt <= len(k.Schedule) {
			r.Log.Warn("job will be tried again", "kind", j.Kind, "job", j.ID, "ref", j.Ref, "attempt", j.Attempt, "error", text)
			return guarded(db.Exec(ctx, tx, sqlRetry, now.Add(k.Schedule[j.Attempt-1]), text, j.ID, j.Attempt))
		}
		if err := guarded(db.Exec(ctx, tx, sqlDead, now, text, j.ID, j.Attempt)); err != nil {
			return err
		}
		r.Log.Error("job is dead", "kind", j.Kind, "job", j.ID, "ref", j.Ref, "error", text)
		if k.Dead != nil {
			return k.Dead(ctx, tx, j)
		}
		return nil
	})
}

const sqlGiveBack = `update jobs set state = 'ready', attempt = attempt - 1, lease_until = null where id = $1 and attempt = $2 and state = 'running'`

func (r *Runner) giveBack(ctx context.Context, j Job) error {
	return r.DB.Update(ctx, func(tx *db.Tx) error {
		return guarded(db.Exec(ctx, tx, sqlGiveBack, j.ID, j.Attempt))
	})
}

func guarded(n int64, err error) error {
	if err == nil && n == 0 {
		err = ErrLate
	}
	return err
}

func (r *Runner) complain(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		r.Log.Error(what, "error", err)
	}
}
