package bench

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/id"
	"jishi/internal/market/ledger"
)

const (
	sqlMakeDueForRenewal = `update instances set at_expiry = 'auto', auto_days = 7, auto_periods = 1, auto_left = 0, auto_at = $1, expires_at = $2, due_at = $2, remind_at = null
where id in (select id from instances where state = 'ACTIVE' order by id limit $3)`
	sqlDueForRenewal = `select count(*) from instances where auto_at <= $1 and state = 'ACTIVE'`
	sqlMakeDueForEnd = `update instances set at_expiry = 'manual', auto_at = null, remind_at = null, expires_at = $1, due_at = $1 where id in (select id from instances where state = 'ACTIVE' order by id limit $2)`
	sqlDueForEnd     = `select count(*) from instances where due_at < $1 and state = 'ACTIVE'`
)

// worked has rows due and lets one worker loose on them, as a node's periodic job does.
func (s *stage) worked(ctx context.Context, name, unit, count string, work func(ctx context.Context) error) ([]Figure, error) {
	now := s.app.DB.Now()
	due, err := db.One[int](ctx, s.app.DB, count, now)
	if err != nil {
		return nil, err
	}
	var statements atomic.Int64
	spent, start := processorTime(), clock.Wall{}.Now()
	if err := work(db.WithCounter(ctx, &statements)); err != nil {
		return nil, err
	}
	took, cpu := clock.Wall{}.Now().Sub(start), processorTime()-spent
	left, err := db.One[int](ctx, s.app.DB, count, now)
	if err != nil {
		return nil, err
	}
	if done := due - left; left > 0 || done == 0 {
		return nil, fmt.Errorf("%d of %d were worked", done, due)
	}
	rate := float64(due) / took.Seconds()
	return []Figure{{Name: name, Rate: rate, Unit: unit, Statements: float64(statements.Load()) / float64(due), CPU: float64(cpu.Microseconds()) / float64(due),
		Goal: "≥ 2,000 a second", Met: rate >= 2000}}, nil
}

// dueRenewals renews subscriptions from their buyers' balances: order, payment, new expiry,
// call to the seller and messages, as if their buyers had done it.
func dueRenewals(ctx context.Context, s *stage) ([]Figure, error) {
	if err := s.fillOrders(ctx, max(s.existing, s.Due)); err != nil {
		return nil, err
	}
	now := s.app.DB.Now()
	if err := s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return write(ctx, tx, sqlMakeDueForRenewal, now.Add(-time.Second), now.AddDate(0, 0, 5), s.Due)
	}); err != nil {
		return nil, err
	}
	return s.worked(ctx, fmt.Sprintf("due renewals from balance, %d subscriptions", s.Due), "renewals/s", sqlDueForRenewal, s.app.Trade.AutoRenew)
}

// dueExpiries ends terms: the subscription goes into grace, with its history and message.
func dueExpiries(ctx context.Context, s *stage) ([]Figure, error) {
	if err := s.fillOrders(ctx, max(s.existing, s.Due)); err != nil {
		return nil, err
	}
	if err := s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return write(ctx, tx, sqlMakeDueForEnd, s.app.DB.Now().Add(-time.Hour), s.Due)
	}); err != nil {
		return nil, err
	}
	return s.worked(ctx, fmt.Sprintf("due expiries, %d subscriptions", s.Due), "expiries/s", sqlDueForEnd, func(ctx context.Context) error {
		for more := true; more; {
			if err := s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
				more, err = s.app.Trade.EndTerms(ctx, tx)
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// hotAccount posts journals that all credit one account, each in a durable transaction of
// its own.
func hotAccount(ctx context.Context, s *stage) ([]Figure, error) {
	const clients = 64
	hot := ledger.PayableSeller(s.sellerID)
	rate, p50, p99, err := closed(clients, s.duration(), func(int) (func(int) error, func(), error) {
		return func(int) error {
			key := id.New("key")
			return s.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
				_, err := ledger.Post(ctx, tx, ledger.Journal{Key: key, Kind: "bench", Cause: key, Currency: "CNY",
					Lines: []ledger.Line{{Account: ledger.Held(key), Amount: -1}, {Account: hot, Amount: 1}}})
				return err
			})
		}, func() {}, nil
	})
	return []Figure{{Name: "postings to one hot account", Clients: clients, Rate: rate, Unit: "postings/s", P50: p50, P99: p99, Goal: "≥ 4,000 postings/s", Met: rate >= 4000}}, err
}
