package app

import (
	"context"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/job"
	"jishi/internal/edge/console"
	"jishi/internal/edge/testpay"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/probing"
	"jishi/internal/market/seller"
	"jishi/internal/market/voucher"
	"jishi/internal/trade"
)

// Jobs is the table of everything that runs without a request.
func (a *App) Jobs() []job.Kind {
	kinds := []job.Kind{
		// A call's schedule stands in its own row; this one is for faults of ours, such as a
		// database that was away. 32 at once to one address is what sellers' servers bear.
		// The time holds the longest that an address may ask for, and the writing of the result.
		{Name: fulfillment.JobKind, Handler: a.Trade.RunCall, Schedule: ownFaults, Timeout: seller.MaxTimeout*time.Second + 25*time.Second, Parallel: 64, PerLane: 32},

		// Order notices have workers of their own: a server that takes none holds up no delivery.
		{Name: fulfillment.NotifyJobKind, Handler: a.Trade.RunCall, Schedule: ownFaults, Timeout: seller.MaxTimeout*time.Second + 25*time.Second, Parallel: 16, PerLane: 4},

		a.every("fulfillment.sweep", time.Minute, a.sweepCalls),
		// A server that hangs keeps one worker for two minutes, and only one: a lane is an address.
		{Name: probing.JobKind, Handler: a.Trade.RunProbe, Schedule: ownFaults, Timeout: 3 * time.Minute, Parallel: 16, PerLane: 1},
		a.every("probing.plan", time.Minute, a.Trade.PlanProbes),
		a.every("probing.purge", 6*time.Hour, probing.Purge),
		periodic("fulfillment.count_days", time.Minute, a.countCalls),
		a.every("fulfillment.purge_days", 6*time.Hour, fulfillment.PurgeDays),
		a.every("fulfillment.purge", time.Hour, fulfillment.PurgeAttempts),
		a.every("order.expire", time.Minute, a.Trade.ExpireDue),
		// Before terms end: what is renewed in time never expires.
		periodic("subscription.auto_renew", time.Minute, a.Trade.AutoRenew),
		a.every("subscription.change", time.Minute, a.Trade.ApplyChanges),
		a.every("subscription.end_terms", time.Minute, a.Trade.EndTerms),
		a.every("subscription.remind", time.Minute, a.Trade.RemindOfExpiry),
		a.every("voucher.end", time.Minute, voucher.EndDue),
		// A notice that was lost is found by asking; what has expired is closed at the gateway.
		periodic("payment.check", time.Minute, a.Trade.CheckOnline),
		{Name: trade.PayNamedJob, Handler: a.Trade.PayNamed, Schedule: ownFaults},
		periodic("payment.refunds", 5*time.Minute, a.Trade.SendRefunds),
		a.every("discount.turn", time.Minute, a.Discounts.Turn),
		a.every("order.purge_quotes", time.Hour, order.PurgeQuotes),
		a.every("catalog.lift", time.Minute, a.liftProducts),
		a.every("catalog.purge_changes", time.Hour, a.Catalog.PurgeChanges),
		periodic("catalog.sales", 10*time.Minute, a.countSales),
		periodic("ledger.snapshot", 10*time.Minute, a.snapshotLedger),
		a.every("integration.purge", time.Hour, a.Integration.PurgeRuns),
		a.every("console.purge_keys", time.Hour, console.PurgeIdempotencyKeys),
		periodic(jobTendSandboxes, 10*time.Minute, a.tendSandboxes),
	}
	if a.TestPay != nil {
		kinds = append(kinds, job.Kind{Name: testpay.JobKind, Handler: a.TestPay.Deliver, Schedule: testpay.Schedule, Timeout: 30 * time.Second})
	}
	kinds = append(kinds, a.Identity.Jobs(a.DB)...)
	kinds = append(kinds, a.Exports.Jobs()...)
	return append(kinds, a.Notices.Jobs()...)
}

// ownFaults are the pauses after which a job is tried again that failed by our fault.
var ownFaults = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour, 3 * time.Hour}

// every is a periodic job that works off what is due, one transaction per batch.
func (a *App) every(name string, pause time.Duration, batch func(ctx context.Context, tx *db.Tx) (more bool, err error)) job.Kind {
	return periodic(name, pause, func(ctx context.Context) error {
		for more := true; more; {
			err := a.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
				var err error
				more, err = batch(ctx, tx)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// periodic is a job that opens its own transactions.
func periodic(name string, pause time.Duration, run func(ctx context.Context) error) job.Kind {
	return job.Kind{Name: name, Every: pause, Parallel: 1, Timeout: 10 * time.Minute, Schedule: []time.Duration{10 * time.Second, time.Minute},
		Handler: func(ctx context.Context, _ job.Job) error { return run(ctx) }}
}

func (a *App) liftProducts(ctx context.Context, tx *db.Tx) (bool, error) {
	n, err := a.Catalog.LiftExpired(ctx, tx)
	return n > 0, err
}

// sweepCalls wakes calls whose job was lost. It finds nothing as long as all is well.
func (a *App) sweepCalls(ctx context.Context, tx *db.Tx) (bool, error) {
	n, err := fulfillment.Sweep(ctx, tx)
	if n > 0 {
		a.Log.Warn("calls had lost their job", "calls", n)
	}
	return n > 0, err
}

// countCalls keeps the figures of calls per day of the site.
func (a *App) countCalls(ctx context.Context) error {
	site, err := a.Settings.Site(ctx)
	if err != nil {
		return err
	}
	return fulfillment.CountDays(ctx, a.DB, clock.Wall{}.Now(), site.Zone())
}

// salesDays is how far back sales count for the order of lists.
const salesDays = 90

// countSales tells the catalogue how often each product was sold. It reads before it
// writes: many orders must not hold up SQLite's only writer.
func (a *App) countSales(ctx context.Context) error {
	sales, err := order.SalesSince(ctx, a.DB, a.DB.Now().AddDate(0, 0, -salesDays))
	if err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *db.Tx) error {
		for _, s := range sales {
			if err := a.Catalog.SetSales(ctx, tx, s.ProductID, s.Orders); err != nil {
				return err
			}
		}
		return nil
	})
}

// snapshotLedger brings the snapshots of the book forward, for the same reason in two steps.
func (a *App) snapshotLedger(ctx context.Context) error {
	for {
		step, more, err := ledger.NextStep(ctx, a.DB, ledger.Settled(a.DB.Now()))
		if err != nil || !more {
			return err
		}
		if err := a.DB.UpdateCtx(ctx, step.Carry); err != nil {
			return err
		}
	}
}
