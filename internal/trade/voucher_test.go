package trade_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
	"jishi/internal/market/subscription"
	"jishi/internal/market/voucher"
	"jishi/internal/tool/doctor"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

// campaign publishes an activity of the seller for both products, valid for ten days after the claim.
func (b *bundle) campaign(face money.Amount, total int, change ...func(*voucher.Input)) voucher.Campaign {
	b.T.Helper()
	ctx := context.Background()
	in := voucher.Input{Kind: voucher.Activity, Name: "Welcome", Face: face, Total: total, PerAccount: 1, ClaimUntil: b.Clock.Now().AddDate(0, 0, 5), UseDays: 10,
		Modes: voucher.Modes, SellerShare: share(b.T, "0.95"), Currency: "CNY"}
	seller := b.Seller
	for _, g := range []string{"V1", "V2"} {
		sale, err := b.Trade.Catalog.ForSale(ctx, b.DB, b.Plans[g])
		if err != nil {
			b.T.Fatal(err)
		}
		in.Scope = append(in.Scope, voucher.Scope{ProductID: sale.ProductID})
	}
	for _, f := range change {
		f(&in)
	}
	if in.Budget > 0 {
		seller = ""
	}
	var c voucher.Campaign
	b.Update(func(tx *db.Tx) (err error) {
		if c, err = voucher.Create(ctx, tx, seller, in); err != nil {
			return err
		}
		c, err = b.Trade.PublishVouchers(ctx, tx, c.ID, seller)
		return err
	})
	return c
}

func share(t testing.TB, s string) money.Price {
	t.Helper()
	p, err := money.ParsePrice(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (b *bundle) claim(c voucher.Campaign) (h voucher.Held, err error) {
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		h, err = voucher.Claim(ctx, tx, c.ID, b.Buyer.AccountID, b.Buyer.UserID)
		return err
	})
	return h, err
}

// given is a claimed voucher of a campaign of its own.
func (b *bundle) given(face money.Amount, change ...func(*voucher.Input)) voucher.Held {
	b.T.Helper()
	h, err := b.claim(b.campaign(face, 1, change...))
	if err != nil {
		b.T.Fatal(err)
	}
	return h
}

// holds is a voucher as "state balance/locked/used".
func (b *bundle) holds(h voucher.Held) string {
	b.T.Helper()
	got, err := voucher.Own(context.Background(), b.DB, h.ID, b.Buyer.AccountID)
	if err != nil {
		b.T.Fatal(err)
	}
	return fmt.Sprintf("%s %s/%s/%s", got.State, got.Balance, got.Locked, got.Used)
}

func (b *bundle) with(generation string, months int, h voucher.Held) (o order.Order, err error) {
	err = b.try(func(ctx context.Context, tx *db.Tx) error {
		q, _, err := b.Trade.Quote(ctx, tx, b.Buyer, trade.Wish{PlanID: b.Plans[generation], Periods: months})
		if err != nil {
			return err
		}
		o, err = b.Trade.Place(ctx, tx, b.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true, Voucher: trade.VoucherChoice{ID: h.ID}})
		return err
	})
	return o, err
}

func (b *bundle) must(o order.Order, err error) order.Order {
	b.T.Helper()
	if err != nil {
		b.T.Fatal(err)
	}
	return o
}

// healthy has doctor look at the money.
func (b *bundle) healthy() {
	b.T.Helper()
	for _, r := range doctor.Examine(context.Background(), doctor.Patient{DB: b.DB, Data: b.T.TempDir()}).Results {
		switch r.Check {
		case "ledger laws", "ledger sum", "amounts and postings", "captures and refunds", "vouchers", "discounts", "paid lines", "changes", "online payments", "price adjustments":
			if !r.OK {
				b.T.Errorf("%s: %+v", r.Check, r.Findings)
			}
		}
	}
}

