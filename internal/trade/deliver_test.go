package trade_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/job"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/subscription"
	"jishi/internal/trade/tradetest"
	"jishi/isv"
	"jishi/wire/saas"
)

// shop is a real seller's server that counts what it made.
type shop struct {
	isv.Handler
	made     map[string]string
	released []string
	queries  atomic.Int64
	slow     bool // answers 000004 and is ready at the second query
}

func (b *bundle) shop() *shop {
	s := &shop{made: map[string]string{}}
	s.V1Key, s.V2Key = b.V1Key, b.V2Key
	app := func(id string) *saas.AppInfo {
		return &saas.AppInfo{FrontEndURL: "https://app.example/" + id, AdminURL: "https://app.example/admin", UserName: "管理员@" + id, Password: "P@ss-" + id}
	}
	s.Create = func(_ context.Context, c isv.Create) (isv.Instance, error) {
		id, ok := s.made[c.Key()]
		if !ok {
			id = "inst-" + c.BusinessID
			s.made[c.Key()] = id
		}
		if s.slow {
			return isv.Instance{ID: id, InProcess: true}, nil
		}
		return isv.Instance{ID: id, Access: app(id)}, nil
	}
	s.Query = func(_ context.Context, q isv.Query) (isv.Instance, error) {
		if n := s.queries.Add(1); s.slow && n < 2 {
			return isv.Instance{}, isv.Fail(saas.CodeProcessing, "not yet")
		}
		return isv.Instance{ID: q.InstanceID, Access: app(q.InstanceID)}, nil
	}
	s.Release = func(_ context.Context, r isv.Release) error {
		s.released = append(s.released, r.InstanceID)
		return nil
	}
	b.Serve(&s.Handler)
	return s
}

func (b *bundle) delivered(o order.Order) {
	b.T.Helper()
	got, in := b.Order(o), b.Instance(o)
	if got.State != order.Completed || in.State != subscription.Active {
		b.T.Fatalf("order %s, instance %s", got.State, in.State)
	}
	if in.ExternalID == "" || !in.ExpiresAt.After(b.Clock.Now().AddDate(0, 0, 27)) {
		b.T.Errorf("instance id %q, expires %v", in.ExternalID, in.ExpiresAt)
	}
	if held := b.Balance(ledger.Held(in.OrderLineID)); held != 0 {
		b.T.Errorf("%s is still held", held)
	}
	if due := b.Balance(ledger.PayableSeller(b.Seller)); due != 95_00 {
		b.T.Errorf("the seller is owed %s", due)
	}
	if fee := b.Balance(ledger.RevenuePlatform); fee != 5_00 {
		b.T.Errorf("the platform earned %s", fee)
	}
	data, err := b.Trade.Subscriptions.Access(in)
	if err != nil || data.Password != "P@ss-"+in.ExternalID || data.UserName != "管理员@"+in.ExternalID || in.AccessState != subscription.AccessReady {
		b.T.Errorf("access data %+v (%s), %v", data, in.AccessState, err)
	}
	if n := b.Count(`select count(*) from fulfillment_attempts where response_body like '%P@ss%'`); n > 0 {
		b.T.Error("a password stands in the log")
	}
	b.Sound()
}

func TestV1IsDelivered(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		o := b.Buy("V1")
		if s := b.Order(o).State; s != order.Processing {
			t.Fatal(s)
		}
		if held := b.Balance(ledger.Held(order.LineID(o.ID, 1))); held != 100_00 {
			t.Errorf("%s held", held)
		}
		b.Step()
		b.delivered(o)
		if b.Step() {
			t.Error("a V1 delivery needs one call")
		}
	})
}

func TestV2IsDeliveredAndAskedForAccessData(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		o := b.Buy("V2")
		b.Step()
		if s := b.Order(o).State; s != order.Completed {
			t.Fatal("000000 completes the order at once:", s)
		}
		b.Step()
		b.delivered(o)
	})
}

func TestV2AsynchronousCreation(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop().slow = true
		o := b.Buy("V2")
		b.Step() // 000004
		if s := b.Order(o).State; s != order.Processing {
			t.Fatal("000004 does not complete the order:", s)
		}
		b.Step() // not yet
		b.Step() // named
		b.delivered(o)
	})
}

