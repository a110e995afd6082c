package trade_test

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/market/fulfillment"
	"jishi/internal/trade/tradetest"
)

var shanghai = time.FixedZone("CST", 8*3600)

// marks writes attempts at times of the test's choice; the calls are those of one order.
type marks struct {
	*bundle
	instance string
	n        int
}

func newMarks(t *testing.T, d *db.DB) *marks {
	b := newBundle(t, d)
	return &marks{bundle: b, instance: b.Instance(b.Buy("V1")).ID}
}

func (m *marks) exec(text string, args ...any) {
	m.T.Helper()
	m.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, text, args...) })
}

// add makes an attempt of a call of its own at this time.
func (m *marks) add(at time.Time, seller, activity string, outcome fulfillment.Outcome, status int, took time.Duration) {
	m.T.Helper()
	m.n++
	call := fmt.Sprintf("cal_%05d", m.n)
	m.exec(`insert into fulfillment_calls (id, activity, generation, purpose, profile, order_id, order_line_id, instance_id, account_id, seller_id, product_id, address_id, path, state, created_at, window_start, window_end)
values ($1, $2, 'v1', 'create', 'once', 'o', 'l', $3, 'acc', $4, 'prd', $5, '/', 'succeeded', $6, $6, $6)`, call, activity, m.instance, seller, "adr_"+seller, at)
	m.exec(`insert into fulfillment_attempts (id, call_id, number, at, duration_us, business_id, method, url, request_body, status, response_body, result_code, result_msg, outcome, error_code)
values ($1, $2, 1, $3, $4, 'b', 'GET', 'u', '', $5, '', '', '', $6, '')`, "att_"+call, call, at, took.Microseconds(), status, outcome)
}

func near(got, want time.Duration) bool {
	return math.Abs(float64(got-want)) <= float64(want)/10
}

// What charts show must be the same before the attempts are counted, in between and
// afterwards, and each attempt must count once, whoever counts.
func TestEachAttemptCountsOnceWhateverTheMoment(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := newMarks(t, d)
		ctx := context.Background()
		now := time.Date(2026, 3, 1, 2, 30, 0, 0, time.UTC) // 10:30 of 1 March in Shanghai
		midnight := time.Date(2026, 3, 1, 0, 0, 0, 0, shanghai)
		for i := range 100 { // 28 February: 1 to 100 ms
			m.add(midnight.Add(-time.Hour+time.Duration(i)*time.Second), "sel", "newInstance", fulfillment.OK, 200, time.Duration(i+1)*time.Millisecond)
		}
		m.add(midnight.Add(-time.Microsecond), "sel", "newInstance", fulfillment.Bad, 0, time.Minute) // no answer: no latency
		m.add(midnight, "sel", "queryInstance", fulfillment.NotYet, 200, 4*time.Millisecond)
		m.add(now.Add(-time.Minute), "sel", "queryInstance", fulfillment.Bad, 503, 4*time.Millisecond)
		m.add(now.Add(-time.Minute), "other", "queryInstance", fulfillment.OK, 200, 4*time.Millisecond)
		m.add(midnight.AddDate(0, 0, -7), "sel", "newInstance", fulfillment.OK, 200, time.Second) // older than what is asked

		check := func(when string) {
			t.Helper()
			s, err := fulfillment.Daily(ctx, d, fulfillment.Scope{SellerID: "sel"}, now, 7, shanghai)
			if err != nil || len(s.Days) != 7 || s.Days[0].Day != "2026-02-23" {
				t.Fatal(when, err, s)
			}
			feb, mar := s.Days[5], s.Days[6]
			if feb.Day != "2026-02-28" || feb.Good != 100 || feb.Bad != 1 || !near(feb.P50, 50*time.Millisecond) || !near(feb.P95, 95*time.Millisecond) {
				t.Errorf("%s: 28 February: %+v", when, feb)
			}
			if mar.Good != 1 || mar.Bad != 1 || !near(mar.P95, 4*time.Millisecond) {
				t.Errorf("%s: 1 March: %+v", when, mar)
			}
			if s.Total.Calls() != 103 || fmt.Sprint(s.Activities) != "[newInstance queryInstance]" || s.Days[4].Calls() != 0 {
				t.Errorf("%s: %+v", when, s)
			}
			for _, x := range []struct {
				scope fulfillment.Scope
				calls int64
			}{{fulfillment.Scope{}, 0}, {fulfillment.Scope{All: true}, 104}, {fulfillment.Scope{AddressID: "adr_other"}, 1}, {fulfillment.Scope{SellerID: "sel", Activity: "queryInstance"}, 2}, {fulfillment.Scope{SellerID: "nobody"}, 0}} {
				if s, err := fulfillment.Daily(ctx, d, x.scope, now, 7, shanghai); err != nil || s.Total.Calls() != x.calls {
					t.Errorf("%s: %+v: %d calls, want %d (%v)", when, x.scope, s.Total.Calls(), x.calls, err)
				}
			}
		}
		check("before")
		if err := fulfillment.CountDays(ctx, d, midnight.Add(-30*time.Minute), shanghai); err != nil {
			t.Fatal(err)
		}
		check("in between")
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if err := fulfillment.CountDays(ctx, d, now, shanghai); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		check("afterwards")
		if err := fulfillment.CountDays(ctx, d, now.Add(time.Hour), shanghai); err != nil {
			t.Fatal(err)
		}
		check("once more")
		if n, err := db.One[int](ctx, d, `select count(*) from call_days where good + bad = 0`); err != nil || n > 0 {
			t.Error(n, err)
		}
	})
}
