package trade_test

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/seller"
	"jishi/internal/trade/tradetest"
	"jishi/isv"
	"jishi/wire/saas"
)

func (s *shop) notices(key string) *[]isv.OrderNotice { return notices(&s.Handler, key) }

// notices collects what a seller's server is told.
func notices(h *isv.Handler, key string) *[]isv.OrderNotice {
	got := &[]isv.OrderNotice{}
	h.GeneralKey = key
	h.Notify = func(_ context.Context, n isv.OrderNotice) error {
		*got = append(*got, n)
		return nil
	}
	return got
}

func (b *bundle) noticeOf(orderID string) fulfillment.Call {
	b.T.Helper()
	p, err := fulfillment.List(b.T.Context(), b.DB, fulfillment.Filter{SellerID: b.Seller, OrderID: orderID, Activity: "orderNotify"}, page.Query{})
	if err != nil || len(p.Items) != 1 {
		b.T.Fatalf("%d notices of %s, %v", len(p.Items), orderID, err)
	}
	return p.Items[0].Call
}

func TestOrderNotice(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.shop()
		b.Buy("V1")
		if b.StepNotice() {
			t.Fatal("a notice was queued for a seller who did not ask")
		}
		got := s.notices(b.Notify(nil))
		o := b.Buy("V1")
		if !b.StepNotice() || b.StepNotice() {
			t.Fatal("not exactly one notice")
		}
		if want := []isv.OrderNotice{{OrderID: o.ID, OrderLineID: o.ID + "-000001"}}; !reflect.DeepEqual(*got, want) {
			t.Errorf("told %+v, want %+v", *got, want)
		}
		c := b.noticeOf(o.ID)
		if c.State != fulfillment.Succeeded || c.Path != "/notices" || c.Profile != fulfillment.Window3h || c.Generation != "v2" {
			t.Errorf("%+v", c)
		}
		for b.Step() {
		}
		if b.Order(o).State != order.Completed {
			t.Errorf("order %s", b.Order(o).State)
		}
		b.Notify(map[string]bool{"saas": false})
		b.Buy("V2")
		if b.StepNotice() {
			t.Error("a kind that is switched off was told of")
		}
	})
}

// A server that takes no notices delays no delivery, and a delivery that fails delays no notice.
func TestNoticesStandBesideTheCallsOfAnInstance(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.shop()
		s.notices(b.Notify(nil))
		s.Notify = func(context.Context, isv.OrderNotice) error { return errors.New("down") }
		o := b.Buy("V2")
		b.StepNotice()
		if c := b.noticeOf(o.ID); c.State != fulfillment.Retrying {
			t.Fatalf("notice %s", c.State)
		}
		if !b.Step() || !b.Step() {
			t.Fatal("newInstance and queryInstance wait for the notice")
		}
		b.delivered(o)
		b.CloseWindow()
		b.StepNotice()
		if c := b.noticeOf(o.ID); c.State != fulfillment.Failed {
			t.Fatalf("notice %s", c.State)
		}
		b.delivered(o)
		if n := b.Count(`select count(*) from messages where code = 'call_exhausted'`); n != 2 {
			t.Errorf("%d messages of the end, want the seller's and the operators'", n)
		}
		if n := b.Count(`select count(*) from mails where template = 'call_exhausted'`); n == 0 {
			t.Error("no mail of the end")
		}
		// Long after its window a notice can be sent again, and then reaches the seller.
		s.notices(s.GeneralKey)
		b.Update(func(tx *db.Tx) error {
			_, err := b.Trade.RestartCall(context.Background(), tx, b.Seller, b.noticeOf(o.ID).ID)
			return err
		})
		if !b.StepNotice() || b.noticeOf(o.ID).State != fulfillment.Succeeded {
			t.Error("the restarted notice did not arrive")
		}
	})
}

func TestNoticeOfARefund(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.shop()
		got := s.notices(b.Notify(nil))
		s.Create = func(context.Context, isv.Create) (isv.Instance, error) { return isv.Instance{}, errors.New("broken") }
		o := b.Buy("V1")
		b.CloseWindow()
		b.Step()
		if b.Order(o).State != order.Refunded {
			t.Fatalf("order %s", b.Order(o).State)
		}
		refund, err := db.One[string](t.Context(), d, `select id from orders where kind = 'UNSUB'`)
		if err != nil {
			t.Fatal(err)
		}
		for b.StepNotice() {
		}
		want := []isv.OrderNotice{{OrderID: o.ID, OrderLineID: o.ID + "-000001"}, {OrderID: refund, OrderLineID: refund + "-000001"}}
		if !reflect.DeepEqual(*got, want) {
			t.Errorf("told %+v, want %+v", *got, want)
		}
	})
}

// What a buyer does with an instance later is told of too: a renewal, a trial that becomes formal, and giving it back.
func TestNoticesOfALife(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = 'five_day'`) })
		s := b.service()
		got := notices(&s.Handler, b.Notify(nil))
		told := func(want order.Order) {
			t.Helper()
			for b.StepNotice() {
			}
			list := *got
			*got = nil
			if len(list) != 1 || list[0] != (isv.OrderNotice{OrderID: want.ID, OrderLineID: want.ID + "-000001"}) {
				t.Errorf("told %+v, want %s (%s)", list, want.ID, want.Kind)
			}
		}
		renew := func(o order.Order, kind order.Kind) {
			t.Helper()
			r, err := b.renewal(b.Instance(o), 1, "")
			if err == nil {
				err = b.Pay(r)
			}
			if err != nil || r.Kind != kind {
				t.Fatal(r.Kind, err)
			}
			b.steps()
			told(r)
		}
		o := b.live("V2", s)
		told(o)
		renew(o, order.Renew)

		tried := b.live("V2", s)
		told(tried)
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update instances set trial = true where order_id = $1`, tried.ID)
		})
		renew(tried, order.Convert)

		back := b.live("V1", s)
		told(back)
		if _, err := b.askRefund(b.Instance(back), back.DueAmount); err != nil {
			t.Fatal(err)
		}
		number, err := db.One[string](t.Context(), d, `select id from orders where kind = 'UNSUB' and parent_id = $1`, back.ID)
		if err != nil {
			t.Fatal(err)
		}
		told(order.Order{ID: number, Kind: order.Unsub})
	})
}

