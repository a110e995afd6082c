package trade_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
	"jishi/isv"
	"jishi/wire/saas"
)

// service is a seller's server that writes down what it was told, and fails on demand.
type service struct {
	isv.Handler
	mu     sync.Mutex
	heard  []string
	fail   map[saas.Activity]string // result code by activity
	before func(a saas.Activity)    // called while the caller waits
}

func (b *bundle) service() *service {
	s := &service{fail: map[saas.Activity]string{}}
	s.V1Key, s.V2Key = b.V1Key, b.V2Key
	s.Before = func(_ context.Context, r isv.Record) error {
		if s.before != nil {
			s.before(r.Activity)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if code := s.fail[r.Activity]; code != "" {
			return isv.Fail(code, "as the test wants it")
		}
		return nil
	}
	hear := func(words ...string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.heard = append(s.heard, strings.Join(words, " "))
		return nil
	}
	s.Create = func(_ context.Context, c isv.Create) (isv.Instance, error) {
		return isv.Instance{ID: "inst-" + c.OrderID + c.ProductID, Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, hear("create", c.ProductID)
	}
	s.Query = func(_ context.Context, q isv.Query) (isv.Instance, error) {
		return isv.Instance{ID: q.InstanceID, Access: &saas.AppInfo{FrontEndURL: "https://app.example/"}}, nil
	}
	s.Renew = func(_ context.Context, r isv.Renewal) error {
		return hear("renew", r.Scene, r.ExpireAt.UTC().Format(time.DateOnly), r.ProductID)
	}
	s.Freeze = func(_ context.Context, f isv.Freeze) error {
		if f.Frozen {
			return hear("freeze")
		}
		return hear("thaw")
	}
	s.Upgrade = func(_ context.Context, u isv.Upgrade) error {
		if u.V1 != nil {
			return hear("upgrade", u.V1.ProductID)
		}
		return hear("upgrade", u.OrderLineID)
	}
	s.Release = func(_ context.Context, r isv.Release) error { return hear("release", r.OrderID) }
	s.CheckChange = func(_ context.Context, c isv.Change) error {
		if c.Target.LinearValue > 10 {
			return isv.Fail(saas.CodeBadParameter, "too many users")
		}
		return hear("check", c.Target.ProductID)
	}
	b.Serve(&s.Handler)
	return s
}

// told returns what the server heard since the last time.
func (s *service) told() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := strings.Join(s.heard, ", ")
	s.heard = nil
	return text
}

func (s *service) failing(a saas.Activity, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail[a] = code
}

func (b *bundle) send(o order.Order, in trade.Sending) error {
	if in.Reason == "" {
		in.Reason = "because"
	}
	return b.DB.Update(context.Background(), func(tx *db.Tx) error {
		_, err := b.Trade.SendCall(context.Background(), tx, b.Instance(o).ID, in)
		return err
	})
}

func (b *bundle) mustSend(o order.Order, in trade.Sending) {
	b.T.Helper()
	if err := b.send(o, in); err != nil {
		b.T.Fatal(in.Purpose, err)
	}
}

// live buys and delivers.
func (b *bundle) live(generation string, s *service) order.Order {
	b.T.Helper()
	o := b.Buy(generation)
	b.steps()
	s.told()
	return o
}

func (b *bundle) steps() {
	b.T.Helper()
	for b.Step() {
	}
}

// yearly adds a price plan by the year to the plan's specification, or to one of its own.
func (b *bundle) yearly(generation string, ownSpec bool) (planID, number string) {
	b.T.Helper()
	planID, number = id.New("pln"), id.PlanNumber()
	b.Update(func(tx *db.Tx) error {
		spec, err := db.One[string](context.Background(), tx, `select spec_id from price_plans where id = $1`, b.Plans[generation])
		if err != nil {
			return err
		}
		if ownSpec {
			old := spec
			spec = id.New("spc")
			if err := tradetest.Exec(tx, `insert into specs (id, product_id, sku_code, name, state, position, created_at, updated_at)
				select $1, product_id, $2, $3, 'shown', 2, $4, $4 from specs where id = $5`, spec, id.UUID(), `{"zh":"旗舰","en":"Flagship"}`, tx.Now, old); err != nil {
				return err
			}
		}
		return tradetest.Exec(tx, `insert into price_plans (id, spec_id, product_id, plan_number, charging_mode, period_type, price, min_periods, max_periods, created_at, updated_at)
			select $1, $2, product_id, $3, 'PERIOD', 'year', '1000', 1, 3, $4, $4 from specs where id = $2`, planID, spec, number, tx.Now)
	})
	return planID, number
}

func (b *bundle) state(o order.Order, want subscription.State, frozen bool) subscription.Instance {
	b.T.Helper()
	in := b.Instance(o)
	if in.State != want || in.Frozen != frozen {
		b.T.Fatalf("instance is %s, frozen %v; want %s, %v", in.State, in.Frozen, want, frozen)
	}
	return in
}

func (b *bundle) heard(s *service, want string) {
	b.T.Helper()
	if got := s.told(); got != want {
		b.T.Errorf("the seller was told %q, want %q", got, want)
	}
}

// Every call that an operator can send reaches a seller of either generation, and its success
// changes the instance as trade.md §12.2 says.
func TestOperatorsCalls(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		for _, g := range []string{"V1", "V2"} {
			o := b.live(g, s)
			yearly, number := b.yearly(g, false)
			in := b.state(o, subscription.Active, false)
			next := in.ExpiresAt.AddDate(1, 0, 0)
			b.mustSend(o, trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: next, PlanID: yearly})
			if got := b.Instance(o); !got.ExpiresAt.Equal(in.ExpiresAt) {
				t.Error("the expiry moved before the seller answered:", got.ExpiresAt)
			}
			b.steps()
			b.heard(s, "renew RENEWAL "+next.Format(time.DateOnly)+" "+number)
			if in = b.Instance(o); !in.ExpiresAt.Equal(next) || in.PlanID != yearly || in.PeriodType != "year" {
				t.Errorf("%s after the renewal: %v, plan %s", g, in.ExpiresAt, in.PlanID)
			}

			b.mustSend(o, trade.Sending{Purpose: fulfillment.CancelRenewal, ExpiresAt: next.AddDate(-1, 0, 0)})
			b.steps()
			scene := map[string]string{"V1": saas.SceneRenewal, "V2": saas.SceneUnsubscribePeriod}[g]
			b.heard(s, "renew "+scene+" "+next.AddDate(-1, 0, 0).Format(time.DateOnly)+" ")
			if err := b.send(o, trade.Sending{Purpose: fulfillment.Convert, ExpiresAt: next}); !errs.Is(err, "instance.not_trial") {
				t.Error("converted what is no trial:", err)
			}
			b.Update(func(tx *db.Tx) error {
				return tradetest.Exec(tx, `update instances set trial = true where id = $1`, in.ID)
			})
			if err := b.send(o, trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: next}); !errs.Is(err, "instance.trial") {
				t.Error("renewed a trial:", err)
			}
			b.mustSend(o, trade.Sending{Purpose: fulfillment.Convert, ExpiresAt: next})
			b.steps()
			b.heard(s, "renew TRIAL_TO_FORMAL "+next.Format(time.DateOnly)+" ")
			if b.Instance(o).Trial {
				t.Error("a converted trial is one still")
			}

			b.mustSend(o, trade.Sending{Purpose: fulfillment.Freeze, Reason: "spam"})
			b.state(o, subscription.Active, false)
			b.steps()
			b.heard(s, "freeze")
			if in = b.state(o, subscription.Retention, true); in.FrozenReason != "spam" {
				t.Error("reason", in.FrozenReason)
			}
			b.mustSend(o, trade.Sending{Purpose: fulfillment.Thaw})
			b.steps()
			if g == "V1" { // a renewal with the unchanged expiry
				b.heard(s, "renew RENEWAL "+in.ExpiresAt.Format(time.DateOnly)+" ")
			} else {
				b.heard(s, "thaw")
			}
			b.state(o, subscription.Active, false)

			flagship, number := b.yearly(g, true)
			b.mustSend(o, trade.Sending{Purpose: fulfillment.Upgrade, PlanID: flagship})
			b.state(o, subscription.Changing, false)
			b.steps()
			if in = b.state(o, subscription.Active, false); in.PlanNumber != number || in.SpecName.EN != "Flagship" {
				t.Error("after the upgrade:", in.PlanNumber, in.SpecName)
			}
			if told := s.told(); g == "V1" && told != "upgrade "+number || g == "V2" && !strings.HasSuffix(told, "-000001") {
				t.Error("upgrade:", told)
			}
			if g == "V2" {
				plan, number := b.yearly(g, true)
				for amount, want := range map[int]bool{5: true, 50: false} {
					answer, err := b.Trade.AskSeller(context.Background(), in.ID, trade.Sending{Purpose: fulfillment.Check, PlanID: plan, Amount: amount})
					if err != nil || answer.OK != want || !want && answer.ResultMsg != "too many users" {
						t.Errorf("check of %d: %+v, %v", amount, answer, err)
					}
				}
				b.heard(s, "check "+number)
				b.mustSend(o, trade.Sending{Purpose: fulfillment.RenewChange, PlanID: plan, ExpiresAt: next.AddDate(1, 0, 0)})
				b.steps()
				b.heard(s, "renew RENEWAL_CHANGE "+next.AddDate(1, 0, 0).Format(time.DateOnly)+" "+number)
				if in = b.Instance(o); in.PlanNumber != number {
					t.Error("after the renewal with a change:", in.PlanNumber)
				}
			}
			answer, err := b.Trade.AskSeller(context.Background(), in.ID, trade.Sending{Purpose: fulfillment.Ask})
			if err != nil || !answer.OK {
				t.Error("query", answer, err)
			}
			if err := b.send(o, trade.Sending{Purpose: fulfillment.Release}); !faulty(err, "confirmed") {
				t.Error("released without a confirmation:", err)
			}
			b.mustSend(o, trade.Sending{Purpose: fulfillment.Release, Confirmed: true})
			if err := b.send(o, trade.Sending{Purpose: fulfillment.Freeze}); !errs.Is(err, "instance.releasing") {
				t.Error("frozen while it is released:", err)
			}
			b.steps()
			b.heard(s, "release "+map[string]string{"V1": o.ID}[g]) // V2 names an order only after a refund
			if in = b.state(o, subscription.Released, false); in.AccessSealed != "" || in.EndedAt.IsZero() {
				t.Error("what is released keeps its access data")
			}
			// Each call that the protocol wants an order for named another one.
			if n := b.Count(`select count(*) - count(distinct named_order) from fulfillment_calls where named_order <> ''`); n != 0 {
				t.Error("numbers were used twice")
			}
			if n := b.Count(`select count(*) from audit_log where action = 'instance.send_call' and object_id = $1 and reason <> ''`, in.ID); n < 7 {
				t.Error(n, "audit entries")
			}
		}
	})
}

