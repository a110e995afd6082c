package trade_test

import (
	"context"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/page"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/trade/tradetest"
	"jishi/isv"
	"jishi/wire/saas"
)

func TestAccessDataOutliveThePollThatEndsWithout(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.shop()
		answers := s.Query
		refuse := func(context.Context, isv.Query) (isv.Instance, error) {
			return isv.Instance{}, isv.Fail(saas.CodeInternal, "")
		}
		s.Query = refuse
		o := b.Buy("V2")
		b.Step()
		b.Step() // asked for the access data in vain
		s.Query = answers
		if _, fresh, err := b.Trade.RefreshAccess(context.Background(), b.Buyer.AccountID, b.Instance(o).ID); !fresh || err != nil {
			t.Fatal(fresh, err)
		}
		b.delivered(o)
		s.Query = refuse
		b.CloseWindow()
		b.Step()
		b.delivered(o)
	})
}

// PostgreSQL's text has no zero byte: an attempt that cannot be recorded would be made for
// ever, and its order never refunded.
func TestAnswersWithZeroBytesAreRecorded(t *testing.T) {
	for name, body := range map[string]string{
		"message": `{"resultCode":"00\u00000","resultMsg":"no\u0000thing"}`,
		"id":      `{"resultCode":"000000","instanceId":"i\u00001","appInfo":{"frontEndUrl":"https://app.example/"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				b := newBundle(t, d)
				b.Serve(tradetest.WithHeader("Body-Sign", saas.SignBody(b.V1Key, []byte(body)), tradetest.Raw(200, "application/json", body)))
				o := b.Buy("V1")
				b.Step()
				if c := b.Calls(o)[0]; c.State != fulfillment.Retrying || c.ExternalID != "" || c.ErrorCode == "" {
					t.Errorf("%+v", c)
				}
				b.CloseWindow()
				b.Step()
				if s := b.Order(o).State; s != order.Refunded {
					t.Error(s)
				}
				b.Sound()
			})
		})
	}
}

// A failed attempt may name an instance that another order is given afterwards.
func TestARefundReleasesNoInstanceOfAnotherOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		answer := func(body string) {
			b.Serve(tradetest.WithHeader("Body-Sign", saas.SignBody(b.V1Key, []byte(body)), tradetest.Raw(200, "application/json", body)))
		}
		answer(`{"resultCode":"000005","instanceId":"same"}`)
		first := b.Buy("V1")
		b.Step()
		if c := b.Calls(first)[0]; c.ExternalID != "same" {
			t.Fatalf("%+v", c)
		}
		second := b.Buy("V1")
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update jobs set run_at = 1 where ref = $1`, b.Calls(second)[0].ID)
		})
		answer(tradetest.InstanceBody("same"))
		b.Step()
		if s := b.Order(second).State; s != order.Completed {
			t.Fatal(s)
		}
		b.Serve(tradetest.Raw(503, "text/plain", "down"))
		b.CloseWindow()
		b.Step()
		if s := b.Order(first).State; s != order.Refunded {
			t.Fatal(s)
		}
		if n := b.Count(`select count(*) from fulfillment_calls where activity = 'releaseInstance'`); n != 0 {
			t.Error("an instance of another order was released")
		}
	})
}

// Each combination of filters has a statement of its own.
func TestCallsAreFoundByEachFilter(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBundle(t, d)
		b.Serve(tradetest.Raw(503, "text/plain", "down"))
		first, second := b.Buy("V1"), b.Buy("V2")
		b.CloseWindow()
		b.Step()
		one, other := b.Calls(first)[0], b.Calls(second)[0]
		for _, c := range []struct {
			filter fulfillment.Filter
			want   int
		}{
			{fulfillment.Filter{}, 0},
			{fulfillment.Filter{OrderID: first.ID}, 0},
			{fulfillment.Filter{All: true}, 2},
			{fulfillment.Filter{SellerID: b.Seller}, 2},
			{fulfillment.Filter{SellerID: "other"}, 0},
			{fulfillment.Filter{All: true, OrderID: first.ID}, 1},
			{fulfillment.Filter{OrderID: second.ID, SellerID: b.Seller}, 1},
			{fulfillment.Filter{OrderID: second.ID, SellerID: "other"}, 0},
			{fulfillment.Filter{All: true, Text: one.ID}, 1},
			{fulfillment.Filter{Text: one.ID, SellerID: "other"}, 0},
			{fulfillment.Filter{All: true, Text: other.OrderID}, 1},
			{fulfillment.Filter{All: true, Text: other.InstanceID, OrderID: second.ID}, 1},
			{fulfillment.Filter{All: true, Text: "nothing like it"}, 0},
			{fulfillment.Filter{All: true, Problem: true}, 1},
			{fulfillment.Filter{State: fulfillment.Calling, SellerID: b.Seller}, 1},
		} {
			got, err := fulfillment.List(ctx, d, c.filter, page.Query{})
			if err != nil || len(got.Items) != c.want || got.Total != c.want {
				t.Errorf("%+v: %d of %d, %v", c.filter, len(got.Items), got.Total, err)
			}
		}
		older, newer := min(one.ID, other.ID), max(one.ID, other.ID) // ids of one millisecond are in no order of time
		p, err := fulfillment.List(ctx, d, fulfillment.Filter{All: true}, page.Query{Limit: 1})
		if err != nil || len(p.Items) != 1 || p.Items[0].ID != newer {
			t.Fatal(p, err)
		}
		if p, err = fulfillment.List(ctx, d, fulfillment.Filter{All: true}, page.Query{Limit: 1, Cursor: p.Next}); err != nil || len(p.Items) != 1 || p.Items[0].ID != older || p.Next != "" {
			t.Error(p, err)
		}
	})
}

// stopping asks the process to stop at the moment a good answer is there.
type stopping struct {
	fulfillment.Provider
	stop func()
}

func (s stopping) Send(ctx context.Context, a fulfillment.Attempt) fulfillment.Result {
	defer s.stop()
	return s.Provider.Send(ctx, a)
}

func TestAGoodAnswerIsKeptWhenTheProcessStops(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		o := b.Buy("V1")
		ctx, stop := context.WithCancel(context.Background())
		b.Trade.Provider = stopping{b.Trade.Provider, stop}
		j, _ := b.Claim()
		if err := b.Trade.RunCall(ctx, j); err != nil {
			t.Fatal(err)
		}
		b.delivered(o)
	})
}