func TestNoticeNeedsStatus200(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Notify(nil)
		for _, c := range []struct {
			h    http.Handler
			code string
		}{
			{tradetest.Raw(202, "application/json", `{"resultCode":"000000"}`), saas.ProblemStatus},
			{tradetest.Raw(200, "application/json", `{"resultCode":"000004"}`), saas.ProblemResultCode},
			{tradetest.Raw(200, "application/json", `{"resultCode":"000003","instanceId":"inst-1"}`), saas.ProblemResultCode},
		} {
			b.Serve(c.h)
			o := b.Buy("V1")
			b.StepNotice()
			if n := b.noticeOf(o.ID); n.State != fulfillment.Retrying || n.ErrorCode != c.code || b.Order(o).State != order.Processing {
				t.Errorf("%s %s, want %s; order %s", n.State, n.ErrorCode, c.code, b.Order(o).State)
			}
			for b.StepNotice() && b.noticeOf(o.ID).State != fulfillment.Succeeded {
				b.Serve(tradetest.Raw(200, "text/plain", `{"resultCode":"000000"}`))
			}
		}
	})
}

// An address that is gone, or without a key, fails the notice in readable words; the order goes on.
func TestNoticeWithoutAddressOrKey(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		b.Notify(nil)
		b.Update(func(tx *db.Tx) error {
			return b.Trade.Sellers.Bind(context.Background(), tx, seller.BindInput{SellerID: b.Seller, AddressID: b.Address, Category: seller.General, Confirmed: true})
		})
		o := b.Buy("V1")
		b.StepNotice()
		if n := b.noticeOf(o.ID); n.State != fulfillment.Retrying || n.ErrorCode != "fulfillment.no_key_general" {
			t.Errorf("%s %s", n.State, n.ErrorCode)
		}
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update fulfillment_calls set address_id = 'adr_gone' where activity = 'orderNotify'`)
		})
		b.StepNotice()
		if n := b.noticeOf(o.ID); n.State != fulfillment.Retrying || n.ErrorCode != "fulfillment.address_gone" {
			t.Errorf("%s %s", n.State, n.ErrorCode)
		}
		b.Step()
		b.delivered(o)
	})
}

func TestDebugNotice(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		ctx := t.Context()
		s := b.shop()
		if _, err := b.Trade.DebugNotice(ctx, b.Seller, "usr_1", "MOCKPERIODYEARNEW", "MOCKPERIODYEARNEW-000001"); !errs.Is(err, "seller.notify_off") {
			t.Errorf("without settings: %v", err)
		}
		got := s.notices(b.Notify(nil))
		if _, err := b.Trade.DebugNotice(ctx, b.Seller, "usr_1", "", "x"); !errs.Is(err, "invalid") {
			t.Errorf("without an order: %v", err)
		}
		run, err := b.Trade.DebugNotice(ctx, b.Seller, "usr_1", "MOCKPERIODYEARNEW", "MOCKPERIODYEARNEW-000001")
		if err != nil || !run.Saved || len(*got) != 1 || !(*got)[0].Test {
			t.Fatalf("%+v, %v, told %+v", run, err, *got)
		}
		holds := func() bool {
			c, ok, err := b.Trade.Sellers.NotifyCase(ctx, d, b.Seller)
			n, _, err2 := b.Trade.Sellers.OrderNotification(ctx, d, b.Seller)
			e, err3 := b.Trade.Sellers.Endpoint(ctx, d, b.Address)
			if !ok || errors.Join(err, err2, err3) != nil {
				t.Fatal(ok, err, err2, err3)
			}
			return c.Holds(n, e.GeneralKeyID)
		}
		if !holds() {
			t.Error("the case of a moment ago does not hold")
		}
		s.GeneralKey = b.Notify(nil) // another key
		if holds() {
			t.Error("the case outlived its key")
		}
		// What only warns in production fails a debug run.
		b.Serve(tradetest.Raw(200, "text/html", `{"resultCode":"000000"}`))
		run, err = b.Trade.DebugNotice(ctx, b.Seller, "usr_1", "MOCKPERIODYEARNEW", "MOCKPERIODYEARNEW-000001")
		if err != nil || run.Saved || run.Attempt.ErrorCode != saas.ProblemContentType || holds() {
			t.Errorf("%+v, %v", run, err)
		}
		if n := b.Count(`select count(*) from fulfillment_calls`); n != 0 {
			t.Errorf("a debug run left %d calls", n)
		}
	})
}

// A renewed period that is given back is a refund like any other: the seller is told of its order.
func TestSellersAreToldOfARenewalThatIsGivenBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.service()
		o := b.Buy("V2")
		b.steps()
		in := b.Instance(o)
		b.renewed(in, "")
		b.Notify(nil)
		r, err := b.unrenew(in, 100_00)
		if err != nil {
			t.Fatal(err)
		}
		b.noticeOf(r.RefundOrderID)
		b.Sound()
	})
}