// E-10, for the instruments that there are: discount, then voucher, then the balance. What cards
// and coupons will pay stands between the last two.
func TestE10(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		ctx := context.Background()
		b.shop()
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update price_plans set price = '1200'`) })
		// The threshold asks for the amount after the discount.
		h := b.given(100_00, func(in *voucher.Input) { in.Threshold = 1080_00 })
		high := b.given(100_00, func(in *voucher.Input) { in.Threshold = 1080_01 })
		var o order.Order
		place := func(v voucher.Held) error {
			return b.try(func(ctx context.Context, tx *db.Tx) error {
				x, err := b.Trade.Preview(ctx, tx, trade.Wish{PlanID: b.Plans["V1"]})
				if err != nil {
					return err
				}
				x.Line.Discount = &pricing.Discount{Kind: pricing.ByOffer, Form: pricing.Ratio, Value: share(t, "0.9")}
				x.Line.Amount = x.Line.Discount.Apply(x.Line.ListAmount.Price(), x.Line.UnitPrice, 1)
				q, err := order.KeepQuote(ctx, tx, b.Buyer.AccountID, b.Buyer.UserID, order.New, x.Line, x.Terms)
				if err != nil {
					return err
				}
				o, err = b.Trade.Place(ctx, tx, b.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true, Voucher: trade.VoucherChoice{ID: v.ID}})
				return err
			})
		}
		if err := place(high); !errs.Is(err, "voucher.threshold") {
			t.Error(err)
		}
		if err := place(h); err != nil {
			t.Fatal(err)
		}
		if o.ListAmount != 1200_00 || o.Voucher != 100_00 || o.DueAmount != 980_00 {
			t.Errorf("list %s, voucher %s, due %s", o.ListAmount, o.Voucher, o.DueAmount)
		}
		if err := b.Pay(o); err != nil {
			t.Fatal(err)
		}
		if got := b.left(); got != "20.00" || b.holds(h) != "USED 0.00/0.00/100.00" {
			t.Errorf("left %s, voucher %s", got, b.holds(h))
		}
		if n := b.Count(`select count(*) from payments where order_id = $1 and (instrument, amount) in (('voucher', 10000), ('balance', 98000))`, o.ID); n != 2 {
			t.Errorf("%d pay items", n)
		}
		b.steps()
		// E-28: of sales 1,080 at a fee of 5% the seller has 1,026.00, less 95% of the voucher.
		if got, err := ledger.Balance(ctx, d, ledger.PayableSeller(b.Seller)); err != nil || got != 931_00 {
			t.Errorf("the seller has %s, %v", got, err)
		}
		b.healthy()
	})
}

// E-28 by number: 9,025.00 with a share of 95%, 9,250.00 with 50%.
func TestE28(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		b.TopUp(b.Buyer, 20_000_00)
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update price_plans set price = '10000'`) })
		for _, c := range []struct {
			share string
			want  money.Amount
		}{{"0.95", 9_025_00}, {"0.5", 9_250_00}} {
			before := b.Balance(ledger.PayableSeller(b.Seller))
			h := b.given(500_00, func(in *voucher.Input) { in.Budget, in.SellerShare = 500_00, share(t, c.share) })
			if err := b.Pay(b.must(b.with("V1", 1, h))); err != nil {
				t.Fatal(err)
			}
			b.steps()
			if got := b.Balance(ledger.PayableSeller(b.Seller)) - before; got != c.want {
				t.Errorf("share %s: %s, want %s", c.share, got, c.want)
			}
		}
		b.healthy()
	})
}

