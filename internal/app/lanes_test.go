package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/id"
	"jishi/internal/base/job"
	"jishi/internal/edge/koogallery"
	"jishi/internal/market/fulfillment"
	"jishi/internal/trade/tradetest"
	"jishi/isv"
	"jishi/wire/saas"
)

// street is a marketplace with many sellers' servers, of which some hang, and the program's own workers.
type street struct {
	*tradetest.Market
	healthy, hanging []string // addresses
	called           chan string
	stop             func()
}

func newStreet(t testing.TB, d *db.DB, healthy, hanging int) *street {
	t.Helper()
	s := &street{Market: tradetest.New(t, d), called: make(chan string, 10_000)}
	s.Trade.Provider.(*koogallery.Caller).Timeout = 0 // the address's own 20 s
	for range 20 {
		s.TopUp(s.Buyer, 1_000_000_00)
	}
	release := make(chan struct{})
	for range healthy {
		s.healthy = append(s.healthy, "")
		address := &s.healthy[len(s.healthy)-1]
		*address = s.open(&isv.Handler{V1Key: s.V1Key, Logger: quiet, Create: func(_ context.Context, c isv.Create) (isv.Instance, error) {
			s.called <- c.OrderID
			return isv.Instance{ID: c.BusinessID, Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, nil
		}})
	}
	for range hanging {
		s.hanging = append(s.hanging, s.open(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			select {
			case <-release:
			case <-r.Context().Done():
			}
		})))
	}
	t.Cleanup(func() { close(release) }) // before the servers are closed, which wait for their handlers
	return s
}

// open registers a server of its own for the seller.
func (s *street) open(h http.Handler) (addressID string) {
	server := httptest.NewServer(h)
	s.T.Cleanup(server.Close)
	addressID = id.New("adr")
	s.Update(func(tx *db.Tx) error {
		return tradetest.Exec(tx, `insert into production_addresses (id, seller_id, origin, state, development, token, created_at) values ($1, $2, $3, 'verified', $4, 'x', $5)`,
			addressID, s.Seller, server.URL, true, tx.Now)
	})
	return addressID
}

// buyAt buys n orders of a product that is delivered by the address.
func (s *street) buyAt(addressID string, n int) {
	s.T.Helper()
	s.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set address_id = $1`, addressID) })
	for range n {
		s.Buy("V1")
	}
}

// work starts the workers of calls as the program runs them.
func (s *street) work() {
	a := &App{Log: quiet}
	a.build()
	r := &job.Runner{DB: s.DB, Log: quiet}
	for _, k := range a.Jobs() {
		if k.Name == fulfillment.JobKind {
			k.Handler = s.Trade.RunCall
			r.Kinds = append(r.Kinds, k)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { r.Run(ctx) })
	s.stop = func() { cancel(); wg.Wait() }
}

// delivered waits until the healthy servers were called n times.
func (s *street) delivered(n int) {
	s.T.Helper()
	late := time.After(15 * time.Second) // less than the hanging ones' time limit: nobody waited for them
	for i := range n {
		select {
		case <-s.called:
		case <-late:
			s.T.Fatalf("%d of %d healthy servers were called", i, n)
		}
	}
}

// Servers that hang, with more calls due to them than there are workers, take nothing from the others, although their
// calls stand first.
func TestHangingServersDoNotSlowTheOthers(t *testing.T) {
	for _, hanging := range []int{1, 3} {
		t.Run(fmt.Sprint(hanging, " hanging"), func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				s := newStreet(t, d, 50, hanging)
				for _, a := range s.hanging {
					s.buyAt(a, 40)
				}
				for _, a := range s.healthy {
					s.buyAt(a, 1)
				}
				s.work()
				defer s.stop()
				s.delivered(50)
			})
		})
	}
}

// BenchmarkHealthyBesideHanging is what fifty healthy servers get, alone and beside one that hangs.
func BenchmarkHealthyBesideHanging(b *testing.B) {
	for _, hanging := range []int{0, 1} {
		b.Run(fmt.Sprint(hanging, "_hanging"), func(b *testing.B) {
			s := newStreet(b, dbtest.Open(b, db.SQLite), 50, hanging)
			for _, a := range s.hanging {
				s.buyAt(a, 64)
			}
			s.work()
			defer s.stop()
			for b.Loop() {
				b.StopTimer()
				s.stop()
				for _, a := range s.healthy {
					s.buyAt(a, 4)
				}
				b.StartTimer()
				s.work()
				s.delivered(200)
			}
			b.ReportMetric(float64(200*b.N)/b.Elapsed().Seconds(), "deliveries/s")
		})
	}
}