func TestFaultsOfTheSellersServer(t *testing.T) {
	signed := func(b *bundle, body string) http.Handler {
		return tradetest.WithHeader("Body-Sign", saas.SignBody(b.V1Key, []byte(body)), tradetest.Raw(200, "application/json", body))
	}
	for _, c := range []struct {
		name    string
		handler func(b *bundle) http.Handler
		code    string
	}{
		{"500 with HTML", func(*bundle) http.Handler { return tradetest.Raw(500, "text/html", "<html>oops</html>") }, saas.ProblemStatus},
		{"empty object", func(*bundle) http.Handler { return tradetest.Raw(200, "application/json", "{}") }, saas.ProblemJSON},
		{"no JSON", func(*bundle) http.Handler { return tradetest.Raw(200, "application/json", "ok") }, saas.ProblemJSON},
		{"redirect", func(*bundle) http.Handler {
			return tradetest.WithHeader("Location", "http://169.254.169.254/", tradetest.Raw(302, "text/plain", ""))
		}, saas.ProblemStatus},
		{"no Body-Sign", func(*bundle) http.Handler { return tradetest.Raw(200, "application/json", tradetest.InstanceBody("x")) }, saas.ProblemBodySignFormat},
		{"wrong Body-Sign", func(*bundle) http.Handler {
			return tradetest.WithHeader("Body-Sign", saas.SignBody("other-key", []byte(tradetest.InstanceBody("x"))), tradetest.Raw(200, "application/json", tradetest.InstanceBody("x")))
		}, "fulfillment.body_sign"},
		{"over 1 MiB", func(b *bundle) http.Handler {
			return signed(b, `{"resultCode":"000000","x":"`+strings.Repeat("a", 2<<20)+`"}`)
		}, "outbound.too_large"},
		{"result code", func(b *bundle) http.Handler { return signed(b, `{"resultCode":"000106","resultMsg":"none left"}`) }, saas.ProblemResultCode},
		{"no instanceId", func(b *bundle) http.Handler { return signed(b, `{"resultCode":"000000"}`) }, saas.ProblemField},
		{"hangs", func(*bundle) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		}, "outbound.timeout"},
		{"closes the connection", func(*bundle) http.Handler {
			return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		}, "outbound.closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				b := newBundle(t, d)
				b.Serve(c.handler(b))
				o := b.Buy("V1")
				b.Step()
				call := b.Calls(o)[0]
				if call.State != fulfillment.Retrying || call.ErrorCode != c.code {
					t.Fatalf("call %s with %q, want %q", call.State, call.ErrorCode, c.code)
				}
				if s := b.Order(o).State; s != order.Processing {
					t.Fatal("a failed attempt must not lose the order:", s)
				}
				b.CloseWindow()
				b.Step()
				if s := b.Order(o).State; s != order.Refunded {
					t.Fatal("after the window the buyer is refunded:", s)
				}
				if left := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); left != 1000_00 {
					t.Errorf("balance %s", left)
				}
				if s := b.Instance(o).State; s != subscription.Unsubscribed {
					t.Error("instance", s)
				}
				if b.Step() {
					t.Error("nothing was made, so nothing is released")
				}
				b.Sound()
			})
		})
	}
}

func TestUndecryptableUserNameStillDelivers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		body := `{"resultCode":"000000","instanceId":"i1","appInfo":{"frontEndUrl":"https://app.example/","userName":"not-encrypted","password":"neither"}}`
		b.Serve(tradetest.WithHeader("Body-Sign", saas.SignBody(b.V1Key, []byte(body)), tradetest.Raw(200, "application/json", body)))
		o := b.Buy("V1")
		b.Step()
		in := b.Instance(o)
		data, err := b.Trade.Subscriptions.Access(in)
		if b.Order(o).State != order.Completed || in.AccessState != subscription.AccessPartly || err != nil || data.FrontEndURL == "" || data.Password != "" {
			t.Errorf("order %s, access %s %+v, %v", b.Order(o).State, in.AccessState, data, err)
		}
	})
}

func TestTwoOrdersCannotShareAnInstance(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		body := tradetest.InstanceBody("same")
		b.Serve(tradetest.WithHeader("Body-Sign", saas.SignBody(b.V1Key, []byte(body)), tradetest.Raw(200, "application/json", body)))
		first, second := b.Buy("V1"), b.Buy("V1")
		b.Step()
		b.Step()
		states := map[order.State]int{b.Order(first).State: 1, b.Order(second).State: 1}
		if states[order.Completed] != 1 || states[order.Processing] != 1 {
			t.Fatal(states)
		}
		b.CloseWindow()
		for b.Step() {
		}
		if n := b.Count(`select count(*) from fulfillment_calls where activity = 'releaseInstance'`); n != 0 {
			t.Error("an instance of another order was released")
		}
		b.Sound()
	})
}

func TestHalfMadeInstanceIsReleased(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.shop()
		s.slow = true
		s.Query = func(context.Context, isv.Query) (isv.Instance, error) {
			return isv.Instance{}, isv.Fail(saas.CodeProcessing, "")
		}
		o := b.Buy("V2")
		b.Step() // 000004 with an instanceId
		b.CloseWindow()
		b.Step() // the last query
		if st := b.Order(o).State; st != order.Refunded {
			t.Fatal(st)
		}
		b.Step()
		if len(s.released) != 1 || s.released[0] != b.Instance(o).ExternalID {
			t.Errorf("released %v, made %q", s.released, b.Instance(o).ExternalID)
		}
		calls := b.Calls(o)
		release := calls[len(calls)-1]
		refund, err := order.Find(context.Background(), d, order.Everybody, release.OrderID)
		if err != nil || refund.Kind != order.Unsub || refund.ParentID != o.ID || refund.DueAmount != -100_00 {
			t.Errorf("release names order %+v, %v", refund, err)
		}
		b.Sound()
	})
}

