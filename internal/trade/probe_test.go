package trade_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/job"
	"jishi/internal/base/settings"
	"jishi/internal/market/catalog"
	"jishi/internal/market/probing"
)

// probes is a market whose saved cases answer as the test says.
type probes struct {
	*bundle
	product string // of V1
	zone    *time.Location
	fail    bool
	ran     int
	run     func(ctx context.Context, p catalog.Product) (probing.Outcome, error) // instead, when set
}

func newProbes(t *testing.T, d *db.DB, zone string) *probes {
	b := &probes{bundle: newBundle(t, d)}
	b.site(func(s *settings.Site) { s.TimeZone = zone })
	site, err := b.Trade.Settings.Site(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	b.zone = site.Zone()
	b.product = b.text(`select product_id from price_plans where id = $1`, b.Plans["V1"])
	b.Update(func(tx *db.Tx) error { // one product is enough
		_, err := db.Exec(context.Background(), tx, `update products set state = 'delisted' where id <> $1`, b.product)
		return err
	})
	b.Trade.RunCases = func(ctx context.Context, p catalog.Product) (probing.Outcome, error) {
		b.ran++
		if b.run != nil {
			return b.run(ctx, p)
		}
		if b.fail {
			return probing.Outcome{Cases: []probing.Case{{Scenario: "newInstance", Passed: true}, {Scenario: "queryInstance", Code: "saas.http_status", Args: map[string]any{"httpCode": 500}}}}, nil
		}
		return probing.Outcome{Cases: []probing.Case{{Scenario: "newInstance", Passed: true}}}, nil
	}
	return b
}

func (b *probes) site(change func(*settings.Site)) {
	b.T.Helper()
	site, version, err := b.Trade.Settings.SiteVersion(context.Background())
	if err != nil {
		b.T.Fatal(err)
	}
	change(&site)
	b.Update(func(tx *db.Tx) error { return b.Trade.Settings.SaveSite(context.Background(), tx, version, site) })
}

func (b *probes) text(sql string, args ...any) string {
	b.T.Helper()
	s, err := db.One[string](context.Background(), b.DB, sql, args...)
	if err != nil {
		b.T.Fatal(err)
	}
	return s
}

func (b *probes) state() string { return b.text(`select state from products where id = $1`, b.product) }

func (b *probes) set(at time.Time) { b.Clock.Advance(at.Sub(b.Clock.Now())) }

// hour moves the clock to an hour of a day of the site's zone.
func (b *probes) hour(day time.Time, hour, minute int) {
	b.set(time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, b.zone))
}

func (b *probes) plan() {
	b.T.Helper()
	b.Update(func(tx *db.Tx) error {
		_, err := b.Trade.PlanProbes(context.Background(), tx)
		return err
	})
}

// take claims the next job as a worker would.
func (b *probes) take() (j job.Job, ok bool) {
	b.T.Helper()
	b.Update(func(tx *db.Tx) (err error) {
		j, ok, err = db.Maybe[job.Job](context.Background(), tx, `update jobs set state = 'running', attempt = attempt + 1
			where id = (select id from jobs where kind = $1 and state = 'ready' order by run_at, id limit 1)
			returning id, kind, args, unique_key, ref, lane, state, run_at, attempt, lease_until, worker, error, created_at, finished_at`, probing.JobKind)
		return err
	})
	return j, ok
}

// work does all the jobs that are due, and tells how many.
func (b *probes) work() (n int) {
	b.T.Helper()
	for {
		j, ok := b.take()
		if !ok {
			return n
		}
		if err := b.Trade.RunProbe(audit.WithActor(context.Background(), audit.System), j); err != nil {
			b.T.Fatal(err)
		}
		if b.Count(`select count(*) from jobs where id = $1`, j.ID) > 0 { // the runner ends what the handler left
			b.Update(func(tx *db.Tx) error { return job.Done(context.Background(), tx, j) })
		}
		n++
	}
}

// day lives through a day with its two runs.
func (b *probes) day(day time.Time, amFails, pmFails bool) {
	b.T.Helper()
	for _, x := range []struct {
		hour int
		fail bool
	}{{9, amFails}, {15, pmFails}} {
		b.fail = x.fail
		b.hour(day, x.hour-1, 30)
		b.plan()
		if n := b.work(); n > 0 {
			b.T.Errorf("%d runs before their time", n)
		}
		b.hour(day, x.hour+2, 0)
		b.plan()
		if n := b.work(); n > 1 {
			b.T.Errorf("%d runs in one half of a day", n)
		}
	}
}

