package trade_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/discount"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
	"jishi/internal/market/subscription"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

func (b *bundle) desk() *discount.Store {
	return &discount.Store{Catalog: b.Trade.Catalog, Notices: b.Trade.Notices, PublicURL: "https://market.example"}
}

func (b *bundle) productOf(planID string) string {
	b.T.Helper()
	id, err := db.One[string](context.Background(), b.DB, `select product_id from price_plans where id = $1`, planID)
	if err != nil {
		b.T.Fatal(err)
	}
	return id
}

func value(s string) money.Price {
	p, err := money.ParsePrice(s)
	if err != nil {
		panic(err)
	}
	return p
}

// on is a line for the product of a plan, or for the plan alone where the form needs it.
func (b *bundle) on(planID string, form pricing.Form, v string) discount.Line {
	l := discount.Line{ProductID: b.productOf(planID), Form: form, Value: value(v)}
	if form != pricing.Ratio {
		l.PlanID = planID
	}
	return l
}

func (b *bundle) rule(d discount.Draft) (r discount.Rule, err error) {
	if d.Kind == "" {
		d.Kind, d.Public = discount.Promotion, true
	}
	if d.SellerID == "" {
		d.SellerID = b.Seller
	}
	if !d.New && !d.Renewal && !d.Change {
		d.New = true
	}
	if d.EndsAt.IsZero() {
		d.EndsAt = b.Clock.Now().Add(24 * time.Hour)
	}
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		r, err = b.desk().Create(ctx, tx, d)
		return err
	})
	return r, err
}

func (b *bundle) mustRule(name string, lines ...discount.Line) discount.Rule {
	b.T.Helper()
	r, err := b.rule(discount.Draft{Name: name, Lines: lines})
	if err != nil {
		b.T.Fatal(err)
	}
	return r
}

func (b *bundle) quote(who trade.Buyer, w trade.Wish) (q order.Quote, o trade.Offer, err error) {
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		q, o, err = b.Trade.Quote(ctx, tx, who, w)
		return err
	})
	return q, o, err
}

func (b *bundle) placeQuote(who trade.Buyer, q order.Quote) (o order.Order, err error) {
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		o, err = b.Trade.Place(ctx, tx, who, placing(q.ID))
		return err
	})
	return o, err
}

func (b *bundle) turn() {
	b.T.Helper()
	if err := b.try(func(ctx context.Context, tx *db.Tx) error {
		_, err := b.desk().Turn(ctx, tx)
		return err
	}); err != nil {
		b.T.Fatal(err)
	}
}