func faulty(err error, field string) bool {
	e, ok := errs.As(err)
	return ok && slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Path == field })
}

func TestWhatCannotBeSent(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		pending := b.Buy("V2")
		if err := b.send(pending, trade.Sending{Purpose: fulfillment.Freeze}); !errs.Is(err, "instance.not_at_seller") {
			t.Error(err)
		}
		b.steps()
		o := b.live("V1", s)
		in := b.Instance(o)
		other := b.Plans["V2"]
		flagship, _ := b.yearly("V1", true)
		for _, c := range []struct {
			in    trade.Sending
			field string
		}{
			{trade.Sending{Purpose: "dance"}, "call"},
			{trade.Sending{Purpose: fulfillment.Expire}, "call"},      // the system's
			{trade.Sending{Purpose: fulfillment.Ask}, "call"},         // asked, not sent
			{trade.Sending{Purpose: fulfillment.RenewChange}, "call"}, // not in V1
			{trade.Sending{Purpose: fulfillment.Renew}, "expiresAt"},
			{trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: b.Clock.Now().AddDate(0, 0, -1)}, "expiresAt"},
			{trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: b.Clock.Now().AddDate(11, 0, 0)}, "expiresAt"},
			{trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: in.ExpiresAt.Add(-time.Hour)}, "expiresAt"},
			{trade.Sending{Purpose: fulfillment.CancelRenewal, ExpiresAt: in.ExpiresAt}, "expiresAt"},
			{trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: in.ExpiresAt, PlanID: other}, "planId"},
			{trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: in.ExpiresAt, PlanID: "pln_none"}, "planId"},
			{trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: in.ExpiresAt, PlanID: flagship}, "planId"},
			{trade.Sending{Purpose: fulfillment.Upgrade}, "planId"},
			{trade.Sending{Purpose: fulfillment.Upgrade, PlanID: in.PlanID}, "planId"},
			{trade.Sending{Purpose: fulfillment.Upgrade, PlanID: flagship, Amount: -1}, "amount"},
			{trade.Sending{Purpose: fulfillment.Freeze, Reason: "x"}, "reason"},
		} {
			if err := b.send(o, c.in); !faulty(err, c.field) {
				t.Errorf("%+v: %v, want a fault of %s", c.in, err, c.field)
			}
		}
		if err := b.send(o, trade.Sending{Purpose: fulfillment.Thaw}); !errs.Is(err, "instance.not_in_state") {
			t.Error(err)
		}
		b.mustSend(o, trade.Sending{Purpose: fulfillment.Freeze})
		if err := b.send(o, trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: in.ExpiresAt}); !errs.Is(err, "instance.freezing") {
			t.Error(err)
		}
		b.steps()
		if err := b.send(o, trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: in.ExpiresAt}); !errs.Is(err, "instance.frozen") {
			t.Error(err)
		}
		b.heard(s, "freeze")
	})
}