func (b *probes) task(kind probing.TaskKind) probing.Task {
	b.T.Helper()
	task, ok, err := probing.PendingTask(context.Background(), b.DB, b.product, kind)
	if err != nil || !ok {
		b.T.Fatal("no task", kind, err)
	}
	return task
}

func (b *probes) decide(task probing.Task, a probing.Action) error {
	return b.DB.Update(context.Background(), func(tx *db.Tx) error {
		_, err := b.Trade.DecideProbeTask(context.Background(), tx, task.ID, a, "talked to the seller")
		return err
	})
}

// Five failing days in a row freeze trading, wherever the months and the clocks change; the
// first passing run after the operator's confirmation lifts it, no earlier one.
func TestFiveFailingDaysFreezeTrading(t *testing.T) {
	for _, x := range []struct {
		zone  string
		first time.Time
	}{
		{"Asia/Shanghai", time.Date(2027, 2, 26, 0, 0, 0, 0, time.UTC)},
		{"America/New_York", time.Date(2027, 3, 12, 0, 0, 0, 0, time.UTC)}, // the clocks change on the 14th
		{"Pacific/Auckland", time.Date(2027, 12, 29, 0, 0, 0, 0, time.UTC)},
	} {
		dbtest.Run(t, func(t *testing.T, d *db.DB) {
			b := newProbes(t, d, x.zone)
			b.day(x.first.AddDate(0, 0, -2), true, true)
			b.day(x.first.AddDate(0, 0, -1), false, true) // ends the row
			for n := range 5 {
				if s := b.state(); s != "on_sale" {
					t.Fatalf("%s: %s after %d failing days", x.zone, s, n)
				}
				b.day(x.first.AddDate(0, 0, n), true, true)
			}
			if s := b.state(); s != "suspended" {
				t.Fatalf("%s: %s after five failing days", x.zone, s)
			}
			if n := b.Count(`select failing_days from probe_products where product_id = $1`, b.product); n != 5 {
				t.Errorf("%d failing days are shown", n)
			}
			if n := b.Count(`select count(*) from messages where code = 'probe_failed'`); n != 13 {
				t.Errorf("%d messages to the seller", n)
			}
			if n := b.Count(`select count(*) from mails`); n != 26 { // owner and customer service
				t.Errorf("%d mails to the seller", n)
			}
			if n := b.Count(`select count(*) from messages where code = 'probe_frozen' and account_id = ''`); n != 1 {
				t.Errorf("%d messages to operators", n)
			}
			if n := b.Count(`select count(*) from audit_log where action = 'product.suspend' and actor_kind = 'system'`); n != 1 {
				t.Errorf("%d audit entries", n)
			}
			task := b.task(probing.TaskFrozen)
			b.day(x.first.AddDate(0, 0, 5), false, false)
			if s := b.state(); s != "suspended" {
				t.Errorf("%s without a confirmation", s)
			}
			if err := b.decide(task, probing.Confirm); err != nil {
				t.Fatal(err)
			}
			b.day(x.first.AddDate(0, 0, 6), true, true)
			if s := b.state(); s != "suspended" {
				t.Errorf("%s after a failing day", s)
			}
			b.day(x.first.AddDate(0, 0, 7), true, false)
			if s := b.state(); s != "on_sale" {
				t.Errorf("%s after a passing run", s)
			}
			if s := b.text(`select state from probe_tasks where id = $1`, task.ID); s != "lifted" {
				t.Errorf("the task is %s", s)
			}
			if err := b.decide(task, probing.Delist); !errs.Is(err, "probing.task_decided") {
				t.Errorf("a task was decided twice: %v", err)
			}
		})
	}
}

func TestAProductLiftedByHandIsCountedAnew(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newProbes(t, d, "Asia/Shanghai")
		first := time.Date(2027, 4, 28, 0, 0, 0, 0, time.UTC)
		for n := range 5 {
			b.day(first.AddDate(0, 0, n), true, true)
		}
		if err := b.decide(b.task(probing.TaskFrozen), probing.LiftNow); err != nil || b.state() != "on_sale" {
			t.Fatal(err, b.state())
		}
		for n := 5; n < 8; n++ {
			b.day(first.AddDate(0, 0, n), true, true)
		}
		if s := b.state(); s != "on_sale" {
			t.Errorf("%s after three more days", s)
		}
		b.day(first.AddDate(0, 0, 8), true, true)
		if s := b.state(); s != "suspended" {
			t.Errorf("%s after five more days, the day of the lifting included", s)
		}
		// lifted in the catalogue: the next run sees it
		b.Update(func(tx *db.Tx) error {
			_, err := b.Trade.Catalog.Lift(context.Background(), tx, b.product, "")
			return err
		})
		task := b.task(probing.TaskFrozen)
		b.day(first.AddDate(0, 0, 9), true, true)
		if s := b.text(`select state from probe_tasks where id = $1`, task.ID); s != "lifted" || b.state() != "on_sale" {
			t.Error(s, b.state())
		}
	})
}