func TestE25(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = 'five_day'`) })
		b.shop()
		buy := func(h voucher.Held) subscription.Instance {
			o := b.must(b.with("V1", 1, h))
			if err := b.Pay(o); err != nil {
				t.Fatal(err)
			}
			b.steps()
			return b.Instance(o)
		}
		// In full: 80 of cash, 20 of voucher.
		before := b.left()
		h := b.given(20_00)
		in := buy(h)
		ask := func(tx *db.Tx) error { // from two browsers: once
			r, err := b.Trade.RequestRefund(context.Background(), tx, b.Buyer, trade.RefundRequest{InstanceID: in.ID, Amount: 100_00})
			if err == nil && r.Voucher != 20_00 {
				t.Errorf("%+v", r)
			}
			return err
		}
		if first, second := b.overlap(ask, ask); first != nil || second == nil {
			t.Fatal(first, second)
		}
		if b.left() != before || b.holds(h) != "CLAIMED 20.00/0.00/0.00" {
			t.Errorf("left %s of %s, voucher %s", b.left(), before, b.holds(h))
		}
		if _, err := b.askRefund(in, 100_00); !errs.Is(err, "refund.ended") {
			t.Error("a second time", err)
		}
		// A part of 50: 40 and 10, and the rest later is exactly the rest.
		in = buy(h)
		give := func(amount money.Amount, ends bool) (v money.Amount) {
			if err := b.try(func(ctx context.Context, tx *db.Tx) error {
				r, err := b.Trade.RefundByOperator(ctx, tx, trade.OperatorRefund{InstanceID: in.ID, Amount: amount, EndsService: ends, Reason: "agreed"})
				v = r.Voucher
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return v
		}
		after := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID))
		if v := give(50_00, false); v != 10_00 || b.holds(h) != "CLAIMED 10.00/0.00/10.00" {
			t.Errorf("voucher %s, %s", v, b.holds(h))
		}
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)) - after; got != 40_00 {
			t.Errorf("cash %s", got)
		}
		give(33_33, false)
		b.Clock.Set(b.Clock.Now().AddDate(0, 0, 11)) // the validity is over: what comes back has lapsed
		give(16_67, true)
		if b.left() != before || b.holds(h) != "LAPSED 20.00/0.00/0.00" || b.Balance(ledger.PayableSeller(b.Seller)) != 0 || b.Balance(ledger.RevenuePlatform) != 0 {
			t.Errorf("left %s, voucher %s, seller %s, revenue %s", b.left(), b.holds(h), b.Balance(ledger.PayableSeller(b.Seller)), b.Balance(ledger.RevenuePlatform))
		}
		b.healthy()
	})
}

// A pro-rata refund counts the cash alone, and gives no voucher back (trade.md §14.2, §14.4).
func TestProRataLeavesTheVoucherUsed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = 'prorata'`) })
		b.shop()
		h := b.given(40_00)
		o := b.must(b.with("V1", 1, h))
		if err := b.Pay(o); err != nil {
			t.Fatal(err)
		}
		b.steps()
		in := b.Instance(o)
		b.Clock.Set(b.Clock.Now().AddDate(0, 0, 7))
		a, err := b.Trade.AssessRefund(context.Background(), d, b.Buyer.AccountID, in.ID)
		if err != nil || a.Explanation.Paid != 60_00 || a.Voucher != 0 || a.Amount <= 30_00 || a.Amount >= 60_00 {
			t.Fatalf("%+v, %v", a, err)
		}
		if _, err := b.askRefund(in, a.Amount); err != nil || b.holds(h) != "USED 0.00/0.00/40.00" {
			t.Error(err, b.holds(h))
		}
		b.healthy()
	})
}

func TestAnOrderLocksWhatItTakesOfAVoucher(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		h := b.given(250_00)
		first := b.must(b.with("V1", 1, h))
		// It covers all of it: the order starts at once, and nothing is left to be paid.
		if first.State != order.Processing || first.DueAmount != 0 || b.left() != "1000.00" || b.holds(h) != "CLAIMED 150.00/0.00/100.00" {
			t.Fatalf("%+v, left %s, voucher %s", first, b.left(), b.holds(h))
		}
		second := b.must(b.with("V2", 2, h)) // 150 of 200
		if second.DueAmount != 50_00 || b.holds(h) != "LOCKED 0.00/150.00/100.00" {
			t.Fatalf("%+v, voucher %s", second, b.holds(h))
		}
		if _, err := b.with("V2", 1, h); !errs.Is(err, "voucher.nothing_left") {
			t.Error(err)
		}
		// The deadline passes: it is free again.
		b.Clock.Set(b.Clock.Now().AddDate(0, 0, 8))
		if err := b.try(func(ctx context.Context, tx *db.Tx) error { _, err := b.Trade.ExpireDue(ctx, tx); return err }); err != nil {
			t.Fatal(err)
		}
		if got := b.Order(second).State; got != order.Expired || b.holds(h) != "CLAIMED 150.00/0.00/100.00" {
			t.Error(got, b.holds(h))
		}
		third := b.must(b.with("V2", 1, h))
		if third.State != order.Processing {
			t.Error(third.State)
		}
		fourth := b.must(b.with("V2", 1, h))
		cancel := func(o order.Order) error {
			return b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := b.Trade.Cancel(ctx, tx, b.Buyer, o.ID)
				return err
			})
		}
		if err := cancel(fourth); err != nil || b.holds(h) != "CLAIMED 50.00/0.00/200.00" {
			t.Error(err, b.holds(h))
		}
		// Chosen while it is valid, a lock holds to the payment; what comes back later has lapsed.
		fifth, sixth := b.must(b.with("V2", 2, voucher.Held{})), b.must(b.with("V2", 2, voucher.Held{}))
		choose := func(o order.Order, id string) error {
			return b.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := b.Trade.ChooseVoucher(ctx, tx, b.Buyer, o.ID, trade.VoucherChoice{ID: id})
				return err
			})
		}
		if err := choose(fifth, h.ID); err != nil || b.Order(fifth).DueAmount != 150_00 {
			t.Error(err, b.Order(fifth).DueAmount)
		}
		if err := choose(sixth, h.ID); !errs.Is(err, "voucher.nothing_left") {
			t.Error(err)
		}
		if err := choose(fifth, ""); err != nil || b.Order(fifth).DueAmount != 200_00 || b.holds(h) != "CLAIMED 50.00/0.00/200.00" {
			t.Error(err, b.Order(fifth).DueAmount, b.holds(h))
		}
		if err := choose(fifth, h.ID); err != nil {
			t.Error(err)
		}
		b.Clock.Set(b.Clock.Now().AddDate(0, 0, 4))
		if err := choose(sixth, h.ID); !errs.Is(err, "voucher.lapsed") {
			t.Error(err)
		}
		if err := b.Pay(b.Order(fifth)); err != nil || b.holds(h) != "USED 0.00/0.00/250.00" {
			t.Error(err, b.holds(h))
		}
		b.healthy()
		// Nobody delivers: everything comes back, too late to be used again.
		b.Serve(tradetest.Raw(503, "text/plain", "down"))
		b.CloseWindow()
		for range 8 {
			b.Step()
		}
		if got := b.Order(fifth).State; got != order.Refunded || b.holds(h) != "LAPSED 250.00/0.00/0.00" || b.left() != "1000.00" {
			t.Errorf("%s, voucher %s, left %s", got, b.holds(h), b.left())
		}
		b.healthy()
	})
}