// E-10, the part of the discount: list 1,200.00, discount 90 % → 1,080.00 to be paid, which are
// the base of the order's tax and fee.
func TestE10AnOrderWithAPromotion(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.TopUp(b.Buyer, 1000_00)
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update price_plans set price = '400' where id = $1`, b.Plans["V1"])
		})
		worse := b.mustRule("Five percent", b.on(b.Plans["V1"], pricing.Ratio, "0.95"))
		best := b.mustRule("Autumn", b.on(b.Plans["V1"], pricing.Ratio, "0.9"))
		b.mustRule("Another product", b.on(b.Plans["V2"], pricing.Ratio, "0.1"))

		q, offer, err := b.quote(b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Periods: 3})
		if err != nil || q.Amount != 1080_00 || offer.Line.ListAmount != 1200_00 || offer.Line.Discount.ID != best.ID || len(offer.Options) != 2 {
			t.Fatalf("%v %+v %v", q.Amount, offer.Options, err)
		}
		if x, _, err := b.quote(b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Periods: 3, Discount: discount.Pick{ID: worse.ID}}); err != nil || x.Amount != 1140_00 {
			t.Error("picked:", x.Amount, err)
		}
		if x, _, err := b.quote(b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Periods: 3, Discount: discount.Pick{ID: discount.None}}); err != nil || x.Amount != 1200_00 || x.Line.Discount != nil {
			t.Error("none:", x.Amount, err)
		}
		if _, _, err := b.quote(b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Discount: discount.Pick{ID: "dis_unknown"}}); faults(err) != "discount discount.not_available" {
			t.Error("unknown:", err)
		}
		o, err := b.placeQuote(b.Buyer, q)
		if err != nil || o.ListAmount != 1200_00 || o.DueAmount != 1080_00 || o.DiscountID != best.ID {
			t.Fatalf("%+v %v", o, err)
		}
		lines, err := order.Lines(t.Context(), d, o.ID)
		if err != nil || lines[0].Discount == nil || lines[0].Discount.Name.EN != "Autumn" || lines[0].Discount.WireType != 0 {
			t.Fatalf("%+v %v", lines, err)
		}
		if err := b.Pay(o); err != nil || b.left() != "920.00" {
			t.Error(b.left(), err)
		}
		if r, err := order.ResultsOf(t.Context(), d, best.ID); err != nil || r != (order.Results{Orders: 1, Paid: 1, ListAmount: 1200_00, Amount: 1080_00}) {
			t.Errorf("%+v %v", r, err)
		}
		b.Sound()
	})
}

// Places are counted in all and per account, and given back by cancelling.
func TestPlacesOfAPromotion(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		r, err := b.rule(discount.Draft{Name: "Two, one each", Lines: []discount.Line{b.on(b.Plans["V1"], pricing.Reduction, "40")}, TotalLimit: 2, AccountLimit: 1, DeadlineHours: 2})
		if err != nil {
			t.Fatal(err)
		}
		wish := trade.Wish{PlanID: b.Plans["V1"], Discount: discount.Pick{ID: r.ID}}
		stale, _, err := b.quote(b.Buyer, wish)
		if err != nil {
			t.Fatal(err)
		}
		q, _, err := b.quote(b.Buyer, wish)
		if err != nil || q.Amount != 60_00 {
			t.Fatal(q.Amount, err)
		}
		o, err := b.placeQuote(b.Buyer, q)
		if err != nil || !o.Deadline.Equal(b.Clock.Now().Add(2*time.Hour)) {
			t.Fatal(o.Deadline, err)
		}
		if _, err := b.placeQuote(b.Buyer, stale); !errs.Is(err, "discount.account_limit") {
			t.Error("a second use of the account:", err)
		}
		if _, _, err := b.quote(b.Buyer, wish); !errs.Is(err, "discount.account_limit") {
			t.Error("a quote of it:", err)
		}
		// Without a pick it is shown with its problem, and the list price is taken.
		if x, offer, err := b.quote(b.Buyer, trade.Wish{PlanID: b.Plans["V1"]}); err != nil || x.Amount != 100_00 || len(offer.Options) != 1 || !errs.Is(offer.Options[0].Problem, "discount.account_limit") {
			t.Error(x.Amount, offer.Options, err)
		}
		second, _, err := b.quote(b.Other, wish)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.placeQuote(b.Other, second); err != nil {
			t.Fatal(err)
		}
		third := trade.Buyer{AccountID: b.Account("Third", "verified"), UserID: "usr_third"}
		if _, _, err := b.quote(third, wish); !errs.Is(err, "discount.exhausted") {
			t.Error("a third buyer:", err)
		}
		b.Update(func(tx *db.Tx) error {
			_, err := b.Trade.Cancel(context.Background(), tx, b.Buyer, o.ID)
			return err
		})
		if q, _, err := b.quote(third, wish); err != nil || q.Amount != 60_00 {
			t.Error("after the place was given back:", q.Amount, err)
		}
		if _, err := b.placeQuote(b.Buyer, stale); err != nil {
			t.Error("the account's own place was given back, too:", err)
		}
		if n := b.Count(`select count(*) from discount_uses where released_at is null`); n != 2 {
			t.Error(n, "uses")
		}
	})
}

// The last places of a promotion are taken by so many orders, however many come at once.
func TestARaceForTheLastPlaces(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		r, err := b.rule(discount.Draft{Name: "Three", Lines: []discount.Line{b.on(b.Plans["V1"], pricing.Ratio, "0.5")}, TotalLimit: 3})
		if err != nil {
			t.Fatal(err)
		}
		var quotes []order.Quote
		for range 8 {
			q, _, err := b.quote(b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Discount: discount.Pick{ID: r.ID}})
			if err != nil {
				t.Fatal(err)
			}
			quotes = append(quotes, q)
		}
		var placed, refused atomic.Int64
		var wg sync.WaitGroup
		for _, q := range quotes {
			wg.Go(func() {
				switch _, err := b.placeQuote(b.Buyer, q); {
				case err == nil:
					placed.Add(1)
				case errs.Is(err, "discount.exhausted"):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if placed.Load() != 3 || refused.Load() != 5 || b.Count(`select count(*) from orders`) != 3 {
			t.Error(placed.Load(), refused.Load())
		}
	})
}

// An order's price holds from its quote on: to the end of the quote when the validity ends, and
// to the end of the order's deadline in every case. What was stopped makes no new orders.
func TestAPriceOutlivesItsPromotion(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		r, err := b.rule(discount.Draft{Name: "Short", Lines: []discount.Line{b.on(b.Plans["V1"], pricing.Fixed, "70")}, EndsAt: b.Clock.Now().Add(10 * time.Minute)})
		if err != nil {
			t.Fatal(err)
		}
		wish := trade.Wish{PlanID: b.Plans["V1"], Periods: 2}
		q1, _, err := b.quote(b.Buyer, wish)
		if err != nil || q1.Amount != 140_00 {
			t.Fatal(q1.Amount, err)
		}
		b.Clock.Advance(11 * time.Minute)
		b.turn()
		if q, _, err := b.quote(b.Buyer, wish); err != nil || q.Amount != 200_00 {
			t.Error("after its end:", q.Amount, err)
		}
		o, err := b.placeQuote(b.Buyer, q1)
		if err != nil || o.DueAmount != 140_00 {
			t.Fatal("the quote is still valid:", o.DueAmount, err)
		}
		if got, err := discount.Find(t.Context(), d, discount.Scope{SellerID: b.Seller}, discount.Promotion, r.ID); err != nil || got.State != discount.Ended {
			t.Error(got.State, err)
		}

		stopped, err := b.rule(discount.Draft{Name: "A mistake", Lines: []discount.Line{b.on(b.Plans["V1"], pricing.Ratio, "0.01")}})
		if err != nil {
			t.Fatal(err)
		}
		before, _, err := b.quote(b.Buyer, wish)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := b.placeQuote(b.Buyer, before)
		if err != nil || kept.DueAmount != 2_00 {
			t.Fatal(kept.DueAmount, err)
		}
		late, _, err := b.quote(b.Buyer, wish)
		if err != nil {
			t.Fatal(err)
		}
		stop := func(scope discount.Scope, reason string) error {
			return b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := b.desk().Stop(ctx, tx, scope, discount.Promotion, stopped.ID, reason)
				return err
			})
		}
		if err := stop(discount.Scope{SellerID: "sel_other"}, ""); !errs.Is(err, "discount.not_found") {
			t.Error("another seller stops it:", err)
		}
		if err := stop(discount.Scope{All: true}, ""); faults(err) != "reason required" {
			t.Error("an operator without a reason:", err)
		}
		if err := stop(discount.Scope{All: true}, "a slip of the pen"); err != nil {
			t.Fatal(err)
		}
		if err := stop(discount.Scope{All: true}, "again"); !errs.Is(err, "discount.bad_transition") {
			t.Error("twice:", err)
		}
		if _, err := b.placeQuote(b.Buyer, late); !errs.Is(err, "discount.stopped") {
			t.Error("a quote from before the stop:", err)
		}
		for _, x := range []order.Order{o, kept} {
			if err := b.Pay(x); err != nil {
				t.Error("an unpaid order keeps its price:", err)
			}
		}
		if b.left() != "858.00" {
			t.Error(b.left())
		}
		if n := b.Count(`select count(*) from messages where code = 'discount_stopped'`); n != 1 {
			t.Error(n, "messages to the seller")
		}
	})
}

// Two orders of a checkout have their own discounts; the lines of one share it.
func TestACheckoutTakesADiscountPerOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		second := b.another("V2")
		b.add(b.Plans["V1"], 1)
		b.add(b.Plans["V2"], 2)
		b.add(second, 1)
		product := b.productOf(second)
		onPlan := discount.Line{ProductID: product, PlanID: b.Plans["V2"], Form: pricing.Reduction, Value: value("25")}
		half := b.mustRule("Half of the second", discount.Line{ProductID: product, SpecID: "", PlanID: second, Form: pricing.Ratio, Value: value("0.5")})
		best := b.mustRule("All of it", discount.Line{ProductID: product, Form: pricing.Ratio, Value: value("0.9")}, onPlan)

		c := b.cart()
		if got := c.Discounts[product]; len(got.Options) != 2 || got.Taken == nil || got.Taken.Rule.ID != best.ID || got.Taken.Saves != 28_00 {
			t.Fatalf("%+v", got)
		}
		in := b.all()
		in.Discounts = map[string]discount.Pick{product: {ID: half.ID}}
		if _, err := b.checkout(in); !errs.Is(err, "cart.changed") {
			t.Error("shown with one discount, ordered with another:", err)
		}
		with, err := b.Trade.ShowCartWith(t.Context(), d, b.Buyer, in.Discounts)
		shown := map[string]money.Amount{}
		for _, l := range with.Lines {
			shown[l.PlanID] = l.Offer.Line.Amount
		}
		if err != nil || shown[b.Plans["V2"]] != 200_00 || shown[second] != 15_00 {
			t.Fatal(shown, err)
		}
		made, err := b.checkout(b.all())
		if err != nil || len(made) != 2 {
			t.Fatalf("%+v %v", made, err)
		}
		plain, both := made[0], made[1]
		if plain.ProductID == product {
			plain, both = both, plain
		}
		if plain.DiscountID != "" || both.DiscountID != best.ID || both.DueAmount != 202_00 {
			t.Fatalf("%+v", made)
		}
		lines, err := order.Lines(t.Context(), d, both.ID)
		if err != nil || len(lines) != 2 {
			t.Fatal(lines, err)
		}
		for _, l := range lines {
			if want := map[string]string{b.Plans["V2"]: "reduction 175.00", second: "ratio 27.00"}[l.PlanID]; string(l.Discount.Form)+" "+l.Amount.String() != want {
				t.Errorf("%s of %s, want %s", l.Discount.Form, l.Amount, want)
			}
		}
		if m, err := b.payAll(made...); err != nil || !m.Paid || m.Total != 302_00 {
			t.Error(m.Total, err)
		}
	})
}

// An exclusive offer is there for its own customers only, by its link, and reviewed below the
// authorised discount.
func TestAnExclusiveOffer(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		draft := discount.Draft{Kind: discount.Offer, Name: "For one", Accounts: []string{b.Buyer.AccountID}, Lines: []discount.Line{b.on(b.Plans["V1"], pricing.Ratio, "0.9")}}
		within, err := b.rule(draft)
		if err != nil || within.State != discount.Effective || within.NotifiedAt.IsZero() {
			t.Fatalf("%+v %v", within, err)
		}
		if n := b.Count(`select count(*) from mails where template = 'offer_ready'`); n != 1 {
			t.Error(n, "letters")
		}
		if _, err := b.rule(draft); faults(err) != "name discount.name_taken" {
			t.Error("the same name:", err)
		}
		wish := trade.Wish{PlanID: b.Plans["V1"]}
		if q, o, err := b.quote(b.Buyer, wish); err != nil || q.Amount != 100_00 || len(o.Options) != 0 {
			t.Error("without its link:", q.Amount, err)
		}
		wish.Discount.Link = within.Token
		if q, _, err := b.quote(b.Buyer, wish); err != nil || q.Amount != 90_00 {
			t.Error("by its link:", q.Amount, err)
		}
		if q, o, err := b.quote(b.Other, wish); err != nil || q.Amount != 100_00 || len(o.Options) != 0 {
			t.Error("by another account:", q.Amount, err)
		}
		if _, err := b.Trade.ShowLink(t.Context(), d, discount.Offer, within.Token, b.Other.AccountID); !errs.Is(err, "discount.not_found") {
			t.Error("its page for another account:", err)
		}
		if p, err := b.Trade.ShowLink(t.Context(), d, discount.Offer, within.Token, b.Buyer.AccountID); err != nil || len(p.Offers) != 1 || p.Offers[0].Line.Amount != 90_00 {
			t.Errorf("%+v %v", p, err)
		}

		// A configured quote beyond the authorised discount: five months for 400.
		draft.Name, draft.Configured = "One click", true
		draft.Lines = []discount.Line{{ProductID: b.productOf(b.Plans["V1"]), PlanID: b.Plans["V1"], Form: pricing.Fixed, Value: value("400"), Periods: 5}}
		r, err := b.rule(draft)
		if err != nil || r.State != discount.Reviewing {
			t.Fatalf("%+v %v", r, err)
		}
		wish = trade.Wish{PlanID: b.Plans["V1"], Periods: 5, Discount: discount.Pick{ID: r.ID, Link: r.Token}}
		if _, _, err := b.quote(b.Buyer, wish); faults(err) != "discount discount.not_available" {
			t.Error("before its review:", err)
		}
		decide := func(approved bool, reason string) error {
			return b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := b.desk().Decide(ctx, tx, r.ID, approved, reason)
				return err
			})
		}
		if err := decide(false, ""); faults(err) != "reason required" {
			t.Error(err)
		}
		if err := decide(true, ""); err != nil {
			t.Fatal(err)
		}
		if err := decide(false, "too late"); !errs.Is(err, "discount.bad_transition") {
			t.Error(err)
		}
		if q, _, err := b.quote(b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Periods: 4, Discount: discount.Pick{Link: r.Token}}); err != nil || q.Amount != 400_00 || q.Line.Discount != nil {
			t.Error("another length than was offered:", q.Amount, err)
		}
		q, _, err := b.quote(b.Buyer, wish)
		if err != nil || q.Amount != 400_00 || q.Line.ListAmount != 500_00 {
			t.Fatal(q.Amount, err)
		}
		if _, err := b.placeQuote(b.Buyer, q); err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.quote(b.Buyer, wish); !errs.Is(err, "discount.account_limit") {
			t.Error("one click, once:", err)
		}
	})
}

// Nothing is sold below the floor of a product: not by what is created, and not by what was
// created before.
func TestNothingGoesBelowTheFloor(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		old := b.mustRule("Half", b.on(b.Plans["V1"], pricing.Ratio, "0.5"))
		product := b.productOf(b.Plans["V1"])
		set := func(authorised, floor string) error {
			return b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := discount.SetBounds(ctx, tx, discount.Bounds{ProductID: product, Authorised: value(authorised), Floor: value(floor)})
				return err
			})
		}
		if err := set("1.1", "-1"); faults(err) != "authorised discount.ratio_range, floor discount.floor_range" {
			t.Error(err)
		}
		if err := set("0.8", "0.6"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.quote(b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Discount: discount.Pick{ID: old.ID}}); !errs.Is(err, "discount.below_floor") {
			t.Error(err)
		}
		if q, o, err := b.quote(b.Buyer, trade.Wish{PlanID: b.Plans["V1"]}); err != nil || q.Amount != 100_00 || len(o.Options) != 1 {
			t.Error(q.Amount, err)
		}
		for _, l := range []discount.Line{b.on(b.Plans["V1"], pricing.Ratio, "0.59"), b.on(b.Plans["V1"], pricing.Fixed, "59.99"), b.on(b.Plans["V1"], pricing.Reduction, "40.01")} {
			if _, err := b.rule(discount.Draft{Name: "Too low", Lines: []discount.Line{l}}); faults(err) != "lines[0].value discount.below_floor" {
				t.Error(l.Form, err)
			}
		}
		r := b.mustRule("To the floor", b.on(b.Plans["V1"], pricing.Fixed, "60"))
		if q, _, err := b.quote(b.Buyer, trade.Wish{PlanID: b.Plans["V1"], Discount: discount.Pick{ID: r.ID}}); err != nil || q.Amount != 60_00 {
			t.Error(q.Amount, err)
		}
		// An offer within the product's own range needs no review.
		if r, err := b.rule(discount.Draft{Kind: discount.Offer, Name: "Within", Accounts: []string{b.Buyer.AccountID}, Lines: []discount.Line{b.on(b.Plans["V1"], pricing.Ratio, "0.8")}}); err != nil || r.State != discount.Effective {
			t.Error(r.State, err)
		}
	})
}

func TestWhatIsWrongInADraftIsNamed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Customise("V2")
		v1, v2, now := b.Plans["V1"], b.Plans["V2"], b.Clock.Now()
		for name, x := range map[string]struct {
			draft discount.Draft
			want  string
		}{
			"no lines":          {discount.Draft{}, "lines discount.line_count"},
			"not own":           {discount.Draft{SellerID: "sel_2", Lines: []discount.Line{b.on(v1, pricing.Ratio, "0.9")}}, "lines[0].productId discount.not_own"},
			"twice":             {discount.Draft{Lines: []discount.Line{b.on(v1, pricing.Ratio, "0.9"), b.on(v1, pricing.Ratio, "0.8")}}, "lines[1].productId discount.line_twice"},
			"fixed on all":      {discount.Draft{Lines: []discount.Line{{ProductID: b.productOf(v1), Form: pricing.Fixed, Value: value("9")}}}, "lines[0].planId discount.plan_needed"},
			"fixed by quantity": {discount.Draft{Lines: []discount.Line{b.on(v2, pricing.Fixed, "9")}}, "lines[0].form discount.fixed_quantity"},
			"fixed too high":    {discount.Draft{Lines: []discount.Line{b.on(v1, pricing.Fixed, "100")}}, "lines[0].value discount.saves_nothing"},
			"ended":             {discount.Draft{EndsAt: now.Add(-time.Hour), Lines: []discount.Line{b.on(v1, pricing.Ratio, "0.9")}}, "endsAt discount.ends_before"},
			"limits":            {discount.Draft{TotalLimit: -1, AccountLimit: 100000, Lines: []discount.Line{b.on(v1, pricing.Ratio, "0.9")}}, "totalLimit range, accountLimit range"},
			"no account":        {discount.Draft{Kind: discount.Offer, Accounts: []string{"acc_x"}, Lines: []discount.Line{b.on(v1, pricing.Ratio, "0.9")}}, "accounts[0] discount.no_account"},
			"hidden, of all":    {discount.Draft{Kind: discount.Promotion, Lines: []discount.Line{{Form: pricing.Ratio, Value: value("0.9")}}}, "lines[0].productId discount.everything_public"},
			"offer of all":      {discount.Draft{Kind: discount.Offer, Accounts: []string{b.Buyer.AccountID}, Lines: []discount.Line{{Form: pricing.Ratio, Value: value("0.9")}}}, "lines[0].productId required"},
			"wrong length": {discount.Draft{Kind: discount.Offer, Configured: true, Accounts: []string{b.Buyer.AccountID},
				Lines: []discount.Line{{ProductID: b.productOf(v1), PlanID: v1, Form: pricing.Ratio, Value: value("0.9"), Periods: 99}}}, "lines[0].periods range"},
		} {
			x.draft.Name = name
			if _, err := b.rule(x.draft); faults(err) != x.want {
				t.Errorf("%s: %s, want %s", name, faults(err), x.want)
			}
		}
		if n := b.Count(`select count(*) from discounts`); n != 0 {
			t.Error(n, "were created")
		}
	})
}

// An automatic renewal takes the best of the promotions that were used before and still hold; one
// by hand takes the best of all.
func TestRenewalsTakePromotionsOfTheirOwn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		b.at("2024-03-31 10:00:00")
		end := b.Clock.Now().AddDate(1, 0, 0)
		used, err := b.rule(discount.Draft{Name: "Also for renewals", EndsAt: end, New: true, Renewal: true, Lines: []discount.Line{b.on(b.Plans["V2"], pricing.Ratio, "0.8")}})
		if err != nil {
			t.Fatal(err)
		}
		o := b.live("V2", s)
		if b.Order(o).DueAmount != 80_00 {
			t.Fatal(b.Order(o).DueAmount)
		}
		better, err := b.rule(discount.Draft{Name: "Renewals only", EndsAt: end, Renewal: true, Lines: []discount.Line{b.on(b.Plans["V2"], pricing.Ratio, "0.7")}})
		if err != nil {
			t.Fatal(err)
		}
		in := b.Instance(o)
		offer, _, err := b.Trade.PreviewRenewal(t.Context(), d, b.Buyer.AccountID, trade.Renewal{InstanceID: in.ID})
		if err != nil || offer.Line.Amount != 70_00 || offer.Line.Discount.ID != better.ID || len(offer.Options) != 2 {
			t.Error("by hand:", offer.Line.Amount, err)
		}
		b.policy(o, subscription.Policy{AtExpiry: subscription.Auto, Days: 7})
		b.at("2024-04-24 03:00:00")
		b.due()
		line, err := db.One[order.Line](t.Context(), d, `select l.amount, l.discount from order_lines l join orders o on o.id = l.order_id where o.kind = 'RENEW' and o.state = 'COMPLETED'`)
		if err != nil || line.Amount != 80_00 || line.Discount.ID != used.ID {
			t.Errorf("by itself: %+v %v", line, err)
		}
		b.Sound()
	})
}

// E-22 with discounts: 266.43 by a ratio; the other forms as §10.1 has them for changes. What is
// given on the plan of another period than the one that was priced does not fit.
func TestE22WithADiscount(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		s := b.service()
		sku := b.Changeable("V1", nil, nil)
		b.TopUp(b.Buyer, 5000_00)
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update price_plans set price = '1200', plan = replace(plan, '"1000"', '"1200"') where choice = 'edition=basic' and period_type = 'year'`)
		})
		b.at("2025-01-01 09:00:00")
		planOf := func(edition, per string) string {
			plan, err := db.One[string](t.Context(), d, `select id from price_plans where choice = $1 and period_type = $2`, "edition="+edition, per)
			if err != nil {
				t.Fatal(err)
			}
			return plan
		}
		o, err := b.order(b.Buyer, planOf("basic", "year"))
		if err != nil || b.Pay(o) != nil {
			t.Fatal(err)
		}
		b.steps()
		s.told()
		b.at("2025-07-04 10:20:00")
		wish := trade.ChangeWish{InstanceID: b.Instance(o).ID, Target: sku["pro"]}
		pro, yearly := planOf("pro", "month"), planOf("pro", "year")
		for i, x := range []struct {
			line discount.Line
			want money.Amount
		}{
			{b.on(pro, pricing.Ratio, "0.9"), 266_43},
			{b.on(pro, pricing.Fixed, "120"), 236_82},
			{b.on(pro, pricing.Reduction, "96.03"), 200_00},
			{b.on(yearly, pricing.Fixed, "120"), 296_03},
		} {
			r, err := b.rule(discount.Draft{Name: string(rune('a' + i)), Change: true, Lines: []discount.Line{x.line}})
			if err != nil {
				t.Fatal(err)
			}
			offer, _, err := b.Trade.PreviewChange(t.Context(), d, b.Buyer.AccountID, wish)
			if err != nil || offer.Line.Amount != x.want || offer.Line.ListAmount != 296_03 {
				t.Errorf("%s: %s, want %s (%v)", x.line.Form, offer.Line.Amount, x.want, err)
			}
			if i == 0 {
				c := b.mustChange(wish)
				if c.DueAmount != 266_43 || c.DiscountID != r.ID {
					t.Errorf("%+v", c)
				}
				b.Update(func(tx *db.Tx) error {
					_, err := b.Trade.Cancel(context.Background(), tx, b.Buyer, c.ID)
					return err
				})
			}
			b.Update(func(tx *db.Tx) error {
				_, err := b.desk().Stop(context.Background(), tx, discount.Scope{All: true}, discount.Promotion, r.ID, "next")
				return err
			})
		}
		b.Sound()
	})
}