func TestWithoutAutomaticFreezeOperatorsAreAsked(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newProbes(t, d, "Asia/Shanghai")
		b.site(func(s *settings.Site) { s.Probing.AutoFreeze, s.Probing.Days = false, 2 })
		first := time.Date(2027, 4, 29, 0, 0, 0, 0, time.UTC)
		for n := range 4 {
			b.day(first.AddDate(0, 0, n), true, true)
		}
		if b.state() != "on_sale" || b.Count(`select count(*) from probe_tasks`) != 1 || b.Count(`select count(*) from messages where code = 'probe_failing'`) != 1 {
			t.Fatal(b.state(), b.Count(`select count(*) from probe_tasks`))
		}
		task := b.task(probing.TaskFailing)
		if err := b.decide(task, probing.Confirm); !errs.Is(err, "probing.task_decided") {
			t.Error("there is nothing to confirm:", err)
		}
		if err := b.decide(task, probing.Freeze); err != nil || b.state() != "suspended" {
			t.Fatal(err, b.state())
		}
		if err := b.decide(b.task(probing.TaskFrozen), probing.Delist); err != nil || b.state() != "delisted" {
			t.Error(err, b.state())
		}
		b.hour(first.AddDate(0, 0, 5), 9, 0)
		b.plan()
		if b.Count(`select count(*) from probe_runs where day >= '2027-05-04'`) != 0 {
			t.Error("a delisted product is probed")
		}
	})
}

func TestRunsArePlannedOnceByManyNodes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newProbes(t, d, "Asia/Shanghai")
		day := time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)
		b.hour(day, 8, 59)
		nodes := func() {
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					err := b.DB.Update(context.Background(), func(tx *db.Tx) error {
						_, err := b.Trade.PlanProbes(context.Background(), tx)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
		}
		nodes()
		due := b.Count(`select due_at from probe_runs`)
		b.hour(day, 10, 0)
		nodes()
		b.hour(day, 11, 0)
		nodes()
		if n := b.Count(`select count(*) from probe_runs`); n != 1 {
			t.Errorf("%d runs", n)
		}
		if again := b.Count(`select due_at from probe_runs`); again != due {
			t.Error("a run was given another minute")
		}
		if n := b.work(); n != 1 || b.ran != 1 {
			t.Errorf("%d jobs, the cases ran %d times", n, b.ran)
		}
	})
}

// The node that began a run dies, or only seems to: the next one makes the run, and the
// result of the first one is not taken any more.
func TestARunOutlivesItsNode(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newProbes(t, d, "Asia/Shanghai")
		b.hour(time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC), 8, 0)
		b.plan()
		b.Clock.Advance(3 * time.Hour)
		b.plan()
		first, _ := b.take()
		b.run = func(context.Context, catalog.Product) (probing.Outcome, error) {
			b.run = nil
			b.Update(func(tx *db.Tx) error { // its lease is over: the other node takes it
				_, err := db.Exec(context.Background(), tx, `update jobs set state = 'ready' where id = $1`, first.ID)
				return err
			})
			if n := b.work(); n != 1 {
				t.Errorf("%d jobs for the other node", n)
			}
			return probing.Outcome{Cases: []probing.Case{{Scenario: "newInstance", Code: "saas.http_status"}}}, nil
		}
		if err := b.Trade.RunProbe(context.Background(), first); !errors.Is(err, job.ErrLate) {
			t.Errorf("the late node: %v", err)
		}
		if s := b.text(`select state from probe_runs`); s != "passed" || b.ran != 2 {
			t.Errorf("%s after %d runs of the cases", s, b.ran)
		}
		if n := b.Count(`select count(*) from messages where code = 'probe_failed'`); n != 0 {
			t.Error("the late result was told")
		}
	})
}