func TestARejectedReviewFreesTheVoucher(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		b.reviewAbove(50_00)
		h := b.given(100_00)
		boss := trade.Buyer{AccountID: b.Buyer.AccountID, UserID: "usr_boss", Approver: true}
		first := b.must(b.with("V1", 1, h)) // the limit is for what it costs, whoever pays
		if first.State != order.PendingReview || b.holds(h) != "LOCKED 0.00/100.00/0.00" {
			t.Fatal(first.State, b.holds(h))
		}
		if err := b.decide(boss, first, false, "not now"); err != nil || b.holds(h) != "CLAIMED 100.00/0.00/0.00" {
			t.Fatal(err, b.holds(h))
		}
		second := b.must(b.with("V1", 1, h))
		if err := b.decide(boss, second, true, ""); err != nil || b.Order(second).State != order.Processing {
			t.Error(err, b.Order(second).State)
		}
		b.healthy()
	})
}

func TestARenewalTakesTheVoucherWithTheLargestBalance(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		service := b.service()
		b.at("2024-03-31 10:00:00")
		o := b.live("V2", service)
		long := func(in *voucher.Input) { in.UseDays = 90 }
		small, large := b.given(30_00, long), b.given(150_00, long)
		other := b.given(500_00, long, func(in *voucher.Input) { in.Modes = []voucher.Mode{voucher.Year} })
		b.policy(o, subscription.Policy{AtExpiry: subscription.Auto, Days: 7})
		before := b.left()
		b.at("2024-04-23 03:00:00")
		b.due()
		if b.expires(o, "2024-05-31"); b.left() != before || b.holds(large) != "CLAIMED 50.00/0.00/100.00" || b.holds(small) != "CLAIMED 30.00/0.00/0.00" || b.holds(other) != "CLAIMED 500.00/0.00/0.00" {
			t.Errorf("left %s of %s, %s, %s, %s", b.left(), before, b.holds(large), b.holds(small), b.holds(other))
		}
		// By hand the buyer picks; the period goes back whole, and the voucher with it.
		in := b.Instance(o)
		var renewal order.Order
		err := b.try(func(ctx context.Context, tx *db.Tx) error {
			q, _, err := b.Trade.QuoteRenewal(ctx, tx, b.Buyer, trade.Renewal{InstanceID: in.ID, Periods: 1})
			if err != nil {
				return err
			}
			if renewal, err = b.Trade.Place(ctx, tx, b.Buyer, trade.Placing{QuoteID: q.ID, Accepted: true, Voucher: trade.VoucherChoice{ID: small.ID}}); err != nil {
				return err
			}
			renewal, err = b.Trade.Pay(ctx, tx, b.Buyer, renewal.ID)
			return err
		})
		if err != nil || renewal.PaidAmount != 70_00 || renewal.Voucher != 30_00 {
			t.Fatalf("%+v, %v", renewal, err)
		}
		err = b.try(func(ctx context.Context, tx *db.Tx) error {
			a, err := b.Trade.AssessRenewalRefund(ctx, tx, b.Buyer.AccountID, in.ID)
			if err != nil {
				return err
			}
			if a.Amount != 100_00 || a.Voucher != 30_00 {
				t.Errorf("%+v", a)
			}
			_, err = b.Trade.RequestRenewalRefund(ctx, tx, b.Buyer, trade.RefundRequest{InstanceID: in.ID, Amount: a.Amount})
			return err
		})
		if err != nil || b.left() != before || b.holds(small) != "CLAIMED 30.00/0.00/0.00" {
			t.Error(err, b.left(), b.holds(small))
		}
		b.healthy()
	})
}

