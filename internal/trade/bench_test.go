package trade_test

import (
	"context"
	"sync/atomic"
	"syscall"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
	"jishi/isv"
	"jishi/wire/saas"
)

// cpu is the processor time of this process: on a busy machine it says more than the clock.
func cpu(b *testing.B) float64 {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1000
}

func each(b *testing.B, fn func(b *testing.B, d *db.DB)) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(e), func(b *testing.B) { fn(b, dbtest.Open(b, e)) })
	}
}

// BenchmarkPlaceAndPay is an order from quote to the queued call, and its statements.
func BenchmarkPlaceAndPay(b *testing.B) {
	each(b, func(b *testing.B, d *db.DB) {
		m := tradetest.New(b, d)
		for range 200 {
			m.TopUp(m.Buyer, 1_000_000_00)
		}
		b.ResetTimer()
		begin := cpu(b)
		for b.Loop() {
			m.Buy("V1")
		}
		b.ReportMetric((cpu(b)-begin)/float64(b.N), "cpu-µs/op")
		b.StopTimer()
		var n atomic.Int64
		ctx := db.WithCounter(context.Background(), &n)
		if err := d.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
			q, _, err := m.Trade.Quote(ctx, tx, m.Buyer, trade.Wish{PlanID: m.Plans["V1"], Periods: 1})
			if err != nil {
				return err
			}
			o, err := m.Trade.Place(ctx, tx, m.Buyer, placing(q.ID))
			if err != nil {
				return err
			}
			_, err = m.Trade.Pay(ctx, tx, m.Buyer, o.ID)
			return err
		}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n.Load()), "statements/op")
	})
}

// BenchmarkDeliver is a signed call to a server on loopback with its log row and all that
// follows from its success.
func BenchmarkDeliver(b *testing.B) {
	each(b, func(b *testing.B, d *db.DB) {
		m := tradetest.New(b, d)
		for range 200 {
			m.TopUp(m.Buyer, 1_000_000_00)
		}
		m.Serve(&isv.Handler{V1Key: m.V1Key, Create: func(_ context.Context, c isv.Create) (isv.Instance, error) {
			return isv.Instance{ID: c.BusinessID, Access: &saas.AppInfo{FrontEndURL: "https://app.example/", UserName: "admin", Password: "initial"}}, nil
		}})
		var spent float64
		for b.Loop() {
			b.StopTimer()
			m.Buy("V1")
			begin := cpu(b)
			b.StartTimer()
			m.Step()
			spent += cpu(b) - begin
		}
		b.ReportMetric(spent/float64(b.N), "cpu-µs/op")
	})
}