func TestLostAndMissedRuns(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newProbes(t, d, "Asia/Shanghai")
		day := time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)
		b.hour(day, 8, 0)
		b.plan()
		b.hour(day, 11, 0)
		b.plan()
		b.Update(func(tx *db.Tx) error { // the job is lost
			_, err := db.Exec(context.Background(), tx, `delete from jobs where kind = $1`, probing.JobKind)
			return err
		})
		b.Clock.Advance(15 * time.Minute)
		due := time.UnixMicro(int64(b.Count(`select due_at from probe_runs`)))
		if b.Clock.Now().Sub(due) < 2*time.Hour {
			b.plan()
			if n := b.work(); n != 1 {
				t.Errorf("%d jobs for a run that had lost its one", n)
			}
		}
		b.hour(day, 14, 30)
		b.plan()
		b.hour(day, 23, 0) // no node was there in the afternoon
		b.plan()
		if n := b.work(); n != 0 {
			t.Errorf("%d runs at night", n)
		}
		if s := b.text(`select state from probe_runs where half = 'pm'`); s != "missed" {
			t.Error(s)
		}
	})
}

// What changed between planning and running decides; nothing of it counts as a failure.
func TestWhatIsNotProbed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newProbes(t, d, "Asia/Shanghai")
		b.fail = true
		day := time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)
		half := func(want string, change, back func()) {
			t.Helper()
			b.hour(day, 8, 0)
			b.plan()
			change()
			b.hour(day, 11, 0)
			b.plan()
			before := b.ran
			b.work()
			got := b.text(`select state || ' ' || reason from probe_runs where day = $1`, day.Format(time.DateOnly))
			if got != want || b.ran != before {
				t.Errorf("%q, want %q; the cases ran %d times", got, want, b.ran-before)
			}
			back()
			day = day.AddDate(0, 0, 1)
		}
		exec := func(text string) func() {
			return func() {
				b.Update(func(tx *db.Tx) error {
					_, err := db.Exec(context.Background(), tx, text)
					return err
				})
			}
		}
		enable := func(on bool) func() {
			return func() { b.site(func(s *settings.Site) { s.Probing.Enabled = on }) }
		}
		half("skipped off", enable(false), enable(true))
		half("skipped not_on_sale", exec(`update products set state = 'suspended' where state = 'on_sale'`), exec(`update products set state = 'on_sale' where state = 'suspended'`))
		half("skipped not_on_sale", exec(`update products set state = 'delisted' where state = 'on_sale'`), exec(`update products set state = 'on_sale' where id = '`+b.product+`'`))
		half("skipped seller", exec(`update sellers set state = 'suspended'`), exec(`update sellers set state = 'active'`))
		enable(false)()
		b.hour(day, 8, 0)
		b.plan()
		enable(true)()
		exec(`update products set state = 'suspended' where state = 'on_sale'`)()
		b.plan()
		if n := b.Count(`select count(*) from probe_runs where day = $1`, day.Format(time.DateOnly)); n != 0 {
			t.Error("a run was planned for what is not probed")
		}
		exec(`update products set state = 'hidden' where state = 'suspended'`)()
		exec(`update sellers set state = 'suspended'`)()
		b.plan()
		if n := b.Count(`select count(*) from probe_runs where day = $1`, day.Format(time.DateOnly)); n != 0 {
			t.Error("a run was planned for a suspended seller")
		}
		exec(`update sellers set state = 'active'`)()
		b.plan()
		if n := b.Count(`select count(*) from probe_runs where day = $1`, day.Format(time.DateOnly)); n != 1 {
			t.Error("a hidden product is sold and must be probed")
		}
		if n := b.Count(`select count(*) from messages where code = 'probe_failed'`); n != 0 {
			t.Error("the seller was told of a failure")
		}
	})
}

func TestAServerThatHangsFailsItsProbe(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newProbes(t, d, "Asia/Shanghai")
		b.run = func(ctx context.Context, _ catalog.Product) (probing.Outcome, error) {
			if at, ok := ctx.Deadline(); !ok || time.Until(at) > 2*time.Minute {
				t.Error("a probe has no end")
			}
			return probing.Outcome{Cases: []probing.Case{{Scenario: "newInstance", Passed: true}}}, context.DeadlineExceeded
		}
		ask := func() (run probing.Run, err error) {
			err = b.DB.Update(context.Background(), func(tx *db.Tx) error {
				run, err = b.Trade.ProbeNow(context.Background(), tx, b.product, "Operator")
				return err
			})
			return run, err
		}
		one, err := ask()
		two, err2 := ask()
		if err != nil || err2 != nil || one.ID != two.ID || b.work() != 1 {
			t.Fatal(err, err2, one.ID, two.ID)
		}
		if s := b.text(`select state || ' ' || error_code from probe_runs`); s != "failed probing.too_slow" {
			t.Error(s)
		}
		b.Update(func(tx *db.Tx) error {
			_, err := db.Exec(context.Background(), tx, `update products set state = 'suspended' where id = $1`, b.product)
			return err
		})
		if _, err := ask(); !errs.Is(err, "probing.not_probed") {
			t.Error(err)
		}
	})
}