// An on-demand product has a line, an instance and a call per billing item; the order is done with
// the last of them, and its failure undoes all.
func TestOnDemandIsOneCallPerBillingItem(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		two := func() (order.Order, []string) {
			o := b.Place("V1", 1)
			numbers := []string{id.PlanNumber(), id.PlanNumber()}
			b.Update(func(tx *db.Tx) error {
				if err := tradetest.Exec(tx, `update order_lines set charging_mode = 'ON_DEMAND', period_type = '', plan_number = $1 where order_id = $2`, numbers[0], o.ID); err != nil {
					return err
				}
				lines, err := order.Lines(context.Background(), tx, o.ID)
				if err != nil {
					return err
				}
				l := lines[0]
				l.ID, l.PlanNumber, l.Amount, l.ListAmount = order.LineID(o.ID, 2), numbers[1], 0, 0
				return db.Insert(context.Background(), tx, "order_lines", l)
			})
			if err := b.Pay(o); err != nil {
				t.Fatal(err)
			}
			return o, numbers
		}
		o, numbers := two()
		b.Step()
		if got := b.Order(o).State; got != order.Processing {
			t.Fatal("done with one of two instances:", got)
		}
		b.Step()
		if got := b.Order(o).State; got != order.Completed {
			t.Fatal(got)
		}
		told := strings.Split(s.told(), ", ")
		slices.Sort(told)
		want := []string{"create " + numbers[0], "create " + numbers[1]}
		slices.Sort(want)
		if !slices.Equal(told, want) {
			t.Errorf("told %v, want %v", told, want)
		}
		list, err := b.Trade.Subscriptions.OfOrder(context.Background(), d, o.ID)
		if err != nil || len(list) != 2 || list[0].ExternalID == list[1].ExternalID || !list[0].ExpiresAt.IsZero() {
			t.Errorf("%+v, %v", list, err)
		}
		b.Sound()

		o, _ = two()
		b.Step() // the first is made
		s.failing(saas.NewInstance, saas.CodeNoResource)
		b.CloseWindow()
		b.Step()
		s.failing(saas.NewInstance, "")
		if got := b.Order(o).State; got != order.Refunded {
			t.Fatal(got)
		}
		s.told()
		b.steps()
		b.heard(s, "release "+o.ID)
		if list, _ = b.Trade.Subscriptions.OfOrder(context.Background(), d, o.ID); list[0].State != subscription.Unsubscribed || list[1].State != subscription.Unsubscribed {
			t.Error(list[0].State, list[1].State)
		}
		b.Sound()
	})
}