func TestALaterAnswerWithAnotherIDDoesNotOverwrite(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		o := b.Buy("V1")
		b.Step()
		was := b.Instance(o).ExternalID
		body := tradetest.InstanceBody("another")
		b.Serve(tradetest.WithHeader("Body-Sign", saas.SignBody(b.V1Key, []byte(body)), tradetest.Raw(200, "application/json", body)))
		_, fresh, err := b.Trade.RefreshAccess(context.Background(), b.Buyer.AccountID, b.Instance(o).ID)
		if err != nil || fresh || b.Instance(o).ExternalID != was {
			t.Errorf("fresh %v, id %q was %q, %v", fresh, b.Instance(o).ExternalID, was, err)
		}
		if n := b.Count(`select count(*) from fulfillment_attempts where error_code = 'fulfillment.instance_changed'`); n != 1 {
			t.Error("the protocol error is not on the log")
		}
		// Asked again within a minute the seller is left alone; another account finds nothing.
		if asked, fresh, err := b.Trade.RefreshAccess(context.Background(), b.Buyer.AccountID, b.Instance(o).ID); asked || fresh || err != nil {
			t.Error(asked, fresh, err)
		}
		if _, _, err := b.Trade.RefreshAccess(context.Background(), b.Other.AccountID, b.Instance(o).ID); !errs.Is(err, "instance.not_found") {
			t.Error(err)
		}
	})
}

func TestALateWorkerSettlesNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		o := b.Buy("V1")
		j, _ := b.Claim()
		// The lease ran out: another worker took the job over and delivered.
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update jobs set state = 'ready' where id = $1`, j.ID)
		})
		b.Step()
		if err := b.Trade.RunCall(context.Background(), j); err != nil && !errors.Is(err, job.ErrLate) {
			t.Error(err)
		}
		b.delivered(o)
		if n := b.Count(`select count(*) from fulfillment_attempts`); n != 1 {
			t.Errorf("%d attempts on the log", n)
		}
		if n := b.Count(`select count(*) from ledger_journals where kind = 'capture'`); n != 1 {
			t.Errorf("%d captures", n)
		}
	})
}

func TestRestartAndDeliveryByHand(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := newBundle(t, d)
		b.Serve(tradetest.Raw(503, "text/plain", "down"))
		first, second := b.Buy("V1"), b.Buy("V1")
		b.Step()
		b.Step()
		restart := func(seller string, call fulfillment.Call) error {
			return d.Update(ctx, func(tx *db.Tx) error {
				_, err := b.Trade.RestartCall(ctx, tx, seller, call.ID)
				return err
			})
		}
		if err := restart("sel_other", b.Calls(first)[0]); !errs.Is(err, "fulfillment.call_not_found") {
			t.Error("another seller's call:", err)
		}
		b.shop()
		if err := restart(b.Seller, b.Calls(first)[0]); err != nil {
			t.Fatal(err)
		}
		due := b.Count(`select count(*) from jobs where ref = $1 and state = 'ready' and run_at <= $2`, b.Calls(first)[0].ID, time.Now())
		if due != 1 {
			t.Errorf("%d jobs are due after the restart", due)
		}
		b.Step()
		if s := b.Order(first).State; s != order.Completed {
			t.Error(s)
		}
		done := func(comment, instance string) error {
			return d.Update(ctx, func(tx *db.Tx) error {
				_, err := b.Trade.MarkCallDone(ctx, tx, b.Calls(second)[0].ID, comment, instance)
				return err
			})
		}
		if err := done("by phone", ""); errs.KindOf(err) != errs.Invalid {
			t.Error("without an instance id:", err)
		}
		if err := done("by phone", b.Instance(first).ExternalID); !errs.Is(err, "fulfillment.instance_taken") {
			t.Error("with another order's:", err)
		}
		if err := done("by phone", "hand-1"); err != nil {
			t.Fatal(err)
		}
		if in := b.Instance(second); b.Order(second).State != order.Completed || in.ExternalID != "hand-1" || in.AccessState != subscription.AccessOutside {
			t.Errorf("%s %+v", b.Order(second).State, in)
		}
		if err := restart(b.Seller, b.Calls(second)[0]); !errs.Is(err, "fulfillment.window_closed") {
			t.Error("a delivered order's call was restarted:", err)
		}
		b.Sound()
	})
}

func TestNoticesOfFailures(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Serve(tradetest.Raw(503, "text/plain", "down"))
		b.Buy("V1")
		b.Step()
		b.Step()
		mails := `select count(*) from mails where template = 'call_failed'`
		if n := b.Count(mails); n != 2 { // the account's address and the service address, once
			t.Errorf("%d mails after two failures within an hour", n)
		}
		if n := b.Count(`select count(*) from messages where code = 'call_failed'`); n != 2 {
			t.Errorf("%d messages", n)
		}
		b.CloseWindow()
		b.Step()
		if n := b.Count(`select count(*) from mails where template = 'call_exhausted'`); n != 2 {
			t.Errorf("%d mails at the end", n)
		}
		if n := b.Count(`select count(*) from mails where template = 'order_refunded'`); n != 1 {
			t.Errorf("%d mails to the buyer", n)
		}
	})
}