// Eight ask for the last two vouchers, one account asks twice at once, and a voucher is chosen
// on several orders at once: nothing is given or used twice.
func TestVouchersRace(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		ctx := context.Background()
		c := b.campaign(50_00, 2)
		var got, refused atomic.Int32
		var wg sync.WaitGroup
		accounts := []string{b.Buyer.AccountID, b.Buyer.AccountID}
		for range 6 {
			accounts = append(accounts, b.Account("Other", "verified"))
		}
		for _, a := range accounts {
			wg.Go(func() {
				err := b.try(func(ctx context.Context, tx *db.Tx) error { _, err := voucher.Claim(ctx, tx, c.ID, a, ""); return err })
				switch {
				case err == nil:
					got.Add(1)
				case errs.Is(err, "voucher.all_claimed"), errs.Is(err, "voucher.claimed_enough"):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got.Load() != 2 || refused.Load() != 6 || b.Count(`select count(*) from voucher_campaigns where claimed = 2 and state = 'ENDED'`) != 1 {
			t.Errorf("%d got one, %d did not", got.Load(), refused.Load())
		}
		if n := b.Count(`select count(*) from voucher_holdings where account_id = $1`, b.Buyer.AccountID); n > 1 {
			t.Errorf("one account has %d", n)
		}

		h := b.given(150_00)
		var placed atomic.Int64
		for range 5 {
			wg.Go(func() {
				o, err := b.with("V1", 2, h)
				if err == nil {
					placed.Add(int64(o.Voucher))
				} else if !errs.Is(err, "voucher.nothing_left") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if placed.Load() != 150_00 || b.holds(h) != "LOCKED 0.00/150.00/0.00" {
			t.Errorf("%d, %s", placed.Load(), b.holds(h))
		}
		// Paid and canceled at once: it is used or free, not both.
		o, err := db.One[string](ctx, d, `select order_id from voucher_uses where holding_id = $1`, h.ID)
		if err != nil {
			t.Fatal(err)
		}
		pay := func(tx *db.Tx) error { _, err := b.Trade.Pay(ctx, tx, b.Buyer, o); return err }
		cancel := func(tx *db.Tx) error { _, err := b.Trade.Cancel(ctx, tx, b.Buyer, o); return err }
		if first, second := b.overlap(pay, cancel); first != nil || second == nil || b.holds(h) != "USED 0.00/0.00/150.00" {
			t.Error(first, second, b.holds(h))
		}
		b.healthy()
	})
}

func TestAVoidedCampaignLeavesWhatWasClaimed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		ctx := context.Background()
		c := b.campaign(50_00, 5)
		h, err := b.claim(c)
		if err != nil {
			t.Fatal(err)
		}
		claim := func(tx *db.Tx) error { _, err := voucher.Claim(ctx, tx, c.ID, b.Other.AccountID, ""); return err }
		void := func(tx *db.Tx) error { _, err := voucher.Void(ctx, tx, c.ID, b.Seller, "a slip"); return err }
		if first, second := b.overlap(void, claim); first != nil || !errs.Is(second, "voucher.not_open") {
			t.Error(first, second)
		}
		if err := b.DB.Update(ctx, void); !errs.Is(err, "voucher.bad_state") {
			t.Error(err)
		}
		for what, err := range map[string]error{
			"another seller": b.DB.Update(ctx, func(tx *db.Tx) error { _, err := voucher.Void(ctx, tx, c.ID, "sel_2", "a slip"); return err }),
			"an unknown one": b.DB.Update(ctx, func(tx *db.Tx) error { _, err := voucher.Claim(ctx, tx, "vca_no", b.Other.AccountID, ""); return err }),
		} {
			if !errs.Is(err, "voucher.not_found") {
				t.Error(what, err)
			}
		}
		o := b.must(b.with("V1", 1, h))
		if o.Voucher != 50_00 {
			t.Error("the claimed voucher is gone", o.Voucher)
		}
		if _, err := b.with("V1", 1, voucher.Held{Holding: voucher.Holding{ID: "vch_other"}}); !errs.Is(err, "voucher.none_such") {
			t.Error(err)
		}
		// The validity ends while the order waits; the job leaves what is locked.
		b.Clock.Set(b.Clock.Now().AddDate(0, 0, 10))
		if err := b.try(func(ctx context.Context, tx *db.Tx) error { _, err := voucher.EndDue(ctx, tx); return err }); err != nil {
			t.Fatal(err)
		}
		if b.holds(h) != "LOCKED 0.00/50.00/0.00" {
			t.Error(b.holds(h))
		}
		if err := b.try(func(ctx context.Context, tx *db.Tx) error { _, err := b.Trade.ExpireDue(ctx, tx); return err }); err != nil || b.holds(h) != "LAPSED 50.00/0.00/0.00" {
			t.Error(err, b.holds(h))
		}
		b.healthy()
	})
}

// Random histories of claims, orders of several lines, payments, cancellations and refunds: the
// face value is balance + locked + used, and all of it is in the book.
func TestVouchersAreConserved(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.shop()
		b.TopUp(b.Buyer, 50_000_00)
		before := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID))
		b.Update(func(tx *db.Tx) error { return tradetest.Exec(tx, `update products set refund_policy = 'five_day'`) })
		plans := []string{b.Plans["V1"], b.Plans["V2"], b.another("V2"), b.another("V2")}
		r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 7))
		var held []voucher.Held
		for range 4 {
			held = append(held, b.given(money.Amount(1+r.Int64N(300_00)), func(in *voucher.Input) { in.SellerShare = money.PriceOf(r.Int64N(2)) }))
		}
		var open []order.Order
		for range 14 {
			switch h := held[r.IntN(len(held))]; r.IntN(5) {
			case 0, 1, 2:
				for range 1 + r.IntN(3) {
					b.add(plans[r.IntN(len(plans))], 1+r.IntN(3))
				}
				in := b.all()
				in.Lines[0].Voucher.ID = h.ID
				made, err := b.checkout(in)
				if errs.Is(err, "voucher.nothing_left") {
					in.Lines[0].Voucher.ID = ""
					made, err = b.checkout(in)
				}
				if err != nil {
					t.Fatal(err)
				}
				open = append(open, made...)
			case 3:
				if len(open) > 0 {
					o := open[0]
					open = open[1:]
					_ = b.try(func(ctx context.Context, tx *db.Tx) error {
						_, err := b.Trade.Cancel(ctx, tx, b.Buyer, o.ID)
						return err
					})
				}
			case 4:
				var due []order.Order
				for _, o := range open {
					if b.Order(o).State == order.PendingPayment {
						due = append(due, o)
					}
				}
				open = nil
				if len(due) > 0 {
					if m, err := b.payAll(due...); err != nil || !m.Paid {
						t.Fatal(m, err)
					}
				}
			}
		}
		b.healthy()
		b.steps()
		b.healthy()
		instances, err := db.List[string](context.Background(), d, `select id from instances where state = 'ACTIVE' order by id limit 10`)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range instances {
			err := b.try(func(ctx context.Context, tx *db.Tx) error {
				a, err := b.Trade.AssessRefund(ctx, tx, b.Buyer.AccountID, id)
				if err != nil {
					return err
				}
				if part := a.Amount / 3; part > 0 && r.IntN(2) == 0 {
					if _, err := b.Trade.RefundByOperator(ctx, tx, trade.OperatorRefund{InstanceID: id, Amount: part, Reason: "agreed"}); err != nil {
						return err
					}
					a.Amount -= part
				}
				_, err = b.Trade.RequestRefund(ctx, tx, b.Buyer, trade.RefundRequest{InstanceID: id, Amount: a.Amount})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		b.healthy()
		if len(instances) < 10 && b.Count(`select count(*) from orders where state = 'PENDING_PAYMENT'`) == 0 {
			if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != before {
				t.Errorf("everything was given back, and %s of %s is there", got, before)
			}
		}
	})
}