// A call that failed long ago and is marked as done by hand does not undo what a newer one has done.
func TestWhatIsSupersededHasNoEffectByHand(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		o := b.live("V2", s)
		in := b.Instance(o)
		s.fail[saas.RefreshInstance] = saas.CodeInternal
		b.mustSend(o, trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: in.ExpiresAt.AddDate(0, 1, 0)})
		b.CloseWindow()
		b.Step()
		delete(s.fail, saas.RefreshInstance)
		next := in.ExpiresAt.AddDate(0, 2, 0)
		b.mustSend(o, trade.Sending{Purpose: fulfillment.Renew, ExpiresAt: next})
		b.steps()
		for _, c := range b.Calls(o) {
			if c.State == fulfillment.Failed {
				b.Update(func(tx *db.Tx) error {
					_, err := b.Trade.MarkCallDone(context.Background(), tx, c.ID, "told by telephone", "")
					return err
				})
				if got, err := fulfillment.Find(t.Context(), d, c.ID, b.Seller); err != nil || got.State != fulfillment.Manual {
					t.Error(got.State, err)
				}
			}
		}
		if got := b.Instance(o).ExpiresAt; !got.Equal(next) {
			t.Errorf("expires %v, want %v", got, next)
		}
		// Nobody's are found for nobody.
		c := b.Calls(o)[0]
		if _, err := fulfillment.Find(t.Context(), d, c.ID, ""); !errs.Is(err, "fulfillment.call_not_found") {
			t.Error("a call of nobody:", err)
		}
		if _, err := b.Trade.Subscriptions.Find(t.Context(), d, in.ID, ""); !errs.Is(err, "instance.not_found") {
			t.Error("an instance of nobody:", err)
		}
		if h, err := fulfillment.HealthOf(t.Context(), d, "", in.CreatedAt); err != nil || h != (fulfillment.Health{}) {
			t.Error("calls of nobody:", h, err)
		}
	})
}
